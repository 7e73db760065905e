import { createRandom } from '@alignsts/signal';
import { expect, test } from 'vitest';
import { floats, runRecorded, whole } from '../../../../test/support/run-recorded.ts';
import type { Recorded } from '../onnx/recorder.ts';
import { encoder, initEncoder } from './encoders.ts';
import { fillTree, mapTree } from './params.ts';

const rhythm = { layers: 2, kernel: 7, stride: 2, groups: 4 };
const params = fillTree(initEncoder(rhythm, 1, 16), 1);

const encode = (data: Float32Array, shape: number[], lengths: number[]) =>
  runRecorded(
    { x: floats(data, shape), lengths: whole(lengths) },
    (ops, x) => {
      const weights = mapTree(
        params,
        ({ data: values, shape: size }: { data: Float32Array; shape: readonly number[] }): Recorded => ops.constant(values, size),
      );
      const { features, lengths: left, mask } = encoder(ops, rhythm, weights, x.x, x.lengths);
      return { features, left: ops.toFloat(left), mask };
    },
    { x: ['B', 'T'] },
  );

test.each([
  [1, 1],
  [2, 1],
  [4, 1],
  [5, 2],
  [8, 2],
  [9, 3],
  [751, 188],
])('%d frames of singing become %d rhythm vectors', async (frames, codes) => {
  const { features, left, mask } = await encode(new Float32Array(frames).fill(0.5), [1, frames, 1], [frames]);
  expect(features!.shape).toEqual([1, codes, 16]);
  expect([...left!.data]).toEqual([codes]);
  expect([...mask!.data]).toEqual(new Array(codes).fill(1));
});

test('an item gives the same alone and padded, and nothing beyond its end', async () => {
  const random = createRandom(2);
  const items = [23, 9, 1].map((length) => Float32Array.from({ length }, () => random.uniform()));
  const padded = new Float32Array(3 * 30).fill(77);
  items.forEach((item, b) => {
    padded.set(item, b * 30);
  });
  const together = await encode(padded, [3, 30, 1], [23, 9, 1]);
  for (const [b, item] of items.entries()) {
    const alone = await encode(item, [1, item.length, 1], [item.length]);
    const codes = alone.features!.shape[1]!;
    const rows = together.features!.data.slice(b * 8 * 16, (b + 1) * 8 * 16);
    expect(rows.slice(0, codes * 16)).toBeAllClose(alone.features!.data, { atol: 1e-6, rtol: 1e-5 });
    expect([...rows.slice(codes * 16)].every((value) => value === 0)).toBe(true);
  }
});
