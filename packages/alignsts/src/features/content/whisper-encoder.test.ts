import { readFileSync } from 'node:fs';
import { createRandom } from '@alignsts/signal';
import { expect, test } from 'vitest';
import { referenceNoise, referenceWeights } from '../../../../../test/support/alignsts-reference.ts';
import { type FloatArray, fillTree, mapTree } from '../../model/params.ts';
import type { Graph } from '../../onnx/graph.ts';
import { type OnnxGraph, writeModel } from '../../onnx/model-file.ts';
import { openGraph } from '../../onnx/node.ts';
import { createRecorder } from '../../onnx/recorder.ts';
import { sha256 } from '../../onnx/sha256.ts';
import { withWeightFormat } from '../../onnx/weight-format.ts';
import { ctcHead, initCtcHead } from './ctc-head.ts';
import { recordContentEncoder } from './record-content.ts';
import { initWhisperEncoder, type WhisperEncoderConfig } from './whisper-encoder.ts';

const SMALL: WhisperEncoderConfig = { bands: 12, hidden: 32, heads: 4, layers: 2, feedForward: 48, positions: 20 };
const reference = JSON.parse(readFileSync(new URL('../../../../../fixtures/content/whisper.json', import.meta.url), 'utf8')) as {
  features: number[];
  logits: number[];
};

async function open(graph: OnnxGraph): Promise<Graph> {
  const bytes = writeModel(graph);
  return openGraph(bytes, { sha256: await sha256(bytes), threads: 1 });
}

// float32 against float64 over two blocks: errors of a few 1e-7 of values near 1
const TIGHT = { atol: 5e-6, rtol: 5e-6 };

test('the recorded encoder gives what PyTorch gives, at an odd number of mel frames', async () => {
  const graph = await open(recordContentEncoder(SMALL, { encoder: referenceWeights(initWhisperEncoder(SMALL)) }));
  try {
    const { features } = await graph.run({ mel: { data: referenceNoise('mel', 37 * 12), shape: [1, 37, 12] } });
    expect(features!.shape).toEqual([1, 19, 32]);
    expect(features!.data).toBeAllClose(reference.features, TIGHT);
  } finally {
    await graph.close();
  }
});

test('the recorded head gives what PyTorch gives', async () => {
  const recorder = createRecorder();
  const weights = referenceWeights(initCtcHead({ inputs: 32, hidden: 16, symbols: 7 }));
  const recorded = mapTree(weights, ({ data, shape }: FloatArray, name) => recorder.weight(name, data, shape));
  const features = recorder.input('features', 'float32', ['B', 'N', 32]);
  recorder.output('logits', ctcHead(recorder.ops, recorded, features), ['B', 'N', 7]);
  const graph = await open(recorder.graph('head'));
  try {
    const { logits } = await graph.run({ features: { data: referenceNoise('features', 11 * 32), shape: [1, 11, 32] } });
    expect(logits!.data).toBeAllClose(reference.logits, TIGHT);
  } finally {
    await graph.close();
  }
});

test('items of a batch do not hear each other, and encoder and head stand in one graph', async () => {
  const weights = {
    encoder: fillTree(initWhisperEncoder(SMALL), 1),
    head: fillTree(initCtcHead({ inputs: 32, hidden: 16, symbols: 32 }), 2),
  };
  const graph = await open(recordContentEncoder(SMALL, weights));
  try {
    const [first, second] = [referenceNoise('one', 30 * 12), referenceNoise('two', 30 * 12)];
    const both = await graph.run({ mel: { data: Float32Array.of(...first, ...second), shape: [2, 30, 12] } });
    const alone = await graph.run({ mel: { data: second, shape: [1, 30, 12] } });
    expect(both['logits']!.shape).toEqual([2, 15, 32]);
    expect(both['logits']!.data.subarray(15 * 32)).toBeAllClose(alone['logits']!.data, { atol: 1e-5 });
  } finally {
    await graph.close();
  }
});

test('int8 weights point the features the same way', async () => {
  const config = { ...SMALL, hidden: 128, feedForward: 256, positions: 40 };
  const recorded = recordContentEncoder(config, { encoder: fillTree(initWhisperEncoder(config), 3) });
  const random = createRandom(4);
  const mel = { data: Float32Array.from({ length: 60 * 12 }, () => random.normal()), shape: [1, 60, 12] };
  const results: Float32Array[] = [];
  for (const format of ['float32', 'int8'] as const) {
    const graph = await open(withWeightFormat(recorded, format));
    try {
      results.push((await graph.run({ mel }))['features']!.data as Float32Array);
    } finally {
      await graph.close();
    }
  }
  const [exact, rough] = results as [Float32Array, Float32Array];
  const product = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  // the shipped encoder keeps .99; what matters here is that no scale is lost on the way
  expect(product(exact, rough) / Math.sqrt(product(exact, exact) * product(rough, rough))).toBeGreaterThan(0.98);
  expect(rough).not.toEqual(exact);
});
