import { expect, test } from 'vitest';
import { learningRate, steppedRate } from './learning-rate.ts';

const paper = { warmup: 2000, learningRateFactor: 1 };

test('follows the table of the specification', () => {
  const rates = [1000, 2000, 20000, 200000].map((update) => learningRate(update, paper));
  expect(rates).toBeAllClose([1.3975e-3, 2.7951e-3, 8.8388e-4, 2.7951e-4], { atol: 5e-8, rtol: 0 });
});

test('starts at the floor and scales by the factor', () => {
  expect(learningRate(0, paper)).toBe(1e-7);
  expect(learningRate(4000, { ...paper, learningRateFactor: 0.5 })).toBeCloseTo(learningRate(4000, paper) / 2, 12);
});

test("the adversary's rate falls in steps", () => {
  const config = { learningRate: 1e-4, decay: 0.5, decayEvery: 60000 };
  expect([1, 60000, 60001, 120001].map((update) => steppedRate(update, config))).toEqual([1e-4, 1e-4, 5e-5, 2.5e-5]);
});
