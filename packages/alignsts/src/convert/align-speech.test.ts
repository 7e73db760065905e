import { readFileSync } from 'node:fs';
import { type Audio, decodeMono } from '@alignsts/signal';
import { expect, test } from 'vitest';
import { framesOf, frameTime } from '../grid.ts';
import { alignSpeech, timeInReference } from './align-speech.ts';
import { prepareRecording } from './prepare-recording.ts';
import { stretchRecording } from './stretch-recording.ts';

const { audio } = await decodeMono(readFileSync(new URL('../../../../examples/audio/never-surpassed.flac', import.meta.url)));
const speech: Audio = prepareRecording({ channels: [audio.samples], sampleRate: audio.sampleRate }, 'the speech').audio;

test('a recording lies on itself', () => {
  const { speechTime, distance } = alignSpeech(speech, speech);
  expect(distance).toBeLessThan(1e-6);
  expect(speechTime.length).toBe(framesOf(speech.samples.length / 24000));
  // the smoothing of the path (48 ms) sees only one side at the ends
  const inside = speechTime.subarray(framesOf(0.2), speechTime.length - framesOf(0.2));
  expect(inside).toBeAllClose(
    inside.map((_, t) => frameTime(t + framesOf(0.2))),
    { atol: 0.002, rtol: 0 },
  );
});

test('speech sung 1.7 times as slowly is found again within 40 ms', () => {
  const { speechTime } = alignSpeech(speech, stretchRecording(speech, 1.7));
  const errors = Array.from(speechTime, (time, t) => Math.abs(time - frameTime(t) / 1.7)).sort((a, b) => a - b);
  expect(errors[Math.floor(0.9 * errors.length)]!).toBeLessThan(0.04);
  for (let t = 1; t < speechTime.length; t++) expect(speechTime[t]!).toBeGreaterThanOrEqual(speechTime[t - 1]!);
});

test('a moment of speech is found in the reference, also at its ends and where the path stands still', () => {
  const alignment = { speechTime: Float32Array.of(0.1, 0.2, 0.2, 0.4), distance: 0 };
  expect(timeInReference(alignment, 0)).toBe(0);
  expect(timeInReference(alignment, 0.15)).toBeCloseTo(frameTime(0.5), 6);
  expect(timeInReference(alignment, 0.2)).toBeCloseTo(frameTime(1), 6);
  expect(timeInReference(alignment, 0.3)).toBeCloseTo(frameTime(2.5), 6);
  expect(timeInReference(alignment, 0.9)).toBe(frameTime(3));
});
