import type { Ops, RecurrentParams } from './ops.ts';
import { uniform, type Weight } from './params.ts';

/**
 * Recurrent layers over sequences of different lengths. Forward in time a recurrent layer never sees padding; backward, each item is turned
 * round within its own length, so that it starts at its true end, and turned back.
 */
export type BidirectionalParams<T> = { forward: RecurrentParams<T>; backward: RecurrentParams<T> };

/** PyTorch's start: everything from U(±1/√hidden). `gates` is 4 for an LSTM, 3 for a GRU. */
export function initRecurrent(inputs: number, hidden: number, gates: 3 | 4): RecurrentParams<Weight> {
  const bound = 1 / Math.sqrt(hidden);
  return {
    inputWeight: uniform(bound, gates * hidden, inputs),
    hiddenWeight: uniform(bound, gates * hidden, hidden),
    inputBias: uniform(bound, gates * hidden),
    hiddenBias: uniform(bound, gates * hidden),
  };
}

export function initBidirectional(inputs: number, hidden: number): BidirectionalParams<Weight> {
  return { forward: initRecurrent(inputs, hidden, 4), backward: initRecurrent(inputs, hidden, 4) };
}

/** x [B, T, I] to the states of both directions, each [B, T, H]. */
export function bidirectionalLstm<T>(
  ops: Ops<T>,
  params: BidirectionalParams<T>,
  x: T,
  lengths: T, // [B]
): { forward: T; backward: T } {
  const order = reversedWithin(ops, x, lengths);
  const backward = ops.lstm(ops.takeAlong(x, order), params.backward);
  return { forward: ops.lstm(x, params.forward), backward: ops.takeAlong(backward, order) };
}

/** For each item, the frames of its own length in reverse and its padding as it is: [B, T] indices, their own inverse. */
function reversedWithin<T>(ops: Ops<T>, like: T, lengths: T): T {
  const f = ops.full;
  const t = f.unsqueeze(f.arange(like, 1), 0); // [1, T]
  const mirrored = f.sub(f.sub(f.unsqueeze(f.toFloat(lengths), 1), 1), t); // [B, T]
  return f.toIndex(f.where(f.ge(mirrored, 0), mirrored, t));
}
