import { InputError } from '@alignsts/signal';
import { describe, expect, test } from 'vitest';
import { APERIODICITY_FREQUENCIES, bandCentres, ENVELOPE_BANDS, interpolationMatrix, minimumPhaseMatrix } from './feature-bands.ts';
import { BINS, SIZE } from './stft-grid.ts';
import { createVoiceFeatures, VOICE_CHANNELS } from './voice-features.ts';

describe('tables of the vocoder', () => {
  test('a log amplitude becomes the phase of the filter 1 − 0.9·z⁻¹, which is minimum-phase by its one zero inside the unit circle', () => {
    const matrix = minimumPhaseMatrix();
    const level = new Float64Array(BINS);
    const expected = new Float64Array(BINS);
    for (let k = 0; k < BINS; k++) {
      const angle = (2 * Math.PI * k) / SIZE;
      const [re, im] = [1 - 0.9 * Math.cos(angle), 0.9 * Math.sin(angle)];
      level[k] = 0.5 * Math.log(re * re + im * im);
      expected[k] = Math.atan2(im, re);
    }
    const phase = new Float64Array(BINS);
    for (let k = 0; k < BINS; k++) for (let j = 0; j < BINS; j++) phase[j] = phase[j]! + level[k]! * matrix[k * BINS + j]!;
    // the matrix is float32; 0.9⁵¹² is nothing
    expect(phase).toBeAllClose(expected, { atol: 2e-6, rtol: 0 });
  });

  test('every bin is an average of two bands, and a band read at its own centre is itself', () => {
    const centres = bandCentres(ENVELOPE_BANDS, 0, 12000);
    const matrix = interpolationMatrix(centres, 'hertz');
    expect(Math.min(...matrix)).toBe(0);
    for (let k = 0; k < BINS; k++) {
      let sum = 0;
      let frequency = 0;
      for (let b = 0; b < ENVELOPE_BANDS; b++) {
        const weight = matrix[b * BINS + k]!;
        sum += weight;
        frequency += weight * centres[b]!;
      }
      expect(sum).toBeCloseTo(1, 6);
      const asked = Math.min(centres.at(-1)!, Math.max(centres[0]!, (k * 24000) / SIZE));
      expect(Math.abs(frequency - asked)).toBeLessThan(0.01); // float32 weights of frequencies up to 12 kHz
    }
  });
});

describe('features of a voice', () => {
  const frames = (power: number, ratio: number, sampleRate = 24000) => ({
    ...{ sampleRate, hop: 128, frames: 2, bins: 513, fftSize: 1024, f0: Float32Array.of(100, 0) },
    envelope: new Float64Array(2 * 513).fill(power),
    aperiodicity: new Float64Array(2 * 5).fill(ratio),
    bandFrequencies: Float64Array.from(APERIODICITY_FREQUENCIES),
  });

  test('a flat envelope has its log power in every band, and ratios are logarithms', () => {
    const features = createVoiceFeatures()(frames(0.01, 0.25) as never);
    const row = [...new Array(80).fill(Math.log(0.01)), ...new Array(5).fill(Math.log(0.25))];
    expect(features.length).toBe(2 * VOICE_CHANNELS);
    expect(features).toBeAllClose([...row, ...row], { atol: 0, rtol: 2e-7 });
  });

  test('silence and pure tones end at −110 and −60 dB', () => {
    const features = createVoiceFeatures()(frames(0, 0) as never);
    expect(features[0]).toBeCloseTo(Math.log(1e-11), 5);
    expect(features[84]).toBeCloseTo(Math.log(1e-3), 5);
  });

  test('a voice analysed at another rate is refused with the way out', () => {
    expect(() => createVoiceFeatures()(frames(1, 1, 22050) as never)).toThrow(InputError);
    expect(() => createVoiceFeatures()(frames(1, 1, 22050) as never)).toThrow(/22050 Hz.*Resample to 24000 Hz/s);
  });
});
