import { createRandom } from '@alignsts/signal';
import { expect, test } from 'vitest';
import { sampleMel, visitedLevels } from './sample.ts';
import { createSchedule } from './schedule.ts';

const schedule = createSchedule({ steps: 4, betaMin: 0.1, betaMax: 40 });
const clean = Float32Array.of(-3, 0.25, 7);

test('the answer is what the network says at level 0, unchanged', async () => {
  const mel = await sampleMel({ schedule, levels: visitedLevels(schedule), size: 3, random: createRandom(1), denoise: () => clean });
  expect(mel).toEqual(clean);
});

test('the teacher visits levels 3, 2, 1, 0 and the two-step student 2, 0', async () => {
  expect(visitedLevels(schedule)).toEqual([3, 2, 1, 0]);
  expect(visitedLevels(schedule, 2)).toEqual([2, 0]);
  const asked: number[] = [];
  const steps: [number, number][] = [];
  await sampleMel({
    ...{ schedule, levels: [3, 2, 1, 0], size: 3, random: createRandom(1) },
    denoise: (_, level) => {
      asked.push(level);
      return clean;
    },
    onStep: (done, of) => steps.push([done, of]),
  });
  expect(asked).toEqual([3, 2, 1, 0]);
  expect(steps).toEqual([
    [1, 4],
    [2, 4],
    [3, 4],
    [4, 4],
  ]);
});

test("with a perfect network the noisy mel at each level has the forward process's mean and spread", async () => {
  const size = 20000;
  const target = new Float32Array(size).fill(2);
  const seen = new Map<number, Float32Array>();
  await sampleMel({
    ...{ schedule, levels: [3, 2, 1, 0], size, random: createRandom(5) },
    denoise: (noisy, level) => {
      seen.set(level, noisy);
      return target;
    },
  });
  for (const level of [2, 1, 0]) {
    const noisy = seen.get(level)!;
    const mean = noisy.reduce((sum, value) => sum + value, 0) / size;
    const deviation = Math.sqrt(noisy.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size);
    // of 20,000 draws the mean is known to 0.007 and the deviation to 0.005 (one standard error)
    expect(Math.abs(mean - 2 * schedule.signal[level]!)).toBeLessThan(0.03);
    expect(Math.abs(deviation - schedule.noise[level]!)).toBeLessThan(0.02);
  }
});

test('the seed decides the noise, and temperature 0 takes it away', async () => {
  const run = (seed: number, temperature: number) =>
    sampleMel({
      ...{ schedule, levels: [3, 2, 1, 0], size: 4, random: createRandom(seed), temperature },
      denoise: (noisy) => noisy.map((value) => 0.5 * value),
    });
  expect(await run(1, 1)).toEqual(await run(1, 1));
  expect(await run(2, 1)).not.toEqual(await run(1, 1));
  expect(await run(1, 0)).toEqual(new Float32Array(4));
});

test('a normalised diffusion is brought back to log10', async () => {
  const options = { schedule, levels: [0], size: 3, random: createRandom(1), normalise: { mean: -4, scale: 2 } };
  expect(await sampleMel({ ...options, denoise: () => Float32Array.of(0, 1, -1) })).toEqual(Float32Array.of(-4, -2, -6));
});

test('levels that do not end at 0 are a bug', async () => {
  await expect(sampleMel({ schedule, levels: [3, 2], size: 3, random: createRandom(1), denoise: () => clean })).rejects.toThrow(
    'do not end at 0',
  );
});
