/**
 * Which moment of the speech each moment of the reference says: dynamic time warping (Sakoe and Chiba 1978) between pitch-free features. Silence before
 * and after the words takes no part; there time runs on at its natural pace.
 */
import { dtw, gaussianFilter, pathToTimeMap, UNIT_STEPS } from '@alignsts/signal';
import { ACTIVE_RANGE, type PitchFreeFeatures } from './pitch-free-features.ts';

export type ReferenceAlignment = {
  /** For each frame of the reference, the frame of the speech: fractional, never falling, and beyond the speech where it has nothing left. */
  sourceTime: Float32Array; // [T]
  /** Mean distance of features along the path: 2 to 3 for the same words, above POOR_MATCH for others. */
  distance: number;
};

/** Frames of the alignment are so many frames of 5.3 ms. */
const STEP = 3;
/** σ in frames of 5.3 ms: a path of steps becomes a pace that changes no faster than syllables do. */
const PATH_SMOOTHING = 9;

export function alignToReference(speech: PitchFreeFeatures, reference: PitchFreeFeatures): ReferenceAlignment {
  const spoken = wordsOf(speech.level);
  const sung = wordsOf(reference.level);
  const rows = coarseFrames(spoken);
  const cols = coarseFrames(sung);
  const { path, cost } = dtw({
    rows,
    cols,
    cost: (i, j) => distance(speech, spoken.first + i * STEP, reference, sung.first + j * STEP),
    steps: UNIT_STEPS,
  });
  const map = pathToTimeMap(path, { cols });
  const sourceTime = new Float32Array(reference.frames);
  for (let t = 0; t < reference.frames; t++) {
    const position = (t - sung.first) / STEP;
    if (position <= 0) sourceTime[t] = spoken.first + (t - sung.first);
    else if (position >= cols - 1) sourceTime[t] = spoken.first + map[cols - 1]! * STEP + (position - (cols - 1)) * STEP;
    else {
      const left = Math.floor(position);
      sourceTime[t] = spoken.first + STEP * (map[left]! + (position - left) * (map[left + 1]! - map[left]!));
    }
  }
  return { sourceTime: gaussianFilter(sourceTime, PATH_SMOOTHING), distance: cost / path.rows.length };
}

/** From the first to the last frame that is near the loudest. */
function wordsOf(level: Float32Array): { first: number; last: number } {
  const loudest = level.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const sounds = (value: number): boolean => value > loudest - ACTIVE_RANGE;
  return { first: level.findIndex(sounds), last: level.findLastIndex(sounds) };
}

function coarseFrames({ first, last }: { first: number; last: number }): number {
  return 1 + Math.floor((last - first) / STEP);
}

function distance(a: PitchFreeFeatures, t: number, b: PitchFreeFeatures, u: number): number {
  const { size } = a;
  let sum = 0;
  for (let f = 0; f < size; f++) {
    const difference = a.values[t * size + f]! - b.values[u * size + f]!;
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}
