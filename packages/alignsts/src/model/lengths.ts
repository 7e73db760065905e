import type { Ops } from './ops.ts';

/**
 * Lengths are explicit everywhere (docs/decisions/020): the released code guesses padding from all-zero features, which never
 * fires (spec A2.4), so its results depend on what else is in the batch. Here an item gives the same alone and padded.
 */

/** 1 where a frame is real, 0 where it is padding: [B, T, 1] for `like` [B, T, …] and `lengths` [B]. */
export function frameMask<T>(ops: Ops<T>, lengths: T, like: T): T {
  const index = ops.unsqueeze(ops.full.arange(like, 1), 0); // [1, T]
  const real = ops.lt(index, ops.unsqueeze(ops.full.toFloat(lengths), 1)); // [B, T]
  return ops.unsqueeze(ops.toFloat(real), 2);
}

/** Frames left after one strided layer with 'same' padding: ⌈length / stride⌉. */
export function stridedLengths<T>(ops: Ops<T>, lengths: T, stride: number): T {
  if (stride === 1) return lengths;
  return ops.full.floor(ops.full.div(ops.full.add(ops.full.toFloat(lengths), stride - 1), stride));
}
