import { expect, test } from 'vitest';
import { keepFrames, soundingFrames } from './silence.ts';

const config = { remove: true, threshold: 40, shortest: 3 };
// one bin a frame, log10 amplitude: 0 is loud, −3 is 60 dB below
const mel = Float32Array.of(0, 0, -3, -3, -3, 0, -3, 0, -3, -3, -3, -3);

test('drops pauses of the shortest length or more and keeps closures', () => {
  expect([...soundingFrames(mel, 1, config)]).toEqual([0, 1, 5, 6, 7]);
});

test('keeps everything when it is off, and all of a sound that is silent throughout', () => {
  expect([...soundingFrames(mel, 1, { ...config, remove: false })]).toHaveLength(12);
  expect([...soundingFrames(new Float32Array(5).fill(-10), 1, config)]).toHaveLength(5);
  expect([...soundingFrames(new Float32Array(0), 1, config)]).toHaveLength(0);
});

test('a frame is as loud as its loudest bin', () => {
  expect([...soundingFrames(Float32Array.of(-9, 0, 0, -9, -9, -9, -9, -9, -9, -9), 2, config)]).toEqual([0, 1]);
});

test('the same frames are dropped from every table', () => {
  const kept = soundingFrames(mel, 1, config);
  expect([...keepFrames(Int32Array.from(mel.keys()), kept)]).toEqual([0, 1, 5, 6, 7]);
  expect([
    ...keepFrames(
      Float32Array.from({ length: 24 }, (_, i) => i),
      [1, 11],
      2,
    ),
  ]).toEqual([2, 3, 22, 23]);
  expect(() => keepFrames(new Float32Array(5), kept)).toThrow('Frame 5 is kept, but the table has 5 frames');
});
