/**
 * What two renderings of the same words have in common, whoever's melody they follow: the coarse shape of the spectral envelope, how it moves,
 * whether the voice sounds, and how loud it is. Cepstra of mel bands as in speech recognition (Davis and Mermelstein 1980), of the harmonic-free
 * envelope, and only the first eight: with thirteen, formants that singing moves count for too much, and the alignment error doubles.
 */
import { type Decibels, gaussianFilter, melFilters, type VoiceFrames } from '@alignsts/signal';

export type PitchFreeFeatures = {
  frames: number; // T
  size: number; // F
  values: Float32Array; // [T, F] frame-major; Euclidean distances between frames of two recordings are comparable
  level: Float32Array; // [T] dB of the frame's mean power, not floored below SILENCE
};

const MEL_BANDS = 40;
const LOWEST = 100;
const HIGHEST = 8000;
const CEPSTRA = 8;
/** Frames this far below the loudest one do not count for mean and variance. */
export const ACTIVE_RANGE: Decibels = 35;
/** Power 1e-9: the floor of the mel bands and of the level. */
const FLOOR = 1e-9;

// σ of the Gaussian filters in frames of 5.3 ms
const STATIC_SMOOTHING = 2;
const MOVEMENT_SMOOTHING = 3;

const WEIGHT = { static: 1, movement: 0.5, voicing: 2, level: 1 };
/** A cepstrum that changes by 1/8 of its spread a frame counts as one spread. */
const MOVEMENT_SCALE = 8;

/** @example pitchFreeFeatures(analyzeVoice(audio, trackF0(audio).f0)).size // 18 */
export function pitchFreeFeatures(voice: VoiceFrames): PitchFreeFeatures {
  const { frames } = voice;
  const level = frameLevels(voice);
  const active = activeFrames(level);
  const columns: Float32Array[] = [];
  for (const cepstrum of melCepstra(voice)) {
    const normalised = standardise(gaussianFilter(cepstrum, STATIC_SMOOTHING), active);
    const movement = gradient(gaussianFilter(normalised, MOVEMENT_SMOOTHING));
    columns.push(scaled(normalised, WEIGHT.static), scaled(movement, WEIGHT.movement * MOVEMENT_SCALE));
  }
  const voicing = gaussianFilter(
    voice.f0.map((f0) => (f0 > 0 ? 1 : 0)),
    MOVEMENT_SMOOTHING,
  );
  const loudness = standardise(gaussianFilter(level, MOVEMENT_SMOOTHING), active).map((value) => Math.min(2, Math.max(-4, value)));
  columns.push(scaled(voicing, WEIGHT.voicing), scaled(loudness, WEIGHT.level));

  const size = columns.length;
  const values = new Float32Array(frames * size);
  for (let t = 0; t < frames; t++) for (let f = 0; f < size; f++) values[t * size + f] = columns[f]![t]!;
  return { frames, size, values, level };
}

/** Mean power of each frame in decibels. */
export function frameLevels({ frames, bins, envelope }: VoiceFrames): Float32Array /* [T] dB */ {
  return Float32Array.from({ length: frames }, (_, t) => {
    let sum = 0;
    for (let k = 0; k < bins; k++) sum += envelope[t * bins + k]!;
    return 10 * Math.log10(sum / bins + FLOOR);
  });
}

/** The frames within ACTIVE_RANGE of the loudest. */
function activeFrames(level: Float32Array): Uint8Array {
  const loudest = level.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return Uint8Array.from(level, (value) => (value > loudest - ACTIVE_RANGE ? 1 : 0));
}

/** c1 … c8 of the log mel bands (orthonormal cosine transform); c0, the level, is left out. */
function melCepstra({ frames, bins, envelope, sampleRate, fftSize }: VoiceFrames): Float32Array[] /* CEPSTRA × [T] */ {
  const filters = melFilters({ sampleRate, size: fftSize, bins: MEL_BANDS, low: LOWEST, high: HIGHEST });
  const bandEdges = Array.from({ length: MEL_BANDS }, (_, m) => {
    const row = filters.subarray(m * bins, (m + 1) * bins);
    return { first: row.findIndex((weight) => weight > 0), end: 1 + row.findLastIndex((weight) => weight > 0) };
  });
  const cosines = Array.from({ length: CEPSTRA }, (_, c) =>
    Float64Array.from({ length: MEL_BANDS }, (__, m) => Math.sqrt(2 / MEL_BANDS) * Math.cos((Math.PI * (c + 1) * (m + 0.5)) / MEL_BANDS)),
  );
  const cepstra = Array.from({ length: CEPSTRA }, () => new Float32Array(frames));
  const bands = new Float64Array(MEL_BANDS);
  for (let t = 0; t < frames; t++) {
    for (let m = 0; m < MEL_BANDS; m++) {
      const { first, end } = bandEdges[m]!;
      let sum = 0;
      for (let k = first; k < end; k++) sum += filters[m * bins + k]! * envelope[t * bins + k]!;
      bands[m] = Math.log(sum + FLOOR);
    }
    for (let c = 0; c < CEPSTRA; c++) {
      let sum = 0;
      for (let m = 0; m < MEL_BANDS; m++) sum += cosines[c]![m]! * bands[m]!;
      cepstra[c]![t] = sum;
    }
  }
  return cepstra;
}

/** Mean 0 and variance 1 over the active frames: takes out microphone, room and much of the voice. */
function standardise(curve: Float32Array, active: Uint8Array): Float32Array {
  let count = 0;
  let mean = 0;
  for (let t = 0; t < curve.length; t++) {
    if (active[t] === 0) continue;
    count++;
    mean += curve[t]!;
  }
  mean /= count;
  let variance = 0;
  for (let t = 0; t < curve.length; t++) if (active[t] === 1) variance += (curve[t]! - mean) ** 2;
  // a single frame, or silence, has no spread: it becomes 0 throughout
  const spread = Math.sqrt(variance / count) + 1e-6;
  return curve.map((value) => (value - mean) / spread);
}

/** Central differences a frame, one-sided at the ends; 0 for a single frame. */
function gradient(curve: Float32Array): Float32Array {
  const last = curve.length - 1;
  return curve.map((_, t) => {
    const left = Math.max(0, t - 1);
    const right = Math.min(last, t + 1);
    return right > left ? (curve[right]! - curve[left]!) / (right - left) : 0;
  });
}

function scaled(curve: Float32Array, factor: number): Float32Array {
  return curve.map((value) => factor * value);
}
