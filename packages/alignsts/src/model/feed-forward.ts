import type { Ops } from './ops.ts';
import { initConv1d, type LinearParams, type Weight, xavierUniform, zeros } from './params.ts';

/** The convolutional feed-forward part of every attention layer: conv D → 4D, × kernel^−½, GELU, dropout, linear 4D → D (spec A2.3). */
export type FeedForwardParams<T> = { conv: LinearParams<T>; linear: LinearParams<T> };

export function initFeedForward(hidden: number, inner: number, kernel: number): FeedForwardParams<Weight> {
  return {
    conv: initConv1d(hidden, inner, kernel),
    linear: { weight: xavierUniform(inner, hidden, [hidden, inner]), bias: zeros(hidden) },
  };
}

export function feedForward<T>(
  ops: Ops<T>,
  params: FeedForwardParams<T>,
  x: T, // [B, T, D], zero where padded
  kernel: number,
  dropout: number,
): T {
  const wide = ops.conv1d(x, params.conv.weight, params.conv.bias, { padding: (kernel - 1) / 2 });
  const active = ops.dropout(ops.gelu(ops.mul(wide, kernel ** -0.5)), dropout);
  return ops.linear(active, params.linear.weight, params.linear.bias);
}
