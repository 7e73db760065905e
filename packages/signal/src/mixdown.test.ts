import { expect, test } from 'vitest';
import { mixdown } from './mixdown.ts';
import { createRandom } from './random.ts';

const random = createRandom(1);
const noise = (length: number): Float32Array => Float32Array.from({ length }, () => 0.1 * random.normal());

test('the mean of the channels, sample by sample', () => {
  const channels = [Float32Array.of(1, 0, -0.5), Float32Array.of(0, 0.5, -0.5), Float32Array.of(0.5, 1, -0.5)];
  expect(mixdown({ channels, sampleRate: 8000 })).toEqual({
    audio: { samples: Float32Array.of(0.5, 0.5, -0.5), sampleRate: 8000 },
    remarks: [],
  });
});

test('one channel comes back as its own copy', () => {
  const channel = Float32Array.of(0.25, -1);
  const { audio } = mixdown({ channels: [channel], sampleRate: 8000 });
  expect(audio.samples).toEqual(channel);
  expect(audio.samples).not.toBe(channel);
});

test('independent channels, a silent channel and silence are no cancellation', () => {
  for (const channels of [
    [noise(5000), noise(5000)],
    [noise(5000), new Float32Array(5000)],
    [new Float32Array(10), new Float32Array(10)],
    Array.from({ length: 8 }, () => noise(5000)),
  ]) {
    expect(mixdown({ channels, sampleRate: 8000 }).remarks).toEqual([]);
  }
});

test('opposite channels with a little noise are remarked on with what the mean loses', () => {
  const voice = noise(20000);
  // mean = noise/2 of a tenth of the voice: 20·log10(2·10) = 26 dB below it
  const channels = [voice.map((x) => x + 0.01 * random.normal()), voice.map((x) => -x)];
  expect(mixdown({ channels, sampleRate: 8000 }).remarks).toEqual([
    'The channels cancel each other: their mean loses 26 dB. Give a file with one of the channels alone.',
  ]);
});
