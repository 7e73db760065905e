import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { gaussianFilter } from './gaussian-filter.ts';
import { InputError } from './input-error.ts';

const { gaussian }: { gaussian: { sigma: number; curve: number[]; smooth: number[] }[] } = JSON.parse(
  readFileSync(new URL('../../../fixtures/mel/reference.json', import.meta.url), 'utf8'),
);

test('is SciPy’s gaussian_filter1d, also where the radius is longer than the curve', () => {
  expect(gaussian.some(({ sigma, curve }) => 4 * sigma > curve.length)).toBe(true);
  for (const { sigma, curve, smooth } of gaussian) {
    expect(gaussianFilter(Float32Array.from(curve), sigma)).toBeAllClose(smooth, { atol: 1e-7, rtol: 0 }); // float32 below 1
  }
});

test('leaves a constant as it is, and keeps the sum of any curve', () => {
  expect(gaussianFilter(new Float32Array(20).fill(0.25), 2)).toBeAllClose(new Float32Array(20).fill(0.25), { atol: 1e-8, rtol: 0 });
  const impulse = new Float32Array(40);
  impulse[2] = 1;
  expect(gaussianFilter(impulse, 1.5).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
});

test('a sigma of 0 gives a copy, an empty curve stays empty, a negative sigma is refused', () => {
  const curve = Float32Array.of(1, 2, 3);
  const copy = gaussianFilter(curve, 0);
  expect(copy).toEqual(curve);
  expect(copy).not.toBe(curve);
  expect(gaussianFilter(new Float32Array(0), 2)).toHaveLength(0);
  expect(() => gaussianFilter(curve, -1)).toThrow(InputError);
});
