import type { Cents } from '@alignsts/signal';
import type { CentTracks } from './cent-tracks.ts';
import { accuracy } from './raw-pitch-accuracy.ts';

/**
 * Raw chroma accuracy, the paper's RCA (§4.1.3; B6): raw pitch accuracy with octave errors forgiven.
 *
 * @example rawChromaAccuracy(pairFrames([440, 440], [441, 880])) // 1
 */
export function rawChromaAccuracy(tracks: CentTracks, { tolerance = 50 }: { tolerance?: Cents } = {}): number {
  return accuracy(tracks, (difference) => Math.abs(difference - 1200 * Math.floor(difference / 1200 + 0.5)) < tolerance);
}

/**
 * RCA over the frames that both tracks call voiced: pitch error without voicing error. A low RCA with a high value here
 * means lost voicing, not wrong notes. NaN when no frame is voiced in both.
 */
export function voicedChromaAccuracy(tracks: CentTracks, options: { tolerance?: Cents } = {}): number {
  const both = tracks.referenceVoicing.map((voiced, t) => voiced * tracks.estimateVoicing[t]!);
  return both.some((voiced) => voiced > 0) ? rawChromaAccuracy({ ...tracks, referenceVoicing: both }, options) : Number.NaN;
}
