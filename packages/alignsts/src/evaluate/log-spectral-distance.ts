import type { Decibels, Hertz, MagnitudeSpectrum } from '@alignsts/signal';

/**
 * Log-spectral distance in the two forms of the released evaluation (§4.1.3, A6), both over the bins above 100 Hz of magnitude spectra
 * with 512/128 frames at 24 kHz (reflecting edges), cropped to the shorter, with no alignment: a wrong rhythm costs as much as a wrong timbre.
 */
export type LogSpectralOptions = {
  sampleRate: Hertz;
  /** Factors on the magnitudes, e.g. those that bring both sounds to one level. Default 1. */
  targetGain?: number;
  outputGain?: number;
};

const LOWEST: Hertz = 100;
const FLOOR = 0.1; // added to the magnitudes before the logarithm; Parekh et al. 2020

/**
 * LSD as published (the release's lsd2): mean over t of √(Σ_f (ln(0.1 + |X|) - ln(0.1 + |Y|))²). Because of the 0.1 it depends on the level
 * of both sounds; with gains that level them it does not. NaN without a common frame.
 */
export function logSpectralDistance(
  target: MagnitudeSpectrum,
  output: MagnitudeSpectrum,
  { sampleRate, targetGain = 1, outputGain = 1 }: LogSpectralOptions,
): number {
  const frames = Math.min(target.frames, output.frames);
  const first = firstBin(target.bins, sampleRate);
  let total = 0;
  for (let t = 0; t < frames; t++) {
    let sum = 0;
    for (let k = t * target.bins + first; k < (t + 1) * target.bins; k++) {
      sum += Math.log((FLOOR + targetGain * target.magnitude[k]!) / (FLOOR + outputGain * output.magnitude[k]!)) ** 2;
    }
    total += Math.sqrt(sum);
  }
  return total / frames;
}

/**
 * The release's second form (lsd1): √ of the mean over all t and f of (20·log10(|X|²/|Y|²))². It doubles the usual decibels of a power ratio and has no
 * floor, so a bin that is exactly 0 in one sound only makes it infinite, as in the release; one that is 0 in both counts as equal.
 */
export function powerRatioDistance(target: MagnitudeSpectrum, output: MagnitudeSpectrum, { sampleRate }: LogSpectralOptions): Decibels {
  const frames = Math.min(target.frames, output.frames);
  const first = firstBin(target.bins, sampleRate);
  let sum = 0;
  for (let t = 0; t < frames; t++) {
    for (let k = t * target.bins + first; k < (t + 1) * target.bins; k++) {
      const [x, y] = [target.magnitude[k]!, output.magnitude[k]!];
      if (x !== y) sum += (40 * Math.log10(x / y)) ** 2;
    }
  }
  return Math.sqrt(sum / (frames * (target.bins - first)));
}

/** The first bin that lies above 100 Hz. */
function firstBin(bins: number, sampleRate: Hertz): number {
  const spacing = sampleRate / (2 * (bins - 1));
  return Math.floor(LOWEST / spacing) + 1;
}
