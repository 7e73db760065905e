import { expect, test } from 'vitest';
import { createRandom } from '../../random.ts';
import { createImdct } from './imdct.ts';
import { kaiserBesselRise, sineRise } from './windows.ts';

test.each([8, 128, 1024])('the inverse MDCT of %i lines is the sum that the standard writes', (size) => {
  const random = createRandom(size);
  const lines = Float64Array.from({ length: size }, () => random.normal());
  const output = new Float64Array(2 * size);
  createImdct(size)(lines, output);
  for (let n = 0; n < 2 * size; n += Math.max(1, size / 32)) {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += lines[k]! * Math.cos((Math.PI / size) * (n + (size + 1) / 2) * (k + 0.5));
    // double sums of 1024 terms of size 1
    expect(Math.abs(output[n]! - sum / size)).toBeLessThan(1e-12);
  }
});

test.each([
  ['sine', sineRise(1024)],
  ['Kaiser-Bessel, long', kaiserBesselRise(1024, 4)],
  ['Kaiser-Bessel, short', kaiserBesselRise(128, 6)],
])('the squares of the %s window and of its mirror sum to one', (_, rise) => {
  for (let n = 0; n < rise.length; n++) expect(rise[n]! ** 2 + rise[rise.length - 1 - n]! ** 2).toBeCloseTo(1, 14);
});

test('the Kaiser-Bessel window starts far lower than the sine window', () => {
  // the first value is sqrt(I0(0) / sum of the Kaiser window)
  expect(kaiserBesselRise(1024, 4)[0]).toBeLessThan(0.5 * sineRise(1024)[0]!);
});
