import type { Frames } from '../units.ts';

/**
 * Takes chance and bias out of band aperiodicities by D4C.
 * - Chance: in one frame the measure spreads by 1 to 3 dB (synthetic mixtures, F0 90 to 650 Hz), so decibels are averaged over voiced neighbours.
 * - Bias: for a steady mixture of pulses and noise D4C answers up to 7 dB too periodic, and -2.7 dB for noise alone; MEASURED and TRUE below are such
 *   mixtures and their answers, alike at every F0 and band. A real voice moves, which D4C takes for noise. Of the bias, half taken back gives
 *   copies nearly the harmonicity of their originals (scripts/compare-copies.ts, 30 clips; original, WORLD, then with 0, half and all of it):
 *   2-4 kHz .64 .71 .73 .71 .68, 5-7 kHz .41 .46 .47 .42 .37, 8-10 kHz .32 .38 .40 .36 .31. With none, held notes buzz.
 */
export type SettleAperiodicityOptions = {
  /** Neighbours to either side, with weights falling straight. */
  aperiodicityReach?: Frames;
  /** Share of the bias to take back: 0 leaves D4C's answers. */
  biasTakenBack?: number;
};

/** Decibels that D4C answers and decibels of noise that were mixed in. */
const MEASURED = [-120, -46, -37, -27.3, -22.3, -16.8, -11.2, -5.7, -2.7, 0];
const TRUE = [-114, -40, -30, -20, -15, -10, -6, -3, 0, 0];

/** The first and last band are D4C's fixed ends and stay; so do frames that are noise, whose first ratio is 1. */
export function settleAperiodicity(
  aperiodicity: Float32Array /* [T, bands] amplitude ratios */,
  bands: number,
  options: SettleAperiodicityOptions = {},
): Float32Array /* [T, bands] */ {
  const { aperiodicityReach = 2, biasTakenBack = 0.5 } = options;
  const frames = aperiodicity.length / bands;
  const settled = aperiodicity.slice();
  const decibels = Float64Array.from(aperiodicity, (ratio) => 20 * Math.log10(ratio));
  const isNoise = (t: number): boolean => aperiodicity[t * bands] === 1;
  for (let t = 0; t < frames; t++) {
    if (isNoise(t)) continue;
    for (let b = 1; b < bands - 1; b++) {
      let sum = 0;
      let weights = 0;
      for (let n = Math.max(0, t - aperiodicityReach); n <= Math.min(frames - 1, t + aperiodicityReach); n++) {
        if (isNoise(n)) continue;
        const weight = aperiodicityReach + 1 - Math.abs(n - t);
        sum += weight * decibels[n * bands + b]!;
        weights += weight;
      }
      const mean = sum / weights;
      settled[t * bands + b] = 10 ** ((mean + biasTakenBack * (unbiased(mean) - mean)) / 20);
    }
  }
  return settled;
}

/** Straight between the points of the table. */
function unbiased(decibels: number): number {
  let i = 0;
  while (i < MEASURED.length - 2 && MEASURED[i + 1]! <= decibels) i++;
  const fraction = (decibels - MEASURED[i]!) / (MEASURED[i + 1]! - MEASURED[i]!);
  return Math.min(0, TRUE[i]! + fraction * (TRUE[i + 1]! - TRUE[i]!));
}
