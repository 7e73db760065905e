import type { Ops } from './ops.ts';
import { type Weight, xavierUniform } from './params.ts';

/** Scaled dot-product attention in several heads (Vaswani et al. 2017), projections without bias. */
export type AttentionParams<T> = { query: T; key: T; value: T; output: T }; // each [D, D]

export function initAttention(hidden: number): AttentionParams<Weight> {
  const square = [hidden, hidden];
  // query, key and value are drawn as one stacked [3D, D] matrix
  const stacked = (): Weight => xavierUniform(hidden, 3 * hidden, square);
  return { query: stacked(), key: stacked(), value: stacked(), output: xavierUniform(hidden, hidden, square) };
}

export type AttentionOptions = { hidden: number; heads: number; dropout: number };

export function multiHeadAttention<T>(
  ops: Ops<T>,
  options: AttentionOptions,
  params: AttentionParams<T>,
  query: T, // [B, T, D]
  memory: T, // [B, N, D]
  masked: T, // [B, T, N] or [B, 1, N] booleans, true where a key must not be seen; each row leaves at least one
): { features: T; map: T } {
  const { hidden, heads } = options;
  const split = (x: T): T => (heads === 1 ? x : ops.transpose(ops.unflatten(x, 2, [heads, hidden / heads]), 1, 2));
  // scaling the [B, T, D] query is cheaper than the [B, h, T, N] scores
  const q = split(ops.mul(ops.linear(query, params.query), (hidden / heads) ** -0.5));
  const k = split(ops.linear(memory, params.key));
  const v = split(ops.linear(memory, params.value));
  const rank = heads === 1 ? 3 : 4;
  const scores = ops.matmul(q, ops.transpose(k, rank - 2, rank - 1)); // [B, h, T, N]
  const mask = heads === 1 ? masked : ops.unsqueeze(masked, 1);
  const probabilities = ops.softmax(ops.maskedFill(scores, mask, Number.NEGATIVE_INFINITY), rank - 1);
  const mixed = ops.matmul(ops.dropout(probabilities, options.dropout), v);
  const joined = heads === 1 ? mixed : ops.flatten(ops.transpose(mixed, 1, 2), 2, 3);
  return {
    features: ops.linear(joined, params.output),
    map: heads === 1 ? probabilities : ops.mean(probabilities, [1], false),
  };
}
