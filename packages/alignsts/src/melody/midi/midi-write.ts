import { InputError, type Seconds } from '@alignsts/signal';
import { strToU8 } from 'fflate';
import { frameTime } from '../../grid.ts';
import type { Lyric, Melody, Note } from '../melody.ts';
import { firstFrameAt } from '../notes-to-f0.ts';
import { hertzToMidi } from '../pitch-scale.ts';
import { segmentMelody } from '../segment-melody.ts';

/** A melody as a Standard MIDI File (format 0, one track): notes, tempo, words as lyric events (UTF-8) and, on request, the F0 as pitch bends. */

export type MidiWriteOptions = {
  /**
   * 'none': keys only. 'f0': the F0 curve as bends around each key, with the range declared by registered parameter 0, wide enough for
   * the largest distance (2 to 24 semitones).
   */
  bends?: 'none' | 'f0';
  /** Beats a minute of the ticks; the melody's own tempo, else 120. It changes how the file looks in an editor, not how it sounds. */
  tempo?: number;
};

const TICKS_PER_QUARTER = 960; // 0.5 ms at 120 beats a minute
const VELOCITY = 90;
const WIDEST_BEND = 24;

/** Of events at one tick: declarations, then ends of notes, then the bend, the word and the key of the note that begins. */
const RANK = { declaration: 0, release: 1, bend: 2, word: 3, press: 4 };

type TimedBytes = { tick: number; rank: number; bytes: ArrayLike<number> };

/**
 * A melody without notes is segmented first.
 * @throws InputError if it then has no notes, a note lies outside MIDI's keys or the tempo outside its range.
 * @example melodyToMidi(parseTune('A4:1')).length // 42
 */
export function melodyToMidi(melody: Melody, { bends = 'none', tempo = melody.source.tempo ?? 120 }: MidiWriteOptions = {}): Uint8Array {
  const notes = segmentMelody(melody).notes ?? [];
  if (notes.length === 0) throw new InputError('the melody has no notes to write as MIDI, and nothing in its F0 is as long as one.');
  if (!(tempo >= 4 && tempo <= 10_000)) throw new InputError(`the tempo is ${tempo} beats a minute; 4 to 10000 can be written to MIDI.`);
  const microseconds = Math.round(60e6 / tempo);
  const tickAt = (time: Seconds): number => Math.round((time * 1e6 * TICKS_PER_QUARTER) / microseconds);

  const events: TimedBytes[] = [];
  const add = (tick: number, rank: number, bytes: ArrayLike<number>): void => {
    events.push({ tick, rank, bytes });
  };
  if (melody.source.name) add(0, RANK.declaration, metaEvent(0x03, strToU8(melody.source.name)));
  add(0, RANK.declaration, metaEvent(0x51, [microseconds >> 16, (microseconds >> 8) & 0xff, microseconds & 0xff]));
  const range = bends === 'f0' ? bendRange(melody, notes) : 0;
  if (bends === 'f0') {
    // registered parameter 0 is the bend range; 127, 127 closes it again
    for (const [controller, value] of [
      [101, 0],
      [100, 0],
      [6, range],
      [38, 0],
      [101, 127],
      [100, 127],
    ] as const) {
      add(0, RANK.declaration, [0xb0, controller, value]);
    }
  }
  let bend = 0;
  for (const note of notes) {
    const key = keyOf(note);
    const start = tickAt(note.start);
    if (bends === 'f0') {
      for (const { time, value } of bendsOf(melody, note, key, range)) {
        if (value !== bend) add(tickAt(time), RANK.bend, [0xe0, (value + 8192) & 0x7f, (value + 8192) >> 7]);
        bend = value;
      }
    }
    if (note.lyric) add(start, RANK.word, metaEvent(0x05, strToU8(lyricText(note.lyric))));
    add(start, RANK.press, [0x90, key, VELOCITY]);
    add(Math.max(start + 1, tickAt(note.end)), RANK.release, [0x80, key, 0]);
  }
  events.sort((a, b) => a.tick - b.tick || a.rank - b.rank);

  const track: number[] = [];
  let tick = 0;
  for (const event of events) {
    pushVarint(track, event.tick - tick);
    for (let i = 0; i < event.bytes.length; i++) track.push(event.bytes[i]!);
    tick = event.tick;
  }
  pushVarint(track, Math.max(0, tickAt(melody.duration) - tick));
  track.push(0xff, 0x2f, 0);

  const file = new Uint8Array(22 + track.length);
  const view = new DataView(file.buffer);
  file.set(strToU8('MThd'), 0);
  view.setUint32(4, 6);
  view.setUint16(8, 0); // format
  view.setUint16(10, 1); // tracks
  view.setUint16(12, TICKS_PER_QUARTER);
  file.set(strToU8('MTrk'), 14);
  view.setUint32(18, track.length);
  file.set(track, 22);
  return file;
}

function keyOf(note: Note): number {
  const key = Math.round(note.pitch);
  if (!(key >= 0 && key <= 127)) {
    throw new InputError(
      `the note at ${note.start.toFixed(2)} s has pitch ${note.pitch.toFixed(1)}; MIDI has the keys 0 to 127. Transpose the melody.`,
    );
  }
  return key;
}

/** In MIDI a word goes on where the syllable ends in "-", and ends where it ends in a space. */
function lyricText({ text, syllabic }: Lyric): string {
  return syllabic === 'begin' || syllabic === 'middle' ? `${text}-` : `${text} `;
}

/** Whole semitones, enough for the farthest F0 from its key. */
function bendRange(melody: Melody, notes: readonly Note[]): number {
  let widest = 2;
  for (const note of notes) {
    const [first, end] = framesIn(melody, note);
    for (let m = first; m < end; m++) {
      if (melody.f0[m]! > 0) widest = Math.max(widest, Math.abs(hertzToMidi(melody.f0[m]!) - Math.round(note.pitch)));
    }
  }
  return Math.min(WIDEST_BEND, Math.ceil(widest));
}

/** The bend of each voiced frame of a note, from half a frame before it, so that rounding to ticks cannot make it come too late. */
function bendsOf(melody: Melody, note: Note, key: number, range: number): { time: Seconds; value: number }[] {
  const bends: { time: Seconds; value: number }[] = [];
  const [first, end] = framesIn(melody, note);
  for (let m = first; m < end; m++) {
    if (melody.f0[m]! <= 0) continue;
    const value = Math.round(((hertzToMidi(melody.f0[m]!) - key) / range) * 8192);
    bends.push({
      time: bends.length === 0 ? note.start : Math.max(note.start, frameTime(m - 0.5)),
      value: Math.max(-8192, Math.min(8191, value)),
    });
  }
  return bends;
}

function framesIn(melody: Melody, note: Note): [first: number, end: number] {
  return [firstFrameAt(note.start), Math.min(melody.f0.length, firstFrameAt(note.end))];
}

function metaEvent(type: number, data: ArrayLike<number>): number[] {
  const bytes = [0xff, type];
  pushVarint(bytes, data.length);
  for (let i = 0; i < data.length; i++) bytes.push(data[i]!);
  return bytes;
}

/** Seven bits a byte, most significant first, the top bit set on all but the last. */
function pushVarint(bytes: number[], value: number): void {
  if (value >= 128) {
    const high: number[] = [];
    for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) high.unshift((rest % 128) | 0x80);
    bytes.push(...high);
  }
  bytes.push(value % 128);
}
