import type { Ops } from './ops.ts';
import type { NormParams } from './params.ts';

/**
 * Group normalisation (Wu and He 2018) over the real frames only: mean and variance of each group of channels are taken where
 * `mask` is 1. PyTorch's operator pools padding too (spec A2.4, docs/decisions/020). Padded frames of the result are not zero.
 */
export function maskedGroupNorm<T>(
  ops: Ops<T>,
  params: NormParams<T> | undefined, // [C]; undefined = not scaled
  x: T, // [B, T, C], zero where padded
  mask: T, // [B, T, 1]
  groups: number,
  epsilon = 1e-5,
): T {
  const f = ops.full;
  const frames = f.sum(f.toFloat(mask), [1], true); // [B, 1, 1]
  // means over time first: per channel, then over the channels of a group
  const perChannel = f.div(f.sum(f.toFloat(x), [1], true), frames); // [B, 1, C]
  const mean = groupMean(f, perChannel, groups);
  const centred = ops.mul(ops.sub(x, ops.toFloat(mean)), mask);
  const wide = f.toFloat(centred);
  const variance = groupMean(f, f.div(f.sum(f.mul(wide, wide), [1], true), frames), groups);
  const spread = f.sqrt(f.add(variance, epsilon)); // [B, 1, C]
  if (params === undefined) return ops.div(centred, ops.toFloat(spread));
  return ops.add(ops.mul(centred, ops.toFloat(f.div(f.toFloat(params.weight), spread))), params.bias);
}

/** Instance normalisation (Ulyanov et al. 2016) without scale: each channel of each item over its own real frames. */
export function maskedInstanceNorm<T>(ops: Ops<T>, x: T /* [B, T, C] */, mask: T /* [B, T, 1] */, channels: number): T {
  return maskedGroupNorm(ops, undefined, x, mask, channels);
}

/** [B, 1, C] to the mean over each group of C/groups channels, spread back to [B, 1, C]. */
function groupMean<T>(ops: Ops<T>, x: T, groups: number): T {
  const grouped = ops.unflatten(x, 2, [groups, -1]); // [B, 1, G, C/G]
  return ops.flatten(ops.expandLike(ops.mean(grouped, [3], true), grouped), 2, 3);
}
