/**
 * The loudness of the phrase, from the reference. Speech falls in level within every vowel, and stretched it dies away; but what is faster than a
 * syllable belongs to the speech: its closures must stay closed ('by' becomes 'my' when they are filled).
 */
import { type Decibels, gaussianFilter, type VoiceFrames } from '@alignsts/signal';
import { frameLevels } from './pitch-free-features.ts';

/** σ in frames of 5.3 ms. */
const SLOW = 30;
const MOST_GAIN: Decibels = 20;

export function followDynamics(warped: VoiceFrames, sung: VoiceFrames): VoiceFrames {
  const { frames, bins, f0 } = warped;
  const own = gaussianFilter(frameLevels(warped), SLOW);
  const target = gaussianFilter(frameLevels(sung), SLOW);
  const difference = own.map((level, t) => target[t]! - level);
  const voiced = Array.from(difference).filter((_, t) => f0[t]! > 0);
  const typical = median(voiced);
  const envelope = warped.envelope.slice();
  for (let t = 0; t < frames; t++) {
    const gain = Math.min(MOST_GAIN, Math.max(-MOST_GAIN, difference[t]! - typical));
    const factor = 10 ** (gain / 10);
    for (let k = 0; k < bins; k++) envelope[t * bins + k] = envelope[t * bins + k]! * factor;
  }
  return { ...warped, envelope };
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
