/** What the baselines sing from: the speech's mel where AlignSTS takes content features, otherwise the same. */
export type BaselineInput<T> = {
  speechMel: T; // [B, S, M] log10
  speechLengths: T; // [B]
  pitch: T; // [B, T] bins, 0 = unvoiced
  lengths: T; // [B]
  timbre: T; // [B, 256]
  /** The singing's own mel: only for SpeechSplit2 "w/ SE", which is given the target's envelope. */
  mel?: T; // [B, T, M]
};
