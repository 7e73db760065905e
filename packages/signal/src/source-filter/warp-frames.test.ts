import { describe, expect, test } from 'vitest';
import { VOWEL_A, vowel } from '../../../../test/support/vowel.ts';
import { InputError } from '../input-error.ts';
import { analyzeVoice } from './analyze-voice.ts';
import { warpFrames } from './warp-frames.ts';

const SPLIT = 20;
// voiced up to frame 19, unvoiced from frame 20
const f0 = Float32Array.from({ length: 40 }, (_, t) => (t < SPLIT ? 150 : 0));
const frames = analyzeVoice({ samples: vowel({ f0: 150, length: 40 * 128, rate: 24000, resonances: VOWEL_A }), sampleRate: 24000 }, f0);

describe('warpFrames', () => {
  test('along the source’s own time and F0 changes nothing', () => {
    const time = Float32Array.from({ length: 40 }, (_, t) => t);
    expect(warpFrames(frames, time, f0)).toEqual(frames);
  });

  test('halfway between two frames gives the geometric mean of their envelopes', () => {
    const warped = warpFrames(frames, Float32Array.of(7.5), Float32Array.of(300));
    const expected = Float32Array.from({ length: frames.bins }, (_, k) =>
      Math.sqrt(frames.envelope[7 * frames.bins + k]! * frames.envelope[8 * frames.bins + k]!),
    );
    expect(warped.frames).toBe(1);
    expect([...warped.f0]).toEqual([300]);
    expect(warped.envelope).toBeAllClose(expected, { atol: 0, rtol: 1e-5 });
  });

  test('runs backwards and stops at the ends', () => {
    const warped = warpFrames(frames, Float32Array.of(99, 3, -5), new Float32Array(3));
    for (const [row, source] of [39, 3, 0].entries()) {
      expect(warped.envelope.subarray(row * frames.bins, (row + 1) * frames.bins)).toEqual(
        frames.envelope.subarray(source * frames.bins, (source + 1) * frames.bins),
      );
    }
  });

  test('an unvoiced frame under a note stays noise, and the change of voicing is as sharp as in the source', () => {
    const warped = warpFrames(frames, Float32Array.of(19, 19.4, 19.6, 20, 30), new Float32Array(5).fill(220));
    const lowest = Array.from({ length: 5 }, (_, t) => warped.aperiodicity[5 * t]!);
    expect(lowest.slice(2)).toEqual([1, 1, 1]);
    expect(Math.max(lowest[0]!, lowest[1]!)).toBeLessThan(0.002);
  });

  test('a map and an F0 of different lengths, and a map with a gap, are named', () => {
    expect(() => warpFrames(frames, new Float32Array(3), new Float32Array(4))).toThrow(/has 3 frames but F0 has 4/);
    expect(() => warpFrames(frames, Float32Array.of(0, Number.NaN), new Float32Array(2))).toThrow(InputError);
  });
});
