import { InputError } from '@alignsts/signal';
import { decodeText } from '../melody/decode-text.ts';
import type { IntervalTier, PointTier, TextGrid } from './text-grid.ts';

/**
 * Reads a TextGrid in Praat's long or short text form, from bytes (UTF-8, UTF-16 with its mark, else Windows-1252) or from text. In both forms only numbers and
 * quoted strings that stand free count, and flags such as <exists>; everything else is decoration, `!` begins a comment.
 * Throws `InputError` with the line where something is missing or cannot be.
 */
export function readTextGrid(source: Uint8Array | string): TextGrid {
  if (typeof source !== 'string' && isBinary(source)) {
    throw new InputError('This is a binary Praat file. Save it in Praat as a text file.');
  }
  const tokens = new TokenReader((typeof source === 'string' ? source : decodeText(source)).replace(/^\uFEFF/, ''));
  const type = tokens.string('the file type "ooTextFile"');
  if (!type.startsWith('ooTextFile')) throw tokens.error(`the file type is ${excerpt(type)}, not "ooTextFile"`);
  const object = tokens.string('the object class "TextGrid"');
  if (object !== 'TextGrid') throw tokens.error(`the object class is ${excerpt(object)}, not "TextGrid"`);

  const start = tokens.number('the start of the grid');
  const end = tokens.number('the end of the grid');
  if (!(end > start)) throw tokens.error(`the grid runs from ${start} to ${end} s`);
  const tiers: TextGrid['tiers'] = [];
  if (tokens.flag('whether there are tiers') === '<exists>') {
    const count = tokens.count('the number of tiers');
    for (let t = 1; t <= count; t++) tiers.push(readTier(tokens, t, count));
  }
  return { start, end, tiers };
}

function readTier(tokens: TokenReader, index: number, count: number): IntervalTier | PointTier {
  const which = `tier ${index} of ${count}`;
  const kind = tokens.string(`the class of ${which}`);
  if (kind !== 'IntervalTier' && kind !== 'TextTier') {
    throw tokens.error(`${which} is of class ${excerpt(kind)}, not "IntervalTier" or "TextTier"`);
  }
  const name = tokens.string(`the name of ${which}`);
  const place = `tier ${index} (${excerpt(name)})`;
  tokens.number(`the start of ${place}`);
  tokens.number(`the end of ${place}`);
  const size = tokens.count(`the size of ${place}`);
  if (kind === 'TextTier') {
    const points: PointTier['points'] = [];
    for (let i = 1; i <= size; i++) {
      const point = `point ${i} of ${size} in ${place}`;
      const time = tokens.number(`the time of ${point}`);
      if (time < (points.at(-1)?.time ?? time)) throw tokens.error(`${point} lies before the one before it`);
      points.push({ time, label: tokens.string(`the mark of ${point}`) });
    }
    return { kind: 'point', name, points };
  }
  const intervals: IntervalTier['intervals'] = [];
  for (let i = 1; i <= size; i++) {
    const interval = `interval ${i} of ${size} in ${place}`;
    const start = tokens.number(`the start of ${interval}`);
    const end = tokens.number(`the end of ${interval}`);
    if (end < start) throw tokens.error(`${interval} ends at ${end} s before it starts at ${start} s`);
    if (start < (intervals.at(-1)?.start ?? start)) throw tokens.error(`${interval} starts before the one before it`);
    intervals.push({ start, end, label: tokens.string(`the label of ${interval}`) });
  }
  return { kind: 'interval', name, intervals };
}

type Token = { kind: 'string' | 'number' | 'flag'; text: string };

/** Walks through the free-standing strings, numbers and flags of a Praat text file, knowing the line it is on. */
class TokenReader {
  readonly #text: string;
  #at = 0;
  /** Start of the token read last, for the line in messages. */
  #tokenStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  string(what: string): string {
    return this.#expect('string', what);
  }

  number(what: string): number {
    return Number(this.#expect('number', what));
  }

  flag(what: string): string {
    return this.#expect('flag', what);
  }

  count(what: string): number {
    const value = this.number(what);
    if (!(Number.isInteger(value) && value >= 0)) throw this.error(`${what} is ${value}, not a count`);
    return value;
  }

  error(problem: string): InputError {
    const line = this.#text.slice(0, this.#tokenStart).split(/\r\n|\n|\r/).length;
    return new InputError(`Line ${line} of the TextGrid: ${problem}. Open and save it in Praat, or mend that line.`);
  }

  #expect(kind: Token['kind'], what: string): string {
    const token = this.#next();
    if (token === undefined) throw this.error(`the file ends where ${what} should stand`);
    if (token.kind !== kind) throw this.error(`${excerpt(token.text)} stands where ${what} should`);
    return token.text;
  }

  #next(): Token | undefined {
    const text = this.#text;
    for (;;) {
      WHITE_SPACE.lastIndex = this.#at;
      this.#at += WHITE_SPACE.exec(text)![0].length;
      this.#tokenStart = this.#at;
      if (this.#at >= text.length) return undefined;
      if (text[this.#at] === '"') return { kind: 'string', text: this.#quoted() };
      if (text[this.#at] === '!') {
        REST_OF_LINE.lastIndex = this.#at;
        this.#at += REST_OF_LINE.exec(text)![0].length;
        continue;
      }
      WORD.lastIndex = this.#at;
      const word = WORD.exec(text)![0];
      this.#at += word.length;
      if (NUMBER.test(word)) return { kind: 'number', text: word };
      if (word.startsWith('<') && word.endsWith('>')) return { kind: 'flag', text: word };
    }
  }

  /** From the opening quote to the closing one; two quotes stand for one. */
  #quoted(): string {
    let from = this.#at + 1;
    let content = '';
    for (;;) {
      const close = this.#text.indexOf('"', from);
      if (close < 0) throw this.error('a quoted text begins that never ends');
      content += this.#text.slice(from, close);
      if (this.#text[close + 1] !== '"') {
        this.#at = close + 1;
        return content;
      }
      content += '"';
      from = close + 2;
    }
  }
}

const WHITE_SPACE = /\s*/y;
const WORD = /\S+/y;
const REST_OF_LINE = /[^\r\n]*/y;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function isBinary(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 12)) === 'ooBinaryFile';
}

function excerpt(text: string): string {
  return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
}
