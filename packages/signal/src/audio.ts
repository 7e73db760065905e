import type { Hertz, Seconds } from './units.ts';

/** One channel of sound. Samples are nominally in [-1, 1]; values beyond are legal and are not clipped until they are written. */
export type Audio = {
  samples: Float32Array;
  sampleRate: Hertz;
};

/** Sound as it stands in a file: one array a channel, all of one length. */
export type MultichannelAudio = {
  channels: Float32Array[];
  sampleRate: Hertz;
};

/** @example durationOf({ samples: new Float32Array(24000), sampleRate: 24000 }) // 1 */
export function durationOf(audio: Audio): Seconds {
  return audio.samples.length / audio.sampleRate;
}
