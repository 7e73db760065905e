import { type Audio, type Hertz, InputError, resample, type Samples } from '@alignsts/signal';
import type { Ops } from '../../model/ops.ts';
import { initConv1d, initLinear, initNorm, type LinearParams, type NormParams, ones, type Weight, zeros } from '../../model/params.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Content, ContentEncoder } from '../content-port.ts';

/**
 * wav2vec 2.0 with its CTC head (Baevski et al. 2020; spec B7), the paper's own content encoder, for those who have its weights: convolutions
 * over the waveform to 50 frames a second, a convolution for positions, post-norm Transformer blocks, logits of 32 characters.
 */
export type Wav2vec2Config = {
  channels: number;
  kernels: readonly number[];
  strides: readonly number[];
  hidden: number; // D
  heads: number;
  layers: number;
  feedForward: number;
  positionKernel: number;
  positionGroups: number;
  symbols: number;
};

export const WAV2VEC2_BASE: Wav2vec2Config = {
  channels: 512,
  kernels: [10, 3, 3, 3, 3, 2, 2],
  strides: [5, 2, 2, 2, 2, 2, 2],
  hidden: 768,
  heads: 12,
  layers: 12,
  feedForward: 3072,
  positionKernel: 128,
  positionGroups: 16,
  symbols: 32,
};

export type Wav2vec2Params<T> = {
  front: T[]; // convolutions without bias
  frontNorm: NormParams<T>;
  projectionNorm: NormParams<T>;
  projection: LinearParams<T>;
  /** The weight normalisation worked out. */
  positions: LinearParams<T>;
  norm: NormParams<T>;
  blocks: Wav2vec2BlockParams<T>[];
  head: LinearParams<T>;
};

export type Wav2vec2BlockParams<T> = {
  query: LinearParams<T>;
  key: LinearParams<T>;
  value: LinearParams<T>;
  attentionOutput: LinearParams<T>;
  attentionNorm: NormParams<T>;
  expand: LinearParams<T>;
  contract: LinearParams<T>;
  norm: NormParams<T>;
};

export function initWav2vec2(config: Wav2vec2Config): Wav2vec2Params<Weight> {
  const { channels, kernels, hidden, layers, feedForward, positionKernel, positionGroups, symbols } = config;
  return {
    front: kernels.map((kernel, index) => initConv1d(index === 0 ? 1 : channels, channels, kernel).weight),
    frontNorm: { weight: ones(channels), bias: zeros(channels) },
    projectionNorm: initNorm(channels),
    projection: initLinear(channels, hidden),
    positions: initConv1d(hidden / positionGroups, hidden, positionKernel),
    norm: initNorm(hidden),
    blocks: Array.from({ length: layers }, () => ({
      query: initLinear(hidden, hidden),
      key: initLinear(hidden, hidden),
      value: initLinear(hidden, hidden),
      attentionOutput: initLinear(hidden, hidden),
      attentionNorm: initNorm(hidden),
      expand: initLinear(hidden, feedForward),
      contract: initLinear(feedForward, hidden),
      norm: initNorm(hidden),
    })),
    head: initLinear(hidden, symbols),
  };
}

const EPSILON = 1e-5;

export function wav2vec2<T>(
  ops: Ops<T>,
  config: Wav2vec2Config,
  params: Wav2vec2Params<T>,
  samples: T, // [B, n, 1], each item of mean 0 and variance 1
): T /* [B, floor((n − 400)/320) + 1, symbols] logits */ {
  let x = samples;
  for (const [index, weight] of params.front.entries()) {
    x = ops.conv1d(x, weight, undefined, { stride: config.strides[index]! });
    // 512 groups of 512 channels: each channel on its own, over time
    if (index === 0) x = channelNorm(ops, params.frontNorm, x);
    x = ops.gelu(x);
  }
  x = linear(ops, params.projection, norm(ops, params.projectionNorm, x));
  const { positionKernel, positionGroups } = config;
  const around = ops.conv1d(x, params.positions.weight, params.positions.bias, { padding: positionKernel / 2, groups: positionGroups });
  // an even kernel gives one frame too many
  x = norm(ops, params.norm, ops.add(x, ops.gelu(ops.narrowLike(around, x, 1))));
  for (const block of params.blocks) {
    x = norm(ops, block.attentionNorm, ops.add(x, attention(ops, config, block, x)));
    x = norm(ops, block.norm, ops.add(x, linear(ops, block.contract, ops.gelu(linear(ops, block.expand, x)))));
  }
  return linear(ops, params.head, x);
}

function attention<T>(ops: Ops<T>, { hidden, heads }: Wav2vec2Config, params: Wav2vec2BlockParams<T>, x: T): T {
  const split = (part: T): T => ops.transpose(ops.unflatten(part, 2, [heads, hidden / heads]), 1, 2); // [B, h, T, D/h]
  const query = split(ops.mul(linear(ops, params.query, x), (hidden / heads) ** -0.5));
  const scores = ops.matmul(query, ops.transpose(split(linear(ops, params.key, x)), 2, 3));
  const mixed = ops.matmul(ops.softmax(scores, 3), split(linear(ops, params.value, x)));
  return linear(ops, params.attentionOutput, ops.flatten(ops.transpose(mixed, 1, 2), 2, 3));
}

function channelNorm<T>(ops: Ops<T>, { weight, bias }: NormParams<T>, x: T /* [B, T, C] */): T {
  const centred = ops.sub(x, ops.mean(x, [1], true));
  const variance = ops.mean(ops.mul(centred, centred), [1], true);
  return ops.add(ops.mul(ops.div(centred, ops.sqrt(ops.add(variance, EPSILON))), weight), bias);
}

function norm<T>(ops: Ops<T>, { weight, bias }: NormParams<T>, x: T): T {
  return ops.layerNorm(x, weight, bias, EPSILON);
}

function linear<T>(ops: Ops<T>, { weight, bias }: LinearParams<T>, x: T): T {
  return ops.linear(x, weight, bias);
}

const RATE: Hertz = 16000;
const HOP: Samples = 320;
/** Samples one frame hears. */
const FIELD: Samples = 400;

/**
 * The encoder behind the port. Frame t of the network is centred on sample 320t + 200; 200 zeros before the speech move the centres to 320t, where
 * Whisper's are, and zeros behind it give the same N = ceil(n/320) frames. The graph takes `samples` and gives `logits`; it stays the caller's.
 */
export function createWav2vec2Encoder(graph: Graph, { id, symbols = 32 }: { id: string; symbols?: number }): ContentEncoder {
  return {
    id,
    channels: symbols,
    async encode(speech: Audio): Promise<Content> {
      const { samples } = resample(speech, RATE);
      if (samples.length === 0) throw new InputError('The speech has no samples; at least one is needed.');
      const frames = Math.ceil(samples.length / HOP);
      const data = new Float32Array((frames - 1) * HOP + FIELD);
      // the network wants each utterance at mean 0 and variance 1; the silence around it stays 0
      data.set(standardised(samples).subarray(0, data.length - FIELD / 2), FIELD / 2);
      const { logits } = await graph.run({ samples: { data, shape: [1, data.length, 1] } });
      return { values: logits!.data as Float32Array, frames, channels: symbols };
    },
  };
}

/** (x − mean)/√(variance + 1e-7), the constant Hugging Face's feature extractor has. */
export function standardised(samples: Float32Array): Float32Array {
  let sum = 0;
  for (const sample of samples) sum += sample;
  const mean = sum / samples.length;
  let squares = 0;
  for (const sample of samples) squares += (sample - mean) ** 2;
  const deviation = Math.sqrt(squares / samples.length + 1e-7);
  return samples.map((sample) => (sample - mean) / deviation);
}
