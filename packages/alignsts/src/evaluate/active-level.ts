import type { Audio, Decibels } from '@alignsts/signal';

const FRAME = 0.02; // seconds
const RANGE = 0.01; // frames within 40 dB of the loudest count as active
/** Where levelled measures bring both sounds: a usual level of voice recordings. */
const TARGET: Decibels = -25;

/**
 * The factor that brings a sound's active level to -25 dBFS, so that two sounds can be compared whatever their loudness. The active level
 * is the RMS over the 20 ms frames within 40 dB of the loudest, so pauses do not count. A sound below -140 dBFS counts as -140 dBFS.
 *
 * @example levellingGain({ samples: new Float32Array(24000).fill(0.5), sampleRate: 24000 }) // 0.1125 = 10^(-25/20)/0.5
 */
export function levellingGain({ samples, sampleRate }: Audio): number {
  const size = Math.min(Math.round(FRAME * sampleRate), samples.length);
  const count = size > 0 ? Math.floor(samples.length / size) : 0;
  // the root mean square of each whole frame, floored at -140 dBFS so that silence has a loudest frame too
  const levels = Float64Array.from({ length: count }, (_, t) => {
    let sum = 0;
    for (let n = t * size; n < (t + 1) * size; n++) sum += samples[n]! ** 2;
    return Math.sqrt(sum / size + 1e-14);
  });
  const threshold = levels.reduce((a, b) => Math.max(a, b), 0) * RANGE;
  const active = levels.filter((level) => level > threshold);
  const rms = Math.sqrt(active.reduce((sum, level) => sum + level * level, 0) / active.length);
  return 10 ** (TARGET / 20) / Math.max(1e-7, rms);
}
