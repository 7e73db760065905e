import type { Decibels, MelSpectrogram } from '@alignsts/signal';

/** Of the 80 filters between 50 Hz and 11 kHz, those up to 6.1 kHz: above, recordings differ by their microphone more than by the voice. */
const VOICE_BINS = 66;
const FLOOR = 1e-3; // about 60 dB below a voiced peak at -25 dBFS

export type LevelledMel = {
  frames: number; // T
  bins: number; // 66
  /** Linear amplitude, at least 0.001. */
  values: Float32Array; // [T, 66] frame-major
};

/** The bands of a linear mel spectrogram that carry voice, brought to one level and floored, for distances that the ear would order the same way. */
export function levelMel(mel: MelSpectrogram, gain: number): LevelledMel {
  const values = new Float32Array(mel.frames * VOICE_BINS);
  for (let t = 0; t < mel.frames; t++) {
    for (let m = 0; m < VOICE_BINS; m++) values[t * VOICE_BINS + m] = Math.max(FLOOR, gain * mel.values[t * mel.bins + m]!);
  }
  return { frames: mel.frames, bins: VOICE_BINS, values };
}

/** LMD: mean over t of the root mean square over bands of 20·log10(X/Y), cropped to the shorter, with no alignment. NaN without a common frame. */
export function logMelDistance(target: LevelledMel, output: LevelledMel): Decibels {
  const frames = Math.min(target.frames, output.frames);
  let total = 0;
  for (let t = 0; t < frames; t++) {
    let sum = 0;
    for (let m = t * target.bins; m < (t + 1) * target.bins; m++) sum += (20 * Math.log10(target.values[m]! / output.values[m]!)) ** 2;
    total += Math.sqrt(sum / target.bins);
  }
  return total / frames;
}
