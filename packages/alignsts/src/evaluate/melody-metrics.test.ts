import { readFileSync } from 'node:fs';
import { createRandom, InputError } from '@alignsts/signal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pairFrames, pairTracks } from './cent-tracks.ts';
import { f0Agreement } from './f0-correlation.ts';
import { rawChromaAccuracy, voicedChromaAccuracy } from './raw-chroma-accuracy.ts';
import { rawPitchAccuracy } from './raw-pitch-accuracy.ts';
import { voicingErrors } from './voicing-error.ts';

type Case = {
  name: string;
  referenceTimes: number[];
  reference: number[];
  estimateTimes: number[];
  estimate: number[];
  referenceCents: number[];
  estimateCents: number[];
  estimateVoicing: number[];
  rpa: number;
  rca: number;
  rca20: number;
  voicingRecall: number;
  voicingFalseAlarm: number;
  correlation: number | null;
  rmse: number | null;
};
const cases = JSON.parse(readFileSync(new URL('../../../../fixtures/evaluate/melody-metrics.json', import.meta.url), 'utf8')) as Case[];

const up = (f0: number[], cents: number): number[] => f0.map((f) => f * 2 ** (cents / 1200));

describe('against mir_eval', () => {
  test.each(cases)('$name', (c) => {
    const tracks = pairTracks({ times: c.referenceTimes, f0: c.reference }, { times: c.estimateTimes, f0: c.estimate });
    // the same operations in the same precision: only the order of a multiplication may differ
    expect(tracks.referenceCents).toBeAllClose(c.referenceCents, { atol: 1e-9, rtol: 0 });
    expect(tracks.estimateCents).toBeAllClose(c.estimateCents, { atol: 1e-9, rtol: 0 });
    expect([...tracks.estimateVoicing]).toEqual(c.estimateVoicing);
    expect(rawPitchAccuracy(tracks)).toBeCloseTo(c.rpa, 12);
    expect(rawChromaAccuracy(tracks)).toBeCloseTo(c.rca, 12);
    expect(rawChromaAccuracy(tracks, { tolerance: 20 })).toBeCloseTo(c.rca20, 12);
    const errors = voicingErrors(tracks);
    // mir_eval answers 1 (recall) and 0 (false alarm) where there is no frame to count; here that is NaN
    if (!Number.isNaN(errors.voicingRecall)) expect(errors.voicingRecall).toBeCloseTo(c.voicingRecall, 12);
    if (!Number.isNaN(errors.voicingFalseAlarm)) expect(errors.voicingFalseAlarm).toBeCloseTo(c.voicingFalseAlarm, 12);
    const agreement = f0Agreement(tracks);
    expect(Number.isNaN(agreement.correlation)).toBe(c.correlation === null);
    if (c.correlation !== null) expect(agreement.correlation).toBeCloseTo(c.correlation, 10);
    if (c.rmse !== null) expect(agreement.rmse).toBeCloseTo(c.rmse, 9);
  });

  test('covers tracks with and without voiced frames, right and wrong pitches', () => {
    expect(cases.filter((c) => c.rca > 0.1 && c.rca < 0.9).length).toBeGreaterThan(6);
    expect(cases.some((c) => c.rca > c.rpa)).toBe(true);
  });
});

describe('identities of raw chroma accuracy', () => {
  const tune = [220, 246.9, 0, 277.2, 293.7, 0, 329.6];

  test('an identical melody scores 1', () => expect(rawChromaAccuracy(pairFrames(tune, tune))).toBe(1));
  test.each([-2400, -1200, 1200, 3600])('an octave shift of %i cents scores 1 in chroma and 0 in pitch', (shift) => {
    expect(rawChromaAccuracy(pairFrames(tune, up(tune, shift)))).toBe(1);
    expect(rawPitchAccuracy(pairFrames(tune, up(tune, shift)))).toBe(0);
  });
  test.each([
    [49, 1],
    [-49, 1],
    [51, 0],
    [-51, 0],
    [1249, 1],
    [1251, 0],
    [600, 0],
  ])('%i cents off scores %i', (shift, score) => expect(rawChromaAccuracy(pairFrames(tune, up(tune, shift)))).toBe(score));
  test('a silent estimate scores 0, and so does a reference without pitch', () => {
    const silence = tune.map(() => 0);
    expect(rawChromaAccuracy(pairFrames(tune, silence))).toBe(0);
    expect(rawChromaAccuracy(pairFrames(silence, tune))).toBe(0);
    expect(rawChromaAccuracy(pairFrames([], []))).toBe(0);
  });
  test('lost voicing lowers RCA but not the accuracy of what is voiced in both', () => {
    const half = tune.map((f, t) => (t < 3 ? f : 0));
    expect(rawChromaAccuracy(pairFrames(tune, half))).toBe(2 / 5);
    expect(voicedChromaAccuracy(pairFrames(tune, half))).toBe(1);
    expect(
      voicedChromaAccuracy(
        pairFrames(
          tune,
          tune.map(() => 0),
        ),
      ),
    ).toBeNaN();
  });
  test('pitch never scores above chroma, and both lie in [0, 1]', () => {
    const f0 = fc.array(fc.oneof(fc.constant(0), fc.double({ min: -900, max: 900, noNaN: true })), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(f0, f0, (a, b) => {
        const tracks = pairFrames(a, b);
        const [rpa, rca] = [rawPitchAccuracy(tracks), rawChromaAccuracy(tracks)];
        return rpa <= rca && rpa >= 0 && rca <= 1;
      }),
    );
  });
});

describe('voicing and frame errors', () => {
  test('counts each kind of error over its own frames', () => {
    //                  right  flat 10 %  gross  lost  false  right
    const reference = [200, 200, 200, 200, 0, 0];
    const estimate = [200, 180, 250, 0, 200, 0];
    expect(voicingErrors(pairFrames(reference, estimate))).toEqual({
      voicingDecisionError: 2 / 6,
      grossPitchError: 1 / 3,
      f0FrameError: 3 / 6,
      voicingRecall: 3 / 4,
      voicingFalseAlarm: 1 / 2,
    });
  });

  test('an octave error is gross in both directions, 19 % is not', () => {
    expect(voicingErrors(pairFrames([200, 200, 200, 200], [100, 400, 238, 162])).grossPitchError).toBe(0.5);
  });

  test('shares without a frame to count are NaN, not 0', () => {
    const errors = voicingErrors(pairFrames([0, 0], [0, 0]));
    expect(errors.voicingDecisionError).toBe(0);
    expect(errors.grossPitchError).toBeNaN();
    expect(errors.voicingRecall).toBeNaN();
  });
});

describe('f0Agreement', () => {
  test('a transposed melody correlates fully and is off by the transposition', () => {
    const tune = Array.from({ length: 50 }, (_, t) => 200 + 40 * Math.sin(t / 5));
    const { correlation, rmse } = f0Agreement(pairFrames(tune, up(tune, 300)));
    expect(correlation).toBeCloseTo(1, 12);
    expect(rmse).toBeCloseTo(300, 9);
  });
  test('an inverted melody correlates with -1', () => {
    const steps = [0, 200, 400, 500, 700];
    const tracks = pairFrames(
      steps.map((cents) => 220 * 2 ** (cents / 1200)),
      steps.map((cents) => 220 * 2 ** (-cents / 1200)),
    );
    expect(f0Agreement(tracks).correlation).toBeCloseTo(-1, 12);
  });
  test('a held tone has no movement to correlate', () => {
    const random = createRandom(4);
    const moving = Array.from({ length: 30 }, () => 200 + 20 * random.uniform());
    expect(f0Agreement(pairFrames(new Array(30).fill(261.63), moving)).correlation).toBeNaN();
    expect(f0Agreement(pairFrames([0], [0]))).toEqual({ correlation: Number.NaN, rmse: Number.NaN });
  });
});

test('tracks that cannot be compared are refused with the place and the remedy', () => {
  const good = { times: [0, 0.1], f0: [220, 220] };
  for (const [bad, message] of [
    [{ times: [0], f0: [220, 220] }, /1 times but 2 frequencies/],
    [{ times: [0, -0.1], f0: [220, 220] }, /Time 1 of the estimate/],
    [{ times: [0.2, 0.1], f0: [220, 220] }, /ascending/],
    [{ times: [0, Number.NaN], f0: [220, 220] }, /finite/],
    [{ times: [0, 0.1], f0: [220, Number.NaN] }, /Write 0 for unvoiced/],
  ] as const) {
    expect(() => pairTracks(good, bad)).toThrow(InputError);
    expect(() => pairTracks(good, bad)).toThrow(message);
  }
});
