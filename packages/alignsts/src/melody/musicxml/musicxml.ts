import { InputError } from '@alignsts/signal';
import { decodeText } from '../decode-text.ts';
import type { Lyric, Melody, Note } from '../melody.ts';
import { melodyFromNotes } from '../melody-from-notes.ts';
import { createTempoMap, type TempoChange } from '../tempo-map.ts';
import { MOST_SCORE, unpackMxl } from './mxl.ts';
import { readScore } from './read-score.ts';
import type { Score, ScoreNote, ScorePart, ScoreTally } from './score.ts';
import { type Played, unfold } from './unfold.ts';

/** A MusicXML score as a melody: one voice of one part, at sounding pitch, repeats unfolded, with its words. */

export type MusicXmlOptions = {
  /** Number (1 = the first), id or name of the part; 'auto': the part with words, or one that is named like a voice, or the first. */
  part?: number | string;
  /** The voice within the part, as the file numbers them; 'auto': the one with most words, or without words the highest. */
  voice?: string;
  /** Which line of words: its number, or 'auto': the first time through the first, the second time the second, … */
  verse?: number | 'auto';
  /** Whether repeats, endings and jumps are played (true) or the score is read once from left to right. */
  repeats?: boolean;
};

/** A part that has notes. */
export type ScorePartInfo = { number: number; id: string; name: string; voices: string[]; noteCount: number; verses: string[] };

const DEFAULT_TEMPO = 120;
/** Positions are sums of fractions in floating point; nothing musical is shorter than this. */
const SAME = 1e-4; // quarter notes
const MOST_SUNG = 1_000_000;

/** The parts of a score, plain or compressed, in its order. @throws InputError if it cannot be read. */
export function listScoreParts(bytes: Uint8Array): ScorePartInfo[] {
  return readScore(scoreText(bytes)).score.parts.map((part, index) => describePart(part, index));
}

/**
 * Reads MusicXML, plain or compressed (.mxl). Ties become one note, notes under a slur without words of their own continue the
 * syllable, of a chord the top note is sung, grace notes are left out, fermatas do not hold. Time 0 is the start of the score; the
 * melody ends with its last note.
 * @throws InputError if the file is damaged or unsafe, has no notes, or the part or voice asked for is not there.
 */
export function melodyFromMusicXml(
  bytes: Uint8Array,
  { part = 'auto', voice = 'auto', verse = 'auto', repeats = true }: MusicXmlOptions = {},
): Melody {
  const { score, tally } = readScore(scoreText(bytes));
  const remarks: string[] = [];
  const chosen = choosePart(score.parts, part, remarks);
  const chosenVoice = chooseVoice(chosen, voice, remarks);
  const order: Played[] = repeats ? unfold(score.flow) : score.lengths.map((_, measure) => ({ measure, visit: 1 }));
  if (order.length > score.lengths.length)
    remarks.push(`Repeats are sung: ${order.length} measures, of which ${score.lengths.length} are written.`);

  const { sung, starts, chords } = sungNotes(chosen, chosenVoice, order, lengthsFor(chosen, score));
  if (chords > 0) remarks.push(`The top note was taken of ${chords} ${chords === 1 ? 'chord' : 'chords'}.`);
  addTallyRemarks(tally, remarks);
  const lyrics = lyricsOf(sung, chosen, chosenVoice, verse, remarks);
  const { secondsAt, tempo } = timing(score, order, starts, remarks);
  const notes: Note[] = sung.map((note, i) => ({
    start: secondsAt(note.start),
    end: secondsAt(note.end),
    pitch: note.pitch,
    ...(lyrics[i] ? { lyric: lyrics[i] } : {}),
  }));
  return melodyFromNotes(notes, { kind: 'musicxml', name: chosen.name || score.title || chosen.id, tempo }, { remarks });
}

function scoreText(bytes: Uint8Array): string {
  const xml = bytes[0] === 0x50 && bytes[1] === 0x4b ? unpackMxl(bytes) : bytes;
  if (xml.length > MOST_SCORE)
    throw new InputError(`the score has ${xml.length} bytes; at most ${MOST_SCORE} are allowed. Export only the part that is to be sung.`);
  // XML names its encoding in its first line; without a name it is UTF-8, or UTF-16 with a byte order mark
  const head = String.fromCharCode(...xml.subarray(0, 200));
  const declared = /^<\?xml[^>]*encoding=["']([\w.:-]+)["']/.exec(head)?.[1]?.toLowerCase();
  return decodeText(xml, declared === undefined || declared.startsWith('utf') ? 'auto' : declared).replace(/^\uFEFF/, '');
}

function describePart(part: ScorePart, index: number): ScorePartInfo {
  const voices = new Set<string>();
  const verses = new Set<string>();
  let noteCount = 0;
  for (const note of notesOf(part)) {
    noteCount++;
    voices.add(note.voice);
    for (const lyric of note.lyrics) verses.add(lyric.verse);
  }
  return {
    number: index + 1,
    id: part.id,
    name: part.name,
    voices: [...voices].sort(inOrder),
    noteCount,
    verses: [...verses].sort(inOrder),
  };
}

function* notesOf(part: ScorePart): Generator<ScoreNote> {
  // a part may leave measures out
  for (const measure of part.measures) if (measure) yield* measure;
}

function inOrder(a: string, b: string): number {
  return Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0);
}

function choosePart(parts: ScorePart[], wanted: number | string, remarks: string[]): ScorePart {
  const infos = parts.map((part, index) => ({ ...describePart(part, index), lyricCount: lyricCount(notesOf(part)) }));
  const listing = infos
    .slice(0, 12)
    .map((info) => `${info.number} "${info.name || info.id}" (${info.noteCount} notes)`)
    .join(', ');
  if (wanted !== 'auto') {
    const key = String(wanted).trim().toLowerCase();
    const info =
      (typeof wanted === 'number' ? infos[wanted - 1] : undefined) ??
      infos.find((candidate) => candidate.id.toLowerCase() === key) ??
      infos.find((candidate) => candidate.name.toLowerCase() === key) ??
      infos.find((candidate) => candidate.name.toLowerCase().includes(key)) ??
      infos[Number(key) - 1];
    if (!info)
      throw new InputError(
        `the score has no part ${typeof wanted === 'number' ? wanted : `"${wanted}"`}; its parts are ${listing}. Choose one of these.`,
      );
    if (info.noteCount === 0)
      throw new InputError(
        `part "${info.name || info.id}" of the score has no notes with a pitch; its parts are ${listing}. Choose another.`,
      );
    return parts[info.number - 1]!;
  }
  const sounding = infos.filter((info) => info.noteCount > 0);
  if (sounding.length === 0) throw new InputError('the score has no notes with a pitch. Choose a score with a melody.');
  const mostWords = Math.max(...sounding.map((info) => info.lyricCount));
  const worded = sounding.filter((info) => info.lyricCount >= mostWords / 2);
  const best = worded.find((info) => /voi[cx]|voc|melod|lead|solo|sing|sopran|gesang|stimme|chant|cant/i.test(info.name)) ?? worded[0]!;
  if (sounding.length > 1)
    remarks.push(`The melody was taken from part ${best.number} "${best.name || best.id}"; the parts are ${listing}.`);
  return parts[best.number - 1]!;
}

function lyricCount(notes: Iterable<ScoreNote>): number {
  let count = 0;
  for (const note of notes) if (note.lyrics.length > 0) count++;
  return count;
}

function chooseVoice(part: ScorePart, wanted: string, remarks: string[]): string {
  const tally = new Map<string, VoiceTally>();
  for (const note of notesOf(part)) {
    const entry = tally.get(note.voice) ?? { notes: 0, lyrics: 0, pitches: 0 };
    entry.notes++;
    entry.pitches += note.pitch;
    if (note.lyrics.length > 0) entry.lyrics++;
    tally.set(note.voice, entry);
  }
  const voices = [...tally.keys()].sort(inOrder);
  if (wanted !== 'auto') {
    if (tally.has(wanted)) return wanted;
    throw new InputError(
      `part "${part.name || part.id}" has no voice "${wanted}"; its voices are ${voices.slice(0, 12).join(', ')}. Choose one of these.`,
    );
  }
  const best = bestVoice(voices, tally);
  if (voices.length > 1) remarks.push(`Of the voices ${voices.slice(0, 12).join(', ')} of the part, voice ${best} was taken.`);
  return best;
}

type VoiceTally = { notes: number; lyrics: number; pitches: number };

/** The voice with most words; without words the highest of those that are not mere fillings, since tunes lie on top. */
function bestVoice(voices: string[], tally: ReadonlyMap<string, VoiceTally>): string {
  const entries = voices.map((voice) => ({ voice, ...tally.get(voice)! }));
  const mostWords = Math.max(...entries.map((entry) => entry.lyrics));
  if (mostWords > 0) return entries.find((entry) => entry.lyrics === mostWords)!.voice;
  const mostNotes = Math.max(...entries.map((entry) => entry.notes));
  const full = entries.filter((entry) => entry.notes >= mostNotes / 4);
  return full.reduce((a, b) => (b.pitches / b.notes > a.pitches / a.notes ? b : a)).voice;
}

type SungNote = ScoreNote & { start: number; end: number; visit: number; measure: number }; // start, end: quarter notes from the beginning

/** The voice in playing order: chords reduced to their top, ties joined, overlaps cut. `starts` are the positions of the played measures. */
function sungNotes(
  part: ScorePart,
  voice: string,
  order: readonly Played[],
  lengths: readonly number[],
): { sung: SungNote[]; starts: number[]; chords: number } {
  const sung: SungNote[] = [];
  const starts: number[] = [];
  let position = 0;
  let chords = 0;
  let read = 0;
  for (const { measure, visit } of order) {
    starts.push(position);
    const all = part.measures[measure] ?? [];
    read += all.length;
    if (read > MOST_SUNG)
      throw new InputError(`with its repeats the part has more than ${MOST_SUNG} notes. Check its repeat signs, or turn repeats off.`);
    const written = all.filter((note) => note.voice === voice && (note.passes?.includes(visit) ?? true));
    const notes = written.sort((a, b) => a.onset - b.onset || a.pitch - b.pitch);
    for (let i = 0; i < notes.length; ) {
      let next = i + 1;
      while (next < notes.length && notes[next]!.onset - notes[i]!.onset < SAME) next++;
      if (next - i > 1) chords++;
      const together = notes.slice(i, next);
      const top = together.at(-1)!;
      const lyrics = together.find((note) => note.lyrics.length > 0)?.lyrics ?? [];
      const start = position + top.onset;
      addNote(sung, { ...top, lyrics, start, end: start + top.duration, visit, measure });
      i = next;
    }
    position += lengths[measure]!;
  }
  return { sung, starts, chords };
}

/**
 * How long each measure lasts for one part. Full by its own time signature, the part itself tells, whatever slips another part holds;
 * an incomplete measure lasts as long as in the fullest part, but no longer than the time signature says.
 */
function lengthsFor({ filled, bars }: ScorePart, { lengths }: Score): number[] {
  return lengths.map((longest, measure) => {
    const own = filled[measure] ?? 0;
    const bar = bars[measure] ?? longest;
    if (own === 0) return longest;
    return own > bar - SAME ? own : Math.max(own, Math.min(longest, bar));
  });
}

function addNote(sung: SungNote[], note: SungNote): void {
  const last = sung.at(-1);
  // some programs write only one end of a tie; then a note that has its own word is not tied to
  const tied = last && (last.tieStart && note.tieStop ? true : (last.tieStart || note.tieStop) && note.lyrics.length === 0);
  if (last && tied && last.pitch === note.pitch && Math.abs(last.end - note.start) < SAME) {
    last.end = note.end;
    last.tieStart = note.tieStart;
    last.slurStarts += note.slurStarts;
    last.slurStops += note.slurStops;
    return;
  }
  if (last && last.end > note.start) last.end = note.start;
  sung.push(note);
}

function addTallyRemarks({ graceNotes, unpitched, withoutDuration }: ScoreTally, remarks: string[]): void {
  if (graceNotes > 0) remarks.push(`${graceNotes} grace ${graceNotes === 1 ? 'note was' : 'notes were'} left out.`);
  if (unpitched > 0) remarks.push(`${unpitched} ${unpitched === 1 ? 'note' : 'notes'} without a pitch (percussion) were left out.`);
  if (withoutDuration > 0) remarks.push(`${withoutDuration} notes without a duration were left out.`);
}

/** The words of each sung note in the verse that its time through asks for. */
function lyricsOf(
  sung: readonly SungNote[],
  part: ScorePart,
  voice: string,
  wanted: number | 'auto',
  remarks: string[],
): (Lyric | undefined)[] {
  const verses = new Set<string>();
  const inMeasure = new Map<number, Set<string>>();
  for (const [measure, notes] of part.measures.entries()) {
    for (const note of notes ?? []) {
      if (note.voice !== voice) continue;
      for (const { verse } of note.lyrics) {
        verses.add(verse);
        const here = inMeasure.get(measure);
        if (here) here.add(verse);
        else inMeasure.set(measure, new Set([verse]));
      }
    }
  }
  const names = [...verses].sort(inOrder);
  if (wanted !== 'auto' && names.length > 0 && !(wanted >= 1 && wanted <= names.length)) {
    throw new InputError(
      `the part has no verse ${wanted}; there ${names.length === 1 ? 'is 1 verse' : `are verses 1 to ${names.length}`}. Choose one of these.`,
    );
  }
  const rankOf = new Map(names.map((name, index) => [name, index + 1]));
  const sungVerses = new Set<number>();

  const chosen = sung.map((note) => {
    const wish = wanted === 'auto' ? note.visit : wanted;
    const here = [...(inMeasure.get(note.measure) ?? [])].map((name) => rankOf.get(name)!).sort((a, b) => a - b);
    // a refrain is printed once: where the measure lacks the verse, the nearest one before it is sung
    const rank = here.filter((candidate) => candidate <= wish).at(-1) ?? here[0];
    const lyric = note.lyrics.find((candidate) => rankOf.get(candidate.verse) === rank && (candidate.passes?.includes(note.visit) ?? true));
    if (lyric && rank !== undefined) sungVerses.add(rank);
    return lyric ? { text: lyric.text, syllabic: lyric.syllabic, extend: false, held: lyric.extend } : undefined;
  });

  let current: { lyric: Lyric; held: boolean } | undefined;
  let slurs = 0;
  const result = sung.map((note, i): Lyric | undefined => {
    const found = chosen[i];
    if (found) {
      const { held, ...lyric } = found;
      current = { lyric, held: held || lyric.syllabic === 'begin' || lyric.syllabic === 'middle' };
    } else if (current && (current.held || slurs > 0)) current.lyric.extend = true;
    else current = undefined;
    slurs = Math.max(0, slurs + note.slurStarts - note.slurStops);
    return found ? current?.lyric : undefined;
  });
  if (names.length > 1) {
    const list = [...sungVerses].sort((a, b) => a - b).join(', ');
    remarks.push(`The part has ${names.length} verses; sung ${sungVerses.size === 1 ? 'is verse' : 'are verses'} ${list}.`);
  }
  return result;
}

/** Quarter notes from the beginning to seconds, and the tempo at the start. */
function timing(
  score: Score,
  order: readonly Played[],
  starts: readonly number[],
  remarks: string[],
): { secondsAt: (position: number) => number; tempo: number } {
  const byMeasure = new Map<number, { offset: number; quartersPerMinute: number }[]>();
  const written = [...score.tempos].sort((a, b) => a.measure - b.measure || a.offset - b.offset);
  for (const { measure, ...tempo } of written) {
    const here = byMeasure.get(measure);
    if (here) here.push(tempo);
    else byMeasure.set(measure, [tempo]);
  }
  // the tempo a measure begins with when it is reached from the one before it; a jump back takes that one up again
  const prevailing: number[] = [];
  let current = DEFAULT_TEMPO;
  for (let measure = 0; measure < score.lengths.length; measure++) {
    prevailing.push(current);
    current = byMeasure.get(measure)?.at(-1)?.quartersPerMinute ?? current;
  }
  const changes: TempoChange[] = [];
  for (const [i, { measure }] of order.entries()) {
    const jumped = i > 0 && order[i - 1]!.measure !== measure - 1;
    if (jumped) changes.push({ position: starts[i]!, secondsPerUnit: 60 / prevailing[measure]! });
    for (const { offset, quartersPerMinute } of byMeasure.get(measure) ?? []) {
      changes.push({ position: starts[i]! + Math.min(offset, score.lengths[measure]!), secondsPerUnit: 60 / quartersPerMinute });
    }
  }
  if (written.length === 0) remarks.push(`The score gives no tempo, so ${DEFAULT_TEMPO} quarter notes a minute were taken.`);
  const secondsAt = createTempoMap(changes, 60 / DEFAULT_TEMPO);
  // the step just after the beginning belongs to the first tempo
  return { secondsAt, tempo: Math.round((60 / secondsAt(SAME)) * SAME * 1000) / 1000 };
}
