import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DtwStep, dtw, pathToTimeMap, UNIT_STEPS } from './dtw.ts';
import { InputError } from './input-error.ts';

const table = fc
  .record({ rows: fc.integer({ min: 1, max: 5 }), cols: fc.integer({ min: 1, max: 5 }) })
  .chain(({ rows, cols }) =>
    fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: rows * cols, maxLength: rows * cols })
      .map((values) => ({ rows, cols, cost: Float32Array.from(values) })),
  );

const PATTERNS: Record<string, DtwStep[]> = {
  'unit steps': [...UNIT_STEPS],
  'vertical steps twice as dear': [
    { di: 1, dj: 1, weight: 1 },
    { di: 0, dj: 1, weight: 1 },
    { di: 1, dj: 0, weight: 2 },
  ],
  'steps of one and two': [
    { di: 1, dj: 1, weight: 2 },
    { di: 1, dj: 2, weight: 3 },
    { di: 2, dj: 1, weight: 3 },
  ],
};

/** Every path, by recursion from the end, with an optional limit on runs. */
function cheapestByExhaustion(
  { rows, cols, cost }: { rows: number; cols: number; cost: Float32Array },
  steps: readonly DtwStep[],
  runs: { rows: number; cols: number } = { rows: 99, cols: 99 },
): number {
  const from = (i: number, j: number, vertical: number, horizontal: number, turned: boolean): number => {
    if (i === rows - 1 && j === cols - 1) return 0;
    let best = Number.POSITIVE_INFINITY;
    for (const { di, dj, weight } of steps) {
      const [y, x] = [i + di, j + dj];
      if (y >= rows || x >= cols) continue;
      const v = dj === 0 ? vertical + 1 : 0;
      const h = di === 0 ? horizontal + 1 : 0;
      if (v > runs.rows || h > runs.cols) continue;
      // a run of one kind may not follow a run of the other without a diagonal between
      if (turned && ((v > 0 && horizontal > 0) || (h > 0 && vertical > 0))) continue;
      best = Math.min(best, weight * cost[y * cols + x]! + from(y, x, v, h, turned));
    }
    return best;
  };
  return cost[0]! + from(0, 0, 0, 0, runs.rows < 99);
}

describe('dtw', () => {
  test.each(Object.entries(PATTERNS))('finds the cheapest of all paths (%s)', (_, steps) => {
    fc.assert(
      fc.property(table, (problem) => {
        const expected = cheapestByExhaustion(problem, steps);
        if (!Number.isFinite(expected)) {
          expect(() => dtw({ ...problem, steps })).toThrow(InputError);
          return;
        }
        // small whole numbers add without rounding
        expect(dtw({ ...problem, steps }).cost).toBe(expected);
      }),
    );
  });

  test.each([0, 1, 2])('with runs limited to %i finds the cheapest of the paths that keep to it', (limit) => {
    const runs = { rows: limit, cols: limit };
    const steps = PATTERNS['vertical steps twice as dear']!;
    fc.assert(
      fc.property(table, (problem) => {
        const expected = cheapestByExhaustion(problem, steps, runs);
        if (!Number.isFinite(expected)) {
          expect(() => dtw({ ...problem, steps, maxRun: runs })).toThrow(InputError);
          return;
        }
        expect(dtw({ ...problem, steps, maxRun: runs }).cost).toBe(expected);
      }),
    );
  });

  test.each([undefined, { rows: 2, cols: 3 }])(
    'the path goes from corner to corner by allowed steps and costs what is said (runs %o)',
    (maxRun) => {
      fc.assert(
        fc.property(table, (problem) => {
          const { rows, cols, cost } = problem;
          const run = () => dtw({ ...problem, ...(maxRun ? { maxRun } : {}) });
          if (maxRun && !Number.isFinite(cheapestByExhaustion(problem, UNIT_STEPS, maxRun))) {
            expect(run).toThrow(InputError);
            return;
          }
          const { path, cost: total } = run();
          expect([path.rows[0], path.cols[0]]).toEqual([0, 0]);
          expect([path.rows.at(-1), path.cols.at(-1)]).toEqual([rows - 1, cols - 1]);
          let sum = cost[0]!;
          let [vertical, horizontal] = [0, 0];
          for (let n = 1; n < path.rows.length; n++) {
            const di = path.rows[n]! - path.rows[n - 1]!;
            const dj = path.cols[n]! - path.cols[n - 1]!;
            expect(UNIT_STEPS.some((step) => step.di === di && step.dj === dj)).toBe(true);
            vertical = dj === 0 ? vertical + 1 : 0;
            horizontal = di === 0 ? horizontal + 1 : 0;
            if (maxRun) expect(vertical <= maxRun.rows && horizontal <= maxRun.cols).toBe(true);
            sum += cost[path.rows[n]! * cols + path.cols[n]!]!;
          }
          expect(sum).toBe(total);
        }),
      );
    },
  );

  test('the transposed problem has the same cost', () => {
    fc.assert(
      fc.property(table, ({ rows, cols, cost }) => {
        const turned = dtw({ rows: cols, cols: rows, cost: (i, j) => cost[j * cols + i]! });
        expect(turned.cost).toBe(dtw({ rows, cols, cost }).cost);
      }),
    );
  });

  test('a band that holds the whole table changes nothing, and a cost function is asked only inside a narrow one', () => {
    const size = 40;
    const cost = (i: number, j: number): number => (i * 7 + j * 13) % 11;
    expect(dtw({ rows: size, cols: size, cost, band: { radius: size } })).toEqual(dtw({ rows: size, cols: size, cost }));
    let farthest = 0;
    let asked = 0;
    dtw({
      rows: size,
      cols: size,
      band: { radius: 3 },
      cost: (i, j) => {
        farthest = Math.max(farthest, Math.abs(i - j));
        asked++;
        return cost(i, j);
      },
    });
    expect(farthest).toBe(3);
    expect(asked).toBe(size + 2 * (39 + 38 + 37));
  });

  test('a band around a given curve keeps the path near it, with and without limited runs', () => {
    const rows = 30;
    const cols = 60;
    const centre = Float32Array.from({ length: cols }, (_, j) => (rows - 1) * (j / (cols - 1)) ** 2);
    for (const maxRun of [undefined, { rows: 4, cols: 12 }]) {
      const { path } = dtw({
        rows,
        cols,
        cost: (i, j) => ((i * 31 + j * 17) % 7) + 1,
        band: { radius: 4, centre },
        ...(maxRun ? { maxRun } : {}),
      });
      for (let n = 0; n < path.rows.length; n++) expect(Math.abs(path.rows[n]! - centre[path.cols[n]!]!)).toBeLessThanOrEqual(4);
    }
  });

  test('finds a known warp again', () => {
    const warp = Array.from({ length: 90 }, (_, j) => Math.round(59 * (0.5 - 0.5 * Math.cos((Math.PI * j) / 89))));
    const value = (i: number): number => Math.sin(0.37 * i) + 0.05 * i;
    const { path, cost } = dtw({ rows: 60, cols: 90, cost: (i, j) => Math.abs(value(i) - value(warp[j]!)) });
    expect(cost).toBe(0);
    const map = pathToTimeMap(path, { cols: 90 });
    expect(map).toBeAllClose(Float32Array.from(warp), { atol: 0.5, rtol: 0 });
  });

  test('says what is wrong with an empty table, a table of another size, a step that stands still and runs that cannot reach the end', () => {
    expect(() => dtw({ rows: 0, cols: 3, cost: () => 1 })).toThrow(/0 by 3/);
    expect(() => dtw({ rows: 2, cols: 3, cost: new Float32Array(5) })).toThrow(/5 values .* need 6/);
    expect(() => dtw({ rows: 2, cols: 2, cost: () => 1, steps: [{ di: 0, dj: 0, weight: 1 }] })).toThrow(InputError);
    expect(() => dtw({ rows: 2, cols: 20, cost: () => 1, maxRun: { rows: 1, cols: 1 } })).toThrow(/wider band/);
  });
});

describe('pathToTimeMap', () => {
  const path = table.map((problem) => ({ ...problem, path: dtw(problem).path }));

  test('never falls, stays inside the rows and keeps both ends, whatever the smoothing', () => {
    fc.assert(
      fc.property(path, fc.integer({ min: 1, max: 9 }), ({ rows, cols, path }, smoothing) => {
        const raw = pathToTimeMap(path, { cols });
        const map = pathToTimeMap(path, { cols, smoothing });
        expect(map.length).toBe(cols);
        expect(map[0]).toBe(raw[0]);
        expect(map[cols - 1]).toBe(raw[cols - 1]);
        for (let j = 0; j < cols; j++) {
          expect(map[j]! >= 0 && map[j]! <= rows - 1).toBe(true);
          // sums of float64 may round a tie down by an ulp
          if (j > 0) expect(map[j]!).toBeGreaterThanOrEqual(map[j - 1]! - 1e-6);
        }
      }),
    );
  });

  test('a straight path stays straight under smoothing', () => {
    const diagonal = Int32Array.from({ length: 20 }, (_, n) => n);
    expect(pathToTimeMap({ rows: diagonal, cols: diagonal }, { cols: 20, smoothing: 7 })).toBeAllClose(Float32Array.from(diagonal), {
      atol: 1e-6,
      rtol: 0,
    });
  });

  test('fills the columns that a long step jumps over with a straight line', () => {
    const map = pathToTimeMap({ rows: Int32Array.of(0, 1, 3), cols: Int32Array.of(0, 2, 3) }, { cols: 4 });
    expect([...map]).toEqual([0, 0.5, 1, 3]);
  });
});
