import type { Random } from '@alignsts/signal';
import type { Schedule } from './schedule.ts';

/**
 * Sampling (spec A2.7): start from noise; at each level predict the clean mel and step to the level below,
 * x ← c1·x̂0 + c2·x + [i > 0]·σ·ε. At level 0 the prediction itself is the answer. Nothing is clamped; the seed decides the noise.
 */
export type SampleOptions = {
  schedule: Schedule;
  /** Levels visited, noisiest first. Teacher: 3, 2, 1, 0; the two-step student: 2, 0. */
  levels: readonly number[];
  /** How many numbers the mel has, T·M. */
  size: number;
  random: Random;
  /** Standard deviation of the starting noise and of the steps' noise. Default 1. */
  temperature?: number;
  /** The diffusion's own scale (config decoder.normalise): the answer is x·scale + mean. */
  normalise?: { mean: number; scale: number } | null;
  /** One call of the network: the clean mel as seen from `noisy` at `level`. */
  denoise: (noisy: Float32Array, level: number) => Promise<Float32Array> | Float32Array;
  onStep?: (done: number, of: number) => void;
};

export async function sampleMel(options: SampleOptions): Promise<Float32Array> {
  const { schedule, levels, size, random, normalise, temperature = 1 } = options;
  let x = Float32Array.from({ length: size }, () => random.normal() * temperature);
  for (const [done, level] of levels.entries()) {
    const clean = await options.denoise(x, level);
    if (clean.length !== size) throw new Error(`The denoiser returned ${clean.length} numbers for ${size}.`);
    options.onStep?.(done + 1, levels.length);
    if (level === 0) return normalise ? clean.map((value) => value * normalise.scale + normalise.mean) : clean;
    const c1 = schedule.meanOfClean[level]!;
    const c2 = schedule.meanOfNoisy[level]!;
    const deviation = schedule.deviation[level]! * temperature;
    const next = new Float32Array(size);
    for (let k = 0; k < size; k++) next[k] = c1 * clean[k]! + c2 * x[k]! + deviation * random.normal();
    x = next;
  }
  throw new Error(`The levels ${levels.join(', ')} do not end at 0.`);
}

/** The levels a decoder of so many steps visits. The student of two steps skips every other level of its teacher (spec B1). */
export function visitedLevels(schedule: Schedule, stride = 1): number[] {
  const levels: number[] = [];
  for (let level = schedule.steps - stride; level >= 0; level -= stride) levels.push(level);
  return levels;
}
