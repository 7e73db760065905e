import type { Hertz, MidiPitch } from '@alignsts/signal';

/** The MIDI scale of pitch: twelve equal steps an octave, 69 = A4 = 440 Hz. p = 69 + 12·log2(f/440). */

/** @example hertzToMidi(440) // 69 */
export function hertzToMidi(frequency: Hertz): MidiPitch {
  return 69 + 12 * Math.log2(frequency / 440);
}

/** @example midiToHertz(57) // 220 */
export function midiToHertz(pitch: MidiPitch): Hertz {
  return 440 * 2 ** ((pitch - 69) / 12);
}
