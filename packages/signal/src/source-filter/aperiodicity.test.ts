import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { VOWEL_A, vowel } from '../../../../test/support/vowel.ts';
import { decodeMono } from '../audio-file/decode-audio.ts';
import { createRandom } from '../random.ts';
import { createBandAperiodicity } from './aperiodicity.ts';

const RATE = 24000;

/** [0, 3, 6, 9, 12 kHz] ratios, averaged in decibels over frames. */
function meanDecibels(samples: Float32Array, f0: number, voicingThreshold: number): number[] {
  const aperiodicity = createBandAperiodicity(RATE, { voicingThreshold });
  const out = new Float32Array(5);
  const sums = [0, 0, 0, 0, 0];
  for (let t = 10; t < 60; t++) {
    aperiodicity.frame(samples, 128 * t, f0, out, 0);
    for (let b = 0; b < 5; b++) sums[b] = sums[b]! + (20 * Math.log10(out[b]!)) / 50;
  }
  return sums;
}

describe('against WORLD’s D4C (fixtures/make/source-filter.py)', () => {
  const fixtures = new URL('../../../../fixtures/', import.meta.url);
  const praat = JSON.parse(readFileSync(new URL('f0/praat.json', fixtures), 'utf8'));
  const world = JSON.parse(readFileSync(new URL('source-filter/world.json', fixtures), 'utf8'));

  test.each(Object.keys(world.clips))('%s has the same voicing and the same ratios', async (name) => {
    const { samples } = (await decodeMono(readFileSync(new URL(`f0/${name}.flac`, fixtures)))).audio;
    const f0: number[] = praat[name].mel.f0;
    const expected: number[] = world.clips[name].aperiodicity;
    const aperiodicity = createBandAperiodicity(RATE);
    const out = new Float32Array(5);
    let differentVoicing = 0;
    const sums = [0, 0, 0];
    let voiced = 0;
    for (let t = 0; t < f0.length; t++) {
      if (f0[t] === 0) continue;
      aperiodicity.frame(samples, 128 * t, f0[t]!, out, 0);
      const noise = out[0] === 1;
      const theirNoise = expected[3 * t] === 0;
      if (noise !== theirNoise) differentVoicing++;
      if (noise || theirNoise) continue;
      voiced++;
      for (let b = 0; b < 3; b++) sums[b] = sums[b]! + Math.abs(20 * Math.log10(out[b + 1]!) - expected[3 * t + b]! / 100);
    }
    expect(voiced).toBeGreaterThan(60);
    expect(differentVoicing).toBeLessThanOrEqual(1);
    // the transforms are shorter than WORLD's and the lines of a band are counted on a coarser grid; the measure itself spreads by 2 dB
    for (const sum of sums) expect(sum / voiced).toBeLessThan(0.7);
  });
});

test('pulses are periodic in every band and white noise is noise', () => {
  const pulses = vowel({ f0: 150, length: 9000, rate: RATE });
  const random = createRandom(5);
  const noise = Float32Array.from(pulses, () => random.normal());
  const inPulses = meanDecibels(pulses, 150, 0);
  const inNoise = meanDecibels(noise, 150, 0);
  for (let b = 1; b <= 3; b++) {
    expect(inPulses[b]!).toBeLessThan(-30);
    expect(inNoise[b]!).toBeGreaterThan(-5);
  }
});

test('the more noise above 4 kHz, the higher the ratios there, and only there', () => {
  const pulses = vowel({ f0: 200, length: 9000, rate: RATE });
  const random = createRandom(6);
  // first differences four times over: noise that rises by 24 dB an octave
  let high = Float64Array.from({ length: 9000 }, () => random.normal());
  for (let order = 0; order < 4; order++) high = high.map((x, n) => (n > 0 ? (x - high[n - 1]!) / 2 : 0));
  const ratios = [0.03, 0.1, 0.3].map((gain) =>
    meanDecibels(
      Float32Array.from(pulses, (x, n) => x + gain * high[n]!),
      200,
      0,
    ),
  );
  expect(ratios[0]![3]!).toBeLessThan(ratios[1]![3]! - 3);
  expect(ratios[1]![3]!).toBeLessThan(ratios[2]![3]! - 3);
  for (const ratio of ratios) expect(ratio[1]!).toBeLessThan(-25);
});

test('a hiss with a claimed F0 is called noise, a vowel is not, and no F0 is noise at every frequency', () => {
  const random = createRandom(8);
  const noise = Float32Array.from({ length: 9000 }, () => random.normal());
  const hiss = noise.map((x, n) => (n > 0 ? x - noise[n - 1]! : 0));
  expect(meanDecibels(hiss, 150, 0.85)).toEqual([0, 0, 0, 0, 0]);
  const spoken = vowel({ f0: 150, length: 9000, rate: RATE, resonances: VOWEL_A });
  expect(meanDecibels(spoken, 150, 0.85)[0]).toBeCloseTo(-60, 6);
  expect(meanDecibels(spoken, 0, 0.85)).toEqual([0, 0, 0, 0, 0]);
});

test('bands follow the sample rate, and every input gives ratios from 0 to 1', () => {
  expect([...createBandAperiodicity(RATE).bandFrequencies]).toEqual([0, 3000, 6000, 9000, 12000]);
  expect([...createBandAperiodicity(48000).bandFrequencies]).toEqual([0, 3000, 6000, 9000, 12000, 15000, 24000]);
  for (const samples of [new Float32Array(0), new Float32Array(500), Float32Array.of(1)]) {
    for (const f0 of [1, 46, 60, 95, 500, 1000, 9000]) {
      const out = new Float32Array(5).fill(Number.NaN);
      createBandAperiodicity(RATE, { voicingThreshold: 0 }).frame(samples, 256, f0, out, 0);
      expect(out.every((ratio) => ratio >= 0 && ratio <= 1)).toBe(true);
    }
  }
});
