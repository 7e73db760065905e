import { type NoteOptions, segmentNotes } from '@alignsts/signal';
import { FRAME_RATE } from '../grid.ts';
import type { Melody } from './melody.ts';

/**
 * The melody with notes found in its F0 curve (signal/notes.ts); one that has notes already comes back as it is. If the curve holds
 * nothing as long as a note, `notes` stays absent.
 * @throws InputError when an option is not a positive number.
 */
export function segmentMelody(melody: Melody, options: Partial<NoteOptions> = {}): Melody {
  if (melody.notes) return melody;
  const { f0, confidence, duration } = melody;
  const segments = segmentNotes({ f0, ...(confidence ? { confidence } : {}) }, FRAME_RATE, options);
  if (segments.length === 0) return melody;
  // the last frame stands for a whole hop, of which a part may lie beyond the end
  return { ...melody, notes: segments.map(({ start, end, pitch }) => ({ start, end: Math.min(end, duration), pitch })) };
}
