import { type Hertz, InputError } from '@alignsts/signal';
import type { ComfortableRange } from './comfortable-range.ts';
import type { Melody } from './melody.ts';
import { noteName } from './note-name.ts';
import { hertzToMidi } from './pitch-scale.ts';
import { transpose } from './transpose.ts';

/** A tune that stays within half an octave of the middle of the range is left alone; this keeps a tie from moving it. */
const HALF_OCTAVE = 6 + 1e-6;

/**
 * Moves a melody by whole octaves so that its middle (the median of its voiced frames) lies within half an octave of the middle of
 * the speaker's range. `reason` says in a plain sentence what was done and why; it is also added to the remarks.
 * @throws InputError if the melody has no voiced frame.
 * @example fitToVoice(parseTune('A5:4'), comfortableRange([110])).semitones // -24
 */
export function fitToVoice(melody: Melody, range: ComfortableRange): { melody: Melody; semitones: number; reason: string } {
  const voiced = melody.f0.filter((hertz) => hertz > 0).sort();
  if (voiced.length === 0)
    throw new InputError('the melody has no voiced frame, so it cannot be fitted to a voice. Give a melody with notes.');
  const middle = voiced[voiced.length >> 1]!;
  const distance = hertzToMidi(range.centre) - hertzToMidi(middle);
  const octaves = Math.abs(distance) <= HALF_OCTAVE ? 0 : Math.round(distance / 12);
  const semitones = 12 * octaves;
  const fitted = octaves === 0 ? melody : transpose(melody, semitones);

  const comfort = `${nameOf(range.low)} to ${nameOf(range.high)} (judged from speech at ${Math.round(range.median)} Hz)`;
  const count = Math.abs(octaves) === 1 ? 'one octave' : `${Math.abs(octaves)} octaves`;
  const moved =
    octaves === 0
      ? `The tune was left where it is: its middle, ${nameOf(middle)}, suits a voice that sings ${comfort} in comfort.`
      : `The tune was moved ${octaves > 0 ? 'up' : 'down'} ${count}: its middle was ${nameOf(middle)}, and this voice sings ${comfort} in comfort.`;
  const ratio = 2 ** octaves;
  const lowest = voiced[0]! * ratio;
  const highest = voiced.at(-1)! * ratio;
  const strain = [
    ...(lowest < range.low * 0.999 ? [`its lowest note, ${nameOf(lowest)}, lies below that`] : []),
    ...(highest > range.high * 1.001 ? [`its highest note, ${nameOf(highest)}, lies above that`] : []),
  ];
  const reason = strain.length === 0 ? moved : `${moved} Even so, ${strain.join(' and ')}.`;
  return { melody: { ...fitted, remarks: [...fitted.remarks, reason] }, semitones, reason };
}

function nameOf(hertz: Hertz): string {
  return noteName(Math.round(hertzToMidi(hertz)));
}
