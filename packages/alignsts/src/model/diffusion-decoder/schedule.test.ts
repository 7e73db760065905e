import { expect, test } from 'vitest';
import { createSchedule } from './schedule.ts';

const schedule = createSchedule({ steps: 4, betaMin: 0.1, betaMax: 40 });

test('is the table of the specification to its last digit', () => {
  // β, ᾱ, √ᾱ, √(1−ᾱ), c1, c2, posterior deviation (spec A2.7)
  const table: [string, number[]][] = [
    ['beta', [0.558687, 0.910543, 0.981867, 0.996324, 0.999255]],
    ['alphaBar', [0.441313, 0.0394785, 7.15879e-4, 2.63139e-6, 1.96063e-9]],
    ['signal', [0.664314, 0.198692, 0.026756, 0.001622, 0.000044]],
    ['noise', [0.747453, 0.980062, 0.999642, 0.999999, 1.0]],
    ['meanOfClean', [1, 0.629748, 0.195229, 0.026658, 0.001621]],
    ['meanOfNoisy', [0, 0.173967, 0.129437, 0.060585, 0.027296]],
    ['deviation', [0, 0.727748, 0.971483, 0.997804, 0.999626]],
  ];
  for (const [column, values] of table) {
    expect(schedule[column as 'beta'], column).toBeAllClose(values, { atol: 1e-6, rtol: 0 });
  }
  expect(schedule.alphaBar).toBeAllClose([0.441313, 0.0394785, 7.15879e-4, 2.63139e-6, 1.96063e-9], { atol: 0, rtol: 2e-6 });
});

test('one level more is trained than is sampled', () => {
  expect([schedule.levels, schedule.steps]).toEqual([5, 4]);
});

test('the posterior is the mean and spread of x_{i−1} given x_i and x0, by Bayes', () => {
  for (let i = 1; i < 5; i++) {
    const [alpha, before] = [1 - schedule.beta[i]!, schedule.alphaBar[i - 1]!];
    // product of N(x_i; √α·x, β) and N(x; √ᾱ'·x0, 1 − ᾱ') as densities of x
    const precision = alpha / schedule.beta[i]! + 1 / (1 - before);
    expect(schedule.deviation[i]).toBeCloseTo(Math.sqrt(1 / precision), 10);
    expect(schedule.meanOfClean[i]).toBeCloseTo(Math.sqrt(before) / (1 - before) / precision, 10);
    expect(schedule.meanOfNoisy[i]).toBeCloseTo(Math.sqrt(alpha) / schedule.beta[i]! / precision, 10);
  }
});
