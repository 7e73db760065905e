import { expect, test } from 'vitest';
import { createTempoMap } from './tempo-map.ts';

test('time is the sum of stretches of constant tempo, worked out by hand', () => {
  // 0…480 at 1/480·0.5 s, 480…1440 at 1/480·1 s, from 1440 at 1/480·0.25 s
  const at = createTempoMap(
    [
      { position: 1440, secondsPerUnit: 0.25 / 480 },
      { position: 480, secondsPerUnit: 1 / 480 },
    ],
    0.5 / 480,
  );
  expect([0, 240, 480, 960, 1440, 1920].map(at)).toBeAllClose([0, 0.25, 0.5, 1.5, 2.5, 2.75], { atol: 1e-12, rtol: 0 });
});

test('of two changes at one position the later one in the list counts, also at the beginning', () => {
  const at = createTempoMap(
    [
      { position: 0, secondsPerUnit: 9 },
      { position: 0, secondsPerUnit: 2 },
      { position: 3, secondsPerUnit: 5 },
      { position: 3, secondsPerUnit: 1 },
    ],
    0.5,
  );
  expect([1, 3, 4].map(at)).toEqual([2, 6, 7]);
});
