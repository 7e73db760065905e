import { expect, test } from 'vitest';
import { floats, runRecorded, whole } from '../../../../test/support/run-recorded.ts';
import { stretch } from './stretch.ts';

const run = (rows: number[][], lengths: number[], targets: number[]) =>
  runRecorded(
    {
      x: floats(rows.flat(), [rows.length, rows[0]!.length, 1]),
      like: floats(new Float32Array(rows.length * Math.max(...targets)), [rows.length, Math.max(...targets), 1]),
      lengths: whole(lengths),
      targets: whole(targets),
    },
    (ops, x) => ({ y: stretch(ops, x.x, x.lengths, x.like, x.targets) }),
    { x: ['B', 'N'], like: ['B', 'T'] },
  );

test('a straight line stays straight, with the ends held half a frame', async () => {
  const { y } = await run([[0, 1, 2, 3]], [4], [8]);
  // t-th value at (t + ½)/2 − ½, not below 0 nor above 3
  expect(y!.data).toBeAllClose([0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3], { atol: 1e-6 });
});

test('shortening picks midpoints, and equal lengths change nothing', async () => {
  expect((await run([[0, 1, 2, 3]], [4], [2])).y!.data).toBeAllClose([0.5, 2.5], { atol: 1e-6 });
  expect((await run([[4, -1, 2]], [3], [3])).y!.data).toBeAllClose([4, -1, 2], { atol: 1e-6 });
});

test('each item runs from its own length to its own', async () => {
  const { y } = await run(
    [
      [0, 1, 2, 3],
      [5, 7, 99, 99],
      [6, 99, 99, 99],
    ],
    [4, 2, 1],
    [4, 4, 2],
  );
  expect(y!.data).toBeAllClose([0, 1, 2, 3, 5, 5.5, 6.5, 7, 6, 6, 0, 0], { atol: 1e-6 });
});
