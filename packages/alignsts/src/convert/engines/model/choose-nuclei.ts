/**
 * Which peaks of the sonority are the syllables of known lyrics: as many as there are syllables, the more prominent the better, with consonants between
 * them as they are spelled. Dynamic programming over the peaks in time.
 */
import type { Decibels, Frames } from '@alignsts/signal';
import type { SpeechAcoustics } from './speech-acoustics.ts';
import type { ExpectedSounds } from './spelled-sounds.ts';

export type Peak = {
  frame: Frames;
  prominence: Decibels;
  /** How much it looks like a syllable, in decibels of prominence. */
  salience: number;
};

/**
 * Costs, in decibels of salience.
 * - missing: a sibilant or a closure that is spelled and not heard
 * - strange: a hiss or a closure that is heard where only sonorants are spelled; a closure is no surprise where a word ends
 * - near: two peaks within 75 ms
 * - far: two peaks more than 350 ms apart; speakers pause, but more often what follows a pause is a click or a sob
 * - skipped: nothing; a peak that is passed over is lost with its salience
 */
const COST = { missingSibilant: 5, missingClosure: 3, strangeSibilant: 5, strangeClosure: 3, near: 8, far: 4 };
const NEAREST: Frames = 14;
const FAR: Frames = 66;
/** A hiss lasts 25 ms at least; a closure lies so far below the vowels. */
const SHORTEST_HISS: Frames = 5;
const HISS: Decibels = -3;
const CLOSURE: Decibels = 12;
/** Peaks between two syllables that may be passed over. */
const MOST_SKIPPED = 8;

/**
 * @param peaks in time order
 * @param expected between each two syllables; undefined where the spelling tells nothing
 * @returns expected.length + 1 peaks, or all of them where there are fewer
 */
export function chooseNuclei(
  peaks: readonly Peak[],
  acoustics: SpeechAcoustics,
  expected: readonly (ExpectedSounds | undefined)[],
): Peak[] {
  const count = expected.length + 1;
  const total = peaks.length;
  if (total <= count) return [...peaks];
  const heard = createListener(peaks, acoustics);
  // best[j]: cost of the syllables so far, the last of which is peak j
  let best = Float64Array.from(peaks, ({ salience }) => -salience);
  const origins: Int32Array[] = [];
  for (let k = 1; k < count; k++) {
    const next = new Float64Array(total).fill(Number.POSITIVE_INFINITY);
    const origin = new Int32Array(total).fill(-1);
    for (let j = k; j < total; j++) {
      for (let i = Math.max(k - 1, j - 1 - MOST_SKIPPED); i < j; i++) {
        const cost = best[i]! + gapCost(heard(i, j), expected[k - 1]) - peaks[j]!.salience;
        if (cost < next[j]!) {
          next[j] = cost;
          origin[j] = i;
        }
      }
    }
    best = next;
    origins.push(origin);
  }
  let last = 0;
  for (let j = 1; j < total; j++) if (best[j]! < best[last]!) last = j;
  const chosen = [peaks[last]!];
  for (const origin of origins.reverse()) {
    last = origin[last]!;
    chosen.push(peaks[last]!);
  }
  return chosen.reverse();
}

type Heard = { frames: Frames; hiss: Frames; drop: Decibels };

function gapCost({ frames, hiss, drop }: Heard, expected: ExpectedSounds | undefined): number {
  const distance = frames <= NEAREST ? COST.near : frames >= FAR ? COST.far : 0;
  if (!expected) return distance;
  const { sibilant, plosive, weakFricative } = expected;
  const hissing = hiss >= SHORTEST_HISS;
  const closed = drop >= CLOSURE;
  const obstruent = sibilant || plosive || weakFricative;
  return (
    distance +
    (sibilant && !hissing ? COST.missingSibilant : 0) +
    (plosive && !closed ? COST.missingClosure : 0) +
    (hissing && !obstruent ? COST.strangeSibilant : 0) +
    (closed && !obstruent ? COST.strangeClosure : 0)
  );
}

/** What is heard between two peaks: frames that hiss, and how far the level falls below the lower peak. Each pair is looked at once. */
function createListener(
  peaks: readonly Peak[],
  { sibilance, level, quiet, smoothSonority }: SpeechAcoustics,
): (i: number, j: number) => Heard {
  const known = new Map<number, Heard>();
  return (i, j) => {
    const key = i * peaks.length + j;
    const before = known.get(key);
    if (before) return before;
    const from = peaks[i]!.frame;
    const to = peaks[j]!.frame;
    let hiss = 0;
    let lowest = Number.POSITIVE_INFINITY;
    for (let t = from; t <= to; t++) {
      if (sibilance[t]! > HISS && level[t]! > quiet) hiss++;
      lowest = Math.min(lowest, smoothSonority[t]!);
    }
    const heard = { frames: to - from, hiss, drop: Math.min(smoothSonority[from]!, smoothSonority[to]!) - lowest };
    known.set(key, heard);
    return heard;
  };
}
