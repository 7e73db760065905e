import { InputError } from './input-error.ts';

/**
 * Smooths a curve with a Gaussian of `sigma` samples, cut at a radius of floor(4σ + ½) and normalised to sum 1. Beyond its ends the
 * curve is continued by its mirror image with the edge repeated, "d c b a | a b c d | d c b a", as often as the radius needs it,
 * so a constant stays itself (the definition of scipy.ndimage.gaussian_filter1d, mode reflect). A sigma of 0 returns a copy.
 * @throws InputError when sigma is negative or not a number.
 * @example gaussianFilter(Float32Array.of(0, 0, 1, 0, 0), 0.5) // [0.0003, 0.1065, 0.7864, 0.1065, 0.0003]
 */
export function gaussianFilter(curve: Float32Array /* [T] */, sigma: number): Float32Array /* [T] */ {
  if (!(sigma >= 0)) throw new InputError(`sigma is ${sigma} but must be a number of at least 0.`);
  const length = curve.length;
  const radius = Math.floor(4 * sigma + 0.5);
  if (radius === 0 || length === 0) return curve.slice();
  const kernel = Float64Array.from({ length: radius + 1 }, (_, i) => Math.exp((-0.5 * i * i) / (sigma * sigma)));
  let total = kernel[0]!;
  for (let i = 1; i <= radius; i++) total += 2 * kernel[i]!;
  return Float32Array.from(curve, (_, t) => {
    let sum = 0;
    for (let i = -radius; i <= radius; i++) sum += kernel[Math.abs(i)]! * curve[mirrorWithEdge(t + i, length)]!;
    return sum / total;
  });
}

function mirrorWithEdge(index: number, length: number): number {
  const period = 2 * length;
  const folded = ((index % period) + period) % period;
  return folded < length ? folded : period - 1 - folded;
}
