import { InputError } from '@alignsts/signal';
import { LONGEST_MELODY } from './check-melody.ts';
import { decodeText } from './decode-text.ts';
import type { Melody } from './melody.ts';
import { resampleF0 } from './resample-f0.ts';

/**
 * Praat's PitchTier: points of time and F0, straight lines in Hz between them, and the first and last value held outside, as Praat's
 * own "Get value at time" does. It has no unvoiced stretches of its own. Text files (long and short), spreadsheet and binary files.
 */
export type PitchTierOptions = {
  name?: string;
  /** Points farther apart than this, in seconds, have silence between them; for a tier made from a Pitch with pauses. */
  longestGap?: number;
};

const MOST_POINTS = 2_000_000;

/** @throws InputError if it is no PitchTier or is damaged. */
export function melodyFromPitchTier(bytes: Uint8Array, { name, longestGap = Number.POSITIVE_INFINITY }: PitchTierOptions = {}): Melody {
  const { xmax, points } = isBinary(bytes) ? readBinary(bytes) : readText(decodeText(bytes));
  if (points.length === 0) throw new InputError('the PitchTier has no points; at least one is needed. Add points or choose another file.');
  if (!(xmax > 0 && xmax <= LONGEST_MELODY))
    throw new InputError(`the PitchTier ends at ${xmax} s; more than 0 and at most ${LONGEST_MELODY} s are allowed.`);
  for (const [i, { time, value }] of points.entries()) {
    if (!(value > 0 && Number.isFinite(value)))
      throw new InputError(`point ${i + 1} of the PitchTier has ${value} Hz; values above 0 are allowed. Remove that point.`);
    if (!(time >= 0 && time <= LONGEST_MELODY) || (i > 0 && time <= points[i - 1]!.time)) {
      throw new InputError(`point ${i + 1} of the PitchTier is at ${time} s; times must rise from 0. Save the tier again.`);
    }
  }
  const curve = resampleF0({ times: points.map((point) => point.time), f0: points.map((point) => point.value) }, xmax, {
    longestGap,
    reach: longestGap / 2,
    scale: 'linear',
  });
  return { ...curve, duration: xmax, source: { kind: 'f0-table', ...(name === undefined ? {} : { name }) }, remarks: [] };
}

/** Whether a file begins as Praat's text or binary object files do. */
export function looksLikePraat(bytes: Uint8Array): boolean {
  return isBinary(bytes) || /^\s*(file\s+type\s*=\s*)?"ootextfile/i.test(decodeText(bytes.subarray(0, 200)));
}

type Tier = { xmax: number; points: { time: number; value: number }[] };

function isBinary(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 12)) === 'ooBinaryFile';
}

/** "ooBinaryFile", the class name with its length before it, then big-endian: xmin, xmax, the count, and time and value of each point. */
function readBinary(bytes: Uint8Array): Tier {
  const length = bytes[12] ?? 0;
  const className = String.fromCharCode(...bytes.subarray(13, 13 + length));
  checkClass(className);
  const begin = 13 + length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < begin + 20) throw truncated();
  const xmax = view.getFloat64(begin + 8);
  const count = view.getInt32(begin + 16);
  if (count < 0 || bytes.length < begin + 20 + 16 * count) throw truncated();
  checkCount(count);
  const points = Array.from({ length: count }, (_, i) => ({
    time: view.getFloat64(begin + 20 + 16 * i),
    value: view.getFloat64(begin + 28 + 16 * i),
  }));
  return { xmax, points };
}

/** In all of Praat's text formats only strings in quotes and numbers that stand free count; the rest is decoration. */
function readText(text: string): Tier {
  const className = /"ootextfile[^"]{0,20}"[^"]{0,100}"([^"]{0,80})"/i.exec(text.slice(0, 1000));
  checkClass(className?.[1] ?? '');
  const numbers: number[] = [];
  for (const match of text.slice(className!.index + className![0].length).matchAll(/\S+/g)) {
    const number = Number(match[0]);
    // an index as in "points [1]:" is no number to this rule
    if (Number.isNaN(number)) continue;
    numbers.push(number);
    checkCount(numbers.length / 2 - 2);
  }
  const [, xmax, count] = numbers;
  if (xmax === undefined || count === undefined || numbers.length < 3 + 2 * count) throw truncated();
  return {
    xmax,
    points: Array.from({ length: Math.max(0, Math.floor(count)) }, (_, i) => ({ time: numbers[3 + 2 * i]!, value: numbers[4 + 2 * i]! })),
  };
}

function checkClass(name: string): void {
  if (name.split(' ')[0] === 'PitchTier') return;
  throw new InputError(
    `the Praat file holds a ${name === '' ? 'nameless object' : `"${name.slice(0, 40)}"`}, not a PitchTier. In Praat, convert a Pitch with "Down to PitchTier" and save that.`,
  );
}

function checkCount(count: number): void {
  if (count > MOST_POINTS) throw new InputError(`the PitchTier has more than ${MOST_POINTS} points. Thin it out.`);
}

function truncated(): InputError {
  return new InputError('the PitchTier ends before its last point: the file is cut off or damaged. Save it again.');
}
