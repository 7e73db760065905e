/** How far two rhythm curves (Eq. 3) lie apart; lower is better. */
export type RhythmDistance = {
  /** √(mean over t of (r - r')²), in [0, 1] whatever the length. */
  rrd: number;
  /** √(Σ over t of (r - r')²), as the released script; grows with the length of the clip. */
  rawNorm: number;
};

/**
 * RRD, rhythm representation distance (§4.1.3, A6), cropped to the shorter. β and σ are those the curves were made with: the released script
 * evaluates with createRhythm(RHYTHM_PRESETS.evaluation). NaN without a common frame.
 *
 * @example rhythmDistance([0, 0, 1, 1], [0, 1, 1, 1]) // { rrd: 0.5, rawNorm: 1 }
 */
export function rhythmDistance(target: ArrayLike<number> /* [T] */, output: ArrayLike<number> /* [T] */): RhythmDistance {
  const frames = Math.min(target.length, output.length);
  let squares = 0;
  for (let t = 0; t < frames; t++) squares += (target[t]! - output[t]!) ** 2;
  return { rrd: Math.sqrt(squares / frames), rawNorm: frames === 0 ? Number.NaN : Math.sqrt(squares) };
}
