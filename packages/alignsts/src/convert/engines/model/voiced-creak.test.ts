import { createRandom, trackF0 } from '@alignsts/signal';
import { describe, expect, test } from 'vitest';
import { speak } from '../../../../../../test/support/spoken-syllables.ts';
import { FRAME_RATE } from '../../../grid.ts';
import { closeVoicingHoles } from './close-voicing-holes.ts';
import { voicedCreak } from './voiced-creak.ts';

describe('holes in the voicing', () => {
  test('of up to five frames are closed, straight in the logarithm', () => {
    expect(closeVoicingHoles(Float32Array.of(0, 100, 0, 400, 0))).toBeAllClose(Float32Array.of(0, 100, 200, 400, 0), {
      rtol: 1e-6,
      atol: 0,
    });
    const long = Float32Array.of(100, 0, 0, 0, 0, 0, 0, 100);
    expect(closeVoicingHoles(long)).toEqual(long);
    expect(closeVoicingHoles(long.subarray(1))).toEqual(long.subarray(1));
  });
});

describe('creak', () => {
  /** A vowel of 0.4 s whose pulses fall at random from 0.25 s on. */
  const { audio } = speak('_:0.1 a:0.15 _:0.35');
  const random = createRandom(4);
  const steady = speak('a:0.6', { f0: 60 }).audio.samples;
  for (let n = 6000; n < 11000; ) {
    const pulse = steady.subarray(2000, 2300);
    for (let i = 0; i < pulse.length; i++) audio.samples[n + i] = audio.samples[n + i]! + 0.8 * pulse[i]! * Math.exp(-i / 150);
    n += 250 + random.integer(400);
  }

  test('after a vowel is given its pitch', () => {
    const tracked = trackF0(audio, { floor: 70, voicingThreshold: 0.45 }).f0;
    const voiced = voicedCreak(audio, tracked);
    const frame = Math.round(0.4 * FRAME_RATE);
    expect(tracked[frame]).toBe(0);
    expect(voiced[frame]!).toBeGreaterThan(70);
    expect(voiced[Math.round(0.55 * FRAME_RATE)]).toBe(0);
  });

  test('silence and hisses after a vowel are not', () => {
    const { audio: hissing } = speak('_:0.1 a:0.2 s:0.2 a:0.2 _:0.3');
    const f0 = trackF0(hissing, { floor: 70, voicingThreshold: 0.45 }).f0;
    const voiced = voicedCreak(hissing, f0);
    for (const time of [0.36, 0.4, 0.44, 0.8]) expect(voiced[Math.round(time * FRAME_RATE)]).toBe(0);
    expect(voiced.filter((hertz) => hertz > 0).length - f0.filter((hertz) => hertz > 0).length).toBeLessThan(12);
  });
});
