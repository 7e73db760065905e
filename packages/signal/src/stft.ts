import { createRealFft } from './fft.ts';
import { InputError } from './input-error.ts';
import type { Samples } from './units.ts';

/**
 * Short-time Fourier transform on centred frames: frame m looks at samples 128·m - size/2 … 128·m + size/2 - 1 (hop 128), the sound
 * being continued by zeros (AlignSTS §4.1.2) or by its mirror image (Whisper, Resemblyzer) on both sides. A sound of n samples
 * has T = 1 + floor(n/hop) frames and K = size/2 + 1 bins. Samples are taken to be finite: the readers of sound files see to that.
 */
export type StftConfig = {
  /** Points of the transform and of the window: any even number. */
  size: Samples;
  hop: Samples;
  /** Periodic Hann: w[n] = ½ - ½·cos(2πn/size). */
  window: 'hann';
  /** What the sound is continued with on both sides: silence, or "d c b | a b c d | c b a". */
  pad: 'zero' | 'reflect';
};

export type MagnitudeSpectrum = {
  frames: number; // T
  bins: number; // K
  magnitude: Float32Array; // [T, K] frame-major, linear amplitude
};

export type ComplexSpectrum = {
  frames: number; // T
  bins: number; // K
  re: Float32Array; // [T, K] frame-major
  im: Float32Array; // [T, K]
};

const DEFAULTS: StftConfig = { size: 512, hop: 128, window: 'hann', pad: 'zero' };

/**
 * A function that gives the magnitude spectrum of a sound.
 * @throws InputError when size is odd or hop is not positive.
 * @example createStft({ size: 512, hop: 128 })(new Float32Array(24000)) // { frames: 188, bins: 257, magnitude: zeros }
 */
export function createStft(config: Partial<StftConfig> = {}): (samples: Float32Array) => MagnitudeSpectrum {
  const walk = createFrameWalk({ ...DEFAULTS, ...config });
  return (samples) => {
    const frames = walk.framesOf(samples.length);
    const magnitude = new Float32Array(frames * walk.bins);
    walk.run(samples, (frame, re, im) => {
      const row = frame * walk.bins;
      for (let k = 0; k < walk.bins; k++) magnitude[row + k] = Math.sqrt(re[k]! * re[k]! + im[k]! * im[k]!);
    });
    return { frames, bins: walk.bins, magnitude };
  };
}

/** As createStft, with real and imaginary part kept. The phase of a frame counts from the frame's first sample. */
export function createComplexStft(config: Partial<StftConfig> = {}): (samples: Float32Array) => ComplexSpectrum {
  const walk = createFrameWalk({ ...DEFAULTS, ...config });
  return (samples) => {
    const frames = walk.framesOf(samples.length);
    const re = new Float32Array(frames * walk.bins);
    const im = new Float32Array(frames * walk.bins);
    walk.run(samples, (frame, frameRe, frameIm) => {
      re.set(frameRe, frame * walk.bins);
      im.set(frameIm, frame * walk.bins);
    });
    return { frames, bins: walk.bins, re, im };
  };
}

/**
 * A function that turns a complex spectrum back into `length` samples: windowed overlap-add divided by the sum of squared windows
 * (Griffin & Lim 1984, eq. 6), so an untouched spectrum gives its sound back and a changed one the least-squares nearest sound.
 * Where no window reaches (a length beyond the last frame) the result is 0.
 */
export function createInverseStft(config: Partial<StftConfig> = {}): (spectrum: ComplexSpectrum, length: Samples) => Float32Array {
  const { size, hop } = checked({ ...DEFAULTS, ...config });
  const window = hann(size);
  const fft = createRealFft(size);
  const bins = size / 2 + 1;
  const re = new Float64Array(bins);
  const im = new Float64Array(bins);
  const frame = new Float64Array(size);
  return (spectrum, length) => {
    if (spectrum.bins !== bins) {
      throw new InputError(`the spectrum has ${spectrum.bins} bins but a size of ${size} needs ${bins}. Use the size it was made with.`);
    }
    const sum = new Float64Array(length);
    const weight = new Float64Array(length);
    for (let t = 0; t < spectrum.frames; t++) {
      for (let k = 0; k < bins; k++) {
        re[k] = spectrum.re[t * bins + k]!;
        im[k] = spectrum.im[t * bins + k]!;
      }
      fft.inverse(re, im, frame);
      const start = t * hop - size / 2;
      const from = Math.max(0, -start);
      const to = Math.min(size, length - start);
      for (let n = from; n < to; n++) {
        sum[start + n] = sum[start + n]! + window[n]! * frame[n]!;
        weight[start + n] = weight[start + n]! + window[n]! * window[n]!;
      }
    }
    // below 1e-10 only the outermost sample of a window reaches here: its share is rounding noise
    return Float32Array.from(sum, (value, n) => (weight[n]! > 1e-10 ? value / weight[n]! : 0));
  };
}

/** Walks over a sound's frames, handing each frame's transform to `visit`; the arrays handed over are used again for the next frame. */
export type FrameWalk = {
  readonly bins: number;
  framesOf(length: Samples): number;
  run(samples: Float32Array, visit: (frame: number, re: Float64Array /* [K] */, im: Float64Array /* [K] */) => void): void;
};

export function createFrameWalk(config: StftConfig): FrameWalk {
  const { size, hop, pad } = checked(config);
  const half = size / 2;
  const window = hann(size);
  const fft = createRealFft(size);
  const bins = half + 1;
  const frame = new Float64Array(size);
  const re = new Float64Array(bins);
  const im = new Float64Array(bins);
  const framesOf = (length: Samples): number => 1 + Math.floor(length / hop);
  return {
    bins,
    framesOf,
    run(samples, visit) {
      const length = samples.length;
      const frames = framesOf(length);
      for (let t = 0; t < frames; t++) {
        const start = t * hop - half;
        if (start >= 0 && start + size <= length) {
          for (let n = 0; n < size; n++) frame[n] = window[n]! * samples[start + n]!;
        } else {
          for (let n = 0; n < size; n++) {
            const at = pad === 'reflect' ? mirror(start + n, length) : start + n;
            frame[n] = at >= 0 && at < length ? window[n]! * samples[at]! : 0;
          }
        }
        fft.forward(frame, re, im);
        visit(t, re, im);
      }
    },
  };
}

function checked(config: StftConfig): StftConfig {
  if (!Number.isSafeInteger(config.hop) || config.hop < 1) {
    throw new InputError(`hop is ${config.hop} samples but must be a whole number of at least 1.`);
  }
  return config;
}

function hann(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
}

/** Index of the mirror image without the edge repeated, folded as often as a short sound needs it; -1 for a sound of no samples. */
function mirror(index: number, length: number): number {
  if (length <= 1) return length - 1;
  const period = 2 * (length - 1);
  const folded = ((index % period) + period) % period;
  return folded < length ? folded : period - folded;
}
