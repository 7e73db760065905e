import { InputError, type Seconds } from '@alignsts/signal';
import { LONGEST_MELODY } from './check-melody.ts';
import type { Melody, MelodySource, Note } from './melody.ts';
import { notesToF0, type PitchBend } from './notes-to-f0.ts';

/**
 * A melody from notes in time order that do not overlap. Its duration is the end of the last note unless a longer one is given.
 * The length is checked before memory is taken for it: a score may claim any length in a few bytes.
 */
export function melodyFromNotes(
  notes: Note[],
  source: MelodySource,
  { duration = 0, bends = [], remarks = [] }: { duration?: Seconds; bends?: readonly PitchBend[]; remarks?: string[] } = {},
): Melody {
  const length = Math.max(duration, notes.at(-1)?.end ?? 0);
  if (!(length <= LONGEST_MELODY)) {
    throw new InputError(
      `the melody is ${Math.round(length / 60)} minutes long; at most ${LONGEST_MELODY / 60} minutes can be sung. Cut it into parts, or check its tempo.`,
    );
  }
  return { f0: notesToF0(notes, length, bends), duration: length, notes, source, remarks };
}
