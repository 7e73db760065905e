import { readFileSync } from 'node:fs';
import { createRandom } from '@alignsts/signal';
import { expect, test } from 'vitest';
import { referenceNoise } from '../../../../../test/support/alignsts-reference.ts';
import type { Graph } from '../../onnx/graph.ts';
import { createWhisperContentEncoder } from './whisper-content.ts';
import { createWhisperFeatures } from './whisper-features.ts';

const speech = (length: number): Float32Array => {
  const random = createRandom(7);
  return Float32Array.from({ length }, () => 0.1 * random.normal());
};

test('the log-mel is the one faster-whisper computes', () => {
  const reference = JSON.parse(readFileSync(new URL('../../../../../fixtures/content/whisper-features.json', import.meta.url), 'utf8')) as {
    shape: number[];
    frames: number[];
    values: number[];
  };
  const hiss = referenceNoise('sound', 8077);
  const samples = hiss.map((value, n) => {
    const t = n / 16000;
    return 0.3 * Math.sin(2 * Math.PI * 220 * t) * (t < 0.3 ? 1 : 0) + 0.05 * value;
  });
  const { values, frames, contentFrames } = createWhisperFeatures()({ samples, sampleRate: 16000 });
  expect([frames, values.length / frames, contentFrames]).toEqual([...reference.shape, Math.ceil(8077 / 320)]);
  const probed = reference.frames.flatMap((frame) => [...values.subarray(frame * 80, frame * 80 + 80)]);
  // the reference transforms in float32: small powers beside large ones carry 1e-7 of the largest
  expect(probed).toBeAllClose(reference.values, { atol: 2e-4 });
});

test('silence, one sample and other rates', () => {
  const featuresOf = createWhisperFeatures();
  expect(featuresOf({ samples: new Float32Array(16000), sampleRate: 16000 })).toEqual({
    values: new Float32Array(200 * 80).fill(-1.5),
    frames: 200,
    contentFrames: 50,
  });
  expect(featuresOf({ samples: Float32Array.of(1), sampleRate: 16000 }).contentFrames).toBe(1);
  expect(() => featuresOf({ samples: new Float32Array(9), sampleRate: 44100 })).toThrow(
    'sampleRate is 44100 Hz but content features need 16000 Hz',
  );
  expect(() => featuresOf({ samples: new Float32Array(0), sampleRate: 16000 })).toThrow(/no samples/);
});

/** Stands for the network: each frame shows its own two mel frames. */
function echo(longest: { frames: number }): Graph {
  return {
    inputs: ['mel'],
    outputs: ['features'],
    async run({ mel }) {
      const [, frames] = mel!.shape as [number, number, number];
      longest.frames = Math.max(longest.frames, frames);
      const count = Math.ceil(frames / 2);
      const data = new Float32Array(count * 512);
      for (let n = 0; n < count; n++) data.set(mel!.data.subarray(n * 160, n * 160 + 160), n * 512);
      return { features: { data, shape: [1, count, 512] } };
    },
    close: async () => undefined,
  };
}

test('long speech is read in windows of 28 s that join without a seam', async () => {
  for (const seconds of [1.01, 26.9, 28, 61.7]) {
    const samples = speech(Math.round(seconds * 16000));
    const longest = { frames: 0 };
    const content = await createWhisperContentEncoder(echo(longest), { id: 'echo' }).encode({ samples, sampleRate: 16000 });
    const { values, contentFrames } = createWhisperFeatures()({ samples, sampleRate: 16000 });
    expect([content.frames, content.channels, content.values.length]).toEqual([contentFrames, 512, contentFrames * 512]);
    expect(longest.frames).toBeLessThanOrEqual(2800);
    const seen = [0, 1, Math.floor(contentFrames / 2), 1298, 1299, 1300, 1301, contentFrames - 2, contentFrames - 1].filter(
      (n) => n < contentFrames,
    );
    for (const n of seen) expect(content.values.subarray(n * 512, n * 512 + 160)).toEqual(values.slice(n * 160, n * 160 + 160));
  }
});

test('other rates are resampled on the way in, and a graph without the output is a bug', async () => {
  const encoder = createWhisperContentEncoder(echo({ frames: 0 }), { id: 'echo' });
  expect((await encoder.encode({ samples: speech(24000), sampleRate: 24000 })).frames).toBe(50);
  expect(() => createWhisperContentEncoder(echo({ frames: 0 }), { id: 'echo', output: 'logits' })).toThrow(/no output logits/);
});
