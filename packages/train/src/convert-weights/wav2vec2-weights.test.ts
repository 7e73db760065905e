import { readFileSync } from 'node:fs';
import { createWav2vec2Encoder, recordWav2vec2, type Wav2vec2Config } from 'alignsts';
import { sha256, writeModel } from 'alignsts/onnx';
import { openGraph } from 'alignsts/onnx/node';
import { expect, test } from 'vitest';
import { referenceNoise } from '../../../../test/support/alignsts-reference.ts';
import { wav2vec2Weights } from './wav2vec2-weights.ts';

/** The shape of wav2vec2-base-960h with few channels. */
const SMALL: Wav2vec2Config = {
  channels: 8,
  kernels: [10, 3, 3, 3, 3, 2, 2],
  strides: [5, 2, 2, 2, 2, 2, 2],
  hidden: 16,
  heads: 2,
  layers: 2,
  feedForward: 24,
  positionKernel: 8,
  positionGroups: 4,
  symbols: 7,
};
const file = (): Uint8Array => readFileSync(new URL('../../../../fixtures/content/wav2vec2-small.safetensors', import.meta.url));

test('a file named as Hugging Face names it gives the logits PyTorch computes', async () => {
  const reference = JSON.parse(readFileSync(new URL('../../../../fixtures/content/wav2vec2-small.json', import.meta.url), 'utf8')) as {
    frames: number;
    logits: number[];
  };
  const bytes = writeModel(recordWav2vec2(SMALL, wav2vec2Weights(file(), SMALL)));
  const graph = await openGraph(bytes, { sha256: await sha256(bytes), threads: 1 });
  try {
    const noise = referenceNoise('samples', 4000);
    const mean = noise.reduce((sum, value) => sum + value / 4000, 0);
    const deviation = Math.sqrt(noise.reduce((sum, value) => sum + (value - mean) ** 2 / 4000, 0) + 1e-7);
    const data = noise.map((value) => (value - mean) / deviation);
    const { logits } = await graph.run({ samples: { data, shape: [1, 4000, 1] } });
    expect(logits!.shape).toEqual([1, reference.frames, 7]);
    // seven convolutions and two blocks in float32 against float64
    expect(logits!.data).toBeAllClose(reference.logits, { atol: 2e-5, rtol: 2e-5 });

    const encoder = createWav2vec2Encoder(graph, { id: 'small', symbols: 7 });
    for (const length of [1, 320, 321, 4000]) {
      const content = await encoder.encode({ samples: noise.subarray(0, length), sampleRate: 16000 });
      expect([content.frames, content.values.length]).toEqual([Math.ceil(length / 320), Math.ceil(length / 320) * 7]);
    }
  } finally {
    await graph.close();
  }
});

test('a tensor that is absent or of another shape is named', () => {
  expect(() => wav2vec2Weights(file(), { ...SMALL, layers: 3 })).toThrow(/no tensor wav2vec2.encoder.layers.2.attention.q_proj.weight/);
  expect(() => wav2vec2Weights(file(), { ...SMALL, symbols: 32 })).toThrow(/lm_head.weight has the shape \[7,16\], \[32,16\] is needed/);
});
