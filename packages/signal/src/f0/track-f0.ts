import type { Audio } from '../audio.ts';
import { InputError } from '../input-error.ts';
import type { Hertz, Samples } from '../units.ts';
import { createAutocorrelator, windowSamples } from './autocorrelation.ts';
import { type Candidates, createCandidateFinder } from './candidates.ts';
import { checkF0Options, F0_DEFAULTS, type F0Options } from './f0-options.ts';
import { bestPath } from './path.ts';

/** A pitch track; frame m is centred on sample start + m·hop. */
export type F0Track = {
  f0: Float32Array; // [T] Hz, 0 = unvoiced
  /** Periodicity of the chosen candidate, in unvoiced frames that of the best one that was passed over: 0 … 1. */
  confidence: Float32Array; // [T]
  hop: Samples;
  sampleRate: Hertz;
  start: Samples;
};

/**
 * Tracks the pitch of one voice by Praat's autocorrelation method (Boersma 1993, "Accurate short-term analysis of the fundamental
 * frequency and the harmonics-to-noise ratio of a sampled sound"), written from its equations (spec B9).
 *
 * Silence, an empty sound (T = 1) and a constant give an unvoiced track.
 * @throws InputError when a sample is not a finite number, an option makes no sense, or, with frames 'praat', the sound is shorter than
 * the window.
 * @example trackF0({ samples: sineOf(220 Hz, 1 s), sampleRate: 24000 }).f0[94] // 220
 */
export function trackF0(audio: Audio, options: Partial<F0Options> = {}): F0Track {
  const full = { ...F0_DEFAULTS, ...options };
  checkF0Options(full, audio);
  full.ceiling = Math.min(full.ceiling, audio.sampleRate / 2);
  const { samples, sampleRate } = audio;
  const { frames, start } = frameGrid(audio, full);
  const peak = peakAroundMean(samples);

  const f0 = new Float32Array(frames);
  const confidence = new Float32Array(frames);
  const track = { f0, confidence, hop: full.hop, sampleRate, start };
  if (peak === 0) return track;

  const { candidates, intensity } = findCandidates(audio, frames, start, peak, full);
  const chosen = bestPath(candidates, intensity, full.hop / sampleRate, full);
  for (let t = 0; t < frames; t++) {
    const index = chosen[t]!;
    if (index >= 0) {
      f0[t] = candidates.frequency[index]!;
      confidence[t] = candidates.strength[index]!;
    } else {
      for (let i = candidates.offsets[t]!; i < candidates.offsets[t + 1]!; i++) {
        confidence[t] = Math.max(confidence[t]!, candidates.strength[i]!);
      }
    }
  }
  return track;
}

function frameGrid({ samples, sampleRate }: Audio, options: F0Options): { frames: number; start: Samples } {
  const { hop, floor, veryAccurate } = options;
  if (options.frames === 'mel') return { frames: 1 + Math.floor(samples.length / hop), start: 0 };
  const reach = ((veryAccurate ? 6 : 3) * sampleRate) / floor;
  // 1e-9: a sound that fits exactly must not miss its last frame by rounding
  const frames = Math.floor((samples.length - reach) / hop + 1e-9) + 1;
  if (frames < 1) {
    throw new InputError(
      `the sound is ${(samples.length / sampleRate).toFixed(3)} s long but one window at a floor of ${floor} Hz needs ${(reach / sampleRate).toFixed(3)} s. Raise the floor or use frames 'mel'.`,
    );
  }
  return { frames, start: samples.length / 2 - ((frames - 1) * hop) / 2 };
}

function peakAroundMean(samples: Float32Array): number {
  let sum = 0;
  for (let n = 0; n < samples.length; n++) sum += samples[n]!;
  if (!Number.isFinite(sum)) {
    const bad = samples.findIndex((value) => !Number.isFinite(value));
    throw new InputError(`sample ${bad} is ${samples[bad]} but must be a finite number. Repair the sound before its pitch is tracked.`);
  }
  const mean = sum / Math.max(1, samples.length);
  let peak = 0;
  for (let n = 0; n < samples.length; n++) {
    const level = Math.abs(samples[n]! - mean);
    if (level > peak) peak = level;
  }
  return peak;
}

function findCandidates(audio: Audio, frames: number, start: Samples, peak: number, options: F0Options) {
  const { samples, sampleRate } = audio;
  const correlator = createAutocorrelator(sampleRate, options.floor, options.veryAccurate);
  const periodsAWindow = options.veryAccurate ? 6 : 3;
  const longest = Math.floor(windowSamples(sampleRate, options.floor, options.veryAccurate) / periodsAWindow);
  const finder = createCandidateFinder(sampleRate, longest, correlator.maxLag, options);
  const pair = [correlator.createLags(), correlator.createLags()] as const;
  const intensity = new Float32Array(frames);
  const offsets = new Uint32Array(frames + 1);
  let frequency = new Float64Array(4 * frames + 64);
  let strength = new Float64Array(4 * frames + 64);
  let total = 0;
  const leftOf = (t: number): number => Math.floor(start + t * options.hop - 0.5);

  for (let t = 0; t < frames; t += 2) {
    const { peakA, peakB } = correlator.run(samples, leftOf(t), leftOf(t + 1), pair[0], pair[1]);
    for (let i = t; i < Math.min(t + 2, frames); i++) {
      const framePeak = i === t ? peakA : peakB;
      intensity[i] = Math.min(1, framePeak / peak);
      const count = framePeak > 0 ? finder.find(i === t ? pair[0] : pair[1]) : 0;
      if (total + count > frequency.length) {
        frequency = grown(frequency);
        strength = grown(strength);
      }
      for (let c = 0; c < count; c++) {
        frequency[total] = finder.frequency[c]!;
        strength[total] = finder.strength[c]!;
        total++;
      }
      offsets[i + 1] = total;
    }
  }
  const candidates: Candidates = { offsets, frequency, strength };
  return { candidates, intensity };
}

function grown(array: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * array.length);
  larger.set(array);
  return larger;
}
