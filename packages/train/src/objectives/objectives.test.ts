import '../../../../test/support/one-thread.ts';
import { createRandom } from '@alignsts/signal';
import * as torch from '@alignsts/torch';
import { type AlignstsModel, type AlignstsParams, type Config, type FloatArray, readConfig } from 'alignsts/model';
import { describe, expect, test } from 'vitest';
import { ruleMadeCorpus } from '../corpus/rule-made.ts';
import { sizeOfItem } from '../item.ts';
import { planBatches } from '../plan-batches.ts';
import { collate, type TensorBatch, upload } from '../tensor-batch.ts';
import { createTrainer, type Trainer } from '../trainer.ts';
import { objectiveOf } from './objective-of.ts';
import { studentObjective } from './student.ts';

/** Every system learns: a few dozen updates on two pairs lower its loss, and nothing becomes infinite. */
const small = { content: { encoder: 'rule', channels: 16 }, timbre: { encoder: 'rule', channels: 16 }, pitch: { rows: 64, levels: 60 } };
const training = { updates: 40, items: 2, frames: 1000, bucket: 64, warmup: 20, learningRateFactor: 0.1, average: 0.9 };
const alignsts = { system: 'alignsts', hidden: 16, groups: 4, decoder: { kind: 'diffusion', blocks: 2 } };
const configOf = (change: object): Config => readConfig({ name: 'test', features: small, training, ...change }, 'test');

const systems: Record<string, object> = {
  AlignSTS: { model: alignsts },
  'AlignSTS without rhythm adaptor': { model: { ...alignsts, rhythmAdaptor: { enabled: false } } },
  'AlignSTS without cross-modal alignment': { model: { ...alignsts, aligner: { enabled: false } } },
  'AlignSTS, normalised mels': { model: { ...alignsts, decoder: { kind: 'diffusion', blocks: 2, normalise: { mean: -4, scale: 2 } } } },
  'AlignSTS (GAN)': {
    model: { ...alignsts, decoder: { kind: 'fft', layers: 2 } },
    adversarial: { weight: 0.1, windows: [16, 32], hidden: 8 },
  },
  'Parekh 2020': { model: { system: 'parekh2020', widths: [24, 16, 12], code: 8, skip: 4 } },
  SpeechSplit2: { model: { system: 'speechsplit2' } },
  'Wu and Yang 2020': { model: { system: 'wu-yang-2020', hidden: 32, pitchChannels: 8, skip: 8 } },
};

function batchOf(config: Config): TensorBatch {
  const items = ruleMadeCorpus(config, { items: 2, seed: 1, syllables: 1 });
  const channels = config.features.content.channels;
  const [plan] = planBatches(
    items.map((item) => sizeOfItem(item, channels)),
    config.training,
    createRandom(1),
  );
  const widths = { contentChannels: channels, timbreChannels: config.features.timbre.channels, melBins: config.features.melBins };
  return upload(collate(items, plan!, widths), 'cpu');
}

describe.skipIf(!torch.hasTorch())('training', () => {
  test.each(Object.entries(systems))('%s learns', (_, change) => {
    const config = configOf(change);
    const trainer = createTrainer(objectiveOf(config), config);
    const updates = config.model.system === 'alignsts' ? training.updates : 10;
    const history = learn(trainer, batchOf(config), updates);
    for (const terms of history) for (const [name, value] of Object.entries(terms)) expect(Number.isFinite(value), name).toBe(true);
    expect(history.at(-1)!['l1']).toBeLessThan(0.9 * history[0]!['l1']!);
    trainer.dispose();
  });

  test('a discriminator learns beside the generator, and only where the weight is above 0', () => {
    const config = configOf(systems['AlignSTS (GAN)']!);
    const [terms] = learn(createTrainer(objectiveOf(config), config), batchOf(config), 1);
    expect(Object.keys(terms!)).toEqual(expect.arrayContaining(['generator', 'discriminator', 'adversaryGradient']));
    const plain = { ...config, adversarial: { ...config.adversarial, weight: 0 } };
    expect(learn(createTrainer(objectiveOf(plain), plain), batchOf(config), 1)[0]).not.toHaveProperty('discriminator');
  });

  test('the student learns to say in one step what its teacher says in two, and starts best from its teacher', () => {
    const config = configOf({ model: alignsts }) as AlignstsModel;
    const batch = batchOf(config);
    const teacher = createTrainer(objectiveOf(config), config);
    learn(teacher, batch, 40);
    const params = teacher.weights('average') as AlignstsParams<FloatArray>;
    const quantizer = teacher.buffers() as Record<'codebook' | 'counts' | 'sums', FloatArray>;
    const student = createTrainer(studentObjective(config, { params, quantizer }), config);
    const history = learn(student, batch, 30).map(({ l1 }) => l1!);
    expect(history.at(-1)).toBeLessThan(0.3 * history[0]!);
    const from = { denoiser: params.denoiser };
    const [first] = learn(createTrainer(studentObjective(config, { params, quantizer }), config, { from }), batch, 1);
    expect(first!['l1']).toBeLessThan(0.3 * history[0]!);
  });

  test('a run goes on from its saved state as if it had never stopped', () => {
    const config = configOf({ model: alignsts });
    const batch = batchOf(config);
    const whole = createTrainer(objectiveOf(config), config);
    learn(whole, batch, 5);
    const saved = whole.state();
    const second = createTrainer(objectiveOf(config), config);
    second.restore(saved);
    expect(second.updates()).toBe(5);
    // random numbers are no part of the state: the same seed again for both
    torch.manualSeed(3);
    const onwards = learn(whole, batch, 3);
    torch.manualSeed(3);
    expect(learn(second, batch, 3)).toEqual(onwards);
  });

  test("another model's state is refused by name", () => {
    const [one, other] = [configOf({ model: alignsts }), configOf({ model: { ...alignsts, hidden: 32, groups: 8 } })];
    const state = createTrainer(objectiveOf(one), one).state();
    expect(() => createTrainer(objectiveOf(other), other).restore(state)).toThrow('The saved state has model.params as [');
  });
});

/** Some updates on one batch, and what each reported. */
function learn(trainer: Trainer, batch: TensorBatch, updates: number): Record<string, number>[] {
  return Array.from({ length: updates }, () =>
    torch.scope(() => Object.fromEntries(Object.entries(trainer.update(batch)).map(([name, term]) => [name, term.item()]))),
  );
}
