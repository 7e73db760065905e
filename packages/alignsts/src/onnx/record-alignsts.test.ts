import { expect, test } from 'vitest';
import {
  CONTENT_LENGTHS,
  itemOf,
  LENGTHS,
  REFERENCE_VARIANTS,
  readReference,
  referenceBatch,
  referenceCodebook,
  referenceConfig,
  referenceWeights,
  SPEECH_LENGTHS,
} from '../../../../test/support/alignsts-reference.ts';
import { initAlignsts } from '../model/alignsts.ts';
import type { Graph, GraphTensor } from './graph.ts';
import { type OnnxGraph, writeModel } from './model-file.ts';
import { openGraph } from './node.ts';
import { recordAlignsts } from './record-alignsts.ts';
import { sha256 } from './sha256.ts';

async function open(graph: OnnxGraph): Promise<Graph> {
  const bytes = writeModel(graph);
  return openGraph(bytes, { sha256: await sha256(bytes), threads: 1 });
}

const codeLengths = LENGTHS.map((length) => Math.ceil(Math.ceil(length / 2) / 2));

test.each(REFERENCE_VARIANTS)('the recorded graphs of %s give a padded batch what PyTorch gives each item alone', async (variant) => {
  const config = referenceConfig(variant);
  const weights = { params: referenceWeights(initAlignsts(config)), codebook: referenceCodebook() };
  const reference = readReference(`alignsts-${variant}`);
  const batch = referenceBatch(3);
  const whole = (values: readonly number[]): GraphTensor => ({ data: Int32Array.from(values), shape: [values.length] });
  const feeds: Record<string, GraphTensor> = {
    ...batch,
    pitch: { data: Int32Array.from(batch.pitch.data), shape: batch.pitch.shape.slice(0, 2) },
    contentLengths: whole(CONTENT_LENGTHS),
    lengths: whole(LENGTHS),
    speechLengths: whole(SPEECH_LENGTHS),
    noisy: batch.noise,
    level: whole([3, 3, 3]),
  };
  for (const recorded of recordAlignsts(config, weights)) {
    const graph = await open(recorded);
    try {
      const outputs = await graph.run(feeds);
      Object.assign(feeds, outputs);
    } finally {
      await graph.close();
    }
  }
  reference.items.forEach((item, b) => {
    const of = (name: string, lengths: readonly number[]): number[] => itemOf(feeds[name]!.data, feeds[name]!.shape, b, lengths[b]!);
    // float32 against float64 over some twenty layers: errors of a few 1e-6 of values near 1
    const tolerance = { atol: 2e-5, rtol: 2e-5 };
    if (item.codes) expect(of('codes', codeLengths)).toEqual(item.codes);
    if (item.logits) expect(of('logits', codeLengths)).toBeAllClose(item.logits, tolerance);
    if (item.attention) {
      const [, , keys] = feeds['attention']!.shape as [number, number, number];
      const rows = of('attention', LENGTHS).filter((_, i) => i % keys < CONTENT_LENGTHS[b]!);
      expect(rows).toBeAllClose(item.attention, tolerance);
    }
    expect(of('condition', LENGTHS)).toBeAllClose(item.condition, tolerance);
    if (item.clean) expect(of('clean', LENGTHS)).toBeAllClose(item.clean, tolerance);
    if (item.decoded) expect(of('mel', LENGTHS)).toBeAllClose(item.decoded, tolerance);
  });
});

test('parameter names and shapes are those of the reference', () => {
  for (const variant of REFERENCE_VARIANTS) {
    const shapes: Record<string, readonly number[]> = {};
    const collect = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('shape' in node) shapes[path] = node.shape as number[];
      else for (const [key, child] of Object.entries(node)) collect(child, path === '' ? key : `${path}.${key}`);
    };
    collect(initAlignsts(referenceConfig(variant)), '');
    expect(shapes).toEqual(readReference(`alignsts-${variant}`).shapes);
  }
});
