import { expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import type { Candidates } from './candidates.ts';
import { F0_DEFAULTS, type F0Options } from './f0-options.ts';
import { bestPath } from './path.ts';

type Frame = { frequency: number; strength: number }[];

function pack(frames: Frame[]): Candidates {
  const flat = frames.flat();
  const offsets = new Uint32Array(frames.length + 1);
  frames.forEach((frame, t) => {
    offsets[t + 1] = offsets[t]! + frame.length;
  });
  return { offsets, frequency: Float64Array.from(flat, (c) => c.frequency), strength: Float64Array.from(flat, (c) => c.strength) };
}

/** Spec B9, steps 5 and 6, by trying every path. `choice` is 0 for unvoiced, else 1 + the candidate's number. */
function exhaustive(frames: Frame[], intensity: ArrayLike<number>, step: number, options: F0Options): { best: number; choice: number[] } {
  const correction = 0.01 / step;
  const voicelessGain = (t: number): number =>
    options.voicingThreshold + Math.max(0, 2 - intensity[t]! / (options.silenceThreshold / (1 + options.voicingThreshold)));
  let best = { best: Number.NEGATIVE_INFINITY, choice: [] as number[] };
  const walk = (t: number, gain: number, previous: number, choice: number[]): void => {
    if (t === frames.length) {
      if (gain > best.best) best = { best: gain, choice };
      return;
    }
    for (let i = 0; i <= frames[t]!.length; i++) {
      const candidate = i === 0 ? undefined : frames[t]![i - 1]!;
      const f = candidate !== undefined && candidate.frequency < options.ceiling ? candidate.frequency : 0;
      const here = f > 0 ? candidate!.strength - options.octaveCost * Math.log2(options.ceiling / f) : voicelessGain(t);
      let cost = 0;
      if (t > 0 && f > 0 && previous > 0) cost = options.octaveJumpCost * correction * Math.abs(Math.log2(f / previous));
      else if (t > 0 && f > 0 !== previous > 0) cost = options.voicedUnvoicedCost * correction;
      walk(t + 1, gain + here - cost, f, [...choice, f > 0 ? i : 0]);
    }
  };
  walk(0, 0, 0, []);
  return best;
}

test('the path is the best of all paths', () => {
  const random = createRandom(1);
  for (let round = 0; round < 60; round++) {
    const frames = Array.from(
      { length: 5 },
      (): Frame =>
        Array.from({ length: random.integer(4) }, () => ({ frequency: 80 * 2 ** (4 * random.uniform()), strength: random.uniform() })),
    );
    const intensity = Float32Array.from({ length: 5 }, () => (random.uniform() < 0.3 ? 0.02 * random.uniform() : random.uniform()));
    const candidates = pack(frames);
    const chosen = bestPath(candidates, intensity, 0.01, F0_DEFAULTS);
    const { choice } = exhaustive(frames, intensity, 0.01, F0_DEFAULTS);
    expect(Array.from(chosen, (index, t) => (index < 0 ? 0 : 1 + index - candidates.offsets[t]!))).toEqual(choice);
  }
});

test('no frames have an empty path', () => {
  expect(bestPath(pack([]), new Float32Array(0), 0.01, F0_DEFAULTS)).toHaveLength(0);
});
