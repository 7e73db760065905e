import type { MidiPitch } from '@alignsts/signal';
import { framesOf } from '../grid.ts';
import type { Melody } from './melody.ts';
import { noteName } from './note-name.ts';
import { hertzToMidi } from './pitch-scale.ts';

/** A melody as a piano roll made of characters, for terminals: pitch upwards, time to the right, words and seconds below. */
export type DrawTerminalOptions = {
  /** Columns, at least 30. */
  width?: number;
  /** Most rows for the pitch; a wider tune has several semitones a row. */
  height?: number;
  /** Only characters that every terminal has. */
  ascii?: boolean;
};

/**
 * Notes are bars that begin with a half block, the F0 of a tracked or bent melody is a line of dots over them. The text ends without a
 * line break; every line has at most `width` characters.
 */
export function drawTerminal(melody: Melody, { width = 80, height = 24, ascii = false }: DrawTerminalOptions = {}): string {
  const ink = ascii
    ? { head: '[', bar: '=', curve: '*', axis: '-', tick: '+', edge: '|' }
    : { head: '▐', bar: '█', curve: '•', axis: '─', tick: '┬', edge: '│' };
  const notes = melody.notes ?? [];
  const curve = columnsOf(melody, Math.max(30, width) - MARGIN);
  const pitches = [...notes.map((note) => note.pitch), ...curve.filter((pitch) => pitch !== undefined)];
  if (pitches.length === 0) return '(nothing sounds)';
  const lowest = Math.round(pitches.reduce((a, b) => Math.min(a, b)));
  const highest = Math.round(pitches.reduce((a, b) => Math.max(a, b)));
  const perRow = Math.ceil((highest - lowest + 1) / Math.max(1, height));
  const rows = Math.ceil((highest - lowest + 1) / perRow);
  const columns = curve.length;
  const rowOf = (pitch: MidiPitch): number => rows - 1 - Math.floor((Math.round(pitch) - lowest) / perRow);
  const columnOf = (time: number): number => Math.min(columns - 1, Math.floor((time / melody.duration) * columns));

  const grid = Array.from({ length: rows }, () => new Array<string>(columns).fill(' '));
  for (const note of notes) {
    const row = grid[rowOf(note.pitch)]!;
    const first = columnOf(note.start);
    const end = Math.max(first + 1, Math.ceil((note.end / melody.duration) * columns - 1e-9));
    row.fill(ink.bar, first, Math.min(columns, end));
    row[first] = ink.head;
  }
  for (const [column, pitch] of curve.entries()) {
    if (pitch === undefined) continue;
    const row = grid[rowOf(pitch)]!;
    if (row[column] === ' ') row[column] = ink.curve;
  }
  const lines = grid.map((row, r) => {
    const pitch = lowest + (rows - 1 - r) * perRow;
    return `${noteName(pitch).padStart(MARGIN - 2)} ${ink.edge}${row.join('')}`.trimEnd();
  });
  const indent = ' '.repeat(MARGIN);
  lines.push(`${' '.repeat(MARGIN - 1)}${ascii ? '+' : '└'}${axis(melody.duration, columns, ink)}`);
  lines.push(`${indent}${labels(secondMarks(melody.duration, columns), columns)}`.trimEnd());
  if (notes.some((note) => note.lyric)) {
    const words = notes.flatMap((note) =>
      note.lyric ? [{ column: columnOf(note.start), text: wordOf(note.lyric.text, note.lyric.syllabic, ascii) }] : [],
    );
    lines.push(`${indent}${labels(words, columns)}`.trimEnd());
  }
  return lines.join('\n');
}

const MARGIN = 6; // columns for the note names

/** The median pitch in each column; undefined where most of it is silent. */
function columnsOf({ f0, duration }: Melody, columns: number): (MidiPitch | undefined)[] {
  return Array.from({ length: columns }, (_, c) => {
    const first = framesOf((c / columns) * duration) - 1;
    const end = Math.max(first + 1, framesOf(((c + 1) / columns) * duration) - 1);
    const frames = f0.subarray(first, end);
    const voiced = frames.filter((hertz) => hertz > 0).sort();
    return voiced.length * 2 > frames.length ? hertzToMidi(voiced[voiced.length >> 1]!) : undefined;
  });
}

/** Seconds at a round distance, so that labels have about ten columns each. */
function secondMarks(duration: number, columns: number): { column: number; text: string }[] {
  const target = (10 * duration) / columns;
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300].find((candidate) => candidate >= target) ?? 600;
  const marks = [];
  for (let i = 0; i * step < duration; i++) {
    marks.push({ column: Math.floor(((i * step) / duration) * columns), text: `${Number((i * step).toFixed(1))}s` });
  }
  return marks;
}

function axis(duration: number, columns: number, ink: { axis: string; tick: string }): string {
  const line = new Array<string>(columns).fill(ink.axis);
  for (const { column } of secondMarks(duration, columns)) line[column] = ink.tick;
  return line.join('');
}

/** Texts at their columns; one that would run into the text before it is left out. */
function labels(marks: { column: number; text: string }[], columns: number): string {
  let line = '';
  for (const { column, text } of marks) {
    if (column < line.length + (line === '' ? 0 : 1) || column + text.length > columns) continue;
    line = line.padEnd(column) + text;
  }
  return line;
}

function wordOf(text: string, syllabic: string, ascii: boolean): string {
  const word = syllabic === 'begin' || syllabic === 'middle' ? `${text}-` : text;
  // a control character in a file must not steer the terminal it is shown on
  const visible = word.replace(/\p{C}/gu, '?');
  return ascii ? visible.replace(/[^\x20-\x7e]/g, '?') : visible;
}
