import { frameMask } from './lengths.ts';
import type { Ops } from './ops.ts';

/**
 * Linear stretching of each item from its own length to another's: frame t of the result lies at (t + ½)·N/T − ½ of the input,
 * ends held. The ablations without rhythm adaptor and without cross-modal alignment use it, as the paper says (spec A7 rows 30, 31).
 *
 * @returns [B, T, D], zero where padded, T as in `like` [B, T, …]
 */
export function stretch<T>(ops: Ops<T>, x: T /* [B, N, D] */, lengths: T /* [B] */, like: T, likeLengths: T): T {
  const f = ops.full;
  const from = f.unsqueeze(f.toFloat(lengths), 1); // [B, 1]
  const to = f.unsqueeze(f.toFloat(likeLengths), 1);
  const t = f.unsqueeze(f.add(f.arange(like, 1), 0.5), 0); // [1, T]
  const last = f.sub(from, 1);
  const within = (position: T): T => f.where(f.lt(position, last), position, last);
  const position = f.clamp(f.sub(f.div(f.mul(t, from), to), 0.5), 0, Number.POSITIVE_INFINITY); // [B, T]
  const lower = within(f.floor(position));
  const upper = within(f.add(f.floor(position), 1));
  const weight = f.unsqueeze(f.clamp(f.sub(position, lower), 0, 1), 2);
  const before = ops.takeAlong(x, f.toIndex(lower));
  const after = ops.takeAlong(x, f.toIndex(upper));
  const mixed = ops.add(before, ops.mul(ops.sub(after, before), ops.toFloat(weight)));
  return ops.mul(mixed, frameMask(ops, likeLengths, like));
}
