import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { besselI0 } from './bessel-i0.ts';
import { InputError } from './input-error.ts';
import { createRandom } from './random.ts';
import { createResampler, resample } from './resample.ts';

/** A sine of amplitude 1, phase 0.3. */
const sine = (frequency: number, sampleRate: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / sampleRate + 0.3));

const decibels = (samples: Float32Array, from: number, to: number): number => {
  let sum = 0;
  for (let i = from; i < to; i++) sum += samples[i]! * samples[i]!;
  // 0 dB is a sine of amplitude 1
  return 10 * Math.log10((2 * sum) / (to - from));
};

/** Rates people meet, odd ones whose ratio has thousands of phases, and the limits of the readers. */
const pairs: [number, number][] = [
  [48000, 24000],
  [44100, 24000],
  [24000, 16000],
  [16000, 24000],
  [24000, 44100],
  [22050, 24000],
  [8000, 24000],
  [96000, 24000],
  [192000, 24000],
  [4000, 24000],
  [47999, 24000],
  [11025, 16001],
];

describe.each(pairs)('%i Hz to %i Hz', (from, to) => {
  const lower = Math.min(from, to);
  const resampled = (samples: Float32Array): Float32Array => resample({ samples, sampleRate: from }, to).samples;
  // half a second at the edges of the signal is not looked at: there is silence next to it
  const first = Math.floor(0.15 * to);
  const last = Math.floor(0.35 * to);
  const half = Math.floor(from / 2);

  test.each([0.01, 0.3, 0.7, 0.9])('a sine at %d of the lower Nyquist frequency comes out as the same sine, 110 dB clean', (place) => {
    const frequency = (place * lower) / 2;
    const output = resampled(sine(frequency, from, half));
    const expected = sine(frequency, to, output.length);
    const error = output.map((x, i) => x - expected[i]!);
    expect(decibels(error, first, last)).toBeLessThan(-110);
  });

  if (to < from) {
    test.each([1.001, 1.1, 1.5])('a sine at %d of the new Nyquist frequency is 110 dB down', (place) => {
      const frequency = Math.min((place * to) / 2, 0.999 * (from / 2));
      expect(decibels(resampled(sine(frequency, from, half)), first, last)).toBeLessThan(-110);
    });
  } else {
    test('the images above the old Nyquist frequency are 110 dB down', () => {
      const frequency = 0.45 * from;
      const output = resampled(sine(frequency, from, half));
      // subtracting the sine at its place leaves the images
      const expected = sine(frequency, to, output.length);
      expect(
        decibels(
          output.map((x, i) => x - expected[i]!),
          first,
          last,
        ),
      ).toBeLessThan(-110);
    });
  }

  test('an impulse stays where it is, and the length is the ratio times the length, rounded', () => {
    const length = 3 * half + 1;
    // a place that is a whole sample at both rates
    const step = from / greatestCommonDivisor(from, to);
    const at = step * Math.ceil((0.2 * from) / step);
    const samples = new Float32Array(length);
    samples[at] = 1;
    const output = resampled(samples);
    expect(output.length).toBe(Math.round((length * to) / from));
    const centre = (at * to) / from;
    // symmetric around the place, and largest there
    for (let k = 1; k < 50; k++) expect(output[centre + k]).toBeCloseTo(output[centre - k]!, 6);
    expect(output.reduce((best, x, i) => (Math.abs(x) > Math.abs(output[best]!) ? i : best), 0)).toBe(centre);
  });

  test('a constant stays that constant away from its ends', () => {
    const output = resampled(new Float32Array(half).fill(0.5));
    expect(output.subarray(first, last)).toBeAllClose(new Float32Array(last - first).fill(0.5), { atol: 3e-7, rtol: 0 });
  });
});

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

describe('resample', () => {
  test('is the sum that defines it: input times a Kaiser-windowed sinc around each output time', () => {
    const random = createRandom(5);
    const samples = Float32Array.from({ length: 1200 }, () => random.normal());
    const output = resample({ samples, sampleRate: 44100 }, 24000).samples;
    // the design of resample.ts written down again: 112 dB, pass band to 0.91 of 12 kHz
    const ratio = 24000 / 44100;
    const taps = 4 * Math.ceil((112 - 7.95) / (2.285 * Math.PI * ratio * 0.09) / 4);
    const cutoff = ratio * 0.955;
    for (const m of [0, 1, 37, 300, 500, output.length - 1]) {
      const time = (m * 44100) / 24000;
      let sum = 0;
      let weights = 0;
      for (let n = Math.floor(time) + 1 - taps / 2; n <= Math.floor(time) + taps / 2; n++) {
        const t = n - time;
        const x = Math.PI * cutoff * t;
        const kaiser = besselI0(0.1102 * (112 - 8.7) * Math.sqrt(Math.max(0, 1 - (t / (taps / 2)) ** 2)));
        const weight = (x === 0 ? 1 : Math.sin(x) / x) * kaiser;
        weights += weight;
        sum += weight * (samples[n] ?? 0);
      }
      expect(output[m]).toBeCloseTo(sum / weights, 6);
    }
  });

  test('there and back again loses nothing inside the pass band', () => {
    const length = 24000;
    const samples = sine(3000, 24000, length).map((x, i) => x * Math.sin((Math.PI * i) / length) ** 2);
    const there = resample({ samples, sampleRate: 24000 }, 44100);
    const back = resample(there, 24000).samples;
    expect(back).toBeAllClose(samples, { atol: 3e-6, rtol: 0 });
  });

  test('at the same rate the audio itself comes back', () => {
    const audio = { samples: Float32Array.of(1, 2), sampleRate: 24000 };
    expect(resample(audio, 24000)).toBe(audio);
  });

  test('no sample, and one sample, are resampled too', () => {
    expect(resample({ samples: new Float32Array(0), sampleRate: 48000 }, 24000).samples.length).toBe(0);
    const one = resample({ samples: Float32Array.of(1), sampleRate: 24000 }, 48000).samples;
    expect(one.length).toBe(2);
    // the sinc of the cut-off 0.955: its peak, and the value half a sample later
    expect(one[0]).toBeCloseTo(0.955, 2);
  });

  test('one resampler serves many signals and remembers none', () => {
    const run = createResampler(44100, 24000);
    const signal = sine(500, 44100, 5000);
    const before = run(signal);
    run(new Float32Array(20000).fill(1));
    expect(run(signal)).toEqual(before);
  });

  test('is linear and keeps its length for any rates and any length', () => {
    const rate = fc.integer({ min: 4000, max: 48000 });
    fc.assert(
      fc.property(rate, rate, fc.integer({ min: 0, max: 400 }), fc.integer(), (from, to, length, seed) => {
        const random = createRandom(seed);
        const a = Float32Array.from({ length }, () => random.uniform() - 0.5);
        const output = resample({ samples: a, sampleRate: from }, to).samples;
        expect(output.length).toBe(from === to ? length : Math.round((length * to) / from));
        const doubled = resample({ samples: a.map((x) => 2 * x), sampleRate: from }, to).samples;
        // doubling is exact in binary
        expect(doubled).toEqual(output.map((x) => 2 * x));
      }),
      { numRuns: 15 },
    );
  });

  test.each([0, -1, 999, 24000.5, Number.NaN, 1e7])('a rate of %d Hz is refused', (rate) => {
    expect(() => resample({ samples: new Float32Array(4), sampleRate: 48000 }, rate)).toThrow(InputError);
    expect(() => resample({ samples: new Float32Array(4), sampleRate: rate }, 48000)).toThrow(/whole numbers from 1000 to 768000/);
  });
});

test('besselI0 is the tabulated function', () => {
  // Abramowitz & Stegun Table 9.8
  expect(besselI0(0)).toBe(1);
  expect(besselI0(1)).toBeCloseTo(1.2660658777520084, 14);
  expect(besselI0(10) / 2815.716628466254).toBeCloseTo(1, 13);
});
