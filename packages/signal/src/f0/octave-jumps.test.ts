import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findOctaveJumps, repairOctaveJumps } from './octave-jumps.ts';

const FRAME_RATE = 187.5;

/** Stretches of [frames, Hz, confidence] laid end to end, with a vibrato of ±30 cents over everything voiced. */
function curve(...stretches: [frames: number, hertz: number, confidence?: number][]) {
  const f0: number[] = [];
  const confidence: number[] = [];
  for (const [frames, hertz, trust = 0.97] of stretches) {
    for (let i = 0; i < frames; i++) {
      f0.push(hertz * 2 ** (0.025 * Math.sin((2 * Math.PI * 5.5 * f0.length) / FRAME_RATE)));
      confidence.push(trust);
    }
  }
  return { f0: Float32Array.from(f0), confidence: Float32Array.from(confidence) };
}

describe('findOctaveJumps', () => {
  test('finds a short stretch an octave high and one an octave low, to the frame', () => {
    const track = curve([60, 220], [12, 440], [40, 220], [40, 247], [20, 123.5], [60, 247]);
    expect(findOctaveJumps(track, FRAME_RATE)).toEqual([
      { start: 60, end: 72, octaves: 1, certainty: 'certain' },
      { start: 152, end: 172, octaves: -1, certainty: 'certain' },
    ]);
  });

  test('finds a stretch two octaves off, and one that climbs back octave by octave', () => {
    expect(findOctaveJumps(curve([60, 110], [10, 440], [60, 110]), FRAME_RATE)).toEqual([
      { start: 60, end: 70, octaves: 2, certainty: 'certain' },
    ]);
    expect(findOctaveJumps(curve([60, 440], [8, 110], [8, 220], [60, 440]), FRAME_RATE)).toEqual([
      { start: 60, end: 68, octaves: -2, certainty: 'certain' },
      { start: 68, end: 76, octaves: -1, certainty: 'certain' },
    ]);
  });

  test('a stretch of low confidence is an error even when it is longer than a sung leap', () => {
    const track = curve([100, 220], [60, 440, 0.68], [100, 220]);
    expect(findOctaveJumps(track, FRAME_RATE)).toEqual([{ start: 100, end: 160, octaves: 1, certainty: 'certain' }]);
  });

  test('a confident, sustained octave leap there and back is at most possible, and is not repaired', () => {
    const track = curve([100, 220], [75, 440], [100, 220]); // 0.4 s
    const jumps = findOctaveJumps(track, FRAME_RATE);
    expect(jumps).toEqual([{ start: 100, end: 175, octaves: 1, certainty: 'possible' }]);
    expect(repairOctaveJumps(track.f0, jumps)).toEqual(track.f0);
  });

  test('an octave leap that stays is not even possible', () => {
    expect(findOctaveJumps(curve([200, 220], [300, 440], [200, 220]), FRAME_RATE)).toEqual([]);
    expect(findOctaveJumps(curve([200, 220], [200, 440]), FRAME_RATE)).toEqual([]);
  });

  test('octave leaps over a rest or by a glide are left alone, and so are short fifths', () => {
    expect(findOctaveJumps(curve([60, 220], [30, 0], [15, 440], [30, 0], [60, 220]), FRAME_RATE)).toEqual([]);
    const glide = Array.from({ length: 12 }, (_, i): [number, number] => [1, 220 * 2 ** ((i + 1) / 13)]);
    expect(findOctaveJumps(curve([60, 220], ...glide, [10, 440], ...glide.reverse(), [60, 220]), FRAME_RATE)).toEqual([]);
    expect(findOctaveJumps(curve([60, 220], [12, 330], [60, 220]), FRAME_RATE)).toEqual([]);
  });

  test('a drop-out of a few frames does not hide an error, and a wrong start of a phrase is found', () => {
    expect(findOctaveJumps(curve([60, 220], [3, 0], [12, 440], [2, 0], [60, 220]), FRAME_RATE)).toEqual([
      { start: 63, end: 75, octaves: 1, certainty: 'certain' },
    ]);
    expect(findOctaveJumps(curve([10, 110], [80, 220]), FRAME_RATE)).toEqual([{ start: 0, end: 10, octaves: -1, certainty: 'certain' }]);
  });

  test('silence, one frame and no frame have no jumps', () => {
    for (const length of [0, 1, 50]) expect(findOctaveJumps({ f0: new Float32Array(length) }, FRAME_RATE)).toEqual([]);
    expect(findOctaveJumps({ f0: Float32Array.of(200) }, FRAME_RATE)).toEqual([]);
  });

  test('planted jumps shorter than a tenth of a second are found and repaired wherever they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ before: fc.integer({ min: 40, max: 90 }), frames: fc.integer({ min: 1, max: 18 }), up: fc.boolean() }), {
          minLength: 1,
          maxLength: 5,
        }),
        (planted) => {
          const clean = curve(...planted.flatMap(({ before, frames }) => [[before + frames, 230] as [number, number]]), [40, 230]);
          const wrong = clean.f0.slice();
          const expected = [];
          let at = 0;
          for (const { before, frames, up } of planted) {
            at += before;
            for (let t = at; t < at + frames; t++) wrong[t] = wrong[t]! * (up ? 2 : 0.5);
            expected.push({ start: at, end: at + frames, octaves: up ? 1 : -1, certainty: 'certain' });
            at += frames;
          }
          const jumps = findOctaveJumps({ f0: wrong, confidence: clean.confidence }, FRAME_RATE);
          expect(jumps).toEqual(expected);
          expect(repairOctaveJumps(wrong, jumps)).toEqual(clean.f0);
        },
      ),
    );
  });
});
