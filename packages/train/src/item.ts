/**
 * One pair as the trainer reads it: what was said (features of the speech) and how it was sung (features of the singing). Feature extraction
 * is the corpus's business; the configuration fixes channels and bins.
 */
export type TrainingItem = {
  id: string;
  /** Whose voice; pairs of one voice never stand on both sides of the split. */
  speaker: string;
  content: Float32Array; // [N, C] of the speech (zero-shot: of the singing)
  timbre: Float32Array; // [256] of the speech
  pitch: Int32Array; // [T] bins of the singing
  mel: Float32Array; // [T, M] log10, the singing
  rhythm: Float32Array; // [T] curve of the singing
  /** Curve of the speech, for "w/o rhythm adaptor" and the baselines. */
  speechRhythm: Float32Array; // [S]
  /** Mel of the speech, for the baselines. */
  speechMel?: Float32Array; // [S, M]
  /** True content frame of each singing frame, −1 = unknown. */
  source?: Int32Array; // [T]
};

/** How long an item is, all that planning batches needs. */
export type ItemSize = { frames: number; contentFrames: number; speechFrames: number };

export function sizeOfItem(item: TrainingItem, contentChannels: number): ItemSize {
  return { frames: item.pitch.length, contentFrames: item.content.length / contentChannels, speechFrames: item.speechRhythm.length };
}
