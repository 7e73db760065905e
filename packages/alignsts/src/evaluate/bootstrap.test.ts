import { createRandom, InputError } from '@alignsts/signal';
import { expect, test } from 'vitest';
import { bootstrapMean } from './bootstrap.ts';

const normals = (count: number, seed: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.normal());
};

test('the half width approaches 1.96·s/√n for many independent values', () => {
  const values = normals(400, 7);
  const { mean, low, high, count } = bootstrapMean(values, { random: createRandom(1), replicates: 10_000 });
  const average = values.reduce((a, b) => a + b) / 400;
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - average) ** 2, 0) / 400);
  expect(mean).toBeCloseTo(average, 12);
  expect(count).toBe(400);
  // a 2.5 % quantile of 10,000 draws has a standard error of about 2 % of the half width
  expect((high - low) / 2 / ((1.96 * deviation) / 20)).toBeCloseTo(1, 1);
  expect(low).toBeLessThan(mean);
  expect(high).toBeGreaterThan(mean);
});

test('with three values of which one differs, the quantiles are those of the 27 equally likely draws', () => {
  // the mean of a draw is k/3, k ~ Binomial(3, 1/3): P(0) = 8/27, P(3) = 1/27, so the 2.5 % and 97.5 % quantiles are 0 and 1
  const { low, high } = bootstrapMean([0, 0, 1], { random: createRandom(3), replicates: 20_000 });
  expect([low, high]).toEqual([0, 1]);
  // P(3) = 3.7 % lies above the 95 % quantile but below the 96.3 %: at level 0.9 the upper end falls to 2/3
  const narrow = bootstrapMean([0, 0, 1], { random: createRandom(3), replicates: 20_000, level: 0.9 });
  expect(narrow.high).toBeCloseTo(2 / 3, 12);
});

test('the interval covers the true mean about as often as it says', () => {
  let covered = 0;
  for (let trial = 0; trial < 400; trial++) {
    const { low, high } = bootstrapMean(normals(40, 100 + trial), { random: createRandom(trial), replicates: 400 });
    if (low <= 0 && high >= 0) covered++;
  }
  // percentile intervals of 40 values cover 93.5 %; three standard errors of 400 trials are 3.7 %
  expect(covered / 400).toBeGreaterThan(0.898);
  expect(covered / 400).toBeLessThan(0.98);
});

test('clips of few speakers give a wider interval when speakers are drawn', () => {
  const random = createRandom(5);
  const groups: string[] = [];
  const values: number[] = [];
  for (let speaker = 0; speaker < 6; speaker++) {
    const voice = random.normal();
    for (let clip = 0; clip < 20; clip++) {
      groups.push(`speaker ${speaker}`);
      values.push(voice + 0.1 * random.normal());
    }
  }
  const single = bootstrapMean(values, { random: createRandom(1) });
  const clustered = bootstrapMean(values, { random: createRandom(1), groups });
  expect(clustered.mean).toBe(single.mean);
  expect((clustered.high - clustered.low) / (single.high - single.low)).toBeGreaterThan(3);
});

test('the same seed gives the same interval', () => {
  const values = normals(12, 2);
  expect(bootstrapMean(values, { random: createRandom(9) })).toEqual(bootstrapMean(values, { random: createRandom(9) }));
});

test('values that are not finite are left out and counted out', () => {
  const { mean, count } = bootstrapMean([1, Number.NaN, 3, Number.POSITIVE_INFINITY, 5], { random: createRandom(1) });
  expect(mean).toBe(3);
  expect(count).toBe(3);
});

test('fewer than three clusters have a mean but no interval', () => {
  expect(bootstrapMean([1, 2], { random: createRandom(1) })).toEqual({ mean: 1.5, low: Number.NaN, high: Number.NaN, count: 2 });
  const grouped = bootstrapMean([1, 2, 3, 4], { random: createRandom(1), groups: ['a', 'a', 'b', 'b'] });
  expect(grouped).toEqual({ mean: 2.5, low: Number.NaN, high: Number.NaN, count: 4 });
  expect(bootstrapMean([], { random: createRandom(1) }).mean).toBeNaN();
});

test('wrong options are refused', () => {
  const random = createRandom(1);
  expect(() => bootstrapMean([1, 2, 3], { random, groups: ['a'] })).toThrow(InputError);
  expect(() => bootstrapMean([1], { random, level: 1 })).toThrow(/0.95/);
  expect(() => bootstrapMean([1], { random, replicates: 0 })).toThrow(/replicates is 0/);
});
