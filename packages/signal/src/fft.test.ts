import { describe, expect, test } from 'vitest';
import { createRealFft, nextPowerOfTwo } from './fft.ts';
import { InputError } from './input-error.ts';
import { createRandom } from './random.ts';

function slowDft(x: Float64Array): { re: Float64Array; im: Float64Array } {
  const half = x.length / 2;
  const re = new Float64Array(half + 1);
  const im = new Float64Array(half + 1);
  for (let k = 0; k <= half; k++) {
    for (let n = 0; n < x.length; n++) {
      const angle = (-2 * Math.PI * k * n) / x.length;
      re[k] = re[k]! + x[n]! * Math.cos(angle);
      im[k] = im[k]! + x[n]! * Math.sin(angle);
    }
  }
  return { re, im };
}

describe('createRealFft', () => {
  test.each([4, 8, 16, 64, 512])('matches the O(n²) sum at %i points, and its inverse returns the signal', (size) => {
    const random = createRandom(size);
    const x = Float64Array.from({ length: size }, () => random.normal());
    const fft = createRealFft(size);
    const re = new Float64Array(size / 2 + 1);
    const im = new Float64Array(size / 2 + 1);
    fft.forward(x, re, im);
    const slow = slowDft(x);
    // the slow sum loses about size·2^-53·|x|; 1e-10 leaves room for it
    expect(re).toBeAllClose(slow.re, { atol: 1e-10, rtol: 0 });
    expect(im).toBeAllClose(slow.im, { atol: 1e-10, rtol: 0 });
    const back = new Float64Array(size);
    fft.inverse(re, im, back);
    expect(back).toBeAllClose(x, { atol: 1e-13, rtol: 0 });
  });

  test('a size that is no power of two is named with the next one that is', () => {
    expect(() => createRealFft(600)).toThrow(InputError);
    expect(nextPowerOfTwo(600)).toBe(1024);
  });
});
