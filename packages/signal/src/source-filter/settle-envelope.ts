import type { Frames } from '../units.ts';

/**
 * Takes the chance out of the envelopes of noise. An envelope measured from a few milliseconds of noise fluctuates as the noise did; synthesis
 * multiplies it with new noise, and the product is rougher than either (and warbles when stretched). So each envelope becomes a weighted mean of its
 * neighbours of the same voicing, weights falling with distance in time (Hann) and, as in a bilateral filter (Tomasi and Manduchi 1998), with the
 * difference in level, so that the onset of a plosive keeps its place. Voiced frames, whose windows are three periods long, need one neighbour only.
 */
export type SettleEnvelopeOptions = {
  /** Neighbours to either side. */
  unvoicedReach?: Frames;
  voicedReach?: Frames;
};

/** Standard deviation of the level's weight, decibels: the spread of the level of stationary noise in 6 ms, and a little. */
const LEVEL_SPREAD = 3;
/** Power under which a bin does not count for the level: float32 rounding. */
const FLOOR = 1e-12;

export function settleEnvelope(
  envelope: Float32Array /* [T, K] power */,
  f0: Float32Array /* [T] Hz, 0 = unvoiced */,
  options: SettleEnvelopeOptions = {},
): Float32Array /* [T, K] power */ {
  const { unvoicedReach = 3, voicedReach = 1 } = options;
  const frames = f0.length;
  const bins = envelope.length / Math.max(1, frames);
  const settled = new Float32Array(envelope.length);
  const level = new Float64Array(frames);
  for (let t = 0; t < frames; t++) {
    // the product of eight neighbours has the sum of their logarithms: one logarithm for eight bins; 8·12 decades stay inside a double
    let sum = 0;
    for (let k = 0; k < bins; k += 8) {
      let product = 1;
      for (let n = k; n < k + 8 && n < bins; n++) product *= envelope[t * bins + n]! + FLOOR;
      sum += Math.log10(product);
    }
    level[t] = (10 * sum) / bins;
  }
  const total = new Float64Array(bins);
  for (let t = 0; t < frames; t++) {
    const voiced = f0[t]! > 0;
    const reach = voiced ? voicedReach : unvoicedReach;
    let weights = 0;
    total.fill(0);
    for (let n = Math.max(0, t - reach); n <= Math.min(frames - 1, t + reach); n++) {
      if (f0[n]! > 0 !== voiced) continue;
      const away = (level[n]! - level[t]!) / LEVEL_SPREAD;
      const weight = (0.5 + 0.5 * Math.cos((Math.PI * (n - t)) / (reach + 1))) * Math.exp(-0.5 * away * away);
      // a weight this small changes no digit of the result that is heard
      if (weight < 1e-4) continue;
      weights += weight;
      for (let k = 0; k < bins; k++) total[k] = total[k]! + weight * envelope[n * bins + k]!;
    }
    for (let k = 0; k < bins; k++) settled[t * bins + k] = total[k]! / weights;
  }
  return settled;
}
