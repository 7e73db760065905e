import type { Ops } from './ops.ts';

/**
 * Sinusoidal positions (Vaswani et al. 2017) as the released code tabulates them: sines first, cosines after (halves joined, not
 * interleaved), ω_k = 10000^(−k/(D/2−1)), and frame t at position t + 1. The position is the true frame index (docs/decisions/020).
 *
 * @returns [1, T, D] for `like` [B, T, …]
 */
export function positions<T>(ops: Ops<T>, like: T, channels: number): T {
  const f = ops.full;
  return ops.toFloat(f.unsqueeze(sinusoids(f, f.add(f.arange(like, 1), 1), channels), 0));
}

/** [S] numbers to their [S, D] sines and cosines. */
export function sinusoids<T>(ops: Ops<T>, values: T, channels: number): T {
  const half = channels / 2;
  const frequencies = Float32Array.from({ length: half }, (_, k) => 10000 ** (half > 1 ? -k / (half - 1) : 0));
  const angles = ops.mul(ops.unsqueeze(values, 1), ops.constant(frequencies, [1, half]));
  return ops.cat([ops.sin(angles), ops.cos(angles)], 1);
}
