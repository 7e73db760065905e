import type { Audio, Decibels, Samples, VoiceFrames } from '@alignsts/signal';
import { HOP } from '../../../grid.ts';

/** Window of the level: long enough for two periods of a low voice. */
const WINDOW: Samples = 512;
/** Power 1e-9. */
const LOWEST: Decibels = -90;

/** Mean power around each frame under a Hann window of 21 ms, in decibels re full scale, at least -90. Past the sound there is silence. */
export function frameLevels({ samples }: Audio, frames: number): Float32Array /* [T] dB */ {
  const window = Float64Array.from({ length: WINDOW }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / WINDOW));
  const gain = 2 / WINDOW;
  return Float32Array.from({ length: frames }, (_, t) => {
    let sum = 0;
    for (let n = 0; n < WINDOW; n++) {
      const value = samples[t * HOP + n - WINDOW / 2] ?? 0;
      sum += window[n]! * value * value;
    }
    return decibels(sum * gain);
  });
}

/** The same of a voice taken apart: the mean power of its envelopes. */
export function envelopeLevels({ frames, bins, envelope }: VoiceFrames): Float32Array /* [T] dB */ {
  return Float32Array.from({ length: frames }, (_, t) => {
    let sum = 0;
    for (let k = 0; k < bins; k++) sum += envelope[t * bins + k]!;
    return decibels(sum / bins);
  });
}

export function loudestOf(level: Float32Array): Decibels {
  return level.reduce((most, value) => Math.max(most, value), LOWEST);
}

function decibels(power: number): Decibels {
  return Math.max(LOWEST, 10 * Math.log10(power + 1e-30));
}
