/**
 * What two renderings of the same words have in common, whatever melody they follow: the coarse shape of the spectrum, how it moves, whether
 * the voice sounds, and how loud it is. Cepstra of mel bands as in speech recognition (Davis and Mermelstein 1980), but only the first eight: they are
 * too coarse to see harmonics, and with thirteen the formants that singing moves count for too much (docs/experiments.md).
 */
import { type Audio, createMelSpectrogram, type Decibels, gaussianFilter } from '@alignsts/signal';
import { frameLevels, loudestOf } from './frame-levels.ts';

export type PitchFreeFeatures = {
  frames: number; // T
  size: number; // F
  /** [T, F] frame-major; the sum of absolute differences of two frames tells how unlike they sound. */
  values: Float32Array;
  f0: Float32Array; // [T] Hz, 0 = unvoiced, as given
  level: Float32Array; // [T] dB
};

const MEL_BANDS = 40;
const CEPSTRA = 8;
const createBands = (): ReturnType<typeof createMelSpectrogram> =>
  createMelSpectrogram({ bins: MEL_BANDS, low: 100, high: 8000, power: 2, log: 'none' });
/** Power of a band, -76 dB re white noise at full scale: below the noise of any recording. */
const BAND_FLOOR = 1e-7;
/** Frames this far below the loudest one do not count for mean and variance. */
const ACTIVE_RANGE: Decibels = 35;

// σ of the Gaussian filters in frames of 5.3 ms
const SHAPE_SMOOTHING = 2;
const MOVEMENT_SMOOTHING = 3;
/** A cepstrum that moves by an eighth of its spread in a frame counts as one spread. */
const MOVEMENT_SCALE = 8;
const VOICING_WEIGHT = 4;
const LEVEL_WEIGHT = 1.5;

/**
 * @param audio 24 kHz mono
 * @param f0 only whether it is 0
 */
export function pitchFreeFeatures(audio: Audio, f0: Float32Array /* [T] Hz, 0 = unvoiced */): PitchFreeFeatures {
  const frames = f0.length;
  const level = frameLevels(audio, frames);
  const threshold = loudestOf(level) - ACTIVE_RANGE;
  const active = level.map((value) => (value > threshold ? 1 : 0));
  const columns: Float32Array[] = [];
  for (const cepstrum of melCepstra(audio, frames)) {
    const shape = standardise(gaussianFilter(cepstrum, SHAPE_SMOOTHING), active);
    const movement = gradient(gaussianFilter(shape, MOVEMENT_SMOOTHING)).map((value) => MOVEMENT_SCALE * value);
    columns.push(shape, movement);
  }
  const voicing = f0.map((value) => (value > 0 ? VOICING_WEIGHT : 0));
  const loudness = standardise(gaussianFilter(level, MOVEMENT_SMOOTHING), active);
  columns.push(
    gaussianFilter(voicing, MOVEMENT_SMOOTHING),
    loudness.map((value) => LEVEL_WEIGHT * Math.min(2, Math.max(-4, value))),
  );

  const size = columns.length;
  const values = new Float32Array(frames * size);
  for (let t = 0; t < frames; t++) for (let f = 0; f < size; f++) values[t * size + f] = columns[f]![t]!;
  return { frames, size, values, f0, level };
}

/** c1 … c8 of the log mel bands (orthonormal cosine transform); c0, the level, is left out. Frames past the sound are silent. */
function melCepstra(audio: Audio, frames: number): Float32Array[] /* CEPSTRA × [T] */ {
  const { values, frames: known } = createBands()(audio.samples);
  const cosines = Array.from({ length: CEPSTRA }, (_, c) =>
    Float64Array.from({ length: MEL_BANDS }, (__, m) => Math.sqrt(2 / MEL_BANDS) * Math.cos((Math.PI * (c + 1) * (m + 0.5)) / MEL_BANDS)),
  );
  const cepstra = Array.from({ length: CEPSTRA }, () => new Float32Array(frames));
  const bands = new Float64Array(MEL_BANDS);
  for (let t = 0; t < frames; t++) {
    for (let m = 0; m < MEL_BANDS; m++) bands[m] = Math.log((t < known ? values[t * MEL_BANDS + m]! : 0) + BAND_FLOOR);
    for (let c = 0; c < CEPSTRA; c++) {
      let sum = 0;
      for (let m = 0; m < MEL_BANDS; m++) sum += cosines[c]![m]! * bands[m]!;
      cepstra[c]![t] = sum;
    }
  }
  return cepstra;
}

/** Mean 0 and variance 1 over the active frames: takes out microphone, room and much of the voice. */
function standardise(curve: Float32Array, active: Float32Array): Float32Array {
  let count = 0;
  let mean = 0;
  for (let t = 0; t < curve.length; t++) {
    count += active[t]!;
    mean += active[t]! * curve[t]!;
  }
  mean /= count;
  let variance = 0;
  for (let t = 0; t < curve.length; t++) variance += active[t]! * (curve[t]! - mean) ** 2;
  // a single frame, or an unchanging sound, has no spread and becomes 0
  const spread = Math.sqrt(variance / count) + 1e-3;
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
