import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linearScale, ticks } from './scale.ts';

describe('ticks', () => {
  test.each([
    [
      [0, 9.7, 5],
      [0, 2, 4, 6, 8],
    ],
    [
      [0, 1, 10],
      [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    ],
    [
      [-0.3, 0.3, 3],
      [-0.2, 0, 0.2],
    ],
    [
      [0, 3600, 12],
      [0, 500, 1000, 1500, 2000, 2500, 3000, 3500],
    ],
    [[2, 2, 5], [2]],
  ] as const)('%j are %j', ([low, high, count], expected) => expect(ticks(low, high, count)).toEqual(expected));

  test('lie inside the range, equally spaced, never more than asked for plus the first', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e4, max: 1e4, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e5, noNaN: true }),
        fc.integer({ min: 1, max: 30 }),
        (low, span, count) => {
          const values = ticks(low, low + span, count);
          expect(values.length).toBeLessThanOrEqual(count + 1);
          const step = values.length > 1 ? values[1]! - values[0]! : 0;
          for (let i = 0; i < values.length; i++) {
            expect(values[i]!).toBeGreaterThanOrEqual(low - 1e-5 * span);
            expect(values[i]!).toBeLessThanOrEqual(low + span * (1 + 1e-5));
            if (i > 0) expect(values[i]! - values[i - 1]!).toBeCloseTo(step, 6);
          }
        },
      ),
    );
  });
});

test('a scale maps its ends to its ends, and an empty range to its start', () => {
  const scale = linearScale([2, 4], [100, 0]);
  expect([scale(2), scale(3), scale(4)]).toEqual([100, 50, 0]);
  expect(linearScale([3, 3], [10, 20])(3)).toBe(10);
});
