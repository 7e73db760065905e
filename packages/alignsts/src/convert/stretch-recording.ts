import { type Audio, analyzeVoice, createRandom, InputError, synthesizeVoice, trackF0, warpFrames } from '@alignsts/signal';
import { HOP, SAMPLE_RATE } from '../grid.ts';

/**
 * A recording at another pace, pitch unchanged, by source-filter analysis and synthesis: good enough to be aligned with, not to be listened to.
 *
 * @param factor 2 is twice as long
 * @param audio 24 kHz mono
 */
export function stretchRecording(audio: Audio, factor: number): Audio {
  if (!(factor >= 0.1 && factor <= 10))
    throw new InputError(`A recording is stretched by ${factor}, and 0.1 to 10 is allowed. Choose another tempo.`);
  const frames = analyzeVoice(audio, trackF0(audio).f0);
  const length = Math.round(audio.samples.length * factor);
  const count = 1 + Math.floor(length / HOP);
  const sourceTime = Float32Array.from({ length: count }, (_, t) => t / factor);
  const f0 = sourceTime.map((time) => frames.f0[Math.min(frames.frames - 1, Math.round(time))]!);
  return { samples: synthesizeVoice(warpFrames(frames, sourceTime, f0), { length, random: createRandom(1) }), sampleRate: SAMPLE_RATE };
}
