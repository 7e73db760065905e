/**
 * Which moment of the speech each moment of the reference sings: dynamic time warping (Sakoe and Chiba 1978) between pitch-free features. Long silence
 * before and after the words takes no part; there time runs on at its natural pace.
 */
import { type Decibels, dtw, type Frames, gaussianFilter, pathToTimeMap } from '@alignsts/signal';
import { loudestOf } from './frame-levels.ts';
import type { PitchFreeFeatures } from './pitch-free-features.ts';

export type ReferenceAlignment = {
  /** For each frame of the reference, the frame of the speech: fractional, never falling, before 0 and past the end where the speech has nothing. */
  sourceTime: Float32Array; // [T]
  /** Mean difference of features along the path. */
  distance: number;
};

/** Distances of 26 pairs of the same words by the same person: 8.6 to 12.8; of 72 of other words by others: 13.6 to 16.2. */
export const POOR_MATCH = 13.2;

/** The alignment looks at every second frame (10.7 ms). */
const STEP: Frames = 2;
/** σ of the path's smoothing, 48 ms: a path of steps becomes a pace that changes no faster than syllables do. */
const PATH_SMOOTHING: Frames = 9;
/** Both axes at once are the natural pace; a little dearer, they keep pauses from being skipped for free. */
const STEPS = [
  { di: 1, dj: 1, weight: 1.2 },
  { di: 0, dj: 1, weight: 1 },
  { di: 1, dj: 0, weight: 1 },
];
/** Words begin where the level first comes this near to the loudest frame, and a weak onset may lie before that. */
const WORDS_RANGE: Decibels = 35;
const ONSET_MARGIN: Frames = 30;
/** Cells of a table that is searched in full: half a minute of speech and a minute of song. */
const MOST_CELLS = 16e6;
/** How far a fine path may leave the coarse one that guides it, in steps of its own: 1.5 s. */
const GUIDE_RADIUS = 140;

export function alignToReference(speech: PitchFreeFeatures, reference: PitchFreeFeatures): ReferenceAlignment {
  const spoken = wordsOf(speech);
  const sung = wordsOf(reference);
  const { map, distance } = align(everyNth(speech, spoken, STEP), everyNth(reference, sung, STEP));
  const lastColumn = map.length - 1;
  const sourceTime = Float32Array.from({ length: reference.frames }, (_, t) => {
    const position = (t - sung.first) / STEP;
    if (position <= 0) return spoken.first + map[0]! * STEP + position * STEP;
    if (position >= lastColumn) return spoken.first + (map[lastColumn]! + position - lastColumn) * STEP;
    const left = Math.floor(position);
    return spoken.first + STEP * (map[left]! + (position - left) * (map[left + 1]! - map[left]!));
  });
  return { sourceTime: gaussianFilter(sourceTime, PATH_SMOOTHING), distance };
}

type Span = { first: Frames; last: Frames };

function wordsOf({ level, frames }: PitchFreeFeatures): Span {
  const threshold = loudestOf(level) - WORDS_RANGE;
  const sounds = (value: number): boolean => value >= threshold;
  return {
    first: Math.max(0, level.findIndex(sounds) - ONSET_MARGIN),
    last: Math.min(frames - 1, level.findLastIndex(sounds) + ONSET_MARGIN),
  };
}

/** Rows of features. */
type Sequence = { count: number; size: number; values: Float32Array /* [count, size] */ };

function everyNth({ size, values }: PitchFreeFeatures, { first, last }: Span, step: Frames): Sequence {
  const count = 1 + Math.floor((last - first) / step);
  const picked = new Float32Array(count * size);
  for (let i = 0; i < count; i++) picked.set(values.subarray((first + i * step) * size, (first + i * step + 1) * size), i * size);
  return { count, size, values: picked };
}

/** For each column the row. Tables too large to be searched in full are searched around the path of their means (Salvador and Chan 2007). */
function align(rows: Sequence, columns: Sequence): { map: Float32Array /* [columns] */; distance: number } {
  const cells = rows.count * columns.count;
  if (cells <= MOST_CELLS) return search(rows, columns);
  const factor = Math.ceil(Math.sqrt(cells / MOST_CELLS));
  const coarse = search(means(rows, factor), means(columns, factor));
  const centre = Float32Array.from({ length: columns.count }, (_, j) => {
    const position = Math.max(0, (j + 0.5) / factor - 0.5);
    const left = Math.min(coarse.map.length - 1, Math.floor(position));
    const right = Math.min(coarse.map.length - 1, left + 1);
    return factor * (coarse.map[left]! + (position - left) * (coarse.map[right]! - coarse.map[left]!) + 0.5) - 0.5;
  });
  // where the coarse path leaps over speech, the band must be wide enough to leap with it
  let leap = 0;
  for (let j = 1; j < centre.length; j++) leap = Math.max(leap, centre[j]! - centre[j - 1]!);
  const radius = GUIDE_RADIUS + Math.max(centre[0]!, rows.count - 1 - centre[columns.count - 1]!, factor * leap);
  if (2 * radius * columns.count > 4 * MOST_CELLS) return { map: centre, distance: coarse.distance };
  return search(rows, columns, { radius, centre });
}

function search(rows: Sequence, columns: Sequence, band?: { radius: number; centre: Float32Array }) {
  const { size } = rows;
  const cost = (i: number, j: number): number => {
    const a = i * size;
    const b = j * size;
    let sum = 0;
    for (let f = 0; f < size; f++) sum += Math.abs(rows.values[a + f]! - columns.values[b + f]!);
    return sum;
  };
  const { path } = dtw({ rows: rows.count, cols: columns.count, cost, steps: STEPS, ...(band && { band }) });
  let total = 0;
  for (let n = 0; n < path.rows.length; n++) total += cost(path.rows[n]!, path.cols[n]!);
  return { map: pathToTimeMap(path, { cols: columns.count }), distance: total / path.rows.length };
}

/** Means over `factor` rows each; the last may be of fewer. */
function means({ count, size, values }: Sequence, factor: number): Sequence {
  const groups = Math.ceil(count / factor);
  const averaged = new Float32Array(groups * size);
  for (let g = 0; g < groups; g++) {
    const end = Math.min(count, (g + 1) * factor);
    for (let i = g * factor; i < end; i++) {
      for (let f = 0; f < size; f++) averaged[g * size + f] = averaged[g * size + f]! + values[i * size + f]! / (end - g * factor);
    }
  }
  return { count: groups, size, values: averaged };
}
