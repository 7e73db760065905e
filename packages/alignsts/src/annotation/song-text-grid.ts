import { durationOf, type Seconds } from '@alignsts/signal';
import type { Song } from '../convert/engine.ts';
import type { Melody } from '../melody/melody.ts';
import { noteName } from '../melody/note-name.ts';
import type { LabelledInterval, TextGrid } from './text-grid.ts';

/** What was sung when, for Praat: the song's segments and, where the melody has notes, their names and their lyrics. */
export function songTextGrid({ audio, segments }: Pick<Song, 'audio' | 'segments'>, melody?: Pick<Melody, 'notes'>): TextGrid {
  const end = durationOf(audio);
  const notes = melody?.notes ?? [];
  const tiers: [string, LabelledInterval[]][] = [
    [
      'segments',
      segments.map((segment) => ({
        start: segment.start,
        end: segment.end,
        label: segment.label ?? (segment.kind === 'silence' ? '' : segment.kind),
      })),
    ],
    ['notes', notes.map((note) => ({ start: note.start, end: note.end, label: noteName(note.pitch) }))],
    ['lyrics', notes.filter(({ lyric }) => lyric).map((note) => ({ start: note.start, end: note.end, label: note.lyric!.text }))],
  ];
  return {
    start: 0,
    end,
    tiers: tiers
      .filter(([, intervals]) => intervals.length > 0)
      .map(([name, intervals]) => ({ kind: 'interval', name, intervals: inOrder(intervals, end) })),
  };
}

/** Sorted, cut to the song and where the next one begins: engines may let neighbours overlap, a tier may not. */
function inOrder(intervals: LabelledInterval[], end: Seconds): LabelledInterval[] {
  const sorted = intervals.toSorted((a, b) => a.start - b.start);
  return sorted
    .map(({ start, end: stop, label }, i) => ({ start: Math.max(0, start), end: Math.min(stop, end, sorted[i + 1]?.start ?? end), label }))
    .filter(({ start, end: stop }) => stop - start > 1e-6);
}
