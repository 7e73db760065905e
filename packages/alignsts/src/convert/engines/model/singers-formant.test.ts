import { analyzeVoice } from '@alignsts/signal';
import { expect, test } from 'vitest';
import { VOWEL_A, vowel } from '../../../../../../test/support/vowel.ts';
import { withSingersFormant } from './singers-formant.ts';

const RATE = 24000;
const LENGTH = 12000;

function analysed(resonance: number) {
  const resonances = [...VOWEL_A.slice(0, 2), { frequency: resonance, bandwidth: 160 }, { frequency: 4500, bandwidth: 300 }];
  const samples = vowel({ f0: 150, length: LENGTH, rate: RATE, resonances });
  return analyzeVoice({ samples, sampleRate: RATE }, new Float32Array(94).fill(150));
}

test.each([2600, 3000, 3400])('a voice with a resonance at %i Hz is raised there by 12 dB, and not below 1.3 kHz', (resonance) => {
  const frames = analysed(resonance);
  const sung = withSingersFormant(frames, 1);
  const t = 47;
  const gain = Array.from(
    { length: frames.bins },
    (_, k) => 10 * Math.log10(sung.envelope[t * frames.bins + k]! / frames.envelope[t * frames.bins + k]!),
  );
  const at = (hertz: number): number => gain[Math.round((hertz * frames.fftSize) / RATE)]!;
  // the centre is a mean over the region: within 150 Hz of the resonance, 0.85 dB below the top of the bump
  expect(at(resonance)).toBeGreaterThan(11.1);
  expect(Math.max(...gain)).toBeLessThanOrEqual(12.01);
  expect(Math.max(...gain.slice(0, Math.round((1300 * frames.fftSize) / RATE)))).toBe(0);
});

test('strength counts in decibels, none leaves the frames alone, and unvoiced frames are never raised', () => {
  const frames = analysed(2800);
  expect(withSingersFormant(frames, 0)).toBe(frames);
  const peak = (strength: number): number => {
    const sung = withSingersFormant(frames, strength);
    return Math.max(
      ...Array.from(
        { length: frames.bins },
        (_, k) => 10 * Math.log10(sung.envelope[47 * frames.bins + k]! / frames.envelope[47 * frames.bins + k]!),
      ),
    );
  };
  expect(peak(0.5)).toBeCloseTo(6, 1);
  const unvoiced = { ...frames, f0: new Float32Array(frames.frames) };
  expect(withSingersFormant(unvoiced, 1).envelope).toEqual(frames.envelope);
});
