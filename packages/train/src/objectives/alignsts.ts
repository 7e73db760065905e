import { createRandom } from '@alignsts/signal';
import * as torch from '@alignsts/torch';
import {
  type AlignstsModel,
  type AlignstsParams,
  blockConfigs,
  createSchedule,
  encoder,
  frameMask,
  initAlignsts,
  initVectorQuantizer,
  losses,
  type Ops,
  startCodebook,
  trainingPath,
  updateVectorQuantizer,
  type VectorQuantizerState,
  type Weight,
} from 'alignsts/model';
import type { TensorBatch } from '../tensor-batch.ts';
import type { Objective } from './objective.ts';

/** AlignSTS (Eq. 8): all losses of Fig. 1, and the quantiser's averages. */
export function alignstsObjective(config: AlignstsModel): Objective<AlignstsParams<Weight>> {
  const blocks = blockConfigs(config);
  const { vectorQuantizer: quantizerConfig } = blocks;
  const { codes, hidden } = quantizerConfig;
  const { model } = config;
  const levels = model.decoder.kind === 'diffusion' ? createSchedule(model.decoder).levels : 1;
  const settings = {
    losses: config.losses,
    melBins: config.features.melBins,
    codes,
    predictorAttention: model.rhythmAdaptor.predictor.attention,
    alignerAttention: model.aligner.attention,
  };
  const asBuffers = (state: VectorQuantizerState<Float32Array>) => ({
    codebook: { shape: [codes, hidden], data: state.codebook },
    counts: { shape: [codes], data: state.counts },
    sums: { shape: [codes, hidden], data: state.sums },
  });

  return {
    params: initAlignsts(config),
    buffers: asBuffers(initVectorQuantizer(quantizerConfig, createRandom(config.training.seed))),

    ...(model.rhythmAdaptor.enabled &&
      model.rhythmAdaptor.start === 'data' && {
        start(ops, params, batch, random) {
          const vectors = torch.noGrad(() => realVectors(ops, config, params, batch));
          return asBuffers(startCodebook(quantizerConfig, vectors, random));
        },
      }),

    loss(ops, params, buffers, batch, draw) {
      const quantizer = buffers as VectorQuantizerState<torch.Tensor>;
      const draws = { level: draw.integers(levels, [batch.lengths.shape[0]!]), noise: draw.normalLike(batch.mel) };
      const result = trainingPath(ops, config, params, quantizer, batch, batch, draws);
      const contentMask = frameMask(ops, batch.contentLengths, batch.content);
      const { total, ...terms } = losses(ops, settings, { result, mel: batch.mel, contentMask, source: batch.source });
      const next =
        result.rhythm === undefined
          ? quantizer
          : torch.noGrad(() => {
              const { encoded, ids } = result.rhythm!;
              return updateVectorQuantizer(ops, quantizerConfig, quantizer, encoded, ids, draw.uniform([codes, 1]));
            });
      return { total, terms: terms as Record<string, torch.Tensor>, buffers: next, generated: result.mel };
    },
  };
}

/** The rhythm encoder's vectors of the real frames of a batch, one after the other. */
function realVectors(
  ops: Ops<torch.Tensor>,
  config: AlignstsModel,
  params: AlignstsParams<torch.Tensor>,
  batch: TensorBatch,
): Float32Array /* [R, D] */ {
  const { rhythmEncoder, vectorQuantizer } = blockConfigs(config);
  const { features, lengths } = encoder(ops, rhythmEncoder, params.rhythmEncoder, ops.toFloat(batch.rhythm), batch.lengths);
  const all = torch.toFloat32Array(features);
  const [, frames] = features.shape as [number, number];
  const { hidden } = vectorQuantizer;
  const parts = Array.from(torch.toFloat32Array(lengths), (length, b) => all.subarray(b * frames * hidden, (b * frames + length) * hidden));
  const vectors = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    vectors.set(part, offset);
    offset += part.length;
  }
  return vectors;
}
