import type { VoiceFrames } from '@alignsts/signal';
import { expect, test } from 'vitest';
import { percentile } from './percentile.ts';
import { steadyVowels } from './steady-vowels.ts';

test('noise frames inside a vowel are no noisier than twice its median; what lies outside is left alone', () => {
  const aperiodicity = Float32Array.of(1, 1, 0.1, 0.4, 0.2, 0.5, 1, 1, 0.2, 0.4, 1, 1);
  const frames: VoiceFrames = {
    frames: 6,
    bins: 1,
    sampleRate: 24000,
    hop: 128,
    fftSize: 1024,
    f0: new Float32Array(6).fill(100),
    envelope: new Float32Array(6),
    aperiodicity,
    bandFrequencies: Float32Array.of(0, 12000),
  };
  const steady = steadyVowels(frames, [{ start: 1, end: 5, peak: 2, prominence: 5, level: 0 }]);
  // the upper medians of 0.1 0.2 0.2 1 … are 0.2 and 0.5
  expect(steady.aperiodicity).toBeAllClose(Float32Array.of(1, 1, 0.1, 0.4, 0.2, 0.5, 0.4, 1, 0.2, 0.4, 1, 1), { atol: 1e-6, rtol: 0 });
  expect(frames.aperiodicity).toBe(aperiodicity);
  expect(aperiodicity[6]).toBe(1);
});

test('percentiles are values of the list', () => {
  expect(percentile([3, 1, 2], 0.5)).toBe(2);
  expect(percentile([3, 1, 2], 1)).toBe(3);
  expect(percentile([3, 1, 2], 0)).toBe(1);
  expect(percentile([], 0.5)).toBe(Number.NEGATIVE_INFINITY);
});
