import { InputError } from '@alignsts/signal';
import { createTextDecoder } from '../decode-text.ts';
import type { Melody, Note } from '../melody.ts';
import { melodyFromNotes } from '../melody-from-notes.ts';
import { noteName } from '../note-name.ts';
import type { PitchBend } from '../notes-to-f0.ts';
import { createTempoMap } from '../tempo-map.ts';
import { type MidiFile, type MidiTrack, parseMidi } from './midi-file.ts';
import { encodingOf, joinLyrics, type MidiSyllable, syllablesOf } from './midi-lyrics.ts';

/** A Standard MIDI File as a melody: one track and channel of it, made monophonic, with its tempo map, bends and words. */

export type MidiOptions = {
  /** Number (1 = the first track of the file), name (case does not matter), or 'auto': the voice that looks most like a sung melody. */
  track?: number | string;
  /** 1 … 16, where the track uses several. */
  channel?: number;
  /** Which of overlapping notes is heard: the one that began last, or the highest (for melody and chords on one track). */
  overlap?: 'last' | 'highest';
  /** Of the words: a name such as utf-8, windows-1252, shift_jis, or 'auto'. */
  encoding?: string;
};

/** A track and channel that has notes. */
export type MidiVoice = {
  track: number;
  channel: number;
  name: string;
  noteCount: number;
  lowest: number;
  highest: number;
  lyricCount: number;
};

type KeyPress = { tick: number; endTick: number; key: number };
type Candidate = MidiVoice & { presses: KeyPress[]; source: MidiTrack; program: number };

/** The voices of a file, in file order. @throws InputError if it cannot be read. */
export function listMidiVoices(bytes: Uint8Array, { encoding = 'auto' }: { encoding?: string } = {}): MidiVoice[] {
  const file = parseMidi(bytes);
  const { candidates } = candidatesOf(file, encodingOf(file, encoding));
  return candidates.map(({ track, channel, name, noteCount, lowest, highest, lyricCount }) => ({
    track,
    channel,
    name,
    noteCount,
    lowest,
    highest,
    lyricCount,
  }));
}

/**
 * Reads a Standard MIDI File. Time 0 of the melody is time 0 of the file, so that the song fits a backing made from the same file;
 * it ends with its last note. A note's pitch is its key plus the median bend while it sounds; the F0 follows every bend.
 * @throws InputError if the file is damaged, has no notes, or the track or channel asked for is not there.
 */
export function melodyFromMidi(
  bytes: Uint8Array,
  { track = 'auto', channel, overlap = 'last', encoding = 'auto' }: MidiOptions = {},
): Melody {
  const file = parseMidi(bytes);
  const remarks: string[] = [];
  const { candidates, words: allWords } = candidatesOf(file, encodingOf(file, encoding));
  const ticksPerQuarter = 'ticksPerQuarter' in file.division ? file.division.ticksPerQuarter : file.division.ticksPerSecond / 2;
  const nearby = ticksPerQuarter / 8; // how far from its note a syllable may stand
  if (candidates.length === 0) throw new InputError('the MIDI file has no notes. Choose a file with a melody.');
  const chosen = chooseVoice(candidates, track, channel, allWords, nearby, remarks);

  const { secondsAt, tempo } = timing(file, chosen.source);
  const { presses, cut } = monophonic(chosen.presses, overlap);
  if (cut > 0) {
    const share = Math.round((100 * cut) / chosen.presses.length);
    const kept = overlap === 'last' ? 'the one that began last was kept' : 'the highest was kept';
    const advice = overlap === 'last' && share >= 25 ? ' If it holds chords, choose the highest note instead.' : '';
    remarks.push(`${cut} of ${chosen.presses.length} notes overlapped others; of sounding notes ${kept}.${advice}`);
  }

  const notes: (Note & { tick: number })[] = presses.map((press) => ({
    start: secondsAt(press.tick),
    end: secondsAt(press.endTick),
    pitch: press.key,
    tick: press.tick,
  }));
  const { words, elsewhere } = wordsFor(chosen, candidates, file, allWords, nearby);
  const { unplaced } = joinLyrics(notes, words, nearby);
  if (elsewhere !== undefined) remarks.push(`The words were taken from track ${elsewhere}.`);
  if (unplaced > 0) remarks.push(`${unplaced} of ${words.length} syllables stand where no note of the melody begins and were left out.`);

  const bends = bendsOf(chosen.source, chosen.channel - 1, secondsAt);
  const melody = melodyFromNotes(
    notes.map(({ start, end, pitch, lyric }) => ({ start, end, pitch, ...(lyric ? { lyric } : {}) })),
    { kind: 'midi', ...(chosen.name === '' ? {} : { name: chosen.name }), ...(tempo === undefined ? {} : { tempo }) },
    { bends, remarks },
  );
  if (bends.length > 0) for (const note of melody.notes ?? []) note.pitch += medianBend(note, bends);
  return melody;
}

/** Every track and channel with notes, and the words of each track, of which some have no notes. */
function candidatesOf(file: MidiFile, encoding: string): { candidates: Candidate[]; words: MidiSyllable[][] } {
  const decode = createTextDecoder(encoding);
  const words = file.tracks.map((track) => syllablesOf(track, encoding));
  const candidates: Candidate[] = [];
  for (const [index, source] of file.tracks.entries()) {
    const presses = new Map<number, KeyPress[]>();
    const programs = new Map<number, number>();
    const sounding = new Map<number, KeyPress>();
    let name = '';
    for (const event of source.events) {
      if (event.kind === 'program') programs.set(event.channel, event.program);
      else if (event.kind === 'text' && event.type === 3 && name === '')
        name = decode(event.bytes.subarray(0, 200))
          .replace(/\p{Cc}/gu, '')
          .trim();
      else if (event.kind === 'note-on' || event.kind === 'note-off') {
        const held = sounding.get(event.channel * 128 + event.key);
        if (held) {
          held.endTick = event.tick;
          sounding.delete(event.channel * 128 + event.key);
        }
        if (event.kind === 'note-off') continue;
        // a note never released lasts to the end of its track
        const press = { tick: event.tick, endTick: source.endTick, key: event.key };
        sounding.set(event.channel * 128 + event.key, press);
        const list = presses.get(event.channel);
        if (list) list.push(press);
        else presses.set(event.channel, [press]);
      }
    }
    for (const [channel, all] of [...presses].sort((a, b) => a[0] - b[0])) {
      const list = all.filter((press) => press.endTick > press.tick);
      if (list.length === 0) continue;
      let lowest = 127;
      let highest = 0;
      for (const { key } of list) {
        lowest = Math.min(lowest, key);
        highest = Math.max(highest, key);
      }
      candidates.push({
        track: index + 1,
        channel: channel + 1,
        name,
        noteCount: list.length,
        lowest,
        highest,
        lyricCount: words[index]!.length,
        presses: list,
        source,
        program: programs.get(channel) ?? 0,
      });
    }
  }
  return { candidates, words };
}

function chooseVoice(
  candidates: Candidate[],
  track: number | string,
  channel: number | undefined,
  words: MidiSyllable[][],
  nearby: number,
  remarks: string[],
): Candidate {
  const listing = listed(candidates);
  let rest = candidates;
  if (typeof track === 'number') rest = rest.filter((candidate) => candidate.track === track);
  else if (track !== 'auto') {
    const wanted = track.trim().toLowerCase();
    const exact = rest.filter((candidate) => candidate.name.toLowerCase() === wanted);
    rest = exact.length > 0 ? exact : rest.filter((candidate) => candidate.name.toLowerCase().includes(wanted));
  }
  if (rest.length === 0)
    throw new InputError(
      `the MIDI file has no notes on track ${typeof track === 'number' ? track : `"${track}"`}; there are ${listing}. Choose one of these.`,
    );
  if (channel !== undefined) {
    rest = rest.filter((candidate) => candidate.channel === channel);
    if (rest.length === 0)
      throw new InputError(`the MIDI file has no notes on channel ${channel} there; there are ${listing}. Choose one of these.`);
  }
  // the first words tell enough, and a hostile file must not make this a product of millions
  const someWords = words
    .flat()
    .sort((a, b) => a.tick - b.tick)
    .slice(0, 2000);
  let best = rest[0]!;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const candidate of rest) {
    const score = melodicScore(candidate, rest, someWords, nearby);
    if (score > bestScore) [best, bestScore] = [candidate, score];
  }
  if (rest.length > 1) {
    const others = rest.filter((candidate) => candidate !== best);
    remarks.push(`The melody was taken from ${describe(best)}; there are also ${listed(others)}.`);
  }
  return best;
}

function listed(voices: MidiVoice[]): string {
  return voices.slice(0, 6).map(describe).join('; ') + (voices.length > 6 ? ` and ${voices.length - 6} more` : '');
}

function describe(voice: MidiVoice): string {
  const name = voice.name === '' ? '' : ` "${voice.name}"`;
  return `track ${voice.track}${name} channel ${voice.channel} (${voice.noteCount} ${voice.noteCount === 1 ? 'note' : 'notes'}, ${noteName(voice.lowest)} to ${noteName(voice.highest)})`;
}

/** Which voice a listener would call the tune: words on its notes, a telling name, one note at a time, a singable and rather high range. */
function melodicScore(voice: Candidate, all: Candidate[], words: readonly MidiSyllable[], nearby: number): number {
  let score = 0;
  if (words.length > 0) score += 4 * (wordsOnNotes(words, voice.presses, nearby) / words.length);
  if (voice.lyricCount > 0) score += 1;
  if (/voc|vox|voice|melod|lead|sing|song|sopran|tenor|choir|cantus|canto|gesang|stimme|chant/i.test(voice.name)) score += 2;
  if (voice.channel === 10) score -= 10; // General MIDI percussion
  if (voice.program >= 52 && voice.program <= 54) score += 1; // choir, voice, synth voice
  let overlapping = 0;
  let sum = 0;
  let inVoice = 0;
  for (let i = 0; i < voice.presses.length; i++) {
    const press = voice.presses[i]!;
    const next = voice.presses[i + 1];
    if (next && next.tick < press.tick + 0.75 * (press.endTick - press.tick)) overlapping++;
    sum += press.key;
    if (press.key >= 43 && press.key <= 84) inVoice++;
  }
  score += 2 * (1 - overlapping / voice.presses.length) + inVoice / voice.presses.length;
  score += Math.min(1, Math.max(0, (sum / voice.presses.length - 36) / 48));
  const most = Math.max(...all.map((candidate) => candidate.presses.length));
  return score + Math.min(1, (4 * voice.presses.length) / most);
}

function timing(file: MidiFile, chosen: MidiTrack): { secondsAt: (tick: number) => number; tempo?: number } {
  if ('ticksPerSecond' in file.division) {
    const rate = file.division.ticksPerSecond;
    return { secondsAt: (tick) => tick / rate };
  }
  const ticks = file.division.ticksPerQuarter;
  // format 2 holds independent patterns, each with its own clock; elsewhere every track obeys every tempo event, wherever it stands
  const sources = file.format === 2 ? [chosen] : file.tracks;
  const changes = sources.flatMap((track) =>
    track.events.flatMap((event) =>
      event.kind === 'tempo' ? [{ position: event.tick, secondsPerUnit: event.microsecondsPerQuarter / 1e6 / ticks }] : [],
    ),
  );
  const secondsAt = createTempoMap(changes, 0.5 / ticks);
  return { secondsAt, tempo: Math.round((60 / (secondsAt(1) * ticks)) * 1000) / 1000 };
}

/** At every moment at most one of the key presses; also how many were shortened or dropped. */
function monophonic(presses: readonly KeyPress[], overlap: 'last' | 'highest'): { presses: KeyPress[]; cut: number } {
  const order = [...presses].sort((a, b) => a.tick - b.tick || a.key - b.key);
  const heard: KeyPress[] = [];
  let cut = 0;
  for (const press of order) {
    const last = heard.at(-1);
    if (last && last.endTick > press.tick) {
      cut++;
      if (overlap === 'highest' && last.key > press.key) continue;
      // of notes that begin together the highest comes last in the order and stays alone
      if (last.tick === press.tick) heard.pop();
      else last.endTick = press.tick;
    }
    heard.push({ ...press });
  }
  return { presses: heard, cut };
}

/** How many of the words stand where a note begins; both in time order. */
function wordsOnNotes(words: readonly MidiSyllable[], presses: readonly KeyPress[], nearby: number): number {
  let hits = 0;
  let i = 0;
  for (const word of words) {
    while (i < presses.length && presses[i]!.tick < word.tick - nearby) i++;
    if (i < presses.length && presses[i]!.tick <= word.tick + nearby) hits++;
  }
  return hits;
}

/** Words of the voice's own track, else of the track without notes whose words fall on most of its notes, as in karaoke files. */
function wordsFor(
  chosen: Candidate,
  candidates: readonly Candidate[],
  file: MidiFile,
  words: MidiSyllable[][],
  nearby: number,
): { words: MidiSyllable[]; elsewhere?: number } {
  const own = words[chosen.track - 1]!;
  if (own.length > 0 || file.format === 2) return { words: own };
  const played = new Set(candidates.map((candidate) => candidate.track));
  let best: { words: MidiSyllable[]; elsewhere?: number } = { words: [] };
  let most = 0;
  for (const [index, syllables] of words.entries()) {
    const hits = played.has(index + 1) ? 0 : wordsOnNotes(syllables, chosen.presses, nearby);
    if (hits > most) {
      most = hits;
      best = { words: syllables, elsewhere: index + 1 };
    }
  }
  return best;
}

/** Pitch bends of a channel in semitones; the range is 2 semitones until registered parameter 0 sets another. */
function bendsOf(track: MidiTrack, channel: number, secondsAt: (tick: number) => number): PitchBend[] {
  const bends: PitchBend[] = [];
  let range = 2;
  let parameter = 0x3fff; // none
  let value = 0;
  for (const event of track.events) {
    if (!('channel' in event) || event.channel !== channel) continue;
    if (event.kind === 'control') {
      if (event.controller === 101) parameter = (parameter & 0x7f) | (event.value << 7);
      else if (event.controller === 100) parameter = (parameter & 0x3f80) | event.value;
      else if (event.controller === 98 || event.controller === 99) parameter = 0x3fff;
      else if (event.controller === 6 && parameter === 0) range = event.value + (range % 1);
      else if (event.controller === 38 && parameter === 0) range = Math.floor(range) + Math.min(99, event.value) / 100;
      else if (event.controller === 121)
        value = 0; // reset all controllers
      else continue;
    } else if (event.kind === 'bend') value = event.value;
    else continue;
    const semitones = (value / 8192) * range;
    if (semitones !== (bends.at(-1)?.semitones ?? 0)) bends.push({ time: secondsAt(event.tick), semitones });
  }
  return bends;
}

/** The bend that half of the note's time lies below: 0 for vibrato and slides, the offset for a note held off its key. */
function medianBend(note: Note, bends: readonly PitchBend[]): number {
  const pieces: { semitones: number; length: number }[] = [];
  let low = 0;
  let high = bends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bends[middle]!.time <= note.start) low = middle + 1;
    else high = middle;
  }
  let from = note.start;
  for (let i = low - 1; i < bends.length && from < note.end; i++) {
    const until = Math.min(note.end, bends[i + 1]?.time ?? Number.POSITIVE_INFINITY);
    pieces.push({ semitones: i < 0 ? 0 : bends[i]!.semitones, length: until - from });
    from = until;
  }
  pieces.sort((a, b) => a.semitones - b.semitones);
  let rest = (note.end - note.start) / 2;
  for (const piece of pieces) {
    rest -= piece.length;
    if (rest <= 0) return piece.semitones;
  }
  return 0;
}
