import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chirp } from '../../../test/support/chirp.ts';
import { InputError } from './input-error.ts';
import { createMelSpectrogram, hzToMel, melFilters, melToHz } from './mel.ts';

type Reference = { rate: number; length: number; frames: number; values: number[] };
const reference: Record<'alignsts' | 'resemblyzer' | 'whisper' | 'htk', Reference> & { alignsts: { filterSums: number[] } } = JSON.parse(
  readFileSync(new URL('../../../fixtures/mel/reference.json', import.meta.url), 'utf8'),
);

describe('createMelSpectrogram', () => {
  test('AlignSTS’s log10-mel is PyTorch’s STFT through librosa’s filters', () => {
    const { length, rate, frames, values } = reference.alignsts;
    const mel = createMelSpectrogram()(chirp(length, rate));
    expect(mel).toMatchObject({ frames, bins: 80 });
    expect(mel.values).toBeAllClose(values, { atol: 2e-6, rtol: 0 }); // float32 of values down to -10
  });

  test('so are the power spectra of Whisper and Resemblyzer: 400 points, mirrored edges, no logarithm', () => {
    for (const [name, bins] of [
      ['resemblyzer', 40],
      ['whisper', 80],
    ] as const) {
      const { length, rate, frames, values } = reference[name];
      const melOf = createMelSpectrogram({
        sampleRate: rate,
        size: 400,
        hop: 160,
        bins,
        low: 0,
        high: 8000,
        power: 2,
        log: 'none',
        pad: 'reflect',
      });
      const mel = melOf(chirp(length, rate));
      expect(mel).toMatchObject({ frames, bins });
      expect(mel.values).toBeAllClose(values, { atol: 1e-9, rtol: 1e-6 });
    }
  });

  test('silence is -10 everywhere, and no sound is one frame of it', () => {
    const melOf = createMelSpectrogram();
    for (const length of [0, 1, 500]) {
      const { frames, values } = melOf(new Float32Array(length));
      expect(frames).toBe(1 + Math.floor(length / 128));
      expect(values).toEqual(new Float32Array(80 * frames).fill(-10));
    }
  });

  test('eight times the amplitude adds log10 8', () => {
    const melOf = createMelSpectrogram();
    const quiet = chirp(2000, 24000);
    const loud = melOf(quiet.map((value) => 8 * value));
    expect(loud.values).toBeAllClose(
      melOf(quiet).values.map((value) => value + Math.log10(8)),
      { atol: 1e-6, rtol: 0 },
    );
  });

  test('a tone is loudest in the filter that has it in its middle', () => {
    const step = (hzToMel(11025) - hzToMel(50)) / 81;
    for (const bin of [5, 30, 70]) {
      const hertz = melToHz(hzToMel(50) + step * (bin + 1));
      const { values } = createMelSpectrogram()(Float32Array.from({ length: 2400 }, (_, n) => Math.sin((2 * Math.PI * hertz * n) / 24000)));
      const frame = values.subarray(9 * 80, 10 * 80);
      expect(frame.indexOf(Math.max(...frame))).toBe(bin);
    }
  });
});

describe('melFilters', () => {
  test('have librosa’s areas, and its HTK triangles of height 1', () => {
    const filters = melFilters({ sampleRate: 24000, size: 512, bins: 80, low: 50, high: 11025 });
    const sums = Array.from({ length: 80 }, (_, m) => filters.subarray(m * 257, (m + 1) * 257).reduce((sum, weight) => sum + weight, 0));
    expect(sums).toBeAllClose(reference.alignsts.filterSums, { atol: 0, rtol: 1e-6 });
    const htk = melFilters({ sampleRate: 22050, size: 256, bins: 10, low: 0, high: 8000, scale: 'htk', norm: 'peak' });
    expect(htk).toBeAllClose(reference.htk.values, { atol: 1e-7, rtol: 1e-6 });
  });

  test('a range beyond the sound’s is refused in words', () => {
    expect(() => createMelSpectrogram({ sampleRate: 16000 })).toThrow(InputError);
    expect(() => createMelSpectrogram({ sampleRate: 16000 })).toThrow(/50 to 11025 Hz do not fit/);
  });

  test('the scales have their known points and inverses', () => {
    expect(hzToMel(1000)).toBeCloseTo(15, 12);
    expect(hzToMel(6400)).toBeCloseTo(42, 12);
    expect(hzToMel(700, 'htk')).toBeCloseTo(2595 * Math.log10(2), 12);
    for (const scale of ['slaney', 'htk'] as const)
      for (const f of [0, 440, 1000, 9000]) expect(melToHz(hzToMel(f, scale), scale)).toBeCloseTo(f, 8);
  });
});
