import type { Ops } from '../model/ops.ts';

/**
 * L_attn (§3.5; Tachibana et al. 2018): attention far from the diagonal costs, W_tn = 1 − exp(−(n/N − t/T)²/(2g²)), with each item's
 * own lengths. 'item' averages over an item's cells and then over items (paper), 'cells' over all cells of the batch (release, A7 17).
 */
export type GuidedAttentionOptions = { guide: number; mean: 'item' | 'cells' };

export function guidedAttentionLoss<T>(
  ops: Ops<T>,
  attention: T, // [B, T, N]
  queryMask: T, // [B, T, 1]
  memoryMask: T, // [B, N, 1]
  options: GuidedAttentionOptions,
): T {
  const queryLength = ops.sum(queryMask, [1], true); // [B, 1, 1]
  const memoryLength = ops.sum(memoryMask, [1], true);
  const t = ops.unsqueeze(ops.unsqueeze(ops.arange(queryMask, 1), 0), 2); // [1, T, 1]
  const n = ops.unsqueeze(ops.unsqueeze(ops.arange(memoryMask, 1), 0), 1); // [1, 1, N]
  const off = ops.sub(ops.div(n, memoryLength), ops.div(t, queryLength)); // [B, T, N]
  const weight = ops.sub(1, ops.exp(ops.mul(ops.mul(off, off), -1 / (2 * options.guide ** 2))));
  const real = ops.mul(queryMask, ops.transpose(memoryMask, 1, 2)); // [B, T, N]
  const cost = ops.mul(ops.mul(attention, weight), real);
  const cells = ops.mul(queryLength, memoryLength); // [B, 1, 1]
  if (options.mean === 'cells') return ops.div(ops.sum(cost, [0, 1, 2], false), ops.sum(cells, [0, 1, 2], false));
  return ops.mean(ops.div(ops.sum(cost, [1, 2], true), cells), [0, 1, 2], false);
}

/**
 * Ours: where the corpus knows which speech frame each singing frame comes from, −log of the attention it gets (cross-entropy).
 * Frames whose source is negative, padded, or outside the window do not count.
 */
export function alignmentLoss<T>(
  ops: Ops<T>,
  attention: T, // [B, T, N]
  source: T, // [B, T] content frame, −1 = unknown
  queryMask: T, // [B, T, 1]
): T {
  const n = ops.unsqueeze(ops.unsqueeze(ops.arange(ops.transpose(attention, 1, 2), 1), 0), 1); // [1, 1, N]
  const hit = ops.toFloat(ops.eq(ops.unsqueeze(ops.toFloat(source), 2), n)); // [B, T, N]
  const probability = ops.sum(ops.mul(attention, hit), [2], true); // [B, T, 1]
  const reachable = ops.mul(ops.toFloat(ops.ge(probability, 1e-12)), queryMask);
  const cost = ops.mul(ops.log(ops.clamp(probability, 1e-12, 1)), reachable);
  return ops.mul(
    ops.div(ops.sum(cost, [0, 1, 2], false), ops.clamp(ops.sum(reachable, [0, 1, 2], false), 1, Number.POSITIVE_INFINITY)),
    -1,
  );
}
