import { readFileSync } from 'node:fs';
import { createMelSpectrogram, InputError } from '@alignsts/signal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chirp } from '../../../../test/support/chirp.ts';
import { createRhythm, RHYTHM_PRESETS, type RhythmPreset, rhythmOfEnergy, rhythmOfMel } from './rhythm.ts';

const { rhythm }: { rhythm: { length: number } & Record<RhythmPreset, number[]> } = JSON.parse(
  readFileSync(new URL('../../../../fixtures/mel/reference.json', import.meta.url), 'utf8'),
);

const PRESETS = Object.keys(RHYTHM_PRESETS) as RhythmPreset[];

describe('createRhythm', () => {
  test.each(PRESETS)('the %s curve is the one PyTorch and SciPy compute', (preset) => {
    // energy has float32 resolution (6e-8 of itself), which beta multiplies
    const atol = preset === 'evaluation' ? 1e-4 : 1e-5;
    expect(createRhythm(RHYTHM_PRESETS[preset])(chirp(rhythm.length, 24000))).toBeAllClose(rhythm[preset], { atol, rtol: 0 });
  });

  test('gain does not change it', () => {
    const samples = chirp(6000, 24000);
    for (const preset of PRESETS) {
      const curveOf = createRhythm(RHYTHM_PRESETS[preset]);
      const curve = curveOf(samples);
      fc.assert(
        fc.property(fc.double({ min: -2, max: 1, noNaN: true }), (exponent) => {
          const gain = 10 ** exponent;
          const louder = curveOf(samples.map((value) => gain * value));
          expect(louder).toBeAllClose(curve, { atol: preset === 'evaluation' ? 2e-3 : 2e-4, rtol: 0 }); // float32 mel, times beta
        }),
        { numRuns: 15 },
      );
    }
  });

  test('is high where there is sound and low in pauses, and stays within 0 … 1', () => {
    const samples = chirp(12000, 24000);
    samples.fill(0, 4000, 8000);
    for (const preset of PRESETS) {
      const curve = createRhythm(RHYTHM_PRESETS[preset])(samples);
      expect(Math.max(...curve.subarray(36, 58))).toBeLessThan(0.01);
      expect(Math.max(...curve)).toBeGreaterThan(0.99);
      expect(curve.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  test('silence, no sound and one frame give one half', () => {
    for (const preset of PRESETS) {
      for (const length of [0, 1, 100, 3000]) {
        const curve = createRhythm(RHYTHM_PRESETS[preset])(new Float32Array(length));
        expect(curve).toEqual(new Float32Array(1 + Math.floor(length / 128)).fill(0.5));
      }
    }
  });

  test('settings out of range are refused in words', () => {
    expect(() => createRhythm({ ...RHYTHM_PRESETS.paper, beta: 0 })).toThrow(InputError);
    expect(() => createRhythm({ ...RHYTHM_PRESETS.paper, beta: 0 })).toThrow(/beta is 0/);
    expect(() => createRhythm({ ...RHYTHM_PRESETS.paper, sigma: -1 })).toThrow(/sigma is -1/);
  });
});

test('rhythmOfMel takes a mel that is already there, in either base', () => {
  const samples = chirp(3000, 24000);
  const mel = createMelSpectrogram()(samples).values;
  for (const expBase of [10, 'e'] as const) {
    const config = { ...RHYTHM_PRESETS.release, expBase };
    expect(rhythmOfMel(mel, config)).toEqual(createRhythm(config)(samples));
  }
  expect(rhythmOfMel(mel, { ...RHYTHM_PRESETS.release, expBase: 10 })).not.toBeAllClose(rhythmOfMel(mel, RHYTHM_PRESETS.release), {
    atol: 1e-3,
  });
});

test('rhythmOfEnergy has the values of Eq. 3 on three frames', () => {
  // mean 2, deviation 1 over T - 1: z = -1, 0, 1
  const curve = rhythmOfEnergy(Float32Array.of(1, 2, 3), { beta: 2, sigma: 0 });
  expect(curve).toBeAllClose([1 / (1 + Math.exp(2)), 0.5, 1 / (1 + Math.exp(-2))], { atol: 1e-7, rtol: 0 });
});
