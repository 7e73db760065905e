import type { MidiPitch } from '@alignsts/signal';

/** Note names in scientific pitch notation: C4 is middle C (MIDI 60), A4 is 440 Hz. */

const STEPS: Record<string, number> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const NAMES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];

/**
 * The name of the nearest note, with the distance to it in cents where that is at least one.
 * @example noteName(61) // 'C#4'
 * @example noteName(68.9) // 'A4-10c'
 */
export function noteName(pitch: MidiPitch): string {
  const nearest = Math.round(pitch);
  const cents = Math.round((pitch - nearest) * 100);
  const name = `${NAMES[((nearest % 12) + 12) % 12]}${Math.floor(nearest / 12) - 1}`;
  if (cents === 0) return name;
  return `${name}${cents > 0 ? '+' : ''}${cents}c`;
}

/**
 * The pitch a name stands for: a letter, any of # ♯ b ♭ (doubled if need be), an octave from -1 to 9. Undefined if it is no note name.
 * @example parseNoteName('Bb3') // 58
 */
export function parseNoteName(text: string): MidiPitch | undefined {
  const match = /^([A-Ga-g])([#♯]{0,2}|[b♭]{0,2})(-1|\d)$/u.exec(text);
  if (!match) return undefined;
  const [, letter, accidentals, octave] = match;
  const alter = accidentals === '' ? 0 : '#♯'.includes(accidentals![0]!) ? accidentals!.length : -accidentals!.length;
  return 12 * (Number(octave) + 1) + STEPS[letter!.toUpperCase()]! + alter;
}
