import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { InputError } from '../input-error.ts';
import { highPass } from './high-pass.ts';

type Reference = { samples: number[]; filtered: { order: number; cutoff: number; values: number[] }[] };
const reference: Reference = JSON.parse(
  readFileSync(new URL('../../../../fixtures/source-filter/high-pass.json', import.meta.url), 'utf8'),
);

describe('highPass', () => {
  test.each(reference.filtered)('of order $order at $cutoff Hz is SciPy’s sosfiltfilt', ({ order, cutoff, values }) => {
    // the result is float32 and up to 4 in size
    expect(highPass(Float32Array.from(reference.samples), 24000, { order, cutoff })).toBeAllClose(Float32Array.from(values), {
      atol: 3e-7,
      rtol: 0,
    });
  });

  test('takes half the amplitude at its corner, nothing three octaves above and all of a constant', () => {
    const tone = (hertz: number): Float32Array =>
      Float32Array.from({ length: 48000 }, (_, n) => Math.sin((2 * Math.PI * hertz * n) / 24000));
    const middle = (values: Float32Array): Float32Array => values.subarray(12000, 36000);
    const filtered = (hertz: number): Float32Array => middle(highPass(tone(hertz), 24000, { cutoff: 30, order: 5 }));
    expect(filtered(30)).toBeAllClose(
      middle(tone(30)).map((x) => 0.5 * x),
      { atol: 1e-6, rtol: 0 },
    );
    // |H|² = 1/(1 + 8^-10) at 240 Hz, and no delay
    expect(filtered(240)).toBeAllClose(middle(tone(240)), { atol: 1e-6, rtol: 0 });
    expect(highPass(new Float32Array(500).fill(0.7), 24000, { cutoff: 30, order: 5 })).toBeAllClose(new Float32Array(500), {
      atol: 1e-9,
      rtol: 0,
    });
  });

  test('takes short and empty sounds, and names a corner or order that cannot be', () => {
    expect(highPass(new Float32Array(0), 24000, { cutoff: 30, order: 5 }).length).toBe(0);
    expect([...highPass(Float32Array.of(0.5), 24000, { cutoff: 30, order: 5 })]).toEqual([0]);
    expect(highPass(new Float32Array(7).fill(1), 24000, { cutoff: 30, order: 5 }).length).toBe(7);
    expect(() => highPass(new Float32Array(9), 24000, { cutoff: 12000, order: 5 })).toThrow(InputError);
    expect(() => highPass(new Float32Array(9), 24000, { cutoff: 30, order: 0 })).toThrow(/order is 0/);
  });
});
