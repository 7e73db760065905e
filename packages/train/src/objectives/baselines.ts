import type { Tensor } from '@alignsts/torch';
import {
  type Config,
  type CriticParams,
  compress,
  critic,
  frameMask,
  initCritic,
  initParekh,
  initSpeechSplit,
  initWuYang,
  l1Loss,
  maskedMean,
  type Ops,
  type ParekhConfig,
  type ParekhParams,
  parekh,
  randomResampling,
  type SpeechSplitConfig,
  type SpeechSplitParams,
  speechSplit,
  type Weight,
  type WuYangConfig,
  type WuYangParams,
  wuYang,
} from 'alignsts/model';
import type { TensorBatch } from '../tensor-batch.ts';
import type { Objective } from './objective.ts';

/** The systems AlignSTS is compared with, each with its own loss, on the same batches. */

/** Parekh et al. 2020: mean squared error of ln(1 + amplitude). */
export function parekhObjective({ model, features }: Config & { model: ParekhConfig }): Objective<ParekhParams<Weight>> {
  const pitchRows = features.pitch.rows;
  return {
    params: initParekh(model, features.melBins, pitchRows),
    buffers: {},
    loss(ops, params, _, batch) {
      const { compressed, mel } = parekh(ops, model, params, batch, { pitchRows });
      const total = meanSquare(ops, compressed, compress(ops.full, batch.mel), batch);
      return { total, terms: { meanSquare: total, l1: distance(ops, mel, batch) }, buffers: {} };
    },
  };
}

/** SpeechSplit 2.0: mean squared error of its unit scale, with random resampling of content and pitch. */
export function speechSplitObjective({ model, features }: Config & { model: SpeechSplitConfig }): Objective<SpeechSplitParams<Weight>> {
  const { melBins } = features;
  return {
    params: initSpeechSplit(model, melBins, features.timbre.channels),
    buffers: {},
    loss(ops, params, _, batch, draw) {
      const [count, frames] = batch.pitch.shape as [number, number];
      const speeds = draw.uniform([count, Math.ceil(frames / 25)]);
      const resampling = randomResampling(ops, speeds, batch.lengths, batch.pitch);
      const mel = speechSplit(ops, model, params, batch, { melBins, resampling });
      // the system's scale runs from 0 to 1 over 100 dB: a fifth of log10
      const unit = (x: Tensor): Tensor => ops.full.mul(ops.full.toFloat(x), 0.2);
      const total = meanSquare(ops, unit(mel), unit(batch.mel), batch);
      return { total, terms: { meanSquare: total, l1: distance(ops, mel, batch) }, buffers: {} };
    },
  };
}

/** Wu and Yang 2020: BEGAN (Berthelot et al. 2017) with a share of paired L1. The critic remembers real mels and forgets sung ones. */
export function wuYangObjective({
  model,
  features,
}: Config & { model: WuYangConfig }): Objective<WuYangParams<Weight>, CriticParams<Weight>> {
  const { melBins } = features;
  const criticParams = initCritic(melBins);
  const convolutions = [...criticParams.images, ...criticParams.sequences].map(({ conv }) => conv).concat(criticParams.output);
  // one power-iteration vector a convolution, started at anything but zero
  const spectra = Object.fromEntries(
    convolutions.map(({ weight }, i) => {
      const rows = weight.shape[0]!;
      return [`spectrum${i}`, { shape: [rows, 1], data: Float32Array.from({ length: rows }, (_, k) => 1 + Math.sin(k)) }];
    }),
  );
  const spectraOf = (buffers: Record<string, Tensor>): Tensor[] => convolutions.map((_, i) => buffers[`spectrum${i}`]!);
  const named = (vectors: Tensor[]): Record<string, Tensor> => Object.fromEntries(vectors.map((vector, i) => [`spectrum${i}`, vector]));
  const forgotten = (ops: Ops<Tensor>, params: CriticParams<Tensor>, buffers: Record<string, Tensor>, mel: Tensor, batch: TensorBatch) => {
    const mask = frameMask(ops.full, batch.lengths, mel);
    const remembered = critic(ops.full, params, spectraOf(buffers), ops.full.toFloat(mel), mask);
    return { loss: l1Loss(ops.full, remembered.mel, ops.full.toFloat(mel), mask), spectra: remembered.spectra };
  };
  return {
    params: initWuYang(model, melBins, features.pitch.rows),
    buffers: { ...spectra, balance: { shape: [1], data: new Float32Array(1) } },
    loss(ops, params, buffers, batch, _, adversary) {
      const mel = wuYang(ops, model, params, batch, { melBins });
      const fake = forgotten(ops, adversary, buffers, mel, batch).loss;
      const l1 = distance(ops, mel, batch);
      return { total: ops.full.add(fake, l1, model.paired), terms: { fake, l1 }, buffers: {}, generated: mel };
    },
    adversary: {
      params: criticParams,
      loss(ops, params, buffers, generated, batch) {
        const f = ops.full;
        const real = forgotten(ops, params, buffers, batch.mel, batch);
        const fake = forgotten(ops, params, buffers, generated, batch);
        const balance = buffers['balance']!;
        const total = f.sum(f.sub(real.loss, f.mul(balance, fake.loss)), [0], false);
        const drift = f.detach(f.sub(f.mul(real.loss, model.balance), fake.loss));
        const next = f.clamp(f.add(balance, drift, 0.01), 0, 1);
        return { total, terms: { critic: total, real: real.loss }, buffers: { ...named(real.spectra), balance: next } };
      },
    },
  };
}

function meanSquare(ops: Ops<Tensor>, predicted: Tensor, target: Tensor, batch: TensorBatch): Tensor {
  const f = ops.full;
  const difference = f.sub(f.toFloat(predicted), target);
  return maskedMean(f, f.mul(difference, difference), frameMask(f, batch.lengths, target));
}

/** L1 of the log10-mel, to compare systems by. */
function distance(ops: Ops<Tensor>, mel: Tensor, batch: TensorBatch): Tensor {
  return l1Loss(ops.full, ops.full.toFloat(mel), batch.mel, frameMask(ops.full, batch.lengths, batch.mel));
}
