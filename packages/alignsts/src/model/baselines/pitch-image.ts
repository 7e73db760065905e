import type { Ops } from '../ops.ts';

/** The melody as a picture, as the baselines read it: one row a pitch bin, 1 at the frame's bin. [B, T] bins to [B, T, rows]. */
export function pitchImage<T>(ops: Ops<T>, bins: T, rows: number): T {
  const numbers = Float32Array.from({ length: rows }, (_, row) => row);
  const hit = ops.full.eq(ops.full.unsqueeze(ops.full.toFloat(bins), 2), ops.full.constant(numbers, [1, 1, rows]));
  return ops.toFloat(hit);
}
