import { InputError } from '@alignsts/signal';
import { frameTime } from '../grid.ts';
import { LONGEST_MELODY } from './check-melody.ts';
import type { Melody } from './melody.ts';
import { notesToF0 } from './notes-to-f0.ts';
import { resampleF0 } from './resample-f0.ts';

/**
 * The melody sung `factor` times as fast: every time is divided by the factor, pitch stays. The plain steps of a score are drawn anew
 * (exact); a curve is resampled.
 * @throws InputError if the factor is not between 0.1 and 10 or the result would pass 30 minutes.
 * @example scaleTempo(parseTune('A4:1 @60'), 2).duration // 0.5
 */
export function scaleTempo(melody: Melody, factor: number): Melody {
  if (!(factor >= 0.1 && factor <= 10)) throw new InputError(`the tempo factor is ${factor}; 0.1 to 10 are allowed (2 is twice as fast).`);
  const duration = melody.duration / factor;
  if (duration > LONGEST_MELODY) {
    throw new InputError(
      `at tempo factor ${factor} the melody lasts ${Math.round(duration / 60)} minutes; at most ${LONGEST_MELODY / 60} are allowed. Choose a larger factor.`,
    );
  }
  const notes = melody.notes?.map((note) => ({ ...note, start: note.start / factor, end: note.end / factor }));
  const source = melody.source.tempo === undefined ? melody.source : { ...melody.source, tempo: melody.source.tempo * factor };
  const { confidence: _, notes: __, ...rest } = melody;
  return { ...rest, duration, source, ...(notes ? { notes } : {}), ...curves(melody, factor, duration, notes) };
}

function curves(melody: Melody, factor: number, duration: number, notes: Melody['notes']): Pick<Melody, 'f0' | 'confidence'> {
  if (notes && melody.notes && !melody.confidence) {
    const steps = notesToF0(melody.notes, melody.duration);
    if (steps.every((hertz, m) => hertz === melody.f0[m])) return { f0: notesToF0(notes, duration) };
  }
  const step = frameTime(1) / factor;
  const times = Float64Array.from(melody.f0, (_, m) => frameTime(m) / factor);
  return resampleF0({ times, f0: melody.f0, ...(melody.confidence ? { confidence: melody.confidence } : {}) }, duration, {
    longestGap: 1.5 * step,
    reach: step / 2,
  });
}
