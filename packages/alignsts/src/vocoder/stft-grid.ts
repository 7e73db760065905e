/** The transform in which the inverse-STFT vocoder lives: AlignSTS's own grid (§4.1.2), periodic Hann, 512 points, hop 128. */
export const SIZE = 512;
export const HOP = 128;
/** K. */
export const BINS: number = SIZE / 2 + 1;
/** Sum of the squared windows that overlap in a sample: Hann at a quarter hop. */
export const OVERLAP = 1.5;

/** Periodic Hann: ½ − ½·cos(2πn/size). */
export function hann(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
}
