import { type Hertz, InputError, type Seconds } from '@alignsts/signal';
import { frameTime } from '../grid.ts';
import type { Melody } from './melody.ts';
import { noteName } from './note-name.ts';
import { hertzToMidi, midiToHertz } from './pitch-scale.ts';

/** The door every melody passes: what can be sung at all, said in one sentence where it cannot. */

export const LONGEST_MELODY: Seconds = 30 * 60;
export const SHORTEST_MELODY: Seconds = 0.2;
/** Below 40 Hz lies no voice (a bass's lowest note is about 65 Hz); above 1500 Hz (F#6) only whistle register. */
export const LOWEST_PITCH: Hertz = 40;
export const HIGHEST_PITCH: Hertz = 1500;

/**
 * Checks that a melody has notes or voiced frames, sound numbers and a length between 0.2 s and 30 min, and, unless `range` is 'any'
 * (when it is yet to be transposed), that all of it lies between 40 and 1500 Hz.
 * @throws InputError that says what is wrong, what is allowed and what to do.
 */
export function checkMelody(melody: Melody, { range = 'singable' }: { range?: 'singable' | 'any' } = {}): void {
  if (melody.notes !== undefined && melody.notes.length === 0) {
    throw new InputError(
      `the melody${nameOf(melody)} has no notes; at least one is needed. Choose another track, part or voice, or another file.`,
    );
  }
  if (!(melody.duration <= LONGEST_MELODY)) {
    throw new InputError(
      `the melody is ${Math.round(melody.duration / 60)} minutes long; at most ${LONGEST_MELODY / 60} minutes can be sung. Cut it into parts.`,
    );
  }
  if (melody.duration < SHORTEST_MELODY) {
    throw new InputError(
      `the melody lasts ${melody.duration.toFixed(3)} s; at least ${SHORTEST_MELODY} s are needed. Check its tempo or choose a longer one.`,
    );
  }
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  let lowestFrame = 0;
  let highestFrame = 0;
  for (let m = 0; m < melody.f0.length; m++) {
    const hertz = melody.f0[m]!;
    if (!Number.isFinite(hertz) || hertz < 0) {
      throw new InputError(
        `the melody's F0 is ${hertz} at ${frameTime(m).toFixed(3)} s; allowed are frequencies in Hz, and 0 for unvoiced. Repair or remove that value.`,
      );
    }
    if (hertz === 0) continue;
    if (hertz < lowest) [lowest, lowestFrame] = [hertz, m];
    if (hertz > highest) [highest, highestFrame] = [hertz, m];
  }
  if (highest === 0) {
    throw new InputError(
      `the melody${nameOf(melody)} has no voiced frame: nothing in it has a pitch. Give a recording that is sung or hummed, a table with frequencies above 0, or notes.`,
    );
  }
  if (range === 'any') return;
  if (lowest < LOWEST_PITCH) throw outOfRange('low', lowest, lowestFrame);
  if (highest > HIGHEST_PITCH) throw outOfRange('high', highest, highestFrame);
}

function outOfRange(side: 'low' | 'high', hertz: Hertz, frame: number): InputError {
  const octaves = side === 'low' ? Math.ceil(Math.log2(LOWEST_PITCH / hertz)) : Math.ceil(Math.log2(hertz / HIGHEST_PITCH));
  const shift = 12 * octaves * (side === 'low' ? 1 : -1);
  const allowed = `${noteName(Math.ceil(hertzToMidi(LOWEST_PITCH)))} to ${noteName(Math.floor(hertzToMidi(HIGHEST_PITCH)))}`;
  const name = noteName(Math.round(hertzToMidi(hertz)));
  const exact = Math.abs(midiToHertz(Math.round(hertzToMidi(hertz))) - hertz) < 0.005 * hertz ? name : `near ${name}`;
  return new InputError(
    `the melody goes to ${hertz.toFixed(1)} Hz (${exact}) at ${frameTime(frame).toFixed(2)} s, too ${side} to be sung; allowed are ${LOWEST_PITCH} to ${HIGHEST_PITCH} Hz (${allowed}). Transpose it by ${shift} semitones or let it be fitted to the voice.`,
  );
}

function nameOf(melody: Melody): string {
  return melody.source.name ? ` "${melody.source.name}"` : '';
}
