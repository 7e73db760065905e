import { readFileSync } from 'node:fs';
import { type Audio, createRandom, decodeMono, InputError, resample, trackF0 } from '@alignsts/signal';
import { describe, expect, test } from 'vitest';
import { speak } from '../../../../../test/support/spoken-syllables.ts';
import { pairFrames } from '../../evaluate/cent-tracks.ts';
import { voicedChromaAccuracy } from '../../evaluate/raw-chroma-accuracy.ts';
import { rawPitchAccuracy } from '../../evaluate/raw-pitch-accuracy.ts';
import { FRAME_RATE, framesOf, frameTime } from '../../grid.ts';
import type { Melody } from '../../melody/melody.ts';
import { parseTune } from '../../melody/tune.ts';
import type { Progress } from '../engine.ts';
import { createModelEngine, type ModelEngineOptions } from './model.ts';

async function sing(speech: Audio, melody: Melody, options: ModelEngineOptions = {}, seed = 1) {
  return createModelEngine(options).sing({ speech, melody, random: createRandom(seed) });
}

async function reader(path: string): Promise<Audio> {
  const bytes = readFileSync(new URL(`../../../../../${path}`, import.meta.url));
  return resample((await decodeMono(bytes)).audio, 24000);
}

const SPEECH = speak('_:0.2 s:0.1 a:0.15 s:0.1 i:0.12 n:0.09 u:0.15 _:0.3').audio;
const TUNE = parseTune('@60 R:0.5 A2:0.7 C3:0.6 E3:1.2 R:0.3');

describe('speech by formula', () => {
  test('is exactly as long as the melody, on its grid, and finite', async () => {
    const { audio, f0, alignment } = await sing(SPEECH, TUNE);
    expect(audio.samples).toHaveLength(3.3 * 24000);
    expect(f0).toHaveLength(framesOf(3.3));
    expect(alignment).toHaveLength(framesOf(3.3));
    for (const values of [audio.samples, f0, alignment]) expect(values.every(Number.isFinite)).toBe(true);
  });

  test('each vowel begins on its beat, in the segments and in the sound', async () => {
    const { audio, segments } = await sing(SPEECH, TUNE);
    const vowels = segments.filter(({ kind }) => kind === 'vowel');
    expect(vowels.map(({ start }) => start)).toEqual([0.5, 1.2, 1.8].map((beat) => expect.closeTo(beat, 9)));
    // pulses set in within a frame or two of the beat after a hiss, where nothing is voiced before
    const heard = trackF0(audio, { floor: 60, veryAccurate: false }).f0;
    const first = heard.findIndex((hertz) => hertz > 0);
    expect(Math.abs(frameTime(first) - 0.5)).toBeLessThan(0.025);
  });

  test('the notes are heard, and hisses are hissed', async () => {
    const { audio, f0, segments } = await sing(SPEECH, TUNE);
    const heard = trackF0(audio).f0;
    expect(voicedChromaAccuracy(pairFrames(f0, heard))).toBeGreaterThan(0.98);
    const hisses = segments.filter(({ label }) => label === 'fricative');
    expect(hisses).toHaveLength(2);
    for (const { start, end } of hisses) {
      const middle = Math.round(((start + end) / 2) * FRAME_RATE);
      expect(f0[middle]).toBe(0);
      expect(heard[middle]).toBe(0);
    }
    // the nasal between the last two vowels carries the melody
    const { start, end } = segments.find(({ label }) => label === 'nasal')!;
    for (let t = Math.ceil(start * FRAME_RATE); t < end * FRAME_RATE; t++) expect(f0[t]).toBeGreaterThan(0);
  });

  test('rests are silent', async () => {
    const { audio } = await sing(SPEECH, TUNE);
    const peak = (from: number, to: number): number => Math.max(...audio.samples.subarray(from * 24000, to * 24000).map(Math.abs));
    expect(peak(0, 0.25)).toBeLessThan(1e-3 * peak(0.6, 0.9));
    expect(peak(3.1, 3.3)).toBeLessThan(1e-2 * peak(0.6, 0.9));
  });

  test('the same seed gives the same samples, another one others', async () => {
    const first = (await sing(SPEECH, TUNE, {}, 7)).audio.samples;
    expect((await sing(SPEECH, TUNE, {}, 7)).audio.samples).toEqual(first);
    expect((await sing(SPEECH, TUNE, {}, 8)).audio.samples).not.toEqual(first);
  });

  test('lyrics set which note takes which syllable', async () => {
    const melody = parseTune('@60 R:0.5 A2:0.5=sa C3:0.5=_ D3:0.5=si E3:1=nu');
    const { segments, remarks } = await sing(SPEECH, melody);
    const starts = segments.filter(({ kind }) => kind === 'vowel').map(({ start }) => start);
    expect(starts).toEqual([0.5, 1.5, 2].map((beat) => expect.closeTo(beat, 9)));
    expect(remarks).toEqual([]);
  });

  test('a curve that was drawn is sung as it is', async () => {
    const f0 = Float32Array.from({ length: framesOf(3) }, (_, t) => (t > 90 ? 150 + 20 * Math.sin(t / 40) : 0));
    const melody: Melody = {
      f0,
      duration: 3,
      source: { kind: 'f0-table' },
      remarks: [],
      notes: [0.5, 1, 2].map((start) => ({ start, end: start + 0.5, pitch: 50 })),
    };
    const { f0: sung } = await sing(SPEECH, melody);
    let voiced = 0;
    sung.forEach((hertz, t) => {
      if (hertz === 0 || t <= 90) return;
      voiced++;
      expect(hertz).toBeCloseTo(f0[t]!, 3);
    });
    expect(voiced).toBeGreaterThan(200);
  });

  test('tells its stages', async () => {
    const told: Progress[] = [];
    await createModelEngine().sing({
      speech: SPEECH,
      melody: TUNE,
      random: createRandom(1),
      onProgress: (progress) => told.push(progress),
    });
    expect(told.map(({ done }) => done)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('people', () => {
  test.each([
    ['examples/audio/never-surpassed.flac', '@90 R:1/2 A3:1 B3:1 C#4:1 D4:1 E4:1 A3:3 R:1'],
    ['fixtures/f0/speech-low.flac', '@90 R:1/2 A2:1 B2:1 C#3:1 D3:1 E3:1 A2:3 R:1'],
    ['fixtures/f0/speech-noisy.flac', '@90 R:1/2 A2:1 B2:1/2 C#3:1/4 D3:2 E3:1/2 R:1 A2:3 R:1'],
  ])('%s: the pitch that was meant is heard, and every vowel is on a beat', async (path, tune) => {
    const melody = parseTune(tune);
    const { audio, f0, segments } = await sing(await reader(path), melody);
    expect(rawPitchAccuracy(pairFrames(f0, trackF0(audio).f0))).toBeGreaterThan(0.9);
    const beats = segments.filter(({ kind }) => kind === 'vowel').map(({ start }) => start);
    expect(beats.length).toBeGreaterThanOrEqual(4);
    const first = melody.notes!.map(({ start }) => start);
    // more syllables than notes split a note into equal pulses
    const pulses = melody.notes!.flatMap(({ start, end }) =>
      [2, 3, 4].flatMap((parts) => Array.from({ length: parts }, (_, i) => start + ((end - start) * i) / parts)),
    );
    for (const beat of beats) expect(Math.min(...[...first, ...pulses].map((time) => Math.abs(time - beat)))).toBeLessThan(1 / FRAME_RATE);
  });
});

describe('what cannot be sung is refused', () => {
  test('a melody without notes', async () => {
    const { notes: _, ...curve } = TUNE;
    await expect(sing(SPEECH, curve)).rejects.toThrow("Engine 'model' needs notes, and the melody has none.");
  });

  test('speech without a vowel', async () => {
    const hiss = speak('_:0.2 s:0.5 _:0.2').audio;
    await expect(sing(hiss, TUNE)).rejects.toThrow('no vowel was found in the speech');
    await expect(sing(hiss, TUNE)).rejects.toBeInstanceOf(InputError);
    await expect(sing({ samples: new Float32Array(24000), sampleRate: 24000 }, TUNE)).rejects.toBeInstanceOf(InputError);
    await expect(sing({ samples: new Float32Array(0), sampleRate: 24000 }, TUNE)).rejects.toBeInstanceOf(InputError);
  });
});
