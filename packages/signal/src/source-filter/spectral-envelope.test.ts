import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { VOWEL_A, vowel, vowelPower } from '../../../../test/support/vowel.ts';
import { decodeMono } from '../audio-file/decode-audio.ts';
import { createRandom } from '../random.ts';
import { createSpectralEnvelope, type SpectralEnvelopeOptions } from './spectral-envelope.ts';

const RATE = 24000;
const BINS = 513;

function decibels(power: ArrayLike<number>): Float32Array {
  return Float32Array.from(power, (p) => 10 * Math.log10(p));
}

function envelopeOf(samples: Float32Array, centre: number, f0: number, options: SpectralEnvelopeOptions = {}): Float32Array {
  const out = new Float32Array(BINS);
  createSpectralEnvelope(RATE, options).frame(samples, centre, f0, out, 0);
  return decibels(out);
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

describe('against WORLD’s CheapTrick (fixtures/make/source-filter.py)', () => {
  const fixtures = new URL('../../../../fixtures/', import.meta.url);
  const praat = JSON.parse(readFileSync(new URL('f0/praat.json', fixtures), 'utf8'));
  const world = JSON.parse(readFileSync(new URL('source-filter/world.json', fixtures), 'utf8'));

  test.each(Object.keys(world.clips))('%s has the same envelope, voiced and unvoiced', async (name) => {
    const { samples } = (await decodeMono(readFileSync(new URL(`f0/${name}.flac`, fixtures)))).audio;
    const f0: number[] = praat[name].mel.f0;
    const expected: number[] = world.clips[name].envelope;
    const perFrame = Math.ceil(BINS / world.binStep);
    const distances: number[] = [];
    for (let t = 0, row = 0; t < f0.length; t += world.frameStep, row++) {
      const ours = envelopeOf(samples, 128 * t, f0[t]!, { matchHarmonics: false });
      let sum = 0;
      for (let b = 0; b < perFrame; b++) sum += Math.abs(ours[b * world.binStep]! - expected[row * perFrame + b]! / 100);
      distances.push(sum / perFrame);
    }
    // the fixture's steps of 0.01 dB cost 0.0025 on average; WORLD dithers its windows, which shows in silence
    expect(median(distances)).toBeLessThan(0.005);
    expect(distances.filter((distance) => distance < 0.05).length).toBeGreaterThan(0.95 * distances.length);
  });
});

describe('a vowel whose formants are known', () => {
  const peaksOf = (values: Float32Array): number[] =>
    Array.from(values.keys())
      .filter((k) => k > 0 && k < 300 && values[k]! > values[k - 1]! && values[k]! >= values[k + 1]!)
      .map((k) => (k * RATE) / 1024);

  test('shows its four peaks where they were put, at F0 = 100 Hz', () => {
    const envelope = envelopeOf(vowel({ f0: 100, length: 4800, rate: RATE, resonances: VOWEL_A }), 2400, 100);
    const peaks = peaksOf(envelope);
    for (const { frequency } of VOWEL_A) {
      // half the distance of the harmonics, for where between them the peak is cannot be known, and half a bin
      expect(Math.min(...peaks.map((peak) => Math.abs(peak - frequency)))).toBeLessThanOrEqual(50 + 12);
    }
  });

  test('shows a formant between two harmonics in the right half, at F0 = 400 Hz', () => {
    const resonances = [{ frequency: 2000, bandwidth: 300 }];
    const envelope = envelopeOf(vowel({ f0: 400, length: 4800, rate: RATE, resonances }), 2400, 400);
    expect(Math.abs(peaksOf(envelope)[0]! - 2000)).toBeLessThanOrEqual(50);
  });

  test.each([
    // bins are 23 Hz wide: straight lines between them cut the tops off close harmonics
    [80, 0.7],
    [100, 0.4],
    [150, 0.4],
    [220, 0.3],
    [400, 0.3],
    [700, 0.3],
  ])('at F0 = %i Hz has the power of each harmonic below 4 kHz to %f dB', (f0, bound) => {
    const envelope = envelopeOf(vowel({ f0, length: 4800, rate: RATE, resonances: VOWEL_A }), 2400, f0);
    for (let f = f0; f < 4000; f += f0) {
      const position = (f * 1024) / RATE;
      const k = Math.floor(position);
      const at = envelope[k]! + (position - k) * (envelope[k + 1]! - envelope[k]!);
      expect(Math.abs(at - 10 * Math.log10(vowelPower(f, VOWEL_A)))).toBeLessThan(bound);
    }
  });

  test.each([60, 120, 300, 600, 1000])(
    'white pulses at F0 = %i Hz have a flat envelope of power 1, without a trace of the harmonics',
    (f0) => {
      const envelope = envelopeOf(vowel({ f0, length: 4800, rate: RATE }), 2400, f0);
      const lastHarmonic = Math.floor((RATE / 2 - 1) / f0);
      // at 60 Hz bins are coarse; above the last harmonic but one there is nothing to be flat
      const bound = f0 < 100 ? 0.8 : 0.3;
      for (let k = 10; k < ((lastHarmonic - 1) * f0 * 1024) / RATE; k++) expect(Math.abs(envelope[k]!)).toBeLessThan(bound);
    },
  );

  test('does not depend on where in the period the frame is', () => {
    const samples = vowel({ f0: 150, length: 4800, rate: RATE, resonances: VOWEL_A });
    const envelopes = [0, 37, 80, 121].map((shift) => envelopeOf(samples, 2300 + shift, 150));
    for (const envelope of envelopes)
      expect(envelope.subarray(5, 200)).toBeAllClose(envelopes[0]!.subarray(5, 200), { atol: 0.5, rtol: 0 });
  });
});

test('white noise of variance 1 has a mean power of 1 in every band, with and without F0', () => {
  const random = createRandom(7);
  const samples = Float32Array.from({ length: 240000 }, () => random.normal());
  for (const f0 of [0, 200]) {
    const out = new Float32Array(BINS);
    const mean = new Float64Array(BINS);
    const envelope = createSpectralEnvelope(RATE, { matchHarmonics: false });
    for (let t = 1; t <= 900; t++) {
      envelope.frame(samples, 256 * t, f0, out, 0);
      for (let k = 0; k < BINS; k++) mean[k] = mean[k]! + out[k]! / 900;
    }
    // 0.1 dB of the estimator's own (a logarithm is smoothed) and three standard errors over 900 frames
    expect(decibels(mean.subarray(30, 480))).toBeAllClose(new Float32Array(450), { atol: 0.6, rtol: 0 });
  }
});

test('silence, one sample, the sound’s ends and the extremes of F0 give finite envelopes', () => {
  const click = new Float32Array(300);
  click[150] = 1;
  for (const samples of [new Float32Array(300), Float32Array.of(0.5), new Float32Array(0), click]) {
    for (const f0 of [0, 1, 20, 1000, 11000]) {
      for (const centre of [0, 128, 299, 5000]) expect(envelopeOf(samples, centre, f0).every(Number.isFinite)).toBe(true);
    }
  }
});
