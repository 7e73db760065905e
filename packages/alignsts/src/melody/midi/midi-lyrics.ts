import { createTextDecoder, isUtf8 } from '../decode-text.ts';
import type { Lyric, Note } from '../melody.ts';
import type { MidiFile, MidiTrack } from './midi-file.ts';

/**
 * The words in a MIDI file: lyric events (meta 5, RP-017 "SMF Lyric Events Definition"), or, in karaoke files (.kar), text events
 * (meta 1). Three ways to mark where words end are in use, and are told apart by what the texts look like:
 *   - a trailing "-" says that the word goes on;
 *   - a space before or after a syllable, a carriage return or line feed, or a leading "/" (new line) or "\" (new screen) parts words;
 *   - if nothing of that occurs, every event is a word of its own.
 * A text of only "-", "_", "~", "+" or "=" holds the syllable before it (melisma).
 */
export type MidiSyllable = { tick: number; text: string; syllabic: Lyric['syllabic']; hold: boolean };

/** The lyric events of a track, or its text events if they are a karaoke text; empty if it has no words. */
export function syllablesOf(track: MidiTrack, encoding: string): MidiSyllable[] {
  const decode = createTextDecoder(encoding);
  const textsOf = (type: number): RawText[] =>
    track.events.flatMap((event) =>
      event.kind === 'text' && event.type === type ? [{ tick: event.tick, text: decode(event.bytes.subarray(0, LONGEST_SYLLABLE)) }] : [],
    );
  const lyrics = textsOf(5);
  if (lyrics.length > 0) return parseSyllables(lyrics);
  const texts = textsOf(1);
  // karaoke texts mark lines; plain text events are comments, copyright notices and cues
  return texts.some(({ text }) => /^[/\\]/.test(text)) ? parseSyllables(texts) : [];
}

type RawText = { tick: number; text: string };

/** No syllable is longer; what claims to be is cut, so that no pattern below is run over megabytes. */
const LONGEST_SYLLABLE = 256; // bytes

/**
 * One encoding for the whole file, since single syllables are too short to tell: what the caller names, else what a {@…} tag names
 * (RP-026), else UTF-8 if all texts are valid in it, else Windows-1252.
 */
export function encodingOf(file: MidiFile, wanted: string): string {
  if (wanted !== 'auto') return wanted;
  let allUtf8 = true;
  for (const track of file.tracks) {
    for (const event of track.events) {
      if (event.kind !== 'text') continue;
      if (/^\{@JP\}/.test(String.fromCharCode(...event.bytes.subarray(0, 5)))) return 'shift_jis';
      if (allUtf8 && !isUtf8(event.bytes)) allUtf8 = false;
    }
  }
  return allUtf8 ? 'utf-8' : 'windows-1252';
}

function parseSyllables(events: RawText[]): MidiSyllable[] {
  // "@…" lines are karaoke headers (title, language), "{#…}" and "{@…}" tags; a lone line break belongs to the syllable before it
  const raw: RawText[] = [];
  for (const event of events) {
    const text = event.text.replaceAll('\0', '').replace(/^\{[@#][^}]*\}/, '');
    if (text.startsWith('@') || text === '') continue;
    const last = raw.at(-1);
    if (!/^\s+$/.test(text)) raw.push({ tick: event.tick, text });
    else if (last && !/\s$/.test(last.text)) last.text += ' ';
  }
  const spaced = raw.some(({ text }) => /^[ /\\]|\s$/.test(text));
  const syllables: MidiSyllable[] = [];
  let insideWord = false;
  for (let i = 0; i < raw.length; i++) {
    const { tick, text } = raw[i]!;
    const core = text.replace(/^[\s/\\]+/, '').trimEnd();
    if (/^[-_~+=]+$/.test(core)) {
      syllables.push({ tick, text: '', syllabic: 'single', hold: true });
      continue;
    }
    // control characters in a file must not reach the terminal it is shown on
    const bare = core.replace(/[-_]+$/, '').replace(/\p{Cc}/gu, '');
    if (bare === '') continue;
    if (/^[\s/\\]/.test(text)) insideWord = false;
    const next = raw.slice(i + 1, i + 33).find((event) => !/^[-_~+=\s]+$/.test(event.text))?.text;
    const joined = spaced && !/\s$/.test(text) && next !== undefined && !/^[\s/\\]/.test(next);
    const goesOn = /-$/.test(core) || joined;
    syllables.push({ tick, text: bare, syllabic: goesOn ? (insideWord ? 'middle' : 'begin') : insideWord ? 'end' : 'single', hold: false });
    insideWord = goesOn;
  }
  return syllables;
}

/**
 * Gives each syllable to the note that begins nearest to it, at most `tolerance` ticks away; of several on one note the texts are
 * joined. A note without a syllable that follows its neighbour without a break is taken to hold the neighbour's. Returns how many
 * syllables found no note.
 */
export function joinLyrics(
  notes: (Note & { tick: number })[],
  syllables: readonly MidiSyllable[],
  tolerance: number, // ticks
): { unplaced: number } {
  let unplaced = 0;
  let near = 0;
  const held = new Set<Note>();
  for (const syllable of syllables) {
    while (near + 1 < notes.length && Math.abs(notes[near + 1]!.tick - syllable.tick) <= Math.abs(notes[near]!.tick - syllable.tick))
      near++;
    const note = notes[near];
    if (!note || Math.abs(note.tick - syllable.tick) > tolerance) {
      if (!syllable.hold) unplaced++;
      continue;
    }
    if (syllable.hold) held.add(note);
    else if (note.lyric) {
      // two syllables on one note: begin as the first does, end as the second does
      const begins = note.lyric.syllabic === 'begin' || note.lyric.syllabic === 'single';
      const ends = syllable.syllabic === 'end' || syllable.syllabic === 'single';
      const sameWord = note.lyric.syllabic === 'begin' || note.lyric.syllabic === 'middle';
      note.lyric = {
        text: note.lyric.text + (sameWord ? '' : ' ') + syllable.text,
        syllabic: begins ? (ends ? 'single' : 'begin') : ends ? 'end' : 'middle',
        extend: false,
      };
    } else note.lyric = { text: syllable.text, syllabic: syllable.syllabic, extend: false };
  }
  let lyric: Lyric | undefined;
  for (let i = 0; i < notes.length; i++) {
    const note = notes[i]!;
    if (note.lyric) lyric = note.lyric;
    else if (lyric && (held.has(note) || (i > 0 && note.start - notes[i - 1]!.end < LEGATO))) lyric.extend = true;
    else lyric = undefined;
  }
  return { unplaced };
}

/** Notes closer than this belong to one breath: a syllable may be held over them. */
const LEGATO = 0.06; // seconds
