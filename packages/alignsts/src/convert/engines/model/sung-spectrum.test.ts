import { analyzeVoice } from '@alignsts/signal';
import { expect, test } from 'vitest';
import { VOWEL_A, vowel } from '../../../../../../test/support/vowel.ts';
import { sungSpectrum } from './sung-spectrum.ts';

const RATE = 24000;
const LENGTH = 12000;
const UNCHANGED = new Float32Array(94).fill(1);

function analysed(resonance: number) {
  const resonances = [...VOWEL_A.slice(0, 2), { frequency: resonance, bandwidth: 160 }, { frequency: 4500, bandwidth: 300 }];
  const samples = vowel({ f0: 150, length: LENGTH, rate: RATE, resonances });
  return analyzeVoice({ samples, sampleRate: RATE }, new Float32Array(94).fill(150));
}

test.each([2600, 3000, 3400])('a voice with a resonance at %i Hz is raised there by 12 dB, and not below 1.3 kHz', (resonance) => {
  const frames = analysed(resonance);
  const sung = sungSpectrum(frames, UNCHANGED, { formant: 1 });
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

test('strength counts in decibels, and none leaves the frames alone', () => {
  const frames = analysed(2800);
  expect(sungSpectrum(frames, UNCHANGED, { formant: 0 })).toEqual(frames);
  const { envelope } = sungSpectrum(frames, UNCHANGED, { formant: 0.5 });
  const gain = Array.from(
    { length: frames.bins },
    (_, k) => 10 * Math.log10(envelope[47 * frames.bins + k]! / frames.envelope[47 * frames.bins + k]!),
  );
  expect(Math.max(...gain)).toBeCloseTo(6, 1);
});

test('unvoiced frames have no formant, and lose what lies below 500 Hz', () => {
  const frames = { ...analysed(2800), f0: new Float32Array(94) };
  const { envelope } = sungSpectrum(frames, UNCHANGED, { formant: 1 });
  const gain = (hertz: number): number => {
    const at = 47 * frames.bins + Math.round((hertz * frames.fftSize) / RATE);
    return 10 * Math.log10(envelope[at]! / frames.envelope[at]!);
  };
  expect(gain(2800)).toBeCloseTo(0, 1);
  expect(gain(500)).toBeCloseTo(-3, 0);
  expect(gain(100)).toBeLessThan(-25);
});

test('the level is a factor on the amplitude', () => {
  const frames = analysed(2800);
  const level = Float32Array.from({ length: 94 }, (_, t) => t / 94);
  const { envelope } = sungSpectrum(frames, level, { formant: 0 });
  for (const t of [0, 20, 93])
    expect(envelope[t * frames.bins + 100]! / frames.envelope[t * frames.bins + 100]!).toBeCloseTo((t / 94) ** 2, 5);
});
