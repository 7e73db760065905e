import type { Ops } from '../model/ops.ts';

/** L_R (§3.4, Eq. 6): cross-entropy of the predicted rhythm codes against the quantiser's, over real frames. Codes carry no gradient. */
export function rhythmCrossEntropy<T>(
  ops: Ops<T>,
  logits: T, // [B, S, K]
  ids: T, // [B, S] integers
  mask: T, // [B, S, 1]
  codes: number,
): T {
  const chosen = ops.mul(ops.logSoftmax(logits, 2), oneHot(ops, ids, codes));
  return ops.mul(ops.div(ops.sum(ops.mul(chosen, mask), [0, 1, 2], false), ops.sum(mask, [0, 1, 2], false)), -1);
}

/** How often the likeliest code is the quantiser's: the predictor's accuracy, 0 … 1. */
export function rhythmAccuracy<T>(ops: Ops<T>, logits: T, ids: T, mask: T): T {
  const right = ops.toFloat(ops.eq(ops.toFloat(ops.argmax(logits, 2)), ops.toFloat(ids))); // [B, S]
  const counted = ops.sum(ops.mul(ops.unsqueeze(right, 2), mask), [0, 1, 2], false);
  return ops.div(counted, ops.sum(mask, [0, 1, 2], false));
}

/** [B, S] integers to [B, S, K] zeros and ones. */
function oneHot<T>(ops: Ops<T>, ids: T, codes: number): T {
  const numbers = Float32Array.from({ length: codes }, (_, k) => k);
  return ops.toFloat(ops.eq(ops.unsqueeze(ops.toFloat(ids), 2), ops.constant(numbers, [1, 1, codes])));
}
