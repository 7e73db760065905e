import { createFftPlan } from '../../fft.ts';

/**
 * Inverse modified discrete cosine transform (ISO/IEC 14496-3 §4.6.11): x[n] = 1/M · Σ X[k]·cos(π/M·(n + (M+1)/2)·(k + 1/2)), n = 0 … 2M-1, of
 * M spectral lines. It is a DCT-IV unfolded; the DCT-IV is a complex FFT of M/2 points between two rotations.
 */
export type Imdct = (lines: Float64Array /* [M] */, output: Float64Array /* [2M] */) => void;

/** @param size M, even */
export function createImdct(size: number): Imdct {
  const half = size / 2;
  const fft = createFftPlan(half);
  const cos = Float64Array.from({ length: half }, (_, n) => Math.cos((Math.PI * (n + 0.125)) / size));
  const sin = Float64Array.from({ length: half }, (_, n) => Math.sin((Math.PI * (n + 0.125)) / size));
  const folded = new Float64Array(size);

  return (lines, output) => {
    const { input, output: spectrum } = fft;
    for (let n = 0; n < half; n++) {
      const re = lines[2 * n]!;
      const im = lines[size - 1 - 2 * n]!;
      input[2 * n] = re * cos[n]! + im * sin[n]!;
      input[2 * n + 1] = im * cos[n]! - re * sin[n]!;
    }
    fft.run();
    for (let k = 0; k < half; k++) {
      const re = spectrum[2 * k]!;
      const im = spectrum[2 * k + 1]!;
      folded[2 * k] = (re * cos[k]! + im * sin[k]!) / size;
      folded[size - 1 - 2 * k] = (re * sin[k]! - im * cos[k]!) / size;
    }
    for (let n = 0; n < half; n++) {
      output[n] = folded[n + half]!;
      output[half + n] = -folded[size - 1 - n]!;
      output[size + n] = -folded[half - 1 - n]!;
      output[size + half + n] = -folded[n]!;
    }
  };
}
