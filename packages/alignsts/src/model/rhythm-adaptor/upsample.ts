import type { Ops } from '../ops.ts';

/** Rhythm codes back to singing frames: each repeated, the tail cut to the length of `like` (spec A2.5). [B, S, D] to [B, T, D]. */
export function upsampleRhythm<T>(ops: Ops<T>, codes: T, factor: number, like: T): T {
  return factor === 1 ? codes : ops.narrowLike(ops.repeatInterleave(codes, factor, 1), like, 1);
}
