import type { Tensor } from '@alignsts/torch';
import {
  type AlignstsModel,
  type AlignstsParams,
  cropWindows,
  type DiscriminatorParams,
  discriminator,
  discriminatorLoss,
  frameMask,
  generatorLoss,
  initDiscriminator,
  type Ops,
  type Weight,
  windowStarts,
} from 'alignsts/model';
import type { TensorBatch } from '../tensor-batch.ts';
import { alignstsObjective } from './alignsts.ts';
import type { Draw, Objective } from './objective.ts';

/** AlignSTS (GAN), Table 1: the same losses, and a multi-window discriminator that the generator must please (spec A5; least squares, 1:1). */
export function ganObjective(config: AlignstsModel): Objective<AlignstsParams<Weight>, DiscriminatorParams<Weight>> {
  const { adversarial, features } = config;
  const base = alignstsObjective(config);
  const judge = (ops: Ops<Tensor>, params: DiscriminatorParams<Tensor>, mel: Tensor, batch: TensorBatch, starts: Tensor): Tensor => {
    const masked = ops.mul(ops.toFloat(mel), frameMask(ops, batch.lengths, mel));
    return discriminator(ops, params, cropWindows(ops, masked, starts, adversarial.windows));
  };
  const startsOf = (ops: Ops<Tensor>, batch: TensorBatch, draw: Draw): Tensor =>
    windowStarts(ops, draw.uniform([batch.lengths.shape[0]!, adversarial.windows.length]), batch.lengths, adversarial.windows);

  return {
    ...base,
    loss(ops, params, buffers, batch, draw, adversary) {
      const step = base.loss(ops, params, buffers, batch, draw, {});
      const scores = judge(ops, adversary, step.generated!, batch, startsOf(ops, batch, draw));
      const pleased = generatorLoss(ops.full, ops.full.toFloat(scores));
      return { ...step, total: ops.full.add(step.total, pleased, adversarial.weight), terms: { ...step.terms, generator: pleased } };
    },
    adversary: {
      params: initDiscriminator(adversarial, features.melBins),
      loss(ops, params, _, generated, batch, draw) {
        const starts = startsOf(ops, batch, draw);
        const scores = [batch.mel, generated].map((mel) => ops.full.toFloat(judge(ops, params, mel, batch, starts))) as [Tensor, Tensor];
        const total = discriminatorLoss(ops.full, ...scores);
        return { total, terms: { discriminator: total }, buffers: {} };
      },
    },
  };
}
