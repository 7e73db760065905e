import { readFileSync } from 'node:fs';
import '../../../test/support/one-thread.ts';
import { createRandom, hzToMel, MEL_DEFAULTS } from '@alignsts/signal';
import * as torch from '@alignsts/torch';
import { pitchOfBin } from 'alignsts';
import { type AlignstsModel, readConfig } from 'alignsts/model';
import { type AcousticOutput, type Graph, singMel, type WeightFormat } from 'alignsts/onnx';
import { openGraph } from 'alignsts/onnx/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../src/checkpoint.ts';
import { ruleMadeCorpus } from '../src/corpus/rule-made.ts';
import { exportGraphs } from '../src/export-graphs.ts';
import { sizeOfItem, type TrainingItem } from '../src/item.ts';
import { alignstsObjective } from '../src/objectives/alignsts.ts';
import { type Batch, planBatches } from '../src/plan-batches.ts';
import { collate, type TensorBatch, upload } from '../src/tensor-batch.ts';
import { createTrainer, type Trainer } from '../src/trainer.ts';

/** configs/tiny.json, trained on a corpus made by rule: two minutes at most, and everything from features to a sung mel takes part. */
const file = JSON.parse(readFileSync(new URL('../../../configs/tiny.json', import.meta.url), 'utf8'));
const config = readConfig(file, 'tiny.json') as AlignstsModel;
const melBins = config.features.melBins;
const channels = config.features.content.channels;

const widths = { contentChannels: channels, timbreChannels: config.features.timbre.channels, melBins };
const onDevice = (items: TrainingItem[], plan: Batch): TensorBatch => upload(collate(items, plan, widths), 'cpu');
const sizes = (items: TrainingItem[]) => items.map((item) => sizeOfItem(item, channels));
const allOf = (items: TrainingItem[]): Batch => {
  const longest = (of: (size: ReturnType<typeof sizeOfItem>) => number): number => Math.max(...sizes(items).map(of));
  const indices = items.map((_, index) => index);
  return {
    items: indices,
    frames: longest((size) => size.frames),
    contentFrames: longest((size) => size.contentFrames),
    speechFrames: longest((size) => size.speechFrames),
  };
};

describe.skipIf(!torch.hasTorch())('the tiny configuration', () => {
  const items = ruleMadeCorpus(config, { items: 20, seed: 1 });
  const unseen = ruleMadeCorpus(config, { items: 6, seed: 2 });
  const history: Record<string, number>[] = [];
  let trainer: Trainer<unknown>;

  beforeAll(() => {
    trainer = createTrainer(alignstsObjective(config), config) as Trainer<unknown>;
    const random = createRandom(config.training.seed);
    while (trainer.updates() < config.training.updates) {
      for (const plan of planBatches(sizes(items), config.training, random)) {
        if (trainer.updates() >= config.training.updates) break;
        torch.scope(() => {
          const terms = trainer.update(onDevice(items, plan));
          history.push(Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, term.item()])));
        });
      }
    }
  }, 600_000);

  test('lowers every loss', () => {
    const mean = (name: string, from: number, to: number): number =>
      history.slice(from, to).reduce((sum, terms) => sum + terms[name]!, 0) / (to - from);
    const end = history.length;
    const shares = { total: 0.4, l1: 0.3, ssim: 0.7, rhythm: 0.7, guided: 0.6, alignment: 0.7 };
    for (const [name, share] of Object.entries(shares)) {
      expect(mean(name, end - 30, end), name).toBeLessThan(share * mean(name, 0, 10));
    }
  });

  test('predicts the rhythm codes of phrases it has not heard better than the commonest code would', () => {
    const { rhythmAccuracy } = trainer.evaluate(onDevice(unseen, allOf(unseen)));
    const { counts } = trainer.buffers();
    const commonest = Math.max(...counts!.data) / counts!.data.reduce((sum, count) => sum + count, 0);
    expect(rhythmAccuracy).toBeGreaterThan(Math.max(0.5, commonest + 0.1));
  });

  test('keeps all six codes in use', () => {
    const { data } = trainer.buffers()['counts']!;
    const total = data.reduce((sum, count) => sum + count, 0);
    expect(data.every((count) => count > 0.01 * total)).toBe(true);
  });

  describe.each(['float32', 'float16', 'int8'] satisfies WeightFormat[])('exported with %s weights', (weights) => {
    let sung: AcousticOutput[];

    beforeAll(async () => {
      const state = { config, updates: trainer.updates(), weights: trainer.weights('average'), buffers: trainer.buffers() };
      const exported = await exportGraphs(readCheckpoint(writeCheckpoint(state), 'tiny'), { weights, openGraph });
      const opened = new Map<string, Graph>();
      for (const { name, bytes, sha256 } of exported) opened.set(name, await openGraph(bytes, { sha256, threads: 1 }));
      const graphs = { condition: opened.get('condition')!, denoiser: opened.get('denoiser')! };
      sung = [];
      for (const item of [...items.slice(0, 3), ...unseen.slice(0, 3)]) {
        const input = { content: item.content, contentFrames: item.content.length / channels, pitch: item.pitch, timbre: item.timbre };
        sung.push(await singMel(graphs, config.model.decoder, melBins, input, { random: createRandom(3) }));
      }
      for (const graph of opened.values()) await graph.close();
    });

    test('sings mels whose fundamental lies where the melody is, for unheard phrases too', () => {
      [...items.slice(0, 3), ...unseen.slice(0, 3)].forEach((item, index) => {
        expect(onMelody(item, item.mel), 'the corpus itself').toBeGreaterThan(0.98);
        expect(onMelody(item, sung[index]!.mel)).toBeGreaterThan(0.9);
      });
    });

    test('sings mels nearer to the true ones than the mean spectrum of each is', () => {
      items.slice(0, 3).forEach((item, index) => {
        const frames = item.pitch.length;
        const mean = Float32Array.from({ length: melBins }, (_, m) => {
          let sum = 0;
          for (let t = 0; t < frames; t++) sum += item.mel[t * melBins + m]!;
          return sum / frames;
        });
        const distance = (of: (i: number) => number): number => item.mel.reduce((sum, value, i) => sum + Math.abs(value - of(i)), 0);
        expect(distance((i) => sung[index]!.mel[i]!)).toBeLessThan(0.8 * distance((i) => mean[i % melBins]!));
      });
    });

    test('looks where the song comes from, and not merely along the diagonal', () => {
      items.slice(0, 3).forEach((item, index) => {
        const frames = item.pitch.length;
        const contentFrames = item.content.length / channels;
        const diagonal = Float32Array.from({ length: frames }, (_, t) => (t * contentFrames) / frames);
        const looked = centres(sung[index]!.attention!, frames, contentFrames);
        expect(nearSource(item, looked)).toBeGreaterThan(nearSource(item, diagonal));
      });
    });
  });
});

test.skipIf(!torch.hasTorch())(
  'one pair is learned by heart: L1 below 0.05',
  () => {
    const [item] = ruleMadeCorpus(config, { items: 1, seed: 1 });
    const trainer = createTrainer(alignstsObjective(config), { ...config, training: { ...config.training, learningRateFactor: 0.2 } });
    torch.scope(() => {
      const batch = onDevice([item!], allOf([item!]));
      for (let update = 0; update < 700; update++) torch.scope(() => void trainer.update(batch));
      expect(trainer.evaluate(batch)['l1']).toBeLessThan(0.05);
    });
  },
  600_000,
);

/** Share of steadily voiced frames whose strongest bin around the fundamental is the melody's, to one bin. */
function onMelody(item: TrainingItem, mel: Float32Array): number {
  const { low, high, bins } = MEL_DEFAULTS;
  const step = (hzToMel(high) - hzToMel(low)) / (bins + 1);
  let [right, voiced] = [0, 0];
  for (let t = 2; t + 2 < item.pitch.length; t++) {
    const bin = item.pitch[t]!;
    if (bin === 0 || item.pitch[t - 2] !== bin || item.pitch[t + 2] !== bin) continue;
    const expected = (hzToMel(pitchOfBin(bin, config.features.pitch)) - hzToMel(low)) / step - 1;
    const from = Math.max(0, Math.ceil(expected - 4));
    const around = mel.subarray(t * bins + from, t * bins + Math.floor(expected + 4));
    voiced++;
    if (Math.abs(from + around.indexOf(Math.max(...around)) - expected) <= 1) right++;
  }
  return right / voiced;
}

/** The mean key of each attention row. */
function centres(attention: Float32Array, frames: number, contentFrames: number): Float32Array {
  return Float32Array.from({ length: frames }, (_, t) => {
    const row = attention.subarray(t * contentFrames, (t + 1) * contentFrames);
    return row.reduce((sum, weight, n) => sum + weight * n, 0);
  });
}

function nearSource(item: TrainingItem, looked: Float32Array): number {
  return looked.filter((place, t) => Math.abs(place - item.source![t]!) <= 2).length / looked.length;
}
