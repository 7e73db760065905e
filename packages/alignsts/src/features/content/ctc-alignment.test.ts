import { createRandom } from '@alignsts/signal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alignCtc, type CtcScores, type CtcSpan, greedyCtc, logProbabilities } from './ctc-alignment.ts';

function randomScores(seed: number, frames: number, symbols: number): CtcScores {
  const random = createRandom(seed);
  const logits = Float32Array.from({ length: frames * symbols }, () => 2 * random.normal());
  return { values: logProbabilities(logits, symbols), frames, symbols };
}

/** What a path reads as: repetitions joined, blanks left out. */
function read(path: readonly number[]): number[] {
  return path.filter((symbol, n) => symbol !== 0 && symbol !== path[n - 1]);
}

function scoreOf(path: readonly number[], { values, symbols }: CtcScores): number {
  return path.reduce((sum, symbol, n) => sum + values[n * symbols + symbol]!, 0);
}

/** The oracle: every one of symbols^frames paths. */
function everyPath(frames: number, symbols: number): number[][] {
  return Array.from({ length: symbols ** frames }, (_, code) =>
    Array.from({ length: frames }, (_, n) => Math.floor(code / symbols ** n) % symbols),
  );
}

function pathOf(spans: readonly CtcSpan[], frames: number): number[] {
  const path = new Array<number>(frames).fill(0);
  for (const { token, start, end } of spans) path.fill(token, start, end);
  return path;
}

test('the alignment is the best of all paths that read as the tokens', () => {
  const [frames, symbols] = [6, 3];
  const paths = everyPath(frames, symbols);
  for (const tokens of [[], [1], [1, 2], [1, 1], [2, 2, 1], [1, 2, 1, 2], [1, 1, 2, 2], [1, 1, 1]]) {
    for (let seed = 1; seed <= 12; seed++) {
      const scores = randomScores(seed, frames, symbols);
      const readings = paths.filter((path) => read(path).join() === tokens.join());
      const best = Math.max(...readings.map((path) => scoreOf(path, scores)));
      const { score, spans } = alignCtc(scores, tokens);
      // sums of 6 float32 numbers in double precision, in another order
      expect(score).toBeCloseTo(best, 12);
      const path = pathOf(spans, frames);
      expect(read(path)).toEqual(tokens);
      expect(scoreOf(path, scores)).toBeCloseTo(best, 12);
    }
  }
});

test('greedy reading is the collapsed best path, and no aligned text scores higher', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 30 }), fc.integer({ min: 1, max: 40 }), (seed, frames) => {
      const scores = randomScores(seed, frames, 4);
      const path = Array.from({ length: frames }, (_, n) => {
        const row = [...scores.values.subarray(n * 4, n * 4 + 4)];
        return row.indexOf(Math.max(...row));
      });
      const spans = greedyCtc(scores);
      expect(spans.map(({ token }) => token)).toEqual(read(path));
      expect(pathOf(spans, frames)).toEqual(path);
      const aligned = alignCtc(scores, read(path));
      expect(aligned.score).toBeCloseTo(scoreOf(path, scores), 9);
      expect(alignCtc(scores, []).score).toBeLessThanOrEqual(aligned.score);
    }),
    { numRuns: 60 },
  );
});

test('spans follow each other without overlap, and equal neighbours keep a blank between them', () => {
  const scores = randomScores(5, 50, 6);
  const tokens = [1, 1, 2, 3, 3, 3, 5];
  const { spans } = alignCtc(scores, tokens);
  expect(spans.map(({ token }) => token)).toEqual(tokens);
  spans.forEach(({ token, start, end }, k) => {
    expect(end).toBeGreaterThan(start);
    const next = spans[k + 1];
    if (next !== undefined) expect(next.start).toBeGreaterThanOrEqual(next.token === token ? end + 1 : end);
  });
});

test('a text that cannot be said in so few frames is refused, repeated tokens counted twice', () => {
  expect(alignCtc(randomScores(1, 3, 3), [1, 1]).spans).toEqual([
    { token: 1, start: 0, end: 1 },
    { token: 1, start: 2, end: 3 },
  ]);
  expect(() => alignCtc(randomScores(1, 2, 3), [1, 1])).toThrow('2 tokens need 3 frames at least, the speech has 2');
  expect(() => alignCtc(randomScores(1, 4, 3), [3])).toThrow('Token 3 is no symbol of the head: 1 to 2 are');
  expect(() => alignCtc(randomScores(1, 4, 3), [0])).toThrow('Token 0');
  expect(() => greedyCtc({ values: new Float32Array(5), frames: 2, symbols: 3 })).toThrow(/no 2 frames of 3 symbols/);
});

test('no frames read as nothing', () => {
  const none = { values: new Float32Array(0), frames: 0, symbols: 3 };
  expect(greedyCtc(none)).toEqual([]);
  expect(alignCtc(none, []).spans).toEqual([]);
});

test('log probabilities of each row add up to 1 however large the logits are', () => {
  const rows = logProbabilities(Float32Array.of(1000, 1000, 0, -1000, 3, 4), 2);
  expect([...rows.subarray(0, 4)]).toBeAllClose([-Math.log(2), -Math.log(2), 0, -1000], { atol: 1e-6 });
  expect(Math.exp(rows[4]!) + Math.exp(rows[5]!)).toBeCloseTo(1, 6);
});
