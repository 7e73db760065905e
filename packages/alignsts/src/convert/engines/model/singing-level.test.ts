import { describe, expect, test } from 'vitest';
import { SOUNDING } from './place-on-beat.ts';
import { type SingingLevelOptions, singingLevel } from './singing-level.ts';
import type { SpeechAcoustics } from './speech-acoustics.ts';

/** Speech of two vowels, frames 20 to 60 and 80 to 120, of levels by formula; sung one frame for one. */
function levelled(levelAt: (t: number) => number, options: SingingLevelOptions = {}, vibrato = new Float32Array(200)): Float32Array {
  const frames = 200;
  const isVowel = (t: number): boolean => (t >= 20 && t < 60) || (t >= 80 && t < 120);
  const level = Float32Array.from({ length: frames }, (_, t) => levelAt(t));
  const curve = new Float32Array(frames);
  const acoustics: SpeechAcoustics = {
    frames,
    voiced: Uint8Array.from({ length: frames }, (_, t) => (isVowel(t) ? 1 : 0)),
    level,
    quiet: -80,
    sonority: level,
    smoothSonority: level,
    sibilance: curve,
    openness: curve,
    noisiness: curve,
    change: curve,
  };
  const nuclei = [20, 80].map((start) => ({ start, end: start + 40, peak: start + 10, prominence: 10, level: -20 }));
  const sounding = Uint8Array.from({ length: frames }, (_, t) =>
    isVowel(t) ? SOUNDING.vowel : t >= 60 && t < 80 ? SOUNDING.consonant : SOUNDING.silence,
  );
  const sourceTime = Float32Array.from({ length: frames }, (_, t) => t);
  const factors = singingLevel({ sourceTime, sounding }, vibrato, { acoustics, nuclei }, options);
  return factors.map((factor) => 20 * Math.log10(Math.max(factor, 1e-9)));
}

const FADING = (t: number): number => -20 - 0.4 * ((t >= 80 ? t - 80 : t - 20) % 60);

describe('held vowels', () => {
  test('that fade are held at their own level', () => {
    const gains = levelled(FADING, { evenness: 0, raise: 12 });
    // 16 dB of fading over the vowel; smoothing over 70 ms leaves the middle of it straight
    const heldAt = (t: number): number => FADING(t) + gains[t]!;
    expect(Math.abs(heldAt(95) - heldAt(105))).toBeLessThan(1);
    expect(FADING(95) - FADING(105)).toBeCloseTo(4, 6);
  });

  test('are never raised by more than the bound', () => {
    expect(Math.max(...levelled(FADING, { evenness: 0, raise: 3 }))).toBeLessThanOrEqual(3 + 1e-4);
    expect(Math.max(...levelled((t) => (t < 70 ? -20 : -60), { evenness: 1 }))).toBeLessThanOrEqual(8 + 1e-4);
  });

  test('are drawn towards each other', () => {
    const twoLevels = (t: number): number => (t < 70 ? -20 : -28);
    const even = levelled(twoLevels, { evenness: 1, consonants: 1 });
    const own = levelled(twoLevels, { evenness: 0 });
    expect(even[100]! - own[100]!).toBeGreaterThan(7);
    expect(Math.abs(own[100]!)).toBeLessThan(0.1);
  });
});

test('what is silent in the song is silent, with soft edges and a soft end', () => {
  const gains = levelled(() => -20);
  expect(gains[5]!).toBeLessThan(-60);
  expect(gains[190]!).toBeLessThan(-60);
  // the last vowel dies away over 80 ms, the one before the consonant does not
  expect(gains[118]!).toBeLessThan(-15);
  expect(gains[58]!).toBeGreaterThan(-0.1);
});

test('the level swings with the vibrato, by so many decibels to either side', () => {
  const vibrato = Float32Array.from({ length: 200 }, (_, t) => Math.sin((2 * Math.PI * t) / 20));
  const swung = levelled(() => -20, { tremolo: 2 }, vibrato);
  const still = levelled(() => -20, { tremolo: 2 });
  for (let t = 85; t < 100; t++) expect(swung[t]! - still[t]!).toBeCloseTo(2 * vibrato[t]!, 4);
});
