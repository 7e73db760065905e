import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floats, runRecorded, whole } from '../../../../test/support/run-recorded.ts';
import { outsideWindow } from './cross-attention.ts';

/** Which keys each query sees, as the graph says. */
async function seen(lengths: number[], contentLengths: number[], window: number, windowInclusive: boolean): Promise<number[][][]> {
  const [T, N, B] = [Math.max(...lengths), Math.max(...contentLengths), lengths.length];
  const inputs = {
    query: floats(new Float32Array(B * T), [B, T, 1]),
    memory: floats(new Float32Array(B * N), [B, N, 1]),
    lengths: whole(lengths),
    contentLengths: whole(contentLengths),
  };
  const { hidden } = await runRecorded(
    inputs,
    (ops, x) => {
      const masked = outsideWindow(
        ops,
        { window, windowInclusive },
        { features: x.query, lengths: x.lengths },
        { features: x.memory, lengths: x.contentLengths },
      );
      return { hidden: ops.toFloat(masked) };
    },
    { query: ['B', 'T'], memory: ['B', 'N'] },
  );
  const at = (b: number, t: number, n: number): number => hidden!.data[(b * T + t) * N + n]!;
  return lengths.map((_, b) =>
    Array.from({ length: T }, (__, t) => Array.from({ length: N }, (___, n) => n).filter((n) => at(b, t, n) === 0)),
  );
}

test('the worked example of the specification: 99 keys, 751 queries, query 375 centred on 49', async () => {
  // paper fractions 0.5 and 0.4: half widths 24 and 19
  for (const [window, half] of [
    [0.5, 24],
    [0.4, 19],
  ] as const) {
    const [row] = (await seen([751], [99], window, true))[0]!.slice(375, 376);
    expect([row![0], row!.at(-1)]).toEqual([49 - half, 49 + half]);
    const [exclusive] = (await seen([751], [99], window, false))[0]!.slice(375, 376);
    expect([exclusive![0], exclusive!.at(-1)]).toEqual([49 - half, 48 + half]);
  }
});

test('every row sees at least one key, and only keys of its own item, for any lengths', async () => {
  const length = fc.integer({ min: 1, max: 40 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(length, length), { minLength: 1, maxLength: 3 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      async (sizes, window, inclusive) => {
        const keys = sizes.map(([, n]) => n);
        const rows = await seen(
          sizes.map(([t]) => t),
          keys,
          window,
          inclusive,
        );
        rows.forEach((item, b) => {
          for (const row of item) {
            expect(row.length).toBeGreaterThan(0);
            expect(row.at(-1)).toBeLessThan(keys[b]!);
            // one piece
            expect(row.at(-1)! - row[0]! + 1).toBe(row.length);
          }
        });
      },
    ),
    { seed: 4, numRuns: 25 },
  );
});

test("an item's window does not depend on its neighbours in the batch", async () => {
  const alone = await seen([17], [9], 0.4, true);
  const together = await seen([31, 17, 2], [20, 9, 1], 0.4, true);
  expect(together[1]!.slice(0, 17)).toEqual(alone[0]);
});
