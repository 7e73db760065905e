import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pitchBin, pitchBins, pitchOfBin } from './pitch.ts';

const standard = { scale: 'mel', levels: 255, low: 50, high: 1100, unvoiced: 'own', rows: 300 } as const;
const release = { ...standard, unvoiced: 'lowest' } as const;

test('puts the check frequencies of the specification into their bins', () => {
  const expected: [number, number][] = [
    [80, 12],
    [100, 20],
    [220, 60],
    [261.63, 73],
    [440, 122],
    [750, 192],
    [1100, 255],
    [5000, 255],
    [50, 1],
    [20, 1],
  ];
  for (const [hertz, bin] of expected) expect(pitchBin(hertz, standard), `${hertz} Hz`).toBe(bin);
});

test('gives unvoiced frames an index of their own, or the lowest level as the release does', () => {
  expect(pitchBins(Float32Array.of(0, 440), standard)).toEqual(Int32Array.of(0, 122));
  expect(pitchBins(Float32Array.of(0, 440), release)).toEqual(Int32Array.of(1, 122));
  expect(pitchBin(Number.NaN, standard)).toBe(0);
});

test("is even in hertz where the paper's words are taken, 256 values", () => {
  const paper = { ...standard, scale: 'hertz', levels: 256, unvoiced: 'lowest' } as const;
  expect([50, 575, 1100].map((hertz) => pitchBin(hertz, paper))).toEqual([1, 129, 256]);
});

test("never falls with frequency, stays in the table, and returns to itself through the bin's frequency", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 20000, noNaN: true }), fc.double({ min: 0.01, max: 20000, noNaN: true }), (a, b) => {
      const [low, high] = [pitchBin(Math.min(a, b), standard), pitchBin(Math.max(a, b), standard)];
      expect(low).toBeLessThanOrEqual(high);
      expect(low).toBeGreaterThanOrEqual(1);
      expect(high).toBeLessThanOrEqual(255);
      expect(pitchBin(pitchOfBin(low, standard), standard)).toBe(low);
    }),
    { seed: 3 },
  );
});
