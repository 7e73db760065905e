import type { MidiPitch } from '@alignsts/signal';
import type { Melody } from './melody.ts';

/**
 * The melody moved by a number of semitones, which may be fractional; rests stay rests. f0' = f0·2^(semitones/12).
 * @example transpose(parseTune('A4:1'), 12).f0[0] // 880
 */
export function transpose(melody: Melody, semitones: MidiPitch): Melody {
  const ratio = 2 ** (semitones / 12);
  return {
    ...melody,
    f0: melody.f0.map((hertz) => hertz * ratio),
    ...(melody.notes ? { notes: melody.notes.map((note) => ({ ...note, pitch: note.pitch + semitones })) } : {}),
  };
}
