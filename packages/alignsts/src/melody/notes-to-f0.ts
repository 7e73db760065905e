import type { Seconds } from '@alignsts/signal';
import { framesOf, frameTime } from '../grid.ts';
import type { Note } from './melody.ts';
import { midiToHertz } from './pitch-scale.ts';

/** A pitch bend that holds from `time` until the next one. */
export type PitchBend = { time: Seconds; semitones: number };

/** A beat computed in floating point may miss its frame by a rounding error; a hundredth of a sample is no audible time. */
const ROUNDING: Seconds = 0.01 / 24000;

/**
 * The plain step contour of notes on the product's grid: frame m carries the pitch of the note with start ≤ m·128/24000 < end, bent
 * as `bends` say, and 0 between notes. No glide and no vibrato: expression belongs to the engines (B8).
 * Where notes overlap, the later one is heard.
 * @example notesToF0([{ start: 0, end: 1, pitch: 69 }], 1)[0] // 440
 */
export function notesToF0(notes: readonly Note[], duration: Seconds, bends: readonly PitchBend[] = []): Float32Array /* [T] Hz */ {
  const f0 = new Float32Array(framesOf(duration));
  let bend = 0;
  for (const note of notes) {
    const hertz = midiToHertz(note.pitch);
    const first = firstFrameAt(note.start);
    const end = Math.min(f0.length, firstFrameAt(note.end));
    for (let m = first; m < end; m++) {
      if (bends.length === 0) {
        f0[m] = hertz;
        continue;
      }
      const time = frameTime(m) + ROUNDING;
      // notes come in time order, so one pass over the bends serves all of them; a later note may begin before an earlier one ends
      while (bend > 0 && bends[bend - 1]!.time > time) bend--;
      while (bend < bends.length && bends[bend]!.time <= time) bend++;
      f0[m] = bend === 0 ? hertz : hertz * 2 ** (bends[bend - 1]!.semitones / 12);
    }
  }
  return f0;
}

/** The first frame whose centre lies at or after a time. @example firstFrameAt(0.016) // 3 */
export function firstFrameAt(time: Seconds): number {
  return Math.max(0, Math.ceil((time - ROUNDING) / frameTime(1)));
}
