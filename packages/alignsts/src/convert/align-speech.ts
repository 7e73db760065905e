/** Where each moment of a sung (or spoken) reference is said in the speech: the alignment of engine `template`, by itself. */
import { type Audio, durationOf, type Seconds, trackF0 } from '@alignsts/signal';
import { frameTime } from '../grid.ts';
import { alignToReference } from './engines/template/align-to-reference.ts';
import { pitchFreeFeatures } from './engines/template/pitch-free-features.ts';

export type SpeechAlignment = {
  /** For each frame of the reference (187.5 a second), the time in the speech; never falling, within the speech. */
  speechTime: Float32Array; // [T] seconds
  /** Mean difference of the features along the path: 8 to 13 for the same words, above 13.6 for others (POOR_MATCH, align-to-reference.ts). */
  distance: number;
};

/** Both recordings at 24 kHz mono, from prepareRecording. */
export function alignSpeech(speech: Audio, reference: Audio): SpeechAlignment {
  const featuresOf = (audio: Audio) => pitchFreeFeatures(audio, trackF0(audio).f0);
  const { sourceTime, distance } = alignToReference(featuresOf(speech), featuresOf(reference));
  const end = durationOf(speech);
  return { speechTime: sourceTime.map((frame) => Math.min(end, Math.max(0, frameTime(frame)))), distance };
}

/**
 * When a moment of the speech comes in the reference: the first frame that has reached it, between frames by a straight line. Moments before the
 * first or after the last aligned one give the reference's ends.
 */
export function timeInReference({ speechTime }: SpeechAlignment, moment: Seconds): Seconds {
  let low = 0;
  let high = speechTime.length - 1;
  if (!(speechTime[low]! < moment)) return 0;
  if (speechTime[high]! < moment) return frameTime(high);
  // invariant: speechTime[low] < moment <= speechTime[high]
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (speechTime[middle]! < moment) low = middle;
    else high = middle;
  }
  const step = speechTime[high]! - speechTime[low]!;
  return frameTime(low + (moment - speechTime[low]!) / step);
}
