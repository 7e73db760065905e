import { InputError } from '@alignsts/signal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noteName } from './note-name.ts';
import { looksLikeTune, parseTune } from './tune.ts';

describe('parseTune', () => {
  test.each(['C4:1 D4:1 E4:2 @90', '@90 C4:1 D4:1 E4:2', 'C4:1 @90 D4:1 E4:2'])(
    '%s: at 90 a beat lasts two thirds of a second, wherever it is said',
    (text) => {
      const { notes, duration, source } = parseTune(text);
      expect(notes!.map((note) => note.pitch)).toEqual([60, 62, 64]);
      expect(notes!.map((note) => note.start)).toBeAllClose([0, 2 / 3, 4 / 3], { atol: 1e-12, rtol: 0 });
      expect(duration).toBeCloseTo(8 / 3, 12);
      expect(source).toEqual({ kind: 'tune', tempo: 90 });
    },
  );

  test('of several tempos each holds from where it stands', () => {
    const melody = parseTune('A4:1 @60 A4:1 R:1/2 @240 A4:2');
    expect(melody.notes!.map(({ start, end }) => [start, end])).toEqual([
      [0, 1],
      [1, 2],
      [2.5, 3],
    ]);
  });

  test('reads accidentals, octaves, fractions, decimals, rests, bars and comments', () => {
    const { notes, duration } = parseTune(
      '# a comment | C9:9\n@60 C#4:1.5 | Bb3:1/4 // the rest of the line: H\nr:0.25|f##4 c-1:2 B♭3:1 G♯4:1',
    );
    expect(notes!.map((note) => note.pitch)).toEqual([61, 58, 67, 0, 58, 68]);
    expect(notes!.map((note) => note.end - note.start)).toBeAllClose([1.5, 0.25, 1, 2, 1, 1], { atol: 1e-12, rtol: 0 });
    expect(duration).toBe(7);
  });

  test('lyrics: hyphens join syllables to words, "_" holds a syllable over a note', () => {
    const { notes } = parseTune('C4=A- D4=maz- E4=_ F4=ing G4 A4=grace B4=_');
    expect(notes!.map((note) => note.lyric)).toEqual([
      { text: 'A', syllabic: 'begin', extend: false },
      { text: 'maz', syllabic: 'middle', extend: true },
      undefined,
      { text: 'ing', syllabic: 'end', extend: false },
      undefined,
      { text: 'grace', syllabic: 'single', extend: true },
      undefined,
    ]);
  });

  test('rests at both ends count into the length', () => {
    const melody = parseTune('@60 R:1 A4:1 R:1');
    expect(melody.duration).toBe(3);
    expect(melody.f0.length).toBe(1 + Math.floor((3 * 24000) / 128));
    expect(melody.f0[187]).toBe(0);
    expect(melody.f0[188]).toBe(440);
    expect(melody.f0[375]).toBe(0);
  });

  test('says when it had to assume a tempo', () => {
    expect(parseTune('A4:1').remarks).toEqual(['No tempo was given (such as @90), so 120 beats a minute were taken.']);
    expect(parseTune('@120 A4:1').remarks).toEqual([]);
  });

  test.each([
    ['C4:1\n H4:1', 'word 2 of the tune, "H4:1" (line 2, column 2), is no note, rest or tempo'],
    ['C4:0', 'word 1 of the tune, "C4:0" (line 1, column 1), has no length that can be read'],
    ['C4:1/0', 'has no length'],
    ['C4:-1', 'has no length'],
    ['C4:', 'has no length'],
    ['C4:1e9', 'has no length'],
    ['@5 C4', '"@5" (line 1, column 1), is no tempo; @10 to @1000'],
    ['@fast', 'is no tempo'],
    ['R:1=la', 'puts a lyric on a rest'],
    ['C4=', 'has an empty lyric'],
    ['C4=_', 'no note before it has one'],
    ['C4:100000', 'has no length'],
    ['hello world', '"hello" (line 1, column 1), is no note'],
  ])('%j is refused with the word, its place and what is allowed', (text, message) => {
    expect(() => parseTune(text)).toThrow(InputError);
    expect(() => parseTune(text)).toThrow(message);
  });

  test('a tune longer than 30 minutes or a million characters is refused before memory is taken', () => {
    expect(() => parseTune(`@10 ${'A4:1000 '.repeat(1000)}`)).toThrow('the melody is 100000 minutes long; at most 30 minutes');
    expect(() => parseTune('A4 '.repeat(400_000))).toThrow('1200000 characters; at most 1000000');
  });

  test('any text is read or refused with an InputError', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('C4:1', 'D#5:1/2=la-', '@90', '|', 'R:1', '=_', '#', '\n', ':', '9'.repeat(5000)));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          parseTune(pieces.join(' '));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test('note names written by noteName are read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 131 }), fc.integer({ min: 1, max: 16 }), (pitch, quarters) => {
        const { notes } = parseTune(`${noteName(pitch)}:${quarters}/4`);
        expect(notes).toEqual([{ start: 0, end: quarters / 8, pitch }]);
      }),
    );
  });
});

test('looksLikeTune tells a tune from a table, from JSON and from prose', () => {
  expect(looksLikeTune('# mine\n C4:1 D4')).toBe(true);
  expect(looksLikeTune('@90')).toBe(true);
  expect(looksLikeTune('0.0,220.0')).toBe(false);
  expect(looksLikeTune('time,f0')).toBe(false);
  expect(looksLikeTune('{"f0":[1]}')).toBe(false);
  expect(looksLikeTune('Dear reader')).toBe(false);
});
