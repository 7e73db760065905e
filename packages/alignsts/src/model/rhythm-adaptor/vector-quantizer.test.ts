import { createRandom } from '@alignsts/signal';
import { expect, test } from 'vitest';
import { floats, runRecorded, whole } from '../../../../../test/support/run-recorded.ts';
import { startCodebook } from './codebook-start.ts';
import { codebookUsage, initVectorQuantizer, updateVectorQuantizer, vectorQuantizer } from './vector-quantizer.ts';

const config = { codes: 3, hidden: 2, decay: 0.9, epsilon: 1e-5, revive: 0.01 };

/** One averaging step over vectors [1, S, 2], of which the first `length` are real. */
function update(
  state: { codebook: number[]; counts: number[]; sums: number[] },
  vectors: number[],
  length: number,
  revive = 0.01,
  uniform = [0, 0, 0],
) {
  const frames = vectors.length / 2;
  const mask = Array.from({ length: frames }, (_, s) => (s < length ? 1 : 0));
  return runRecorded(
    {
      ...{
        x: floats(vectors, [1, frames, 2]),
        mask: floats(mask, [1, frames, 1]),
        lengths: whole([length]),
        uniform: floats(uniform, [3, 1]),
      },
      ...{ codebook: floats(state.codebook, [3, 2]), counts: floats(state.counts), sums: floats(state.sums, [3, 2]) },
    },
    (ops, t) => {
      const input = { features: ops.mul(t.x, t.mask), lengths: t.lengths, mask: t.mask };
      const { features, ids } = vectorQuantizer(ops, t, input);
      const next = updateVectorQuantizer(ops, { ...config, revive }, t, input, ids, t.uniform);
      return { features, ids, nextCodebook: next.codebook, nextCounts: next.counts, nextSums: next.sums };
    },
  );
}

const even = { codebook: [0, 0, 10, 0, 0, 10], counts: [5, 5, 5], sums: [0, 0, 50, 0, 0, 50] };

test("takes the nearest code, and gives nothing beyond an item's end", async () => {
  const { ids, features } = await update(even, [1, 1, 9, -1, 2, 9, 9, 9], 3);
  expect([...ids!.data.slice(0, 3)]).toEqual([0, 1, 2]);
  expect(features!.data).toBeAllClose([0, 0, 10, 0, 0, 10, 0, 0], { atol: 1e-6 });
});

test('averages counts and sums of the real vectors, as the formula says', async () => {
  const { nextCounts, nextSums, nextCodebook } = await update(even, [1, 1, 9, -1, 2, 9, 500, 500], 3, 0);
  // n ← 0.9·5 + 0.1·1 each; smoothing by ε keeps equal counts equal
  expect(nextCounts!.data).toBeAllClose([4.6, 4.6, 4.6], { atol: 1e-5 });
  expect(nextSums!.data).toBeAllClose([0.1, 0.1, 45.9, -0.1, 0.2, 45.9], { atol: 1e-5 });
  expect(nextCodebook!.data).toBeAllClose(
    [0.1, 0.1, 45.9, -0.1, 0.2, 45.9].map((sum) => sum / 4.6),
    { atol: 1e-5 },
  );
});

test('a code that has died takes the real vector that the draw names, and the mean count', async () => {
  const dying = { codebook: [0, 0, 10, 0, 900, 900], counts: [9, 9, 0.001], sums: [0, 0, 90, 0, 0.9, 0.9] };
  const vectors = [1, 1, 9, -1, 2, 3, 77, 77];
  for (const [draw, expected] of [
    [0, [1, 1]],
    [0.5, [9, -1]],
    [0.999, [2, 3]],
  ] as const) {
    const { nextCodebook, nextCounts, nextSums } = await update(dying, vectors, 3, 0.01, [0, 0, draw]);
    expect(nextCodebook!.data.slice(4)).toBeAllClose(expected, { atol: 1e-5 });
    const mean = nextCounts!.data[2]!;
    expect(mean).toBeGreaterThan(5);
    expect(nextSums!.data.slice(4)).toBeAllClose(
      expected.map((value) => value * mean),
      { atol: 1e-4 },
    );
  }
  const { nextCodebook } = await update(dying, vectors, 3, 0);
  expect(nextCodebook!.data[4]).toBeGreaterThan(100);
});

test('usage: shares, how many codes are used, and the perplexity between 1 and K', () => {
  expect(codebookUsage(Float32Array.of(4, 4, 4, 4, 4, 4))).toMatchObject({ used: 6, perplexity: expect.closeTo(6, 5) });
  expect(codebookUsage(Float32Array.of(10, 0, 0, 0, 0, 0))).toMatchObject({ used: 1, perplexity: 1 });
  expect(codebookUsage(Float32Array.of(3, 1)).shares).toEqual([0.75, 0.25]);
  expect(codebookUsage(new Float32Array(6))).toMatchObject({ used: 0 });
});

test('the released start is a codebook near zero with nothing counted', () => {
  const state = initVectorQuantizer({ ...config, codes: 6, hidden: 256 }, createRandom(1));
  expect(Math.max(...state.codebook.map(Math.abs))).toBeLessThanOrEqual(1 / 512);
  expect([...state.counts]).toEqual([0, 0, 0, 0, 0, 0]);
  expect(state.sums).toEqual(state.codebook);
});

test('a codebook from data finds well separated clusters, with their sizes as counts', () => {
  const random = createRandom(3);
  const centres = [
    [0, 0],
    [20, 0],
    [0, 20],
  ];
  const sizes = [60, 30, 10];
  const vectors = Float32Array.from(
    sizes.flatMap((size, c) => Array.from({ length: size }, () => centres[c]!.map((value) => value + random.normal())).flat()),
  );
  for (let seed = 1; seed <= 5; seed++) {
    const { codebook, counts, sums } = startCodebook({ codes: 3, hidden: 2 }, vectors, createRandom(seed));
    expect([...counts].sort((a, b) => b - a)).toEqual(sizes);
    for (let k = 0; k < 3; k++) {
      const centre = centres[sizes.indexOf(counts[k]!)]!;
      expect(codebook.slice(2 * k, 2 * k + 2)).toBeAllClose(centre, { atol: 1 });
      expect(sums.slice(2 * k, 2 * k + 2).map((sum) => sum / counts[k]!)).toBeAllClose(codebook.slice(2 * k, 2 * k + 2), { atol: 1e-4 });
    }
  }
});

test('fewer vectors than codes, or all of them equal, still make a codebook without NaN', () => {
  for (const vectors of [Float32Array.of(1, 2), Float32Array.of(3, 3, 3, 3, 3, 3, 3, 3)]) {
    const { codebook, counts, sums } = startCodebook({ codes: 3, hidden: 2 }, vectors, createRandom(1));
    expect([...codebook, ...counts, ...sums].every(Number.isFinite)).toBe(true);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  }
});
