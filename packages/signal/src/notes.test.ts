import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from './input-error.ts';
import { NOTE_DEFAULTS, segmentNotes } from './notes.ts';
import { createRandom } from './random.ts';

const FRAME_RATE = 187.5;

type Sung = { pitch: number; seconds: number; rest?: number };

/**
 * A sung melody: notes joined by glides of `glide` seconds, vibrato of ±depth semitones from 0.2 s into each note, jitter of ±5 cents,
 * rests unvoiced.
 */
function sing(notes: Sung[], { glide = 0.06, depth = 0, rate = 5.5 } = {}) {
  const random = createRandom(1);
  const f0: number[] = [];
  const expected: { start: number; end: number; pitch: number }[] = [];
  let previous: number | undefined;
  let now = 0;
  for (const { pitch, seconds, rest = 0 } of notes) {
    const start = now;
    expected.push({ start, end: start + seconds, pitch });
    for (; f0.length / FRAME_RATE < start + seconds; ) {
      const t = f0.length / FRAME_RATE - start;
      const from = previous ?? pitch;
      const arrived = t >= glide ? 1 : 0.5 - 0.5 * Math.cos((Math.PI * t) / glide);
      const vibrato = depth * Math.min(1, Math.max(0, t - 0.2) / 0.2) * Math.sin(2 * Math.PI * rate * t);
      const midi = from + (pitch - from) * arrived + vibrato + 0.05 * random.normal();
      f0.push(440 * 2 ** ((midi - 69) / 12));
    }
    previous = rest > 0 ? undefined : pitch;
    now = start + seconds + rest;
    while (f0.length / FRAME_RATE < now) f0.push(0);
  }
  return { track: { f0: Float32Array.from(f0) }, expected };
}

function expectNotes(
  found: ReturnType<typeof segmentNotes>,
  expected: ReturnType<typeof sing>['expected'],
  seconds: number,
  semitones: number,
) {
  expect(found.map(({ pitch }) => Math.round(pitch))).toEqual(expected.map(({ pitch }) => Math.round(pitch)));
  for (const [i, note] of found.entries()) {
    expect(Math.abs(note.pitch - expected[i]!.pitch)).toBeLessThan(semitones);
    expect(Math.abs(note.start - expected[i]!.start)).toBeLessThan(seconds);
    expect(Math.abs(note.end - expected[i]!.end)).toBeLessThan(seconds);
  }
}

const TUNE: Sung[] = [
  { pitch: 60, seconds: 0.4 },
  { pitch: 62, seconds: 0.3 },
  { pitch: 64, seconds: 0.8, rest: 0.2 },
  { pitch: 64, seconds: 0.25, rest: 0.1 },
  { pitch: 64, seconds: 0.25 },
  { pitch: 65, seconds: 0.2 },
  { pitch: 57, seconds: 1.2 },
];

describe('segmentNotes', () => {
  test('finds the notes of a melody with glides, to 40 ms and 10 cents', () => {
    const { track, expected } = sing(TUNE);
    expectNotes(segmentNotes(track, FRAME_RATE), expected, 0.04, 0.1);
  });

  test('a vibrato of a semitone to each side does not cut a note, and the note has the pitch of its centre', () => {
    const { track, expected } = sing(TUNE, { depth: 1 });
    expectNotes(segmentNotes(track, FRAME_RATE), expected, 0.05, 0.35);
  });

  test('slow and fast vibrato, wide glides and a singer who is 40 cents flat leave the notes as they are', () => {
    for (const rate of [4.5, 7]) {
      const { track, expected } = sing(
        TUNE.map((note) => ({ ...note, pitch: note.pitch - 0.4 })),
        { depth: 0.7, rate, glide: 0.1 },
      );
      expectNotes(segmentNotes(track, FRAME_RATE), expected, 0.07, 0.3);
    }
  });

  test('a stopped consonant divides a repeated note, a drop-out of two frames does not', () => {
    const { track } = sing([
      { pitch: 60, seconds: 0.5, rest: 0.08 },
      { pitch: 60, seconds: 0.5 },
    ]);
    expect(segmentNotes(track, FRAME_RATE)).toHaveLength(2);
    const whole = sing([{ pitch: 60, seconds: 1 }]);
    whole.track.f0.fill(0, 90, 92);
    expect(segmentNotes(whole.track, FRAME_RATE)).toHaveLength(1);
  });

  test('a short octave error and frames of no confidence do not make notes', () => {
    const { track } = sing([{ pitch: 60, seconds: 1 }]);
    for (let t = 100; t < 112; t++) track.f0[t] = 2 * track.f0[t]!;
    expect(segmentNotes(track, FRAME_RATE)).toHaveLength(1);
    const doubtful = sing([{ pitch: 60, seconds: 1 }]).track;
    const confidence = new Float32Array(doubtful.f0.length).fill(0.95);
    for (let t = 100; t < 140; t++) {
      doubtful.f0[t] = 1.5 * doubtful.f0[t]!;
      confidence[t] = 0.2;
    }
    expect(segmentNotes({ f0: doubtful.f0, confidence }, FRAME_RATE)).toHaveLength(1);
    expect(segmentNotes({ f0: doubtful.f0 }, FRAME_RATE)).toHaveLength(3);
  });

  test('silence, no frame and a blip have no notes; one steady tone is one note from end to end', () => {
    expect(segmentNotes({ f0: new Float32Array(0) }, 100)).toEqual([]);
    expect(segmentNotes({ f0: new Float32Array(500) }, 100)).toEqual([]);
    expect(segmentNotes({ f0: new Float32Array(100).fill(440, 50, 53) }, 100)).toEqual([]);
    expect(segmentNotes({ f0: new Float32Array(100).fill(440) }, 100)).toEqual([{ start: 0, end: 1, pitch: 69 }]);
  });

  test('whatever is sung, notes are in order, apart and no shorter than asked for', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            pitch: fc.integer({ min: 45, max: 75 }),
            seconds: fc.double({ min: 0.05, max: 0.6, noNaN: true }),
            rest: fc.constantFrom(0, 0, 0.06, 0.3),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        (melody) => {
          const { track } = sing(melody, { depth: 0.4 });
          const notes = segmentNotes(track, FRAME_RATE);
          for (const [i, { start, end }] of notes.entries()) {
            expect(end - start).toBeGreaterThanOrEqual(Math.round(NOTE_DEFAULTS.shortest * FRAME_RATE) / FRAME_RATE - 1e-9);
            if (i > 0) expect(start).toBeGreaterThanOrEqual(notes[i - 1]!.end - 1e-9);
          }
        },
      ),
    );
  });

  test('a transposed curve has the same notes, transposed', () => {
    const { track } = sing(TUNE, { depth: 0.4 });
    const notes = segmentNotes(track, FRAME_RATE);
    for (const semitones of [-7.3, 5, 12]) {
      const moved = segmentNotes({ f0: track.f0.map((f) => f * 2 ** (semitones / 12)) }, FRAME_RATE);
      expect(moved.map(({ start }) => start)).toEqual(notes.map(({ start }) => start));
      expect(moved.map(({ pitch }) => pitch)).toBeAllClose(
        notes.map(({ pitch }) => pitch + semitones),
        { atol: 1e-5, rtol: 0 }, // the curve is float32 Hz
      );
    }
  });

  test('an option that makes no sense is refused by name', () => {
    expect(() => segmentNotes({ f0: new Float32Array(1) }, 100, { shortest: 0 })).toThrow(InputError);
    expect(() => segmentNotes({ f0: new Float32Array(1) }, 100, { shortest: 0 })).toThrow(/shortest is 0/);
  });
});
