import type { CentTracks } from './cent-tracks.ts';

/** The errors of a pitch track that cents do not show. Shares of frames, 0 … 1; NaN where there is no frame to count. */
export type VoicingErrors = {
  /** VDE (Nakatani et al. 2008): frames whose voiced/unvoiced decision differs, of all frames. */
  voicingDecisionError: number;
  /** GPE: of the frames voiced in both, those more than 20 % off the reference. */
  grossPitchError: number;
  /** FFE (Chu & Alwan 2009): frames with either error, of all frames. */
  f0FrameError: number;
  /** Voiced reference frames that are voiced in the estimate. */
  voicingRecall: number;
  /** Unvoiced reference frames that are voiced in the estimate. */
  voicingFalseAlarm: number;
};

const GROSS = 0.2; // relative deviation that makes an error gross, Chu & Alwan 2009

/** @example voicingErrors(pairFrames([440, 0], [440, 440])).voicingDecisionError // 0.5 */
export function voicingErrors({ referenceVoicing, referenceCents, estimateVoicing, estimateCents }: CentTracks): VoicingErrors {
  const frames = referenceVoicing.length;
  let differing = 0;
  let gross = 0;
  let both = 0;
  let voiced = 0;
  for (let t = 0; t < frames; t++) {
    const inReference = referenceVoicing[t]! > 0;
    const inEstimate = estimateVoicing[t]! > 0;
    if (inReference) voiced++;
    if (inReference !== inEstimate) differing++;
    if (inReference && inEstimate) {
      both++;
      if (Math.abs(2 ** ((estimateCents[t]! - referenceCents[t]!) / 1200) - 1) > GROSS) gross++;
    }
  }
  const falseAlarms = differing - (voiced - both);
  return {
    voicingDecisionError: differing / frames,
    grossPitchError: gross / both,
    f0FrameError: (differing + gross) / frames,
    voicingRecall: both / voiced,
    voicingFalseAlarm: falseAlarms / (frames - voiced),
  };
}
