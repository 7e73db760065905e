import { InputError } from '@alignsts/signal';
import { describe, expect, test } from 'vitest';
import { framesOf } from '../grid.ts';
import { checkMelody } from './check-melody.ts';
import { comfortableRange } from './comfortable-range.ts';
import { fitToVoice } from './fit-to-voice.ts';
import type { Melody } from './melody.ts';
import { midiToHertz } from './pitch-scale.ts';
import { scaleTempo } from './scale-tempo.ts';
import { transpose } from './transpose.ts';
import { parseTune } from './tune.ts';

const curve = (f0: ArrayLike<number>, duration: number): Melody => ({
  f0: Float32Array.from(f0),
  duration,
  source: { kind: 'recording' },
  remarks: [],
});

describe('transpose', () => {
  test('twelve semitones double the frequency, rests stay rests, and back again is where it was', () => {
    const tune = parseTune('A4:1 R:1 C5:1=la');
    const up = transpose(tune, 12);
    expect(up.f0).toBeAllClose(Array.from(tune.f0, (hertz) => 2 * hertz), { rtol: 1e-7, atol: 0 }); // biome-ignore format: short
    expect(up.notes!.map((note) => note.pitch)).toEqual([81, 84]);
    expect(up.notes![1]!.lyric!.text).toBe('la');
    expect(transpose(up, -12).f0).toBeAllClose(tune.f0, { rtol: 1e-7, atol: 0 });
    expect(tune.f0[0]).toBe(440);
  });
});

describe('scaleTempo', () => {
  test('a tune at twice the tempo is the tune written at twice the tempo', () => {
    const { f0, notes, duration, source } = scaleTempo(parseTune('@60 A4:1=la R:0.3 C5:0.7'), 2);
    const fast = parseTune('@120 A4:1=la R:0.3 C5:0.7');
    expect(f0).toEqual(fast.f0);
    expect(notes).toEqual(fast.notes);
    expect(duration).toBe(fast.duration);
    expect(source).toEqual(fast.source);
  });

  test('a curve keeps its shape: an exponential glide of an octave a second becomes one of two', () => {
    const glide = curve(Array.from({ length: framesOf(2) }, (_, m) => 110 * 2 ** (m / 187.5)), 2); // biome-ignore format: short
    const fast = scaleTempo({ ...glide, confidence: new Float32Array(glide.f0.length).fill(0.5) }, 2);
    expect(fast.f0).toBeAllClose(Array.from({ length: framesOf(1) }, (_, m) => 110 * 4 ** (m / 187.5)), { rtol: 1e-6, atol: 0 }); // biome-ignore format: short
    expect(fast.confidence).toBeAllClose(new Float32Array(framesOf(1)).fill(0.5), { atol: 1e-7 });
    const slow = scaleTempo(glide, 0.5);
    expect(slow.f0.length).toBe(framesOf(4));
    // the last half step lies beyond the last frame, which holds
    expect(slow.f0.subarray(0, 750)).toBeAllClose(Array.from({ length: 750 }, (_, m) => 110 * 2 ** (m / 375)), { rtol: 1e-6, atol: 0 }); // biome-ignore format: short
  });

  test('pauses of a curve stay pauses', () => {
    const f0 = new Float32Array(framesOf(1));
    f0.fill(200, 0, 60).fill(300, 120, 180);
    const slow = scaleTempo(curve(f0, 1), 0.25).f0;
    expect(slow.filter((hertz) => hertz === 200).length).toBeGreaterThan(4 * 60 - 8);
    expect(slow.every((hertz) => hertz === 0 || hertz === 200 || Math.abs(hertz - 300) < 1e-4)).toBe(true);
    expect(slow.subarray(244, 476).every((hertz) => hertz === 0)).toBe(true);
  });

  test('factors without sense are refused', () => {
    for (const factor of [0, -1, Number.NaN, 11, Number.POSITIVE_INFINITY])
      expect(() => scaleTempo(parseTune('A4'), factor)).toThrow(InputError);
    expect(() => scaleTempo(parseTune('@10 A4:100'), 0.1)).toThrow('at tempo factor 0.1 the melody lasts 100 minutes');
  });
});

describe('comfortableRange', () => {
  test('reaches from a third below the spoken median to an octave and a third above it', () => {
    const range = comfortableRange([0, 90, 100, 110, 0, 5000]);
    expect(range.median).toBe(100);
    expect(range.low).toBeCloseTo(100 * 2 ** (-4 / 12), 9);
    expect(range.high).toBeCloseTo(100 * 2 ** (16 / 12), 9);
    expect(range.centre).toBeCloseTo(100 * Math.SQRT2, 9);
    expect(() => comfortableRange([0, 0])).toThrow('the speech has no voiced frame');
  });
});

describe('fitToVoice', () => {
  const man = comfortableRange([110]); // A2
  const woman = comfortableRange([208]); // G#3

  test.each([
    ['C5:1 D5:1 E5:1', man, -24],
    ['G3:1 A3:1 B3:1', man, 0],
    ['C2:1 D2:1', woman, 24],
    ['C4:1 E4:1 G4:1', woman, 0],
    ['D#3:4', man, 0], // exactly in the middle
    ['A3:4', man, 0], // half an octave above the middle: a tie stays
    ['A2:4', man, 0],
    ['A#3:4', man, -12],
    ['G#2:4', man, 12],
  ])('%s moves by whole octaves to the middle of the range', (tune, range, semitones) => {
    const fitted = fitToVoice(parseTune(tune), range);
    expect(fitted.semitones).toBe(semitones);
    expect(fitted.melody.f0).toEqual(transpose(parseTune(tune), semitones).f0);
    expect(fitted.melody.remarks.at(-1)).toBe(fitted.reason);
  });

  test('says what it did and why, and what remains a strain', () => {
    expect(fitToVoice(parseTune('C5:1'), man).reason).toBe(
      'The tune was moved down 2 octaves: its middle was C5, and this voice sings F2 to C#4 (judged from speech at 110 Hz) in comfort.',
    );
    expect(fitToVoice(parseTune('G3:1'), man).reason).toMatch(/^The tune was left where it is: its middle, G3, suits/);
    expect(fitToVoice(parseTune('C3:9 E3:9 C5:1 C2:1'), man).reason).toMatch(
      /Even so, its lowest note, C2, lies below that and its highest note, C5, lies above that\.$/,
    );
  });
});

describe('checkMelody', () => {
  test('a good tune passes', () => {
    expect(() => checkMelody(parseTune('C2:1 F#6:1'))).not.toThrow();
  });

  test.each([
    ['no notes', parseTune('R:4'), 'the melody has no notes'],
    ['no voiced frame', curve(new Float32Array(188), 1), 'the melody has no voiced frame: nothing in it has a pitch'],
    ['too short', parseTune('@240 A4:1/2'), 'the melody lasts 0.125 s; at least 0.2 s'],
    ['too long', { ...curve([220], 1), duration: 7200 }, 'the melody is 120 minutes long; at most 30'],
    [
      'too high',
      parseTune('A4:1 C8:1'),
      'goes to 4186.0 Hz (C8) at 0.50 s, too high to be sung; allowed are 40 to 1500 Hz (E1 to F#6). Transpose it by -24 semitones',
    ],
    [
      'too low',
      parseTune('A4:1 C0:1'),
      'goes to 16.4 Hz (C0) at 0.50 s, too low to be sung; allowed are 40 to 1500 Hz (E1 to F#6). Transpose it by 24 semitones',
    ],
    ['no number', curve([220, Number.NaN, ...new Array(186).fill(220)], 1), "the melody's F0 is NaN at 0.005 s"],
  ])('%s is said in one sentence', (_, melody, message) => {
    expect(() => checkMelody(melody)).toThrow(InputError);
    expect(() => checkMelody(melody)).toThrow(message);
  });

  test('what is yet to be transposed may lie anywhere', () => {
    expect(() => checkMelody(parseTune('C8:1'), { range: 'any' })).not.toThrow();
    expect(midiToHertz(108)).toBeCloseTo(4186.009, 3);
  });
});
