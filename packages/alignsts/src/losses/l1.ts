import type { Ops } from '../model/ops.ts';

/** Mean absolute error over the real frames of the whole batch and their mel bins (Eq. 7; spec A3). A scalar. */
export function l1Loss<T>(
  ops: Ops<T>,
  predicted: T, // [B, T, M]
  target: T, // [B, T, M]
  mask: T, // [B, T, 1]
): T {
  return maskedMean(ops, ops.abs(ops.sub(predicted, target)), mask);
}

/** The mean of x [B, T, C] over real frames and channels. */
export function maskedMean<T>(ops: Ops<T>, x: T, mask: T): T {
  return ops.div(ops.sum(ops.mul(ops.mean(x, [2], true), mask), [0, 1, 2], false), ops.sum(mask, [0, 1, 2], false));
}
