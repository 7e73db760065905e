import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHalf } from './half.ts';

/** The definition, read backwards. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction > 0 ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

test('every half survives the way through float32', () => {
  const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits).filter((bits) => !Number.isNaN(fromHalf(bits)));
  expect(toHalf(Float32Array.from(all, fromHalf))).toEqual(all);
});

test('others round to the nearest half, to the even one in the middle', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, min: -65519, max: 65519 }), (value) => {
      const bits = toHalf(Float32Array.of(value))[0]!;
      const error = Math.abs(fromHalf(bits) - value);
      for (const neighbour of [bits - 1, bits + 1]) {
        const other = Math.abs(fromHalf(neighbour & 0xffff) - value);
        if (!Number.isNaN(other)) expect(error).toBeLessThanOrEqual(other);
      }
    }),
    { seed: 1, numRuns: 500 },
  );
  // 1 + 2⁻¹¹ lies between 1 and 1 + 2⁻¹⁰; 2⁻²⁵ between 0 and the smallest
  expect([...toHalf(Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 ** -25, 3 * 2 ** -25))]).toEqual([0x3c00, 0x3c02, 0, 2]);
});

test('too large becomes infinite, not a number stays so', () => {
  expect([...toHalf(Float32Array.of(65520, -1e30, Number.POSITIVE_INFINITY))]).toEqual([0x7c00, 0xfc00, 0x7c00]);
  expect(fromHalf(toHalf(Float32Array.of(Number.NaN))[0]!)).toBeNaN();
});
