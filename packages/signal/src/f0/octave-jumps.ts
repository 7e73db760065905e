import type { Frames, Hertz, Seconds } from '../units.ts';

/**
 * Octave errors of a pitch tracker: stretches that stand an octave (or two) above or below the sung pitch. A voice glides, a tracker jumps:
 * so only steps of a whole number of octaves between one voiced frame and the next count. What lies between two such steps is an error
 * when it is short, the shorter the more surely the tracker believed in it; long and confident, it is a leap that was sung.
 */
export type OctaveJump = {
  /** Frames start … end-1. */
  start: Frames;
  end: Frames;
  /** How many octaves the stretch stands too high (negative: too low). */
  octaves: number;
  /** certain: an error. possible: an octave leap there and back that may have been sung; it is never repaired unasked. */
  certainty: 'certain' | 'possible';
};

export type OctaveJumpOptions = {
  /** A fully confident stretch of this length between two octave steps is as likely sung as an error; shorter ones are errors. */
  sungFrom: Seconds;
  /** Stretches up to this length are still named as possible. */
  possibleUpTo: Seconds;
  /** How far a step may be from whole octaves, in semitones. */
  tolerance: number;
  /** Voiced frames with at most this gap between them are neighbours. */
  longestGap: Seconds;
};

export const OCTAVE_JUMP_DEFAULTS: OctaveJumpOptions = { sungFrom: 0.2, possibleUpTo: 0.8, tolerance: 1.5, longestGap: 0.03 };

/**
 * Finds the octave errors of a track, in time order. Without a confidence every frame counts as fully confident.
 * @example findOctaveJumps({ f0: Float32Array.of(…220 Hz 50 times, …440 Hz 10 times, …220 Hz 50 times) }, 187.5)
 *   // [{ start: 50, end: 60, octaves: 1, certainty: 'certain' }]
 */
export function findOctaveJumps(
  track: { f0: Float32Array /* [T] Hz, 0 = unvoiced */; confidence?: Float32Array /* [T] 0 … 1 */ },
  frameRate: Hertz,
  options: Partial<OctaveJumpOptions> = {},
): OctaveJump[] {
  const { sungFrom, possibleUpTo, tolerance, longestGap } = { ...OCTAVE_JUMP_DEFAULTS, ...options };
  const { f0 } = track;
  const gap = Math.max(1, Math.round(longestGap * frameRate));
  const trust = trustOf(track.confidence, f0.length);
  const errors = shifts(f0, octaveSteps(f0, tolerance, gap), (t) => (2 * trust(t)) / (sungFrom * frameRate));
  const certain = regions(errors, f0, 'certain');
  // what still leaps once the errors are out of the way
  const cleared = repairOctaveJumps(f0, certain);
  const leaps = shifts(cleared, octaveSteps(cleared, tolerance, gap), () => 2 / (possibleUpTo * frameRate));
  return [...certain, ...regions(leaps, f0, 'possible')].sort((a, b) => a.start - b.start);
}

/** A copy of the curve with the certain jumps moved to their octave. */
export function repairOctaveJumps(f0: Float32Array /* [T] Hz */, jumps: OctaveJump[]): Float32Array /* [T] Hz */ {
  const repaired = f0.slice();
  for (const { start, end, octaves, certainty } of jumps) {
    if (certainty !== 'certain') continue;
    for (let t = start; t < end; t++) repaired[t] = repaired[t]! / 2 ** octaves;
  }
  return repaired;
}

/** For every frame the step from the voiced frame before it in whole octaves, 0 = none; NaN at the first frame of a phrase. */
function octaveSteps(f0: Float32Array, tolerance: number, longestGap: Frames): Float64Array {
  const steps = new Float64Array(f0.length);
  let last = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < f0.length; t++) {
    if (!(f0[t]! > 0)) continue;
    if (t - last <= longestGap) {
      const semitones = 12 * Math.log2(f0[t]! / f0[last]!);
      const octaves = Math.round(semitones / 12);
      if (Math.abs(semitones - 12 * octaves) <= tolerance) steps[t] = octaves;
    } else steps[t] = Number.NaN;
    last = t;
  }
  return steps;
}

/** Weight of a frame as a witness, 0.1 … 1: how close its confidence comes to what the tracker reaches in this sound. */
function trustOf(confidence: Float32Array | undefined, frames: Frames): (t: Frames) => number {
  if (confidence === undefined || frames === 0) return () => 1;
  const sorted = confidence.filter((value) => value > 0).sort();
  const usual = sorted.length > 0 ? sorted[Math.floor(0.75 * (sorted.length - 1))]! : 1;
  return (t) => Math.max(0.1, Math.min(1, 1 - (usual - confidence[t]!) / 0.3));
}

/**
 * The cheapest assignment of a shift (-2 … 2 octaves) to every frame: an octave step that the shift does not follow costs 1, a shifted
 * voiced frame its price, and a new phrase begins as it likes. So a stretch between two steps is shifted when its frames cost less than 2 together, a phrase's end when less than 1.
 */
function shifts(f0: Float32Array, steps: Float64Array, priceOf: (t: Frames) => number): Int8Array {
  const REACH = 2;
  const states = 2 * REACH + 1;
  const frames = steps.length;
  let cost = new Float64Array(states);
  let next = new Float64Array(states);
  const from = new Int8Array(frames * states);
  for (let t = 0; t < frames; t++) {
    const step = steps[t]!;
    const price = f0[t]! > 0 ? priceOf(t) : 0;
    let cheapest = 0;
    for (let s = 1; s < states; s++) if (cost[s]! < cost[cheapest]!) cheapest = s;
    for (let s = 0; s < states; s++) {
      let best = Number.POSITIVE_INFINITY;
      let origin = s;
      if (Number.isNaN(step)) {
        best = cost[cheapest]!;
        origin = cheapest;
      } else {
        best = cost[s]! + (step === 0 ? 0 : 1);
        const followed = s - step;
        if (step !== 0 && followed >= 0 && followed < states && cost[followed]! < best) {
          best = cost[followed]!;
          origin = followed;
        }
      }
      next[s] = best + Math.abs(s - REACH) * price;
      from[t * states + s] = origin;
    }
    [cost, next] = [next, cost];
  }
  const result = new Int8Array(frames);
  let state = REACH;
  for (let s = 0; s < states; s++) if (cost[s]! < cost[state]!) state = s;
  for (let t = frames - 1; t >= 0; t--) {
    result[t] = state - REACH;
    state = from[t * states + state]!;
  }
  return result;
}

function regions(shift: Int8Array, f0: Float32Array, certainty: OctaveJump['certainty']): OctaveJump[] {
  const found: OctaveJump[] = [];
  for (let t = 0; t < shift.length; t++) {
    if (shift[t] === 0 || !(f0[t]! > 0)) continue;
    const last = found.at(-1);
    if (last !== undefined && last.end === t && last.octaves === shift[t]) last.end = t + 1;
    else found.push({ start: t, end: t + 1, octaves: shift[t]!, certainty });
  }
  return found;
}
