import { besselI0 } from '../../bessel-i0.ts';

/** The two window shapes of AAC (ISO/IEC 14496-3 §4.6.11.3.2): rising halves of `size` samples. */

/** w[n] = sin(π/(2·size)·(n + 1/2)) */
export function sineRise(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, n) => Math.sin((Math.PI / (2 * size)) * (n + 0.5)));
}

/** Kaiser-Bessel derived: w[n] = √(Σ_{i≤n} kaiser[i] / Σ kaiser), alpha 4 for long and 6 for short windows. */
export function kaiserBesselRise(size: number, alpha: number): Float64Array {
  const kaiser = Float64Array.from({ length: size + 1 }, (_, n) => besselI0(Math.PI * alpha * Math.sqrt(1 - ((2 * n) / size - 1) ** 2)));
  const total = kaiser.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  return Float64Array.from({ length: size }, (_, n) => {
    sum += kaiser[n]!;
    return Math.sqrt(sum / total);
  });
}
