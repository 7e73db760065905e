import { type FeedForwardParams, feedForward, initFeedForward } from './feed-forward.ts';
import { type AttentionParams, initAttention, multiHeadAttention } from './multi-head-attention.ts';
import type { Ops } from './ops.ts';
import { initLinear, initNorm, type LinearParams, type NormParams, ones, type Weight } from './params.ts';
import { positions } from './positions.ts';

/** The decoder of AlignSTS (GAN), Table 1: FastSpeech 2's feed-forward transformer blocks over the condition, then a linear layer to mel. */
export type FftDecoderConfig = {
  melBins: number;
  hidden: number;
  layers: number;
  heads: number;
  dropout: number;
  ffnHidden: number;
  ffnKernel: number;
};

export type FftDecoderParams<T> = {
  positionScale: T; // [1]
  layers: { attentionNorm: NormParams<T>; attention: AttentionParams<T>; ffnNorm: NormParams<T>; ffn: FeedForwardParams<T> }[];
  norm: NormParams<T>;
  output: LinearParams<T>;
};

export function initFftDecoder(config: FftDecoderConfig): FftDecoderParams<Weight> {
  const { hidden } = config;
  return {
    positionScale: ones(1),
    layers: Array.from({ length: config.layers }, () => ({
      attentionNorm: initNorm(hidden),
      attention: initAttention(hidden),
      ffnNorm: initNorm(hidden),
      ffn: initFeedForward(hidden, config.ffnHidden, config.ffnKernel),
    })),
    norm: initNorm(hidden),
    output: initLinear(hidden, config.melBins),
  };
}

export function fftDecoder<T>(
  ops: Ops<T>,
  config: FftDecoderConfig,
  params: FftDecoderParams<T>,
  condition: T, // [B, T, D]
  mask: T, // [B, T, 1]
): T /* [B, T, M] */ {
  const norm = (x: T, { weight, bias }: NormParams<T>): T => ops.layerNorm(x, weight, bias, 1e-5);
  const residual = (x: T, branch: T): T => ops.mul(ops.add(x, ops.dropout(branch, config.dropout)), mask);
  const padded = ops.lt(ops.transpose(mask, 1, 2), 0.5); // [B, 1, T]
  const code = ops.mul(positions(ops, condition, config.hidden), params.positionScale);
  let x = ops.mul(ops.dropout(ops.add(condition, code), config.dropout), mask);
  for (const layer of params.layers) {
    const normed = norm(x, layer.attentionNorm);
    x = residual(x, multiHeadAttention(ops, config, layer.attention, normed, normed, padded).features);
    x = residual(x, feedForward(ops, layer.ffn, ops.mul(norm(x, layer.ffnNorm), mask), config.ffnKernel, config.dropout));
  }
  return ops.mul(ops.linear(norm(x, params.norm), params.output.weight, params.output.bias), mask);
}
