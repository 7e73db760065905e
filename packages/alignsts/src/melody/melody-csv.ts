import { frameTime } from '../grid.ts';
import type { Melody } from './melody.ts';
import { noteName } from './note-name.ts';

/** Melodies as CSV (RFC 4180, comma, header, "\n"): the curve as a table that can be read back, or the notes. */

/**
 * time, f0 and, for tracked melodies, confidence; a row for every frame of the grid. Reading it back gives the same F0 to 0.001 Hz.
 */
export function melodyToCsv({ f0, confidence }: Melody): string {
  const lines = [confidence ? 'time,f0,confidence' : 'time,f0'];
  for (let m = 0; m < f0.length; m++) {
    const cells = [frameTime(m).toFixed(6), f0[m] === 0 ? '0' : f0[m]!.toFixed(3)];
    if (confidence) cells.push(confidence[m]!.toFixed(3));
    lines.push(cells.join(','));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * start, end, pitch (MIDI number), note (name), lyric, syllabic and extend of every note; only the header if the melody has no notes.
 * @example notesToCsv(parseTune('A4:1=la')).split('\n')[1] // '0.000000,0.500000,69,A4,la,single,0'
 */
export function notesToCsv({ notes = [] }: Melody): string {
  const lines = ['start,end,pitch,note,lyric,syllabic,extend'];
  for (const { start, end, pitch, lyric } of notes) {
    const words = lyric ? [quoted(lyric.text), lyric.syllabic, lyric.extend ? '1' : '0'] : ['', '', ''];
    lines.push([start.toFixed(6), end.toFixed(6), String(Math.round(pitch * 1000) / 1000), noteName(pitch), ...words].join(','));
  }
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
