import '../../../test/support/one-thread.ts';
import { createRandom } from '@alignsts/signal';
import type { Tensor } from '@alignsts/torch';
import * as torch from '@alignsts/torch';
import {
  type AlignstsModel,
  type BaselineInput,
  type Config,
  type FloatArray,
  fillTree,
  initModel,
  mapTree,
  readConfig,
  singBaseline,
} from 'alignsts/model';
import { type GraphTensor, recordBaseline, sha256, writeModel } from 'alignsts/onnx';
import { openGraph } from 'alignsts/onnx/node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exportGraphs } from './export-graphs.ts';
import { objectiveOf } from './objectives/objective-of.ts';
import { createLibtorchOps } from './ops-libtorch.ts';
import type { TensorBatch } from './tensor-batch.ts';
import { createTrainer } from './trainer.ts';

/** Every variant and baseline: the exported graphs equal libtorch on random lengths, items do not disturb each other, short phrases work. */
const features = { content: { channels: 7 }, timbre: { channels: 16 }, pitch: { rows: 64, levels: 60 } };
const alignsts = { system: 'alignsts', hidden: 16, groups: 4, decoder: { kind: 'diffusion', blocks: 5 } };
const configOf = (model: object, more: object = {}): Config => readConfig({ name: 'test', features, model, ...more }, 'test');
const variants: Record<string, Config> = {
  default: configOf(alignsts),
  release: configOf({
    ...alignsts,
    windowInclusive: false,
    fusion: { rhythm: false },
    rhythmAdaptor: { predictor: { kernel: 5, attention: { window: 0.3, guide: 0.3 } } },
    aligner: { attention: { window: 0.2 } },
  }),
  paper: configOf({ ...alignsts, rhythmEncoder: { stride: 1 }, rhythmAdaptor: { predictor: { timbre: false } } }),
  'no rhythm adaptor': configOf({ ...alignsts, rhythmAdaptor: { enabled: false } }),
  'no cross-modal alignment': configOf({ ...alignsts, aligner: { enabled: false } }),
  'no F0 skip': configOf({ ...alignsts, fusion: { pitch: false } }),
  gan: configOf({ ...alignsts, decoder: { kind: 'fft', layers: 2 } }),
  'a voice of another width': configOf(alignsts, { features: { ...features, timbre: { channels: 9 } } }),
};
const baselines: Record<string, Config> = {
  'Parekh 2020': configOf({ system: 'parekh2020', widths: [24, 16, 12], code: 8, skip: 4 }),
  'SpeechSplit2, small': configOf({ system: 'speechsplit2' }),
  "SpeechSplit2, large, with the target's envelope": configOf({
    ...{ system: 'speechsplit2', bottleneck: 1, contentCode: 32, rhythmCode: 32, pitchCode: 32, envelope: 'singing' },
  }),
  'Wu and Yang 2020': configOf({ system: 'wu-yang-2020', hidden: 32, pitchChannels: 8, skip: 8 }),
};

describe.skipIf(!torch.hasTorch())('AlignSTS', () => {
  test.each(Object.entries(variants))(
    "%s: the exported graphs are libtorch's, to 1e-4, on batches of random lengths",
    async (_, config) => {
      const { codes } = (config as AlignstsModel).model.rhythmAdaptor;
      const codebook = { shape: [codes, 16], data: Float32Array.from({ length: codes * 16 }, (__, i) => Math.sin(i)) };
      const weights = Object.fromEntries(named(fillTree(initModel(config), 3)));
      const checkpoint = { config, updates: 0, weights, buffers: { codebook } };
      for (let seed = 1; seed <= 3; seed++) {
        for (const { difference } of await exportGraphs(checkpoint, { openGraph, seed })) expect(difference).toBeLessThan(1e-4);
      }
    },
  );

  test('a graph that differs from libtorch is refused', async () => {
    const config = variants['default']!;
    const weights = Object.fromEntries(named(fillTree(initModel(config), 3)));
    const codebook = { shape: [6, 16], data: new Float32Array(96).fill(0.3) };
    const wrong: typeof openGraph = async (bytes, options) => {
      const graph = await openGraph(bytes, options);
      return {
        ...graph,
        async run(inputs) {
          const outputs = await graph.run(inputs);
          for (const { data } of Object.values(outputs)) data[0]! += 0.01;
          return outputs;
        },
      };
    };
    await expect(exportGraphs({ config, updates: 0, weights, buffers: { codebook } }, { openGraph: wrong })).rejects.toThrow(
      'differs from libtorch by',
    );
  });

  test.each(Object.entries(variants))('%s: phrases of 1 to 9 frames and speech of 1 to 3 train without a NaN', (_, config) => {
    const trainer = createTrainer(objectiveOf(config), config);
    for (let frames = 1; frames <= 9; frames++) {
      torch.scope(() => {
        const batch = batchOf(config, [{ frames, contentFrames: 1 + (frames % 3), speechFrames: frames }], 'ordinary', frames);
        for (const [name, term] of Object.entries(trainer.update(batch)))
          expect(Number.isFinite(term.item()), `${name} of ${frames} frames`).toBe(true);
      });
    }
    expect(named(trainer.weights('last')).every(([__, { data }]) => data.every(Number.isFinite))).toBe(true);
  });

  test('whatever features can be, losses and gradients are finite', () => {
    const config = variants['default']!;
    const size = fc.record({
      frames: fc.integer({ min: 1, max: 40 }),
      contentFrames: fc.integer({ min: 1, max: 30 }),
      speechFrames: fc.integer({ min: 1, max: 20 }),
    });
    const kinds = fc.constantFrom(...(['ordinary', 'silent', 'loud', 'unvoiced', 'constant'] as const));
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 3 }), kinds, fc.integer({ min: 1, max: 1000 }), (sizes, kind, seed) => {
        torch.scope(() => {
          const trainer = createTrainer(objectiveOf(config), config);
          for (const [name, term] of Object.entries(trainer.update(batchOf(config, sizes, kind, seed)))) {
            expect(Number.isFinite(torch.sum(term, null).item()), name).toBe(true);
          }
        });
      }),
      { numRuns: 25, seed: 6 },
    );
  });
});

describe.skipIf(!torch.hasTorch())('baselines', () => {
  test.each(Object.entries(baselines))(
    "%s: the graph is libtorch's, and an item gives the same alone and in a batch",
    async (_, config) => {
      const params = fillTree(initModel(config), 3);
      const bytes = writeModel(recordBaseline(config, params));
      const graph = await openGraph(bytes, { sha256: await sha256(bytes), threads: 1 });
      const weights = mapTree<unknown, FloatArray, Tensor>(params, ({ data, shape }) => torch.fromTypedArray(data, shape));
      const random = createRandom(4);
      const normal = (shape: number[], scale: number, offset: number): GraphTensor => ({
        data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => offset + scale * random.normal()),
        shape,
      });
      const [lengths, speechLengths] = [
        [29, 16, 5],
        [21, 8, 3],
      ];
      const inputs: Record<string, GraphTensor> = {
        speechMel: normal([3, 21, 80], 1.5, -3),
        speechLengths: { data: Int32Array.from(speechLengths!), shape: [3] },
        pitch: { data: Int32Array.from({ length: 87 }, () => random.integer(61)), shape: [3, 29] },
        lengths: { data: Int32Array.from(lengths!), shape: [3] },
        timbre: normal([3, 16], 0.3, 0),
        target: normal([3, 29, 80], 1.5, -3),
      };
      const used = Object.fromEntries(graph.inputs.map((name) => [name, inputs[name]!]));
      const { mel } = await graph.run(used);
      torch.scope(() => {
        const input = Object.fromEntries(
          Object.entries(inputs).map(([name, { data, shape }]) => [name === 'target' ? 'mel' : name, torch.fromTypedArray(data, shape)]),
        );
        const expected = singBaseline(createLibtorchOps(), config, weights, input as BaselineInput<Tensor>);
        expect(mel!.data).toBeAllClose(torch.toFloat32Array(expected), { atol: 1e-4, rtol: 1e-4 });
      });
      for (const [b, length] of lengths!.entries()) {
        const alone = Object.fromEntries(
          Object.entries(used).map(([name, { data, shape }]) => {
            const row = data.length / 3;
            const own = data.slice(b * row, (b + 1) * row);
            if (shape.length === 1 || name === 'timbre') return [name, { data: own, shape: [1, ...shape.slice(1)] }];
            const frames = name === 'speechMel' ? speechLengths![b]! : length;
            const width = row / shape[1]!;
            return [name, { data: own.slice(0, frames * width), shape: [1, frames, ...shape.slice(2)] }];
          }),
        );
        const { mel: single } = await graph.run(alone);
        expect(mel!.data.slice(b * 29 * 80, (b * 29 + length) * 80)).toBeAllClose(single!.data, { atol: 1e-4, rtol: 1e-4 });
      }
      await graph.close();
    },
  );
});

type Size = { frames: number; contentFrames: number; speechFrames: number };

/** Features of every kind that recordings can give, and nonsense where it is padded. */
function batchOf(config: Config, sizes: Size[], kind: 'ordinary' | 'silent' | 'loud' | 'unvoiced' | 'constant', seed: number): TensorBatch {
  const random = createRandom(seed);
  const longest = (of: (size: Size) => number): number => Math.max(...sizes.map(of));
  const [frames, contentFrames, speechFrames] = [
    longest((size) => size.frames),
    longest((size) => size.contentFrames),
    longest((size) => size.speechFrames),
  ];
  const numbers = (shape: number[], of: () => number): Tensor =>
    torch.fromTypedArray(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, of), shape);
  const integers = (shape: number[], of: () => number): Tensor =>
    torch.fromTypedArray(Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, of), shape);
  const mel = {
    ordinary: () => -3 + 1.5 * random.normal(),
    silent: () => -10,
    loud: () => 2,
    unvoiced: () => -4 + random.normal(),
    constant: () => -1,
  }[kind];
  const curve = kind === 'ordinary' ? () => random.uniform() : () => 0.5;
  const count = sizes.length;
  const { features } = config;
  return {
    content: numbers(
      [count, contentFrames, features.content.channels],
      kind === 'constant' ? () => 0 : () => (kind === 'loud' ? 100 : 1) * random.normal(),
    ),
    contentLengths: integers([count], next(sizes.map((size) => size.contentFrames))),
    pitch: integers([count, frames], () => (kind === 'unvoiced' || kind === 'silent' ? 0 : 1 + random.integer(60))),
    lengths: integers([count], next(sizes.map((size) => size.frames))),
    timbre: numbers([count, features.timbre.channels], kind === 'silent' ? () => 0 : () => 0.1 * random.uniform()),
    mel: numbers([count, frames, features.melBins], mel),
    rhythm: numbers([count, frames, 1], curve),
    speechRhythm: numbers([count, speechFrames, 1], curve),
    speechLengths: integers([count], next(sizes.map((size) => size.speechFrames))),
    speechMel: numbers([count, speechFrames, features.melBins], mel),
    source: integers([count, frames], () => -1),
  };
}

/** The values one after the other. */
function next(values: number[]): () => number {
  let i = 0;
  return () => values[i++]!;
}

function named(tree: unknown): [string, FloatArray][] {
  const found: [string, FloatArray][] = [];
  mapTree(tree, (leaf: FloatArray, name) => found.push([name, leaf]));
  return found;
}
