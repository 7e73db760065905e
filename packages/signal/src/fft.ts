import { InputError } from './input-error.ts';

/**
 * Discrete Fourier transform of real signals whose length is a power of two, in double precision.
 * Plans hold their tables and scratch, so one plan serves one caller at a time.
 */
export type RealFft = {
  readonly size: number;
  /** X[k] = Σ x[n]·e^(-2πikn/size), k = 0 … size/2. */
  forward(input: Float64Array /* [size] */, re: Float64Array /* [size/2+1] */, im: Float64Array /* [size/2+1] */): void;
  /** The exact inverse, 1/size included; im[0] and im[size/2] are taken as 0. */
  inverse(re: Float64Array /* [size/2+1] */, im: Float64Array /* [size/2+1] */, output: Float64Array /* [size] */): void;
};

/** The smallest power of two that is at least n. @example nextPowerOfTwo(600) // 1024 */
export function nextPowerOfTwo(n: number): number {
  let size = 1;
  while (size < n) size *= 2;
  return size;
}

/** A real transform of `size` points computed as one complex transform of size/2 points. */
export function createRealFft(size: number): RealFft {
  if (!Number.isInteger(Math.log2(size)) || size < 4) {
    throw new InputError(`FFT size is ${size} but must be a power of two of at least 4. Use nextPowerOfTwo(${size}).`);
  }
  const half = size / 2;
  const zr = new Float64Array(half);
  const zi = new Float64Array(half);
  const transform = createComplexFft(half);
  const cos = new Float64Array(half + 1);
  const sin = new Float64Array(half + 1);
  for (let k = 0; k <= half; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / size);
    sin[k] = Math.sin((2 * Math.PI * k) / size);
  }

  return {
    size,
    forward(input, re, im) {
      for (let n = 0; n < half; n++) {
        zr[n] = input[2 * n]!;
        zi[n] = input[2 * n + 1]!;
      }
      transform(zr, zi);
      for (let k = 0; k <= half; k++) {
        const a = k === half ? 0 : k;
        const b = k === 0 ? 0 : half - k;
        const evenR = 0.5 * (zr[a]! + zr[b]!);
        const evenI = 0.5 * (zi[a]! - zi[b]!);
        const oddR = 0.5 * (zi[a]! + zi[b]!);
        const oddI = 0.5 * (zr[b]! - zr[a]!);
        re[k] = evenR + cos[k]! * oddR + sin[k]! * oddI;
        im[k] = evenI + cos[k]! * oddI - sin[k]! * oddR;
      }
      im[0] = 0;
      im[half] = 0;
    },
    inverse(re, im, output) {
      for (let k = 0; k < half; k++) {
        const ar = re[k]!;
        const ai = k === 0 ? 0 : im[k]!;
        const br = re[half - k]!;
        const bi = k === 0 ? 0 : im[half - k]!;
        const evenR = 0.5 * (ar + br);
        const evenI = 0.5 * (ai - bi);
        const differenceR = 0.5 * (ar - br);
        const differenceI = 0.5 * (ai + bi);
        const oddR = cos[k]! * differenceR - sin[k]! * differenceI;
        const oddI = cos[k]! * differenceI + sin[k]! * differenceR;
        // the inverse is the forward transform with real and imaginary parts exchanged
        zr[k] = evenI + oddR;
        zi[k] = evenR - oddI;
      }
      transform(zr, zi);
      for (let n = 0; n < half; n++) {
        output[2 * n] = zi[n]! / half;
        output[2 * n + 1] = zr[n]! / half;
      }
    },
  };
}

/** In-place complex transform of a power-of-two length: bit reversal, then radix-2 passes over one table of twiddles. */
function createComplexFft(size: number): (re: Float64Array, im: Float64Array) => void {
  const bits = Math.log2(size);
  const reversed = new Uint32Array(size);
  for (let i = 0; i < size; i++) reversed[i] = bits === 0 ? 0 : (reversed[i >> 1]! >> 1) | ((i & 1) << (bits - 1));
  const cos = new Float64Array(size / 2);
  const sin = new Float64Array(size / 2);
  for (let k = 0; k < size / 2; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / size);
    sin[k] = -Math.sin((2 * Math.PI * k) / size);
  }
  return (re, im) => {
    for (let i = 0; i < size; i++) {
      const j = reversed[i]!;
      if (j > i) {
        const r = re[i]!;
        re[i] = re[j]!;
        re[j] = r;
        const m = im[i]!;
        im[i] = im[j]!;
        im[j] = m;
      }
    }
    for (let span = 1; span < size; span *= 2) {
      const stride = size / (2 * span);
      for (let start = 0; start < size; start += 2 * span) {
        for (let k = 0, t = 0; k < span; k++, t += stride) {
          const a = start + k;
          const b = a + span;
          const br = re[b]! * cos[t]! - im[b]! * sin[t]!;
          const bi = re[b]! * sin[t]! + im[b]! * cos[t]!;
          re[b] = re[a]! - br;
          im[b] = im[a]! - bi;
          re[a] = re[a]! + br;
          im[a] = im[a]! + bi;
        }
      }
    }
  };
}
