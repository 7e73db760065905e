import type { Hertz } from '../units.ts';
import type { F0Options } from './f0-options.ts';
import { sincInterpolate } from './sinc.ts';

/** The voiced candidates of all frames, one after the other: those of frame t stand at offsets[t] … offsets[t+1]-1. */
export type Candidates = {
  offsets: Uint32Array; // [T+1]
  frequency: Float64Array; // Hz
  strength: Float64Array; // periodicity, 0 … 1
};

export type CandidateFinder = {
  /** Finds the candidates of one frame; they stand in frequency and strength until the next call. Returns how many there are. */
  find(r: Float64Array /* [maxLag+1] */): number;
  readonly frequency: Float64Array;
  readonly strength: Float64Array;
};

// depths of sin x/x interpolation: a first height, then the refined maximum (Boersma 1993 §4; Praat's values)
const FIRST_DEPTH = 30;
const REFINED_DEPTH = 70;
const ACCURATE_DEPTH = 700;

/** Maxima of the autocorrelation up to the longest period (Boersma 1993 §4, steps 3.10–3.11). */
export function createCandidateFinder(sampleRate: Hertz, longestPeriod: number, options: F0Options): CandidateFinder {
  const { floor, ceiling, voicingThreshold, octaveCost, veryAccurate } = options;
  const most = Math.max(options.candidates, Math.floor(ceiling / floor)) - 1;
  const frequency = new Float64Array(most);
  const strength = new Float64Array(most);
  const worth = (i: number): number => strength[i]! - octaveCost * Math.log2(floor / frequency[i]!);

  return {
    frequency,
    strength,
    find(r) {
      let count = 0;
      const lastLag = Math.min(longestPeriod + 1, r.length - 2);
      for (let lag = 2; lag <= lastLag; lag++) {
        const height = r[lag]!;
        if (!(height > 0.5 * voicingThreshold && height > r[lag - 1]! && height >= r[lag + 1]!)) continue;
        const top = lag + parabolaTop(r[lag - 1]!, height, r[lag + 1]!);
        const found = sampleRate / top;
        const foundStrength = folded(sincInterpolate(r, top, FIRST_DEPTH));
        let place = count;
        if (count === most) {
          place = 0;
          for (let i = 1; i < most; i++) if (worth(i) < worth(place)) place = i;
          if (foundStrength - octaveCost * Math.log2(floor / found) <= worth(place)) continue;
        } else count++;
        frequency[place] = found;
        strength[place] = foundStrength;
      }
      for (let i = 0; i < count; i++) {
        const depth = veryAccurate || frequency[i]! > 0.3 * sampleRate ? ACCURATE_DEPTH : REFINED_DEPTH;
        const { at, value } = refineMaximum(r, sampleRate / frequency[i]!, depth);
        frequency[i] = sampleRate / at;
        strength[i] = folded(value);
      }
      return count;
    },
  };
}

/** Where the parabola through three equidistant values has its top, from the middle one. */
function parabolaTop(before: number, middle: number, after: number): number {
  return (0.5 * (after - before)) / (2 * middle - before - after);
}

/** Sampling and the division by the window can lift a height above 1. */
function folded(height: number): number {
  return height > 1 ? 1 / height : height;
}

/** The top of the interpolated curve near `start`: parabolas through three of its values, first 0.1 and then 0.01 samples apart. */
function refineMaximum(r: Float64Array, start: number, depth: number): { at: number; value: number } {
  let at = start;
  let value = 0;
  for (const step of [0.1, 0.01]) {
    const before = sincInterpolate(r, at - step, depth);
    const middle = sincInterpolate(r, at, depth);
    const after = sincInterpolate(r, at + step, depth);
    const bend = 2 * middle - before - after;
    if (!(bend > 0)) return { at, value: middle };
    const shift = Math.max(-1, Math.min(1, parabolaTop(before, middle, after) * step));
    at += shift;
    value = middle + (0.25 * (after - before) * shift) / step;
  }
  return { at, value };
}
