import * as torch from '@alignsts/torch';
import { fillTree, type Mapped, type Weight } from 'alignsts/model';
import {
  createIstftGenerator,
  createSynthesis,
  createTransform,
  deceptionLoss,
  featureLoss,
  type GeneratorParams,
  initIstftGenerator,
  initJudges,
  type JudgesParams,
  judge,
  judgesLoss,
  spectralLoss,
  synthesize,
  type VocoderConfig,
} from 'alignsts/vocoder';
import { createFlatAdamW, type FlatAdamW } from '../flat-adamw.ts';
import { type FlatLayout, flatLayout, flatten, viewTree } from '../flat-params.ts';
import { createLibtorchOps } from '../ops-libtorch.ts';
import type { Draws, VocoderDataset } from './dataset.ts';

/**
 * One update of the vocoder: a batch gathered on the device, the sound made from it, the spectral loss; once the discriminators have joined, their update
 * first and then the generator's against them (HiFi-GAN's order). On a GPU each of the two kinds of step is recorded as a graph and replayed.
 */
export type VocoderTrainer = {
  readonly generator: Player<GeneratorParams<Weight>>;
  readonly judges: Player<JudgesParams<Weight>>;
  /** @returns the losses by name, scalars on the device that the next update overwrites */
  update(draws: Draws, adversarial: boolean): Record<string, torch.Tensor>;
  setRates(generator: number, judges: number): void;
  /** What a user should know: why a step could not be recorded and runs slower. */
  readonly remarks: readonly string[];
  /** Spectral loss of the averaged weights on given segments; waits for the device. */
  evaluate(draws: Draws): Record<string, number>;
};

/** Parameters of one side, flat, with their optimiser. */
export type Player<P> = { layout: FlatLayout; tree: P; optimizer: FlatAdamW };

type Batch = { start: torch.Tensor; gain: torch.Tensor; limit: torch.Tensor };

const HOP = 128;

export function createVocoderTrainer(
  config: VocoderConfig,
  data: VocoderDataset,
  device: torch.Device,
  options: { from?: unknown; capture?: boolean } = {},
): VocoderTrainer {
  const { training, discriminators } = config;
  torch.manualSeed(training.seed);
  const onGpu = device.startsWith('cuda');
  const ops = createLibtorchOps({ device, training: true });
  const network = createIstftGenerator(config.generator);
  const synthesis = createSynthesis();
  const spectralTransforms = training.resolutions.map((size) => createTransform(size));
  const judgeTransforms = discriminators.resolutions.map((size) => createTransform(size));
  const heard = training.frames - 3;
  const length = heard * HOP;

  const player = <P>(tree: P, from: unknown): Player<P> => {
    const layout = flatLayout(tree);
    return { layout, tree, optimizer: createFlatAdamW(flatten(layout, from ?? fillTree(tree, training.seed)), training, device) };
  };
  const generator = player(initIstftGenerator(config.generator), options.from);
  const judges = player(initJudges(discriminators), undefined);
  const viewOf = <P>({ layout, tree }: Player<P>, flat: torch.Tensor): Mapped<P, Weight, torch.Tensor> => viewTree(layout, tree, flat);

  const rowsFrom = (table: torch.Tensor, start: torch.Tensor, offset: number, count: number): torch.Tensor => {
    const steps = torch.arange(offset, offset + count, 1, { dtype: 'int64', device });
    const rows = torch.flatten(torch.add(torch.unsqueeze(start, 1), steps), 0, 1);
    return torch.reshape(torch.indexSelect(table, 0, rows), [start.shape[0]!, count, table.shape[1]!]);
  };

  /** Target and features of a batch, at the loudness drawn for each item. */
  const gather = ({ start, gain, limit }: Batch) =>
    torch.noGrad(() => {
      const perItem = (x: torch.Tensor): torch.Tensor => torch.reshape(x, [-1, 1, 1]);
      const first = torch.to(start, { dtype: 'int64' });
      const target = torch.mul(rowsFrom(data.sound, first, 1, heard), torch.exp(perItem(gain)));
      const features = rowsFrom(data.features, first, 0, training.frames);
      const pulses = rowsFrom(data.pulses, first, -2, training.frames + 3);
      return {
        target: torch.flatten(target, 1, 2),
        features: louder(features, perItem(gain)),
        f0: rowsFrom(data.f0, first, 0, training.frames),
        pulses: torch.flatten(pulses, 1, 2),
        noise: torch.randn([start.shape[0]!, (training.frames + 3) * HOP], { device, dtype: 'float32' }),
        limit: perItem(limit),
      };
    });
  const louder = (features: torch.Tensor, gain: torch.Tensor): torch.Tensor => {
    if (config.generator.head === 'mel') return torch.add(features, torch.mul(gain, 1 / Math.LN10));
    const bands = torch.add(torch.narrow(features, 2, 0, 80), torch.mul(gain, 2));
    return torch.cat([torch.clamp(bands, Math.log(1e-11), null), torch.narrow(features, 2, 80, features.shape[2]! - 80)], 2);
  };

  const soundOf = (flat: torch.Tensor, batch: ReturnType<typeof gather>): torch.Tensor => {
    const filters = network(ops, viewOf(generator, flat), batch.features, batch.f0);
    return synthesize(ops.full, synthesis, filters, batch, training.frames);
  };
  const judgeWith = (flat: torch.Tensor, sound: torch.Tensor, limit: torch.Tensor) =>
    judge(ops, discriminators, viewOf(judges, flat), judgeTransforms, sound, limit, length);

  const step =
    (adversarial: boolean) =>
    (inputs: Batch): Record<string, torch.Tensor> => {
      const batch = gather(inputs);
      const sound = soundOf(generator.optimizer.params, batch);
      const spectral = spectralLoss(ops.full, spectralTransforms, batch.target, sound, batch.limit, length);
      let total = torch.mul(torch.add(spectral.logMagnitude, spectral.convergence), training.spectralWeight);
      const report: Record<string, torch.Tensor> = { logMagnitude: spectral.logMagnitude, convergence: spectral.convergence };
      if (adversarial) {
        const { optimizer } = judges;
        const fixed = torch.detach(sound);
        const loss = judgesLoss(
          ops.full,
          judgeWith(optimizer.params, batch.target, batch.limit),
          judgeWith(optimizer.params, fixed, batch.limit),
        );
        const [gradient] = torch.grad([loss], [optimizer.params]);
        report['judgesGradient'] = optimizer.update(gradient!);
        const real = torch.noGrad(() => judgeWith(optimizer.params, batch.target, batch.limit));
        const fake = judgeWith(torch.detach(optimizer.params), sound, batch.limit);
        const deception = deceptionLoss(ops.full, fake);
        const matching = featureLoss(ops.full, real, fake);
        total = torch.add(total, torch.mul(deception, training.adversarialWeight));
        total = torch.add(total, torch.mul(matching, training.featureWeight));
        Object.assign(report, { judges: loss, deception, matching });
      }
      const [gradient] = torch.grad([total], [generator.optimizer.params]);
      report['gradient'] = generator.optimizer.update(gradient!);
      return Object.fromEntries(Object.entries(report).map(([name, value]) => [name, torch.detach(value)]));
    };

  const upload = ({ start, gain, limit }: Draws): Batch => ({
    start: torch.fromTypedArray(start, [start.length], { device }),
    gain: torch.fromTypedArray(gain, [gain.length], { device }),
    limit: torch.fromTypedArray(limit, [limit.length], { device }),
  });
  const state = [generator, judges].map(({ optimizer }) => {
    const { params, average, first, second, updates } = optimizer;
    return [torch.detach(params), average, first, second, updates];
  });
  const remarks: string[] = [];
  const recordedStep = (adversarial: boolean, batch: Batch): ((batch: Batch) => Record<string, torch.Tensor>) => {
    const body = step(adversarial);
    try {
      return torch.captureStep(body, batch, { preserve: state, enabled: onGpu && options.capture !== false });
    } catch (error) {
      // a borrowed machine's minutes are better spent slowly than not at all
      remarks.push((error as Error).message);
      return torch.captureStep(body, batch, { enabled: false });
    }
  };
  const recorded = new Map<boolean, (batch: Batch) => Record<string, torch.Tensor>>();

  return {
    generator,
    judges,
    remarks,
    update(draws, adversarial) {
      const batch = upload(draws);
      let run = recorded.get(adversarial);
      if (run === undefined) {
        run = recordedStep(adversarial, batch);
        recorded.set(adversarial, run);
      }
      const report = run(batch);
      for (const tensor of Object.values(batch)) tensor.free();
      return report;
    },
    setRates(generatorRate, judgesRate) {
      torch.noGrad(() => {
        torch.fill_(generator.optimizer.rate, generatorRate);
        torch.fill_(judges.optimizer.rate, judgesRate);
      });
    },
    evaluate: (draws) =>
      torch.scope(() =>
        torch.noGrad(() => {
          const batch = gather(upload(draws));
          const sound = soundOf(generator.optimizer.average, batch);
          const { logMagnitude, convergence } = spectralLoss(ops.full, spectralTransforms, batch.target, sound, batch.limit, length);
          return { logMagnitude: logMagnitude.item() as number, convergence: convergence.item() as number };
        }),
      ),
  };
}
