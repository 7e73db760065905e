import { createRandom } from '@alignsts/signal';
import { expect, test } from 'vitest';
import { SOUNDING } from './place-on-beat.ts';
import { wander } from './wander.ts';

/** 100 frames of consonant, 400 of a vowel held 20 times as long, 100 of a vowel as it was spoken. */
const FRAMES = 600;
const stretch = Float32Array.from({ length: FRAMES }, (_, t) => (t >= 100 && t < 500 ? 20 : 1));
const sounding = Uint8Array.from({ length: FRAMES }, (_, t) => (t < 100 ? SOUNDING.consonant : SOUNDING.vowel));
let place = 0;
const sourceTime = stretch.map((factor) => (place += 1 / factor));

test('a held vowel is read to and fro, by 2.5 frames at most', () => {
  const moved = wander({ sourceTime, sounding, stretch }, createRandom(1)).map((time, t) => time - sourceTime[t]!);
  const held = moved.subarray(120, 480);
  expect(Math.max(...held.map(Math.abs))).toBeLessThanOrEqual(2.5);
  expect(held.some((value, t) => t > 0 && value < held[t - 1]! - 0.05)).toBe(true);
  const deviation = Math.sqrt(held.reduce((sum, value) => sum + value * value, 0) / held.length);
  // two seconds hold about 14 independent values
  expect(deviation).toBeGreaterThan(0.5);
  expect(deviation).toBeLessThan(1.5);
  // slow: from frame to frame less than 5 times the deviation of the difference, σ/(√2·7.5)
  held.forEach((value, t) => {
    if (t > 0) expect(Math.abs(value - held[t - 1]!)).toBeLessThan(0.5);
  });
});

test('consonants and vowels at the pace of speech are left alone; the seed decides', () => {
  const first = wander({ sourceTime, sounding, stretch }, createRandom(1));
  expect(first.subarray(0, 100)).toEqual(sourceTime.subarray(0, 100));
  expect(first.subarray(500)).toEqual(sourceTime.subarray(500));
  expect(wander({ sourceTime, sounding, stretch }, createRandom(1))).toEqual(first);
  expect(wander({ sourceTime, sounding, stretch }, createRandom(2))).not.toEqual(first);
});
