import type { Ops } from '../ops.ts';
import type { Schedule } from './schedule.ts';

/** The forward process, x_i = √ᾱ_i·x0 + √(1 − ᾱ_i)·ε, each item at a level of its own. */
export function diffuse<T>(
  ops: Ops<T>,
  schedule: Schedule,
  clean: T, // [B, T, M]
  level: T, // [B] integers
  noise: T, // [B, T, M]
): T {
  const at = (table: Float64Array): T => lookUpLevel(ops, table, level);
  return ops.add(ops.mul(clean, at(schedule.signal)), ops.mul(noise, at(schedule.noise)));
}

/** A column of the schedule at each item's level: [B, 1, 1]. */
export function lookUpLevel<T>(ops: Ops<T>, table: Float64Array, level: T): T {
  const column = ops.constant(Float32Array.from(table), [table.length, 1]);
  return ops.unsqueeze(ops.embedding(column, level), 2);
}
