import { expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { createSincInterpolator, GRID } from './sinc.ts';

test('matches the sum of Boersma’s equation 22, near lag 0 as well', () => {
  const random = createRandom(1);
  const r = Array.from({ length: 200 }, () => random.normal());
  const depth = 30;
  const valueAt = createSincInterpolator(depth);
  const slow = (at: number): number => {
    const left = Math.floor(at);
    const phase = at - left;
    let sum = 0;
    for (let n = 1; n <= depth; n++) {
      for (const [lag, distance, reach] of [
        [left + 1 - n, phase + n - 1, phase + depth],
        [left + n, n - phase, depth + 1 - phase],
      ] as const) {
        sum +=
          r[Math.abs(lag)]! * (Math.sin(Math.PI * distance) / (Math.PI * distance)) * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach));
      }
    }
    return sum;
  };
  for (const place of [1, GRID + 3, 5 * GRID + 15, 100 * GRID + 8, 160 * GRID - 1]) {
    expect(valueAt(r, place)).toBeCloseTo(slow(place / GRID), 12);
  }
  expect(valueAt(r, 40 * GRID)).toBe(r[40]);
});

test('a sequence that holds no high frequencies is given back between its samples', () => {
  const r = Array.from({ length: 400 }, (_, lag) => Math.cos(0.4 * lag));
  const valueAt = createSincInterpolator(70);
  for (let place = 0; place < 300 * GRID; place += 7) expect(valueAt(r, place)).toBeCloseTo(Math.cos((0.4 * place) / GRID), 4);
});
