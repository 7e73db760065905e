import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from './input-error.ts';
import { createRandom } from './random.ts';
import { createComplexStft, createInverseStft, createStft } from './stft.ts';

function noise(length: number, seed = 1): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => 0.3 * random.normal());
}

/** Frame t, bin k by the definition. */
function slowBin(samples: ArrayLike<number>, at: (index: number) => number, size: number, hop: number, t: number, k: number) {
  let re = 0;
  let im = 0;
  for (let n = 0; n < size; n++) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size);
    const value = window * (samples[at(t * hop - size / 2 + n)] ?? 0);
    re += value * Math.cos((2 * Math.PI * k * n) / size);
    im -= value * Math.sin((2 * Math.PI * k * n) / size);
  }
  return { re, im };
}

describe('createStft', () => {
  test.each([
    { size: 64, hop: 16, pad: 'zero' },
    { size: 50, hop: 20, pad: 'zero' },
    { size: 40, hop: 16, pad: 'reflect' },
    { size: 14, hop: 3, pad: 'reflect' },
  ] as const)('matches the sum of the definition ($size points, hop $hop, $pad)', ({ size, hop, pad }) => {
    const samples = noise(150);
    const last = samples.length - 1;
    const at = (index: number): number => (pad === 'zero' ? index : index < 0 ? -index : index > last ? 2 * last - index : index);
    const { frames, bins, re, im } = createComplexStft({ size, hop, pad })(samples);
    const { magnitude } = createStft({ size, hop, pad })(samples);
    expect(frames).toBe(1 + Math.floor(150 / hop));
    expect(bins).toBe(size / 2 + 1);
    for (let t = 0; t < frames; t++) {
      for (let k = 0; k < bins; k++) {
        const slow = slowBin(samples, at, size, hop, t, k);
        // results are float32 and of order 1
        expect(Math.abs(re[t * bins + k]! - slow.re)).toBeLessThan(5e-7);
        expect(Math.abs(im[t * bins + k]! - slow.im)).toBeLessThan(5e-7);
        expect(Math.abs(magnitude[t * bins + k]! - Math.hypot(slow.re, slow.im))).toBeLessThan(5e-7);
      }
    }
  });

  test('sounds of no sample and of one have one frame, with either padding', () => {
    for (const pad of ['zero', 'reflect'] as const) {
      const stft = createStft({ size: 8, hop: 4, pad });
      expect(stft(new Float32Array(0))).toEqual({ frames: 1, bins: 5, magnitude: new Float32Array(5) });
      const one = stft(Float32Array.of(1));
      // zero: an impulse in the middle of the window. reflect: a constant, so the sum of the window
      expect(one.magnitude[0]).toBeCloseTo(pad === 'zero' ? 1 : 4, 6);
    }
  });

  test('odd sizes and hops of 0 are refused in words', () => {
    expect(() => createStft({ size: 63 })).toThrow(InputError);
    expect(() => createStft({ hop: 0 })).toThrow(/hop is 0/);
    expect(() => createInverseStft({ hop: 1.5 })).toThrow(/hop is 1.5/);
  });
});

describe('createInverseStft', () => {
  test('gives an untouched sound back, whatever size, hop and length', () => {
    fc.assert(
      fc.property(
        fc.constantFrom([512, 128], [400, 160], [64, 16], [50, 20]),
        fc.integer({ min: 0, max: 1500 }),
        fc.constantFrom('zero' as const, 'reflect' as const),
        ([size, hop], length, pad) => {
          const samples = noise(length, length + 1);
          const config = { size: size!, hop: hop!, pad };
          const back = createInverseStft(config)(createComplexStft(config)(samples), length);
          expect(back).toBeAllClose(samples, { atol: 2e-6, rtol: 0 }); // the spectrum in between is float32
        },
      ),
      { numRuns: 40 },
    );
  });

  test('of a spectrum that no sound has, it gives the sound whose spectrum is nearest', () => {
    const config = { size: 32, hop: 8 };
    const stft = createComplexStft(config);
    const spectrum = stft(noise(200));
    for (let i = 0; i < spectrum.re.length; i++) spectrum.re[i] = spectrum.re[i]! * (i % 3);
    const best = createInverseStft(config)(spectrum, 200);
    const distance = (samples: Float32Array): number => {
      const { re, im, bins } = stft(samples);
      return re.reduce((sum, value, i) => {
        // bins 0 and K-1 stand for themselves, the others for their mirror image too
        const weight = i % bins === 0 || i % bins === bins - 1 ? 1 : 2;
        return sum + weight * ((value - spectrum.re[i]!) ** 2 + (im[i]! - spectrum.im[i]!) ** 2);
      }, 0);
    };
    const least = distance(best);
    for (let seed = 2; seed < 12; seed++) {
      const nudge = noise(200, seed);
      expect(distance(best.map((value, n) => value + 0.01 * nudge[n]!))).toBeGreaterThan(least);
    }
  });

  test('a spectrum of another size is refused', () => {
    const spectrum = createComplexStft({ size: 64, hop: 16 })(noise(100));
    expect(() => createInverseStft({ size: 128, hop: 16 })(spectrum, 100)).toThrow(/33 bins but a size of 128 needs 65/);
  });
});
