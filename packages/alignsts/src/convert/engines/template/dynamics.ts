/**
 * The loudness of the phrase, from the reference. Speech falls in level within every vowel, and stretched it dies away; but what is faster than a
 * syllable belongs to the speech: its closures must stay closed ('by' becomes 'my' when they are filled).
 */
import { type Decibels, type Frames, gaussianFilter, type VoiceFrames } from '@alignsts/signal';
import { envelopeLevels } from './frame-levels.ts';

/** σ of the filter that leaves the phrase and takes the syllable: 160 ms. */
const PHRASE: Frames = 30;
const MOST_GAIN: Decibels = 20;

/** The median of the level over voiced frames stays the speech's. */
export function followDynamics(warped: VoiceFrames, referenceLevel: Float32Array /* [T] dB */): VoiceFrames {
  const { frames, bins, f0 } = warped;
  const own = gaussianFilter(envelopeLevels(warped), PHRASE);
  const target = gaussianFilter(referenceLevel, PHRASE);
  const difference = own.map((level, t) => target[t]! - level);
  const voiced = difference.filter((_, t) => f0[t]! > 0);
  const typical = voiced.toSorted()[Math.floor(voiced.length / 2)] ?? 0;
  const envelope = warped.envelope.slice();
  for (let t = 0; t < frames; t++) {
    const gain = Math.min(MOST_GAIN, Math.max(-MOST_GAIN, difference[t]! - typical));
    const factor = 10 ** (gain / 10);
    for (let k = 0; k < bins; k++) envelope[t * bins + k] = envelope[t * bins + k]! * factor;
  }
  return { ...warped, envelope };
}
