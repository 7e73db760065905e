import type { Ops } from '../model/ops.ts';
import type { Filters } from './istft-generator.ts';
import { BINS, HOP, hann, OVERLAP, SIZE } from './stft-grid.ts';

/**
 * Short-time spectra as matrix products, so that losses, discriminators and synthesis are written in the operators that training already has.
 * Frames overlap by three quarters and lie wholly inside the sound: N samples have N/hop − 3 frames. In training the sound around a segment is
 * at hand, so nothing is padded.
 */
export type Spectrum<T> = { re: T; im: T }; // [B, T, size/2 + 1]

/** Matrices of one size, made once. */
export type Transform = {
  size: number;
  bins: number;
  forward: Float32Array; // [size, 2·bins], window included
};

/** @param scale what the window is divided by; √Σw² makes white noise of variance 1 have power 1 in every bin */
export function createTransform(size: number, scale: number = Math.sqrt((3 / 8) * size)): Transform {
  const bins = size / 2 + 1;
  const window = hann(size);
  const forward = new Float32Array(size * 2 * bins);
  for (let n = 0; n < size; n++) {
    for (let k = 0; k < bins; k++) {
      const angle = (2 * Math.PI * ((n * k) % size)) / size;
      forward[n * 2 * bins + k] = (window[n]! * Math.cos(angle)) / scale;
      forward[n * 2 * bins + bins + k] = (-window[n]! * Math.sin(angle)) / scale;
    }
  }
  return { size, bins, forward };
}

/** @param length N, a multiple of a quarter of the size */
export function spectrum<T>(f: Ops<T>, { size, bins, forward }: Transform, samples: T /* [B, N] */, length: number): Spectrum<T> {
  const hop = size / 4;
  const count = length / hop - 3;
  const blocks = f.unflatten(samples, 1, [length / hop, hop]); // [B, N/hop, hop]
  const frames = f.cat(
    [0, 1, 2, 3].map((shift) => f.narrow(blocks, 1, shift, count)),
    2,
  );
  const [re, im] = f.chunk(f.matmul(frames, f.constant(forward, [size, 2 * bins])), 2, 2) as [T, T];
  return { re, im };
}

/** |X|, with a floor that keeps its gradient finite. */
export function magnitude<T>(f: Ops<T>, { re, im }: Spectrum<T>, floor: number): T {
  return f.sqrt(f.add(f.addcmul(f.mul(re, re), im, im), f.constant(Float32Array.of(floor * floor), [1])));
}

export type Synthesis = { analysis: Transform; inverse: Float32Array /* [2K, size] */ };

export function createSynthesis(): Synthesis {
  const window = hann(SIZE);
  const inverse = new Float32Array(2 * BINS * SIZE);
  for (let k = 0; k < BINS; k++) {
    const twice = k === 0 || k === SIZE / 2 ? 1 : 2;
    for (let n = 0; n < SIZE; n++) {
      const angle = (2 * Math.PI * ((n * k) % SIZE)) / SIZE;
      const scale = (twice * window[n]!) / (SIZE * OVERLAP);
      inverse[k * SIZE + n] = scale * Math.cos(angle);
      inverse[(BINS + k) * SIZE + n] = -scale * Math.sin(angle);
    }
  }
  return { analysis: createTransform(SIZE, 1), inverse };
}

/**
 * Sound from filters and sources: (H · pulses + G · noise) through the inverse transform. From T frames come (T − 3)·128 samples, the first of them 128
 * after the first frame's centre; pulses and noise begin 256 samples before that centre.
 */
export function synthesize<T>(
  f: Ops<T>,
  synthesis: Synthesis,
  filters: Filters<T>, // T frames
  sources: { pulses: T; noise: T }, // [B, (T + 3)·128] each
  frames: number,
): T /* [B, (T − 3)·128] */ {
  const length = (frames + 3) * HOP;
  const pulses = spectrum(f, synthesis.analysis, sources.pulses, length);
  const noise = spectrum(f, synthesis.analysis, sources.noise, length);
  const { pulseRe, pulseIm } = filters;
  const re = f.addcmul(f.sub(f.mul(pulses.re, pulseRe), f.mul(pulses.im, pulseIm)), noise.re, filters.noise);
  const im = f.addcmul(f.addcmul(f.mul(pulses.re, pulseIm), pulses.im, pulseRe), noise.im, filters.noise);
  const sound = f.matmul(f.cat([re, im], 2), f.constant(synthesis.inverse, [2 * BINS, SIZE])); // [B, T, 512]
  // block t of the sound is the sum of quarter j of frame t − j; only those that four frames reach are kept
  const quarters = f.chunk(sound, 4, 2);
  const heard = quarters.map((quarter, j) => f.narrow(quarter, 1, 3 - j, frames - 3));
  return f.flatten(
    heard.reduce((sum, quarter) => f.add(sum, quarter)),
    1,
    2,
  );
}
