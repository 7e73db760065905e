import type { Hertz, Seconds } from '@alignsts/signal';
import { framesOf, frameTime } from '../grid.ts';

/** F0 at any increasing times, brought to the product's grid of 187.5 frames a second. */

export type F0Points = {
  times: ArrayLike<Seconds>;
  /** 0 = unvoiced. */
  f0: ArrayLike<Hertz>;
  confidence?: ArrayLike<number>;
};

export type ResampleF0Options = {
  /** Voiced neighbours farther apart than this have silence between them (tables that leave unvoiced frames out). */
  longestGap: Seconds;
  /** How far a voiced point reaches where it has no voiced neighbour: half the table's step. */
  reach: Seconds;
  /** Between voiced neighbours: straight in log F0 (a voice), or straight in Hz (Praat's PitchTier). */
  scale?: 'log' | 'linear';
};

/** Tables give times in whole microseconds; a frame this near to a point is on it, also where the next point is a note away. */
const ROUNDING: Seconds = 1e-6;

/**
 * Between voiced neighbours the value is interpolated. Towards an unvoiced neighbour it holds for half the way, so that voicing
 * changes in the middle and no frame gets a pitch that nobody wrote down. A frame on a point has that point's value exactly.
 */
export function resampleF0(
  { times, f0, confidence }: F0Points,
  duration: Seconds,
  { longestGap, reach, scale = 'log' }: ResampleF0Options,
): { f0: Float32Array; confidence?: Float32Array } {
  const frames = framesOf(duration);
  const out = new Float32Array(frames); // [T] Hz
  const trust = confidence ? new Float32Array(frames) : undefined; // [T]
  let right = 0; // the first point after the frame
  for (let m = 0; m < frames; m++) {
    const time = frameTime(m);
    while (right < times.length && times[right]! <= time) right++;
    const left = right - 1;
    const before = left >= 0 ? time - times[left]! : Number.POSITIVE_INFINITY;
    const after = right < times.length ? times[right]! - time : Number.POSITIVE_INFINITY;
    const nearest = before <= after ? left : right;
    const a = left >= 0 ? f0[left]! : 0;
    const b = right < times.length ? f0[right]! : 0;
    const joined = before + after <= longestGap;
    if (Math.min(before, after) < ROUNDING) out[m] = f0[nearest]!;
    else if (joined && a > 0 && b > 0) {
      const position = before / (before + after);
      out[m] = scale === 'log' ? a * (b / a) ** position : a + (b - a) * position;
    } else if (joined || Math.min(before, after) <= reach) {
      out[m] = nearest === left ? a : b;
    }
    if (trust && confidence) {
      if (joined) trust[m] = confidence[left]! + ((confidence[right]! - confidence[left]!) * before) / (before + after);
      else if (Math.min(before, after) <= reach) trust[m] = confidence[nearest]!;
    }
  }
  return trust ? { f0: out, confidence: trust } : { f0: out };
}
