import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Audio } from '../audio.ts';
import { decodeMono } from '../audio-file/decode-audio.ts';
import { trackF0 } from '../f0/track-f0.ts';
import { InputError } from '../input-error.ts';
import { createRandom } from '../random.ts';
import { analyzeVoice } from './analyze-voice.ts';
import { flattenPitch } from './pitch-flatten.ts';

const folder = new URL('../../../../fixtures/f0/', import.meta.url);

async function clip(name: string): Promise<{ audio: Audio; f0: Float32Array }> {
  const { audio } = await decodeMono(readFileSync(new URL(`${name}.flac`, folder)));
  return { audio, f0: trackF0(audio).f0 };
}

function spread(values: number[]): { mean: number; cents50: number; cents95: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const cents = values.map((x) => Math.abs(1200 * Math.log2(x / mean))).sort((a, b) => a - b);
  return { mean, cents50: cents[cents.length >> 1]!, cents95: cents[Math.floor(0.95 * cents.length)]! };
}

describe('flattenPitch', () => {
  test.each(['speech-low', 'speech-high', 'song-ornamented'])(
    '%s comes out as long, on its mean F0, with the same envelope',
    async (name) => {
      const { audio, f0 } = await clip(name);
      const flat = flattenPitch(audio, f0, { random: createRandom(1) });
      expect(flat.samples.length).toBe(audio.samples.length);
      const tracked = trackF0(flat).f0;
      // frames where the 75 ms of Praat's window are voiced in the source
      const inside = Array.from(f0.keys()).filter(
        (t) => t > 7 && t < f0.length - 7 && f0.subarray(t - 7, t + 8).every((pitch) => pitch > 0),
      );
      expect(inside.length).toBeGreaterThan(50);
      const voiced = inside.filter((t) => tracked[t]! > 0);
      expect(voiced.length).toBeGreaterThan(0.97 * inside.length);
      const before = spread(inside.map((t) => f0[t]!));
      const after = spread(voiced.map((t) => tracked[t]!));
      expect(before.cents95).toBeGreaterThan(150);
      // formants that move shift the measured period a little, WORLD's copies just as much: medians of 4 and 6 cents, 95 % within 14 and 35
      expect(after.cents50).toBeLessThan(7);
      expect(after.cents95).toBeLessThan(35);
      const all = f0.filter((pitch) => pitch > 0);
      const expected = all.reduce((sum, x) => sum + x, 0) / all.length;
      expect(Math.abs(1200 * Math.log2(after.mean / expected))).toBeLessThan(10);

      const ours = analyzeVoice(flat, tracked);
      const theirs = analyzeVoice(audio, f0);
      // mean difference of the envelopes from 200 Hz to 5 kHz, less the gain of 0.96
      let sum = 0;
      for (const t of voiced) {
        for (let k = 9; k < 213; k++)
          sum += Math.abs(10 * Math.log10(ours.envelope[t * 513 + k]! / theirs.envelope[t * 513 + k]!) - 20 * Math.log10(0.96));
      }
      expect(sum / voiced.length / 204).toBeLessThan(2);
    },
  );

  test('takes a given pitch, keeps a sound without voice at its level, and does not need a voiced frame', async () => {
    const { audio, f0 } = await clip('speech-low');
    const flat = flattenPitch(audio, f0, { target: 180, random: createRandom(2) });
    const voiced = trackF0(flat).f0.filter((pitch) => pitch > 0);
    expect(spread([...voiced]).mean).toBeCloseTo(180, 0);

    const random = createRandom(3);
    const noise = { samples: Float32Array.from({ length: 12000 }, () => 0.1 * random.normal()), sampleRate: 24000 };
    const copy = flattenPitch(noise, new Float32Array(94), { random: createRandom(4) });
    const power = (samples: Float32Array): number => samples.reduce((sum, x) => sum + x * x, 0);
    expect(10 * Math.log10(power(copy.samples) / power(noise.samples))).toBeCloseTo(20 * Math.log10(0.96), 0);
  });

  test('names a pitch that cannot be sung', () => {
    const audio = { samples: new Float32Array(500), sampleRate: 24000 };
    expect(() => flattenPitch(audio, new Float32Array(4), { target: 12000, random: createRandom(1) })).toThrow(InputError);
  });
});
