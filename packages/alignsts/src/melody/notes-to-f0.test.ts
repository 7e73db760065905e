import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { framesOf, frameTime } from '../grid.ts';
import { notesToF0 } from './notes-to-f0.ts';

describe('notesToF0', () => {
  test('A4 is 440 Hz, C4 is 440·2^(-9/12) Hz, and a note holds the frames with start ≤ t < end', () => {
    const f0 = notesToF0([{ start: 0.016, end: 0.032, pitch: 69 }, { start: 0.032, end: 0.04, pitch: 60 }], 0.06); // biome-ignore format: short
    // frames lie at 0, 5.333, 10.667, 16, … ms; 16 ms is frame 3 exactly, 32 ms is frame 6
    expect(f0).toBeAllClose([0, 0, 0, 440, 440, 440, 261.6255653, 261.6255653, 0, 0, 0, 0], { atol: 0, rtol: 1e-7 });
  });

  test('agrees with asking every frame which note it lies in', () => {
    const note = fc.record({
      start: fc.integer({ min: 0, max: 4000 }),
      length: fc.integer({ min: 1, max: 500 }),
      pitch: fc.integer({ min: 30, max: 90 }),
    });
    fc.assert(
      fc.property(fc.array(note, { maxLength: 12 }), (parts) => {
        // times in whole samples, the finest that can matter
        const notes = parts
          .map(({ start, length, pitch }) => ({ start: start / 24000, end: (start + length) / 24000, pitch }))
          .sort((a, b) => a.start - b.start);
        const duration = 5000 / 24000;
        const slow = Float32Array.from({ length: framesOf(duration) }, (_, m) => {
          const heard = notes.filter(({ start, end }) => Math.round(start * 24000) <= m * 128 && m * 128 < Math.round(end * 24000)).at(-1);
          return heard ? 440 * 2 ** ((heard.pitch - 69) / 12) : 0;
        });
        expect(notesToF0(notes, duration)).toEqual(slow);
      }),
    );
  });

  test('bends hold from their time on, and one before the first note counts', () => {
    const bends = [
      { time: 0, semitones: 12 },
      { time: frameTime(4), semitones: -12 },
      { time: frameTime(6), semitones: 0 },
    ];
    expect(notesToF0([{ start: 0, end: frameTime(8), pitch: 69 }], frameTime(8), bends)).toBeAllClose(
      [880, 880, 880, 880, 220, 220, 440, 440, 0],
      { atol: 1e-4 },
    );
  });
});
