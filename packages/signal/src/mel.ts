import { InputError } from './input-error.ts';
import { createFrameWalk } from './stft.ts';
import type { Hertz, Samples } from './units.ts';

/**
 * Log mel spectrogram, by default AlignSTS's (§4.1.2 and the released configuration; spec A1.1): 24 kHz, 512/128, periodic Hann, zero
 * padding, magnitude, 80 Slaney filters from 50 to 11025 Hz with unit area, log10 floored at 1e-10, no normalisation.
 * The other settings serve Whisper and Resemblyzer (16 kHz, 400/160, reflect, power).
 */
export type MelConfig = {
  sampleRate: Hertz;
  size: Samples;
  hop: Samples;
  bins: number; // M
  /** Lower edge of the first filter and upper edge of the last. */
  low: Hertz;
  high: Hertz;
  /** slaney: linear to 1 kHz, logarithmic above (Auditory Toolbox). htk: 2595·log10(1 + f/700). */
  scale: 'slaney' | 'htk';
  /** area: triangles of height 2/(upper - lower edge in Hz). peak: triangles of height 1. */
  norm: 'area' | 'peak';
  /** 1 takes the filters' sum of magnitudes, 2 of powers. */
  power: 1 | 2;
  /** log10: log10(max(floor, ·)). none: the plain sums. */
  log: 'log10' | 'none';
  floor: number;
  pad: 'zero' | 'reflect';
};

export type MelSpectrogram = {
  frames: number; // T
  bins: number; // M
  values: Float32Array; // [T, M] frame-major, log10 amplitude in the default configuration
};

export const MEL_DEFAULTS: MelConfig = {
  sampleRate: 24000,
  size: 512,
  hop: 128,
  bins: 80,
  low: 50,
  high: 11025,
  scale: 'slaney',
  norm: 'area',
  power: 1,
  log: 'log10',
  floor: 1e-10,
  pad: 'zero',
};

/**
 * A function from samples (at config.sampleRate) to a mel spectrogram of T = 1 + floor(n/hop) frames, frame m centred on sample hop·m.
 * @throws InputError when the filters' range does not fit the sample rate.
 * @example createMelSpectrogram()(new Float32Array(24000)) // { frames: 188, bins: 80, values: all -10 }
 */
export function createMelSpectrogram(config: Partial<MelConfig> = {}): (samples: Float32Array) => MelSpectrogram {
  const full = { ...MEL_DEFAULTS, ...config };
  const { size, hop, pad, bins, power, log, floor } = full;
  const walk = createFrameWalk({ size, hop, pad, window: 'hann' });
  const bands = sparse(melFilters(full), bins, walk.bins);
  const level = new Float64Array(walk.bins);
  return (samples) => {
    const frames = walk.framesOf(samples.length);
    const values = new Float32Array(frames * bins);
    walk.run(samples, (frame, re, im) => {
      for (let k = 0; k < walk.bins; k++) {
        const squared = re[k]! * re[k]! + im[k]! * im[k]!;
        level[k] = power === 2 ? squared : Math.sqrt(squared);
      }
      for (let m = 0; m < bins; m++) {
        const { first, weights } = bands[m]!;
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += weights[k]! * level[first + k]!;
        values[frame * bins + m] = log === 'log10' ? Math.log10(Math.max(floor, sum)) : sum;
      }
    });
    return { frames, bins, values };
  };
}

/**
 * Triangular filters, each rising from its left neighbour's centre and falling to its right neighbour's, centres equally spaced on the
 * mel scale: weights [M, K], K = size/2 + 1.
 * @throws InputError unless 0 ≤ low < high ≤ sampleRate/2.
 */
export function melFilters(config: Pick<MelConfig, 'sampleRate' | 'size' | 'bins' | 'low' | 'high'> & Partial<MelConfig>): Float32Array {
  const { sampleRate, size, bins, low, high, scale, norm } = { ...MEL_DEFAULTS, ...config };
  if (!(low >= 0 && low < high && high <= sampleRate / 2)) {
    throw new InputError(
      `mel filters from ${low} to ${high} Hz do not fit: 0 ≤ low < high ≤ ${sampleRate / 2} Hz is allowed at ${sampleRate} Hz. Resample first or change low and high.`,
    );
  }
  const spectrumBins = size / 2 + 1;
  const bottom = hzToMel(low, scale);
  const top = hzToMel(high, scale);
  const edge = (i: number): Hertz => melToHz(bottom + ((top - bottom) * i) / (bins + 1), scale);
  const weights = new Float32Array(bins * spectrumBins);
  for (let m = 0; m < bins; m++) {
    const left = edge(m);
    const centre = edge(m + 1);
    const right = edge(m + 2);
    const height = norm === 'area' ? 2 / (right - left) : 1;
    for (let k = 0; k < spectrumBins; k++) {
      const f = (k * sampleRate) / size;
      weights[m * spectrumBins + k] = height * Math.max(0, Math.min((f - left) / (centre - left), (right - f) / (right - centre)));
    }
  }
  return weights;
}

// Slaney 1998, Auditory Toolbox: 200/3 Hz a mel below 1 kHz, 27 mels a factor of 6.4 above
const LINEAR_STEP = 200 / 3;
const BREAK = 1000;
const LOG_STEP = Math.log(6.4) / 27;

export function hzToMel(hertz: Hertz, scale: MelConfig['scale'] = 'slaney'): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + hertz / 700);
  return hertz < BREAK ? hertz / LINEAR_STEP : BREAK / LINEAR_STEP + Math.log(hertz / BREAK) / LOG_STEP;
}

export function melToHz(mel: number, scale: MelConfig['scale'] = 'slaney'): Hertz {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  return mel < BREAK / LINEAR_STEP ? mel * LINEAR_STEP : BREAK * Math.exp((mel - BREAK / LINEAR_STEP) * LOG_STEP);
}

type Band = { first: number; weights: Float32Array };

/** A filter touches few bins: keep only the span where it is not 0. */
function sparse(weights: Float32Array, bins: number, spectrumBins: number): Band[] {
  return Array.from({ length: bins }, (_, m) => {
    const row = weights.subarray(m * spectrumBins, (m + 1) * spectrumBins);
    const first = row.findIndex((weight) => weight > 0);
    const last = row.findLastIndex((weight) => weight > 0);
    return first < 0 ? { first: 0, weights: new Float32Array(0) } : { first, weights: row.slice(first, last + 1) };
  });
}
