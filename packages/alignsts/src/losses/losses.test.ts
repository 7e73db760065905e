import { createRandom } from '@alignsts/signal';
import { expect, test } from 'vitest';
import { floats, runRecorded, whole } from '../../../../test/support/run-recorded.ts';
import { createSchedule } from '../model/diffusion-decoder/schedule.ts';
import { discriminatorLoss, generatorLoss } from './adversarial.ts';
import { ddimStep, distillationTarget } from './distillation.ts';
import { alignmentLoss, guidedAttentionLoss } from './guided-attention.ts';
import { l1Loss } from './l1.ts';
import { rhythmAccuracy, rhythmCrossEntropy } from './rhythm-cross-entropy.ts';
import { ssimLoss } from './ssim.ts';

const random = createRandom(1);
const noise = (...shape: number[]) =>
  floats(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
    shape,
  );
/** Masks [B, T, 1] for lengths. */
const masks = (lengths: number[], longest = Math.max(...lengths)) =>
  floats(
    lengths.flatMap((length) => Array.from({ length: longest }, (_, t) => (t < length ? 1 : 0))),
    [lengths.length, longest, 1],
  );
const scalar = async (result: Promise<Record<string, { data: ArrayLike<number> }>>): Promise<number> => (await result)['y']!.data[0]!;

test('a mel compared with itself costs nothing', async () => {
  const x = noise(2, 13, 80);
  const mask = masks([13, 6]);
  expect(await scalar(runRecorded({ x, mask }, (ops, t) => ({ y: l1Loss(ops, t.x, t.x, t.mask) })))).toBe(0);
  const ssim = runRecorded({ x, mask }, (ops, t) => ({ y: ssimLoss(ops, t.x, t.x, t.mask, { melBins: 80, offset: 6 }) }));
  expect(await scalar(ssim)).toBeCloseTo(0, 5);
});

test('L1 is the mean over real frames and bins of the whole batch', async () => {
  const x = floats([1, 2, 3, 4, 100, 100, 5, 5], [2, 2, 2]);
  const y = floats([0, 0, 0, 0, 100, 0, 0, 0], [2, 2, 2]);
  // item 0 has two frames (1+2+3+4), item 1 one (0+100); three frames of two bins
  const value = runRecorded({ a: x, b: y, mask: masks([2, 1], 2) }, (ops, t) => ({ y: l1Loss(ops, t.a, t.b, t.mask) }));
  expect(await scalar(value)).toBeCloseTo(110 / 6, 5);
});

test('SSIM of two flat mels agrees with the plain two-dimensional sum, edges included', async () => {
  const flat = (value: number) => floats(new Float32Array(60 * 80).fill(value), [1, 60, 80]);
  const inputs = { a: flat(-3), b: flat(-5), mask: masks([60]) };
  const expected = slowSsim(inputs.a.data as Float32Array, inputs.b.data as Float32Array, 60, 80);
  const value = runRecorded(inputs, (ops, t) => ({ y: ssimLoss(ops, t.a, t.b, t.mask, { melBins: 80, offset: 6 }) }));
  // a flat variance is the difference of two numbers near 9, known to 1e-6 in float32, beside C2 = 9e-4
  expect(await scalar(value)).toBeCloseTo(1 - expected, 2);
});

test('SSIM of noise agrees with the plain two-dimensional sum', async () => {
  const inputs = { a: noise(1, 9, 80), b: noise(1, 9, 80), mask: masks([9]) };
  const expected = slowSsim(inputs.a.data as Float32Array, inputs.b.data as Float32Array, 9, 80);
  const value = runRecorded(inputs, (ops, t) => ({ y: ssimLoss(ops, t.a, t.b, t.mask, { melBins: 80, offset: 6 }) }));
  expect(await scalar(value)).toBeCloseTo(1 - expected, 4);
});

test('guided attention costs almost nothing on the diagonal and the mean weight where attention is even', async () => {
  const [T, N, guide] = [40, 20, 0.1];
  const diagonal = floats(
    Array.from({ length: T * N }, (_, i) => (Math.floor((Math.floor(i / N) * N) / T) === i % N ? 1 : 0)),
    [1, T, N],
  );
  const even = floats(new Float32Array(T * N).fill(1 / N), [1, T, N]);
  const run = (attention: typeof even, mean: 'item' | 'cells') =>
    scalar(
      runRecorded({ attention, query: masks([T]), memory: masks([N]) }, (ops, t) => ({
        y: guidedAttentionLoss(ops, t.attention, t.query, t.memory, { guide, mean }),
      })),
    );
  let sum = 0;
  for (let t = 0; t < T; t++) for (let n = 0; n < N; n++) sum += 1 - Math.exp(-((n / N - t / T) ** 2) / (2 * guide ** 2));
  expect(await run(diagonal, 'item')).toBeLessThan(0.001);
  for (const mean of ['item', 'cells'] as const) expect(await run(even, mean)).toBeCloseTo(sum / (T * N) / N, 6);
});

test("guided attention takes each item's own lengths, and weighs items or cells alike", async () => {
  const attention = noise(2, 6, 4);
  const weight = (t: number, n: number, T: number, N: number): number => 1 - Math.exp(-((n / N - t / T) ** 2) / 0.02);
  const sums = [
    [6, 4],
    [3, 2],
  ].map(([T, N], b) => {
    let sum = 0;
    for (let t = 0; t < T!; t++) for (let n = 0; n < N!; n++) sum += weight(t, n, T!, N!) * attention.data[b * 24 + t * 4 + n]!;
    return sum;
  });
  const run = (mean: 'item' | 'cells') =>
    scalar(
      runRecorded({ attention, query: masks([6, 3]), memory: masks([4, 2]) }, (ops, t) => ({
        y: guidedAttentionLoss(ops, t.attention, t.query, t.memory, { guide: 0.1, mean }),
      })),
    );
  expect(await run('item')).toBeCloseTo((sums[0]! / 24 + sums[1]! / 6) / 2, 6);
  expect(await run('cells')).toBeCloseTo((sums[0]! + sums[1]!) / 30, 6);
});

test('the alignment loss is −log of the attention on the true frame, where it is known and can be seen', async () => {
  const attention = floats([0.7, 0.3, 0, 0.1, 0.4, 0.5, 0, 1, 0, 0.2, 0.2, 0.6], [1, 4, 3]);
  // frame 0 → key 0, frame 1 → unknown, frame 2 → key 0 (not visible), frame 3 padded
  const value = runRecorded({ attention, source: whole([0, -1, 0, 2], [1, 4]), mask: masks([3], 4) }, (ops, t) => ({
    y: alignmentLoss(ops, t.attention, t.source, t.mask),
  }));
  expect(await scalar(value)).toBeCloseTo(-Math.log(0.7), 6);
});

test('rhythm cross-entropy of even logits is ln K; of the right answer it is near 0; accuracy counts real frames', async () => {
  const ids = whole([0, 5, 2, 1], [1, 4]);
  const mask = masks([3], 4);
  const even = floats(new Float32Array(24), [1, 4, 6]);
  const entropy = (logits: typeof even) =>
    scalar(runRecorded({ logits, ids, mask }, (ops, t) => ({ y: rhythmCrossEntropy(ops, t.logits, t.ids, t.mask, 6) })));
  const accuracy = (logits: typeof even) =>
    scalar(runRecorded({ logits, ids, mask }, (ops, t) => ({ y: rhythmAccuracy(ops, t.logits, t.ids, t.mask) })));
  expect(await entropy(even)).toBeCloseTo(Math.log(6), 6);
  const right = floats(
    [0, 5, 2, 3].flatMap((id) => Array.from({ length: 6 }, (_, k) => (k === id ? 30 : 0))),
    [1, 4, 6],
  );
  expect(await entropy(right)).toBeCloseTo(0, 6);
  expect(await accuracy(right)).toBe(1);
  // an even row answers code 0, which is right once in three
  expect(await accuracy(even)).toBeCloseTo(1 / 3, 6);
});

test('the least-squares game: 0 at the goals, one to one between real and sung', async () => {
  const inputs = { real: floats([1, 0.5], [1, 2]), fake: floats([0, 1], [1, 2]) };
  expect(await scalar(runRecorded(inputs, (ops, t) => ({ y: discriminatorLoss(ops, t.real, t.fake) })))).toBeCloseTo(0.125 + 0.5, 6);
  expect(await scalar(runRecorded(inputs, (ops, t) => ({ y: generatorLoss(ops, t.fake) })))).toBeCloseTo(0.5, 6);
  expect(await scalar(runRecorded(inputs, (ops, t) => ({ y: discriminatorLoss(ops, t.real, t.fake) })))).toBeGreaterThan(0);
});

test('a teacher that always says the truth distils to the truth', async () => {
  const schedule = createSchedule({ steps: 4, betaMin: 0.1, betaMax: 40 });
  const clean = noise(2, 5, 3);
  const [from, between, to] = [whole([2, 4]), whole([1, 3]), whole([0, 2])];
  const { y } = await runRecorded({ clean, noisy: noise(2, 5, 3), from, between, to }, (ops, t) => {
    const once = ddimStep(ops, schedule, t.noisy, t.clean, t.from, t.between);
    const twice = ddimStep(ops, schedule, once, t.clean, t.between, t.to);
    return { y: distillationTarget(ops, schedule, t.noisy, twice, t.from, t.to) };
  });
  // from level 4 the signal is 0.00004 of what is seen: float32 cannot give it back better than to a few per cent
  expect(y!.data.slice(0, 15)).toBeAllClose(clean.data.slice(0, 15), { atol: 1e-5, rtol: 1e-5 });
  expect(y!.data.slice(15)).toBeAllClose(clean.data.slice(15), { atol: 2e-4, rtol: 1e-4 });
});

/** The definition: an 11 × 11 Gaussian window, zeros beyond the edges. */
function slowSsim(a: Float32Array, b: Float32Array, frames: number, bins: number): number {
  const weights = Array.from({ length: 11 }, (_, i) => Math.exp(-((i - 5) ** 2) / 4.5));
  const norm = weights.reduce((sum, weight) => sum + weight, 0) ** 2;
  const at = (x: Float32Array, t: number, m: number): number => (t < 0 || t >= frames || m < 0 || m >= bins ? 0 : x[t * bins + m]! + 6);
  let total = 0;
  for (let t = 0; t < frames; t++) {
    for (let m = 0; m < bins; m++) {
      let [x, y, xx, yy, xy] = [0, 0, 0, 0, 0];
      for (let i = -5; i <= 5; i++) {
        for (let j = -5; j <= 5; j++) {
          const weight = (weights[i + 5]! * weights[j + 5]!) / norm;
          const [u, v] = [at(a, t + i, m + j), at(b, t + i, m + j)];
          x += weight * u;
          y += weight * v;
          xx += weight * u * u;
          yy += weight * v * v;
          xy += weight * u * v;
        }
      }
      const [c1, c2] = [1e-4, 9e-4];
      total += ((2 * x * y + c1) * (2 * (xy - x * y) + c2)) / ((x * x + y * y + c1) * (xx - x * x + yy - y * y + c2));
    }
  }
  return total / (frames * bins);
}
