import { InputError, type Seconds } from '@alignsts/signal';
import type { Melody, Note } from './melody.ts';
import { melodyFromNotes } from './melody-from-notes.ts';
import { parseNoteName } from './note-name.ts';

/**
 * The short text tune: a melody one can type. Tokens stand between white space; bar lines `|` are ignored.
 *
 *     C4:1 D4:1/2 R:0.5 @90 | A#4:1.5=A- Bb4=maz- G4=_ F4:2=ing
 *
 *     tune    = token*
 *     token   = note | rest | tempo
 *     note    = letter A…G, any of # ## b bb, octave -1…9   (C4 = middle C, A4 = 440 Hz), then [ ":" beats ] [ "=" lyric ]
 *     rest    = "R" [ ":" beats ]
 *     beats   = decimal ("1.5") | fraction ("3/4")          (1 if left out)
 *     tempo   = "@" beats a minute, holds from here on; the first one also for what stands before it, so one may
 *               stand anywhere                              (120 if there is none)
 *     lyric   = text        a whole word, or the end of one begun by "text-"
 *             | text "-"    a syllable whose word goes on with the next lyric
 *             | "_"         this note continues the syllable before it (melisma)
 *     comment = from a token that begins with "#" or "//" to the end of the line
 */

const LONGEST_TEXT = 1_000_000;
const DEFAULT_TEMPO = 120;

/**
 * @throws InputError that names the token, its line and column.
 * @example parseTune('A4:1 R:1 @60 A4:1').duration // 3
 */
export function parseTune(text: string, { name }: { name?: string } = {}): Melody {
  if (text.length > LONGEST_TEXT) {
    throw new InputError(
      `the tune has ${text.length} characters; at most ${LONGEST_TEXT} are allowed. Write a shorter one or use a MIDI file.`,
    );
  }
  const notes: Note[] = [];
  const tokens = [...tokensOf(text)];
  const first = tokens.find((token) => token.text.startsWith('@'));
  const firstTempo = first ? parseTempo(first) : DEFAULT_TEMPO;
  let tempo = firstTempo;
  let time: Seconds = 0;
  let insideWord = false;
  let lastSung: Note | undefined;
  for (const token of tokens) {
    if (token.text.startsWith('@')) {
      tempo = parseTempo(token);
      continue;
    }
    const { pitch, beats, lyric } = parseNote(token);
    const start = time;
    time += (beats * 60) / tempo;
    if (pitch === undefined) continue;
    const note: Note = { start, end: time, pitch };
    notes.push(note);
    if (lyric === '_') {
      if (!lastSung?.lyric)
        throw badToken(token, 'continues a syllable with "_", but no note before it has one. Give an earlier note a lyric first');
      lastSung.lyric.extend = true;
    } else if (lyric !== undefined) {
      const goesOn = lyric.endsWith('-');
      note.lyric = {
        text: goesOn ? lyric.slice(0, -1) : lyric,
        syllabic: goesOn ? (insideWord ? 'middle' : 'begin') : insideWord ? 'end' : 'single',
        extend: false,
      };
      insideWord = goesOn;
      lastSung = note;
    }
  }
  return melodyFromNotes(
    notes,
    { kind: 'tune', ...(name === undefined ? {} : { name }), tempo: firstTempo },
    { duration: time, remarks: first ? [] : [`No tempo was given (such as @90), so ${DEFAULT_TEMPO} beats a minute were taken.`] },
  );
}

/** Whether the first word of a text could belong to a tune. @example looksLikeTune('C4:1 D4:1') // true */
export function looksLikeTune(text: string): boolean {
  for (const token of tokensOf(text.slice(0, 10_000))) return /^(@\d|[Rr](:|$)|[A-Ga-g][#♯b♭]{0,2}-?\d([:=]|$))/u.test(token.text);
  return false;
}

type Token = { text: string; index: number; line: number; column: number };

function* tokensOf(text: string): Generator<Token> {
  let index = 0;
  let line = 0;
  for (const lineText of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    line++;
    for (const match of lineText.matchAll(/[^\s|]+/g)) {
      if (/^(#|\/\/)/.test(match[0])) break;
      index++;
      yield { text: match[0], index, line, column: match.index + 1 };
    }
  }
}

function parseTempo(token: Token): number {
  const tempo = /^@\d+(\.\d+)?$/.test(token.text) ? Number(token.text.slice(1)) : Number.NaN;
  if (!(tempo >= 10 && tempo <= 1000)) throw badToken(token, 'is no tempo; @10 to @1000 beats a minute are allowed, such as @90');
  return tempo;
}

function parseNote(token: Token): { pitch?: number; beats: number; lyric?: string } {
  const match = /^([^:=]+)(?::([^=]*))?(?:=(.*))?$/su.exec(token.text);
  const name = match?.[1] ?? '';
  const rest = /^r$/i.test(name);
  const pitch = rest ? undefined : parseNoteName(name);
  if (!rest && pitch === undefined)
    throw badToken(token, 'is no note, rest or tempo. Write notes as C4:1 or F#4:1/2=word, rests as R:1, the tempo as @90');
  const beats = match?.[2] === undefined ? 1 : parseBeats(match[2]);
  if (beats === undefined)
    throw badToken(token, 'has no length that can be read; after ":" write beats above 0 and up to 1000, such as 1, 0.5 or 3/4');
  const lyric = match?.[3];
  if (lyric !== undefined && rest) throw badToken(token, 'puts a lyric on a rest. Move it to a note');
  if (lyric === '' || lyric === '-') throw badToken(token, 'has an empty lyric. Write a syllable after "=", or "_" to hold the one before');
  return { ...(pitch === undefined ? {} : { pitch }), beats, ...(lyric === undefined ? {} : { lyric }) };
}

function parseBeats(text: string): number | undefined {
  const match = /^(\d+(?:\.\d*)?|\.\d+)(?:\/(\d+))?$/.exec(text);
  if (!match) return undefined;
  const beats = Number(match[1]) / Number(match[2] ?? 1);
  return beats > 0 && beats <= 1000 ? beats : undefined;
}

function badToken(token: Token, what: string): InputError {
  const shown = token.text.length > 40 ? `${token.text.slice(0, 40)}…` : token.text;
  return new InputError(`word ${token.index} of the tune, "${shown}" (line ${token.line}, column ${token.column}), ${what}.`);
}
