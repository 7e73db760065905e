import type { Ops } from '../model/ops.ts';
import { maskedMean } from './l1.ts';

/** L_C (Eq. 4): pulls the encoder's vectors to their codes, mean((x − stop q)²) over real frames (spec A2.2). */
export function commitmentLoss<T>(
  ops: Ops<T>,
  encoded: T, // [B, S, D]
  codes: T, // [B, S, D]
  mask: T, // [B, S, 1]
): T {
  const difference = ops.sub(encoded, ops.detach(codes));
  return maskedMean(ops, ops.mul(difference, difference), mask);
}
