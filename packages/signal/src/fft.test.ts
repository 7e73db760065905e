import { describe, expect, test } from 'vitest';
import { createFftPlan, createRealFft, nextFastSize, nextPowerOfTwo } from './fft.ts';
import { InputError } from './input-error.ts';
import { createRandom } from './random.ts';

function slowDft(xr: Float64Array, xi: Float64Array): { re: Float64Array; im: Float64Array } {
  const size = xr.length;
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    for (let n = 0; n < size; n++) {
      const angle = (-2 * Math.PI * ((k * n) % size)) / size;
      re[k] = re[k]! + xr[n]! * Math.cos(angle) - xi[n]! * Math.sin(angle);
      im[k] = im[k]! + xr[n]! * Math.sin(angle) + xi[n]! * Math.cos(angle);
    }
  }
  return { re, im };
}

function noise(size: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: size }, () => random.normal());
}

describe('createRealFft', () => {
  // powers of two, the radices 3 and 5 alone and mixed, and sizes that need the chirp (7, 11, 499)
  test.each([2, 4, 6, 8, 10, 16, 30, 64, 90, 400, 512, 600, 14, 22, 998])(
    'matches the O(n²) sum at %i points, and its inverse returns the signal',
    (size) => {
      const x = noise(size, size);
      const fft = createRealFft(size);
      const re = new Float64Array(size / 2 + 1);
      const im = new Float64Array(size / 2 + 1);
      fft.forward(x, re, im);
      const slow = slowDft(x, new Float64Array(size));
      // the slow sum loses about size·2^-53·|x|; 1e-10 leaves room for it
      expect(re).toBeAllClose(slow.re.subarray(0, size / 2 + 1), { atol: 1e-10, rtol: 0 });
      expect(im).toBeAllClose(slow.im.subarray(0, size / 2 + 1), { atol: 1e-10, rtol: 0 });
      const back = new Float64Array(size);
      fft.inverse(re, im, back);
      expect(back).toBeAllClose(x, { atol: 1e-13, rtol: 0 });
    },
  );

  test('an odd size is refused and the remedy named', () => {
    expect(() => createRealFft(601)).toThrow(InputError);
    expect(() => createRealFft(601)).toThrow(/nextPowerOfTwo/);
  });
});

describe('createFftPlan', () => {
  test.each([1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 25, 32, 60, 125, 128, 256, 360, 499])('matches the O(n²) sum at %i points', (size) => {
    const re = noise(size, 2 * size);
    const im = noise(size, 2 * size + 1);
    const slow = slowDft(re, im);
    const plan = createFftPlan(size);
    for (let n = 0; n < size; n++) {
      plan.input[2 * n] = re[n]!;
      plan.input[2 * n + 1] = im[n]!;
    }
    plan.run();
    expect(plan.output.filter((_, i) => i % 2 === 0)).toBeAllClose(slow.re, { atol: 1e-10, rtol: 0 });
    expect(plan.output.filter((_, i) => i % 2 === 1)).toBeAllClose(slow.im, { atol: 1e-10, rtol: 0 });
  });
});

test('the next power of two and the next fast size hold at least n points', () => {
  expect(nextPowerOfTwo(600)).toBe(1024);
  expect(nextPowerOfTwo(1024)).toBe(1024);
  expect(nextFastSize(2251)).toBe(2304);
  expect(nextFastSize(2304)).toBe(2304);
  expect(nextFastSize(7)).toBe(16);
});
