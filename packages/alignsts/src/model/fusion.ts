import type { Ops } from './ops.ts';

/** The fusion (§3.2, Fig. 1a): aligned content, pitch, rhythm and voice simply add up. The switches are the paper's and ours. */
export type FusionConfig = {
  /** Table 2 "w/o F0": without, the decoder gets pitch only through the rhythm. */
  pitch: boolean;
  /** The paper adds rhythm, the release does not (spec A7 row 11). */
  rhythm: boolean;
};

export function fusion<T>(
  ops: Ops<T>,
  config: FusionConfig,
  parts: {
    aligned: T; // [B, T, D]
    pitch: T; // [B, T, D]
    rhythm: T; // [B, T, D]
    timbre: T; // [B, 1, D]
    mask: T; // [B, T, 1]
  },
): T {
  let sum = ops.add(parts.aligned, parts.timbre);
  if (config.pitch) sum = ops.add(sum, parts.pitch);
  if (config.rhythm) sum = ops.add(sum, parts.rhythm);
  return ops.mul(sum, parts.mask);
}
