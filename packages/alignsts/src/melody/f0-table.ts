import { type Hertz, InputError, type Seconds } from '@alignsts/signal';
import { HIGHEST_PITCH, LONGEST_MELODY, LOWEST_PITCH } from './check-melody.ts';
import type { Melody } from './melody.ts';
import { midiToHertz } from './pitch-scale.ts';
import { resampleF0 } from './resample-f0.ts';

/**
 * An F0 curve written down as a table, as CSV or JSON.
 *
 * CSV: a row a frame, columns parted by comma, semicolon, tab or spaces; time in seconds (or ms, if the header says so), F0 in Hz (or
 * MIDI numbers, if the header says so), perhaps a confidence from 0 to 1. Without a header these are the columns in this order. Lines
 * that begin with "#" are comments. 0, negative numbers, "nan", "--", "--undefined--" and empty cells are unvoiced.
 *
 * JSON: { "times": [s], "f0": [Hz] }, { "hop": s, "f0": [Hz] } (with "start": s if the first frame is not at 0), or a list of
 * { "time": s, "f0": Hz } or [s, Hz]; "confidence" may stand beside "f0"; null is unvoiced.
 */
export type F0TableOptions = {
  name?: string;
  /** Seconds between rows, for a table that has only one column. */
  hop?: Seconds;
};

/** What all the notations come to: rows in time order. */
type F0Rows = { times: number[]; f0: number[]; confidence?: number[] };

const MOST_ROWS = 2_000_000;
/** Below this a tracker does not trust itself; crepe and others publish it as their voicing decision. */
const TRUSTED = 0.5;

/**
 * Reads a table in CSV. @throws InputError that names the line.
 * @example melodyFromF0Csv('0,220\n0.01,220\n0.02,--').f0[1] // 220
 */
export function melodyFromF0Csv(text: string, { name, hop }: F0TableOptions = {}): Melody {
  return melodyFromRows(readCsv(text, hop), name);
}

/** Reads a table in JSON. @throws InputError that names the entry. */
export function melodyFromF0Json(text: string, { name }: F0TableOptions = {}): Melody {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new InputError(
      `the F0 table is no valid JSON (${error instanceof Error ? error.message.slice(0, 100) : 'unreadable'}). Write it as { "times": […], "f0": […] }.`,
    );
  }
  return melodyFromRows(readJson(value), name);
}

/** Whether the first line of a text is a row of numbers, or a header that names a time and a frequency. */
export function looksLikeF0Csv(text: string): boolean {
  for (const line of linesOf(text.slice(0, 10_000))) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    try {
      const columns = findColumns(line);
      return columns.time !== undefined || !columns.header;
    } catch {
      return false;
    }
  }
  return false;
}

function melodyFromRows({ times, f0, confidence }: F0Rows, name: string | undefined): Melody {
  if (times.length < 2)
    throw new InputError(
      `the F0 table has ${times.length} ${times.length === 1 ? 'row' : 'rows'}; at least 2 are needed. Give a row for every frame.`,
    );
  if (times.at(-1)! > LONGEST_MELODY) {
    throw new InputError(
      `the F0 table goes to ${Math.round(times.at(-1)!)} s; at most ${LONGEST_MELODY} s are allowed. Check that its times are in seconds, or cut it.`,
    );
  }
  const remarks: string[] = [];
  const step = medianStep(times);
  dropStrays(f0, remarks);
  if (confidence) dropUntrusted(f0, confidence, remarks);
  // the last row stands for its step, of which half lies after it
  const duration = times.at(-1)! + step / 2;
  const curve = resampleF0({ times, f0, ...(confidence ? { confidence } : {}) }, duration, { longestGap: 2.5 * step, reach: step / 2 });
  return { ...curve, duration, source: { kind: 'f0-table', ...(name === undefined ? {} : { name }) }, remarks };
}

function medianStep(times: readonly number[]): Seconds {
  const steps = Float64Array.from({ length: times.length - 1 }, (_, i) => times[i + 1]! - times[i]!).sort();
  return steps[steps.length >> 1]!;
}

/** A few impossible values are slips of a tracker and become unvoiced; many mean that the melody is out of range, for the door to say. */
function dropStrays(f0: number[], remarks: string[]): void {
  let voiced = 0;
  let strays = 0;
  for (const hertz of f0) {
    if (hertz > 0) voiced++;
    if (hertz > 0 && (hertz < LOWEST_PITCH || hertz > HIGHEST_PITCH)) strays++;
  }
  if (strays === 0 || strays > 0.05 * voiced) return;
  for (let i = 0; i < f0.length; i++) if (f0[i]! < LOWEST_PITCH || f0[i]! > HIGHEST_PITCH) f0[i] = 0;
  remarks.push(`${strays} of ${voiced} voiced rows lay outside ${LOWEST_PITCH} to ${HIGHEST_PITCH} Hz and were taken as unvoiced.`);
}

/** Trackers such as crepe give a frequency for every frame and leave voicing to the confidence. */
function dropUntrusted(f0: number[], confidence: readonly number[], remarks: string[]): void {
  if (f0.some((hertz) => hertz === 0) || !confidence.some((trust) => trust < TRUSTED)) return;
  let dropped = 0;
  for (let i = 0; i < f0.length; i++) {
    if (confidence[i]! >= TRUSTED) continue;
    f0[i] = 0;
    dropped++;
  }
  remarks.push(
    `The table marks no row as unvoiced, so the ${dropped} of ${f0.length} rows with a confidence below ${TRUSTED} were taken as unvoiced.`,
  );
}

function readCsv(text: string, hop: Seconds | undefined): F0Rows {
  const rows: F0Rows = { times: [], f0: [] };
  let columns: Columns | undefined;
  let confidence: number[] | undefined;
  let number = 0;
  for (const line of linesOf(text)) {
    number++;
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    if (!columns) {
      columns = findColumns(line);
      if (columns.confidence !== undefined) confidence = [];
      if (columns.header) continue;
    }
    if (rows.times.length === MOST_ROWS)
      throw new InputError(`the F0 table has more than ${MOST_ROWS} rows. Use a longer step between them.`);
    const cells = splitLine(line, columns.separator);
    const hertz = pitchOf(cells[columns.f0], columns, number);
    let time: number;
    if (columns.time === undefined) {
      if (hop === undefined)
        throw new InputError(
          'the F0 table has one column, so the time between its rows must be given (hop, in seconds), or a column of times.',
        );
      time = rows.times.length * hop;
    } else time = numberOf(cells[columns.time], columns.separator) * (columns.milliseconds ? 0.001 : 1);
    pushTime(rows, time, `line ${number} of the F0 table`);
    rows.f0.push(hertz);
    if (confidence && columns.confidence !== undefined) {
      const trust = numberOf(cells[columns.confidence], columns.separator);
      confidence.push(Number.isFinite(trust) ? Math.min(1, Math.max(0, trust)) : 0);
    }
  }
  return confidence ? { ...rows, confidence } : rows;
}

function* linesOf(text: string): Generator<string> {
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? 10 : text.charCodeAt(i);
    if (code !== 10 && code !== 13) continue;
    yield text.slice(start, i);
    if (code === 13 && text.charCodeAt(i + 1) === 10) i++;
    start = i + 1;
  }
}

type Separator = ',' | ';' | '\t' | ' ';
type Columns = {
  separator: Separator;
  header: boolean;
  time?: number;
  f0: number;
  confidence?: number;
  milliseconds: boolean;
  midi: boolean;
};

function findColumns(line: string): Columns {
  const separator: Separator = line.includes(';') ? ';' : line.includes('\t') ? '\t' : line.includes(',') ? ',' : ' ';
  const cells = splitLine(line, separator).map((cell) => cell.slice(0, 80).toLowerCase());
  const header = cells.some((cell) => !Number.isFinite(numberOf(cell, separator)) && !isUnvoiced(cell));
  if (!header) {
    const [time, f0, confidence] = cells.length === 1 ? [undefined, 0, undefined] : cells.length === 2 ? [0, 1, undefined] : [0, 1, 2];
    return {
      separator,
      header,
      ...(time === undefined ? {} : { time }),
      f0: f0!,
      ...(confidence === undefined ? {} : { confidence }),
      milliseconds: false,
      midi: false,
    };
  }
  const f0 = cells.findIndex((cell) => /f0|freq|pitch|hz|hertz|midi/.test(cell));
  const time = cells.findIndex((cell, i) => i !== f0 && /^(t$|time|sec|start|onset)/.test(cell));
  const confidence = cells.findIndex((cell, i) => i !== f0 && i !== time && /conf|prob|strength/.test(cell));
  if (f0 < 0 || (time < 0 && cells.length > 1)) {
    throw new InputError(
      `the F0 table has the columns ${cells
        .slice(0, 8)
        .map((cell) => `"${cell}"`)
        .join(', ')}; "time" and "f0" are needed, "confidence" is allowed. Rename them.`,
    );
  }
  return {
    separator,
    header,
    f0,
    ...(time < 0 ? {} : { time }),
    ...(confidence < 0 ? {} : { confidence }),
    milliseconds: time >= 0 && /(^|[^a-z])ms|milli|msec/.test(cells[time]!),
    midi: /midi/.test(cells[f0]!),
  };
}

function splitLine(line: string, separator: Separator): string[] {
  const cells = separator === ' ' ? line.trim().split(/\s+/) : line.split(separator);
  return cells.map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

function pitchOf(cell: string | undefined, { separator, midi }: Columns, line: number): Hertz {
  if (cell === undefined || isUnvoiced(cell.toLowerCase())) return 0;
  const value = numberOf(cell, separator);
  if (!Number.isFinite(value))
    throw new InputError(
      `line ${line} of the F0 table has "${cell.slice(0, 40)}" where a frequency in Hz should be; write 0 or -- where it is unvoiced.`,
    );
  return value <= 0 ? 0 : midi ? midiToHertz(value) : value;
}

function isUnvoiced(cell: string): boolean {
  return /^(|-+|nan|none|null|n\/a|na|-*undefined-*|unvoiced)$/.test(cell);
}

/** Where the comma does not part columns it may be a decimal comma. */
function numberOf(cell: string | undefined, separator: Separator): number {
  if (cell === undefined || cell === '') return Number.NaN;
  return Number(separator === ',' ? cell : cell.replace(',', '.'));
}

function pushTime(rows: F0Rows, time: number, where: string): void {
  if (!(Number.isFinite(time) && time >= 0))
    throw new InputError(`${where} has no time that can be used (${time}); times are seconds from 0. Repair or remove it.`);
  const last = rows.times.at(-1);
  if (last !== undefined && time <= last)
    throw new InputError(`${where} has time ${time} s, which does not come after the ${last} s before it. Sort the rows by time.`);
  rows.times.push(time);
}

const JSON_SHAPES = 'write { "times": [s], "f0": [Hz] }, { "hop": s, "f0": [Hz] } or a list of { "time": s, "f0": Hz }';

function readJson(value: unknown): F0Rows {
  const rows: F0Rows = { times: [], f0: [] };
  const confidence: number[] = [];
  const add = (time: unknown, hertz: unknown, trust: unknown, index: number): void => {
    const where = `entry ${index + 1} of the F0 table`;
    pushTime(rows, typeof time === 'number' ? time : Number.NaN, where);
    if (hertz !== null && (typeof hertz !== 'number' || !Number.isFinite(hertz))) {
      throw new InputError(`${where} has ${shown(hertz)} where a frequency in Hz should be; write null or 0 where it is unvoiced.`);
    }
    rows.f0.push(Math.max(0, hertz ?? 0));
    if (typeof trust === 'number') confidence.push(Math.min(1, Math.max(0, trust)));
  };
  if (Array.isArray(value)) {
    checkCount(value.length);
    for (const [i, entry] of value.entries()) {
      if (Array.isArray(entry)) add(entry[0], entry[1], entry[2], i);
      else if (isRecord(entry)) add(fieldOf(entry, TIME), fieldOf(entry, PITCH), entry['confidence'], i);
      else throw new InputError(`entry ${i + 1} of the F0 table is ${shown(entry)}; ${JSON_SHAPES}.`);
    }
  } else if (isRecord(value)) {
    const f0 = fieldOf(value, PITCH);
    const times = fieldOf(value, TIME);
    const hop = fieldOf(value, ['hop', 'step', 'timeStep', 'time_step']);
    const start = value['start'] ?? 0;
    const trust = value['confidence'];
    if (!Array.isArray(f0)) throw new InputError(`the JSON holds no list "f0"; ${JSON_SHAPES}.`);
    checkCount(f0.length);
    if (Array.isArray(times) ? times.length !== f0.length : !(typeof hop === 'number' && hop > 0 && typeof start === 'number')) {
      throw new InputError(
        Array.isArray(times)
          ? `the F0 table has ${times.length} times but ${f0.length} values; there must be as many.`
          : `the F0 table has neither "times" nor a "hop" above 0; ${JSON_SHAPES}.`,
      );
    }
    for (const [i, hertz] of f0.entries()) {
      add(Array.isArray(times) ? times[i] : Number(start) + i * Number(hop), hertz, Array.isArray(trust) ? trust[i] : undefined, i);
    }
  } else throw new InputError(`the JSON holds ${shown(value)}, not an F0 table; ${JSON_SHAPES}.`);
  return confidence.length === rows.f0.length ? { ...rows, confidence } : rows;
}

const TIME = ['times', 'time', 't'];
const PITCH = ['f0', 'frequency', 'frequencies', 'pitch', 'hz'];

function checkCount(count: number): void {
  if (count > MOST_ROWS)
    throw new InputError(`the F0 table has ${count} rows; at most ${MOST_ROWS} are allowed. Use a longer step between them.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldOf(record: Record<string, unknown>, names: readonly string[]): unknown {
  for (const name of names) if (Object.hasOwn(record, name)) return record[name];
  return undefined;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 40);
}
