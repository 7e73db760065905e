import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Note } from '../../../melody/melody.ts';
import { parseTune } from '../../../melody/tune.ts';
import { assignSyllables, lyricGroups, type SpokenSyllable } from './assign-syllables.ts';

/** Syllables alike; a `.` after one is a pause. */
function spoken(text: string): SpokenSyllable[] {
  return text
    .split(' ')
    .map((word) => ({ vowel: word.startsWith('LONG') ? 0.2 : 0.1, sonority: 0.5, pauseAfter: word.endsWith('.') ? 0.4 : 0 }));
}

/** Which syllable each note sings, from 1. */
function shown(text: string, tune: string): string {
  const { notes = [] } = parseTune(tune);
  const { sung } = assignSyllables(spoken(text), notes);
  return notes
    .map((_, i) => sung.flatMap(({ syllable, first, last }) => (first <= i && i <= last ? [syllable + 1] : [])).join('+'))
    .join(' ');
}

describe('without lyrics', () => {
  test('as many notes as syllables: one each', () => {
    expect(shown('a b c d', 'C4 D4 E4 F4')).toBe('1 2 3 4');
  });

  test('more notes: the longest vowel is held', () => {
    expect(shown('a LONG c d', 'C4 D4 E4 F4 G4')).toBe('1 2 2 3 4');
  });

  test('more notes: the last syllable before a pause is held rather than another', () => {
    expect(shown('a b. c d e', 'C4 D4 E4 F4 G4 A4')).toBe('1 2 2 3 4 5');
  });

  test('many more notes are spread over the syllables', () => {
    const notes = shown('a b c d', 'C4 D4 E4 F4 G4 A4 B4 C5').split(' ');
    const counts = ['1', '2', '3', '4'].map((syllable) => notes.filter((note) => note === syllable).length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(3);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
  });

  test('a rest of the tune is put into a pause of the speech', () => {
    expect(shown('a b c. d e', 'C4 D4 E4 F4 R G4 A4')).toBe('1 2 3 3 4 5');
    expect(shown('a b. c d e', 'C4 D4 R E4 F4 G4 A4')).toMatch(/^1 2 3/);
  });

  test('no syllable is held over a rest', () => {
    expect(shown('a LONG c', 'C4 D4 R E4 F4')).not.toMatch(/^\d 2 2/);
  });

  test('more syllables: a long note is split into equal pulses that keep the beat', () => {
    const { notes = [] } = parseTune('@60 C4:1 D4:4 E4:1');
    const { sung, remarks } = assignSyllables(spoken('a b c d'), notes);
    expect(sung.map(({ syllable, start, end }) => [syllable, start, end])).toEqual([
      [0, 0, 1],
      [1, 1, 3],
      [2, 3, 5],
      [3, 5, 6],
    ]);
    expect(remarks).toEqual(['There is 1 more syllable than notes, so 1 note is split into equal pulses.']);
  });

  test('held syllables are told', () => {
    const { remarks } = assignSyllables(spoken('a LONG c'), parseTune('C4 D4 E4 F4').notes!);
    expect(remarks).toEqual(['There is 1 more note than syllables, so 1 syllable is held over several notes: the 2nd.']);
  });
});

describe('with lyrics', () => {
  test('every lyric is a syllable, and notes without one continue it', () => {
    expect(shown('a b c', 'C4=one D4=two- E4=_ F4=three')).toBe('1 2 2 3');
    expect(lyricGroups(parseTune('C4=one D4=two- E4=_ F4=three').notes!)).toEqual([
      { first: 0, last: 0, text: 'one' },
      { first: 1, last: 2, text: 'two' },
      { first: 3, last: 3, text: 'three' },
    ]);
  });

  test('notes before the first lyric belong to it', () => {
    expect(shown('a b', 'C4 D4=one E4=two')).toBe('1 1 2');
  });

  test('lyrics of other words are not followed, and that is told', () => {
    const { sung, remarks } = assignSyllables(spoken('a b c'), parseTune('C4=one D4=_').notes!);
    expect(sung).toHaveLength(3);
    expect(remarks[0]).toBe('The tune has 1 syllable of lyrics and 3 syllables were found in the speech, so the lyrics were not followed.');
  });

  test('a tune without lyrics has no groups', () => {
    expect(lyricGroups(parseTune('C4 D4').notes!)).toBeUndefined();
  });
});

test('whatever the numbers: every syllable and every note is sung, in order, on the beat', () => {
  const syllable = fc.record({
    vowel: fc.double({ min: 0.02, max: 0.4, noNaN: true }),
    sonority: fc.double({ min: 0, max: 1, noNaN: true }),
    pauseAfter: fc.constantFrom(0, 0.2, 1),
  });
  const step = fc.record({ gap: fc.constantFrom(0, 0, 0.3), length: fc.double({ min: 0.05, max: 2, noNaN: true }) });
  fc.assert(
    fc.property(
      fc.array(syllable, { minLength: 1, maxLength: 25 }),
      fc.array(step, { minLength: 1, maxLength: 25 }),
      (syllables, steps) => {
        let time = 0;
        const notes: Note[] = steps.map(({ gap, length }) => {
          const start = time + gap;
          time = start + length;
          return { start, end: time, pitch: 60 };
        });
        const { sung } = assignSyllables(syllables, notes);
        expect(sung.map((each) => each.syllable)).toEqual(syllables.map((_, i) => i));
        expect(new Set(sung.flatMap(({ first, last }) => notes.slice(first, last + 1).map((_, i) => first + i))).size).toBe(notes.length);
        sung.forEach(({ start, end, first }, i) => {
          expect(end).toBeGreaterThan(start);
          if (i > 0) expect(start).toBeGreaterThanOrEqual(sung[i - 1]!.end - 1e-9);
          if (i === 0 || sung[i - 1]!.first !== first) expect(start).toBe(notes[first]!.start);
        });
      },
    ),
  );
});

test('a thousand notes and four hundred syllables are no matter', { timeout: 10_000 }, () => {
  const notes = Array.from({ length: 1000 }, (_, i) => ({ start: i * 0.5, end: i * 0.5 + 0.5, pitch: 60 }));
  const syllables = Array.from({ length: 400 }, () => ({ vowel: 0.1, sonority: 0.5, pauseAfter: 0 }));
  expect(assignSyllables(syllables, notes).sung).toHaveLength(400);
});
