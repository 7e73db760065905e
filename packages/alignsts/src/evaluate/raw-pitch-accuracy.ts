import type { Cents } from '@alignsts/signal';
import type { CentTracks } from './cent-tracks.ts';

/**
 * Raw pitch accuracy (B6): the share of the reference's voiced frames where the estimate's pitch is less than `tolerance` away.
 * The estimate's voicing is not asked, but a frame without any pitch is never right. 0 when the reference is nowhere voiced.
 *
 * @example rawPitchAccuracy(pairFrames([440, 440], [441, 880])) // 0.5
 */
export function rawPitchAccuracy(tracks: CentTracks, { tolerance = 50 }: { tolerance?: Cents } = {}): number {
  return accuracy(tracks, (difference) => difference < tolerance);
}

/** Σ over frames with both pitches of referenceVoicing·[isRight(|difference|)], over Σ referenceVoicing. */
export function accuracy({ referenceVoicing, referenceCents, estimateCents }: CentTracks, isRight: (difference: Cents) => boolean): number {
  let right = 0;
  let voiced = 0;
  for (let t = 0; t < referenceCents.length; t++) {
    voiced += referenceVoicing[t]!;
    if (referenceCents[t] === 0 || estimateCents[t] === 0) continue;
    if (isRight(Math.abs(referenceCents[t]! - estimateCents[t]!))) right += referenceVoicing[t]!;
  }
  return voiced === 0 ? 0 : right / voiced;
}
