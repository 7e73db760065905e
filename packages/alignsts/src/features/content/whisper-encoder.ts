import type { Ops } from '../../model/ops.ts';
import { initConv1d, initLinear, initNorm, type LinearParams, type NormParams, type Weight } from '../../model/params.ts';
import { sinusoids } from '../../model/positions.ts';

/**
 * Whisper's encoder (Radford et al. 2022, §2.2; openai/whisper `model.py`): two convolutions of which the second halves the rate, sinusoidal
 * positions, pre-norm Transformer blocks, a last normalisation. Its 50 frames a second are the paper's content rate (spec A1.6).
 */
export type WhisperEncoderConfig = {
  bands: number;
  hidden: number; // D
  heads: number;
  layers: number;
  feedForward: number;
};

export const WHISPER_BASE: WhisperEncoderConfig = { bands: 80, hidden: 512, heads: 8, layers: 6, feedForward: 2048 };

/** Frames the position table of the original has: 30 s. */
export const LONGEST_WINDOW = 1500;

export type WhisperEncoderParams<T> = {
  front: [LinearParams<T>, LinearParams<T>];
  blocks: WhisperBlockParams<T>[];
  norm: NormParams<T>;
};

export type WhisperBlockParams<T> = {
  attentionNorm: NormParams<T>;
  projections: LinearParams<T>; // query, key, value stacked: [3D, D]
  attentionOutput: LinearParams<T>;
  feedForwardNorm: NormParams<T>;
  expand: LinearParams<T>;
  contract: LinearParams<T>;
};

export function initWhisperEncoder(config: WhisperEncoderConfig): WhisperEncoderParams<Weight> {
  const { bands, hidden, layers, feedForward } = config;
  return {
    front: [initConv1d(bands, hidden, 3), initConv1d(hidden, hidden, 3)],
    blocks: Array.from({ length: layers }, () => ({
      attentionNorm: initNorm(hidden),
      projections: initLinear(hidden, 3 * hidden),
      attentionOutput: initLinear(hidden, hidden),
      feedForwardNorm: initNorm(hidden),
      expand: initLinear(hidden, feedForward),
      contract: initLinear(feedForward, hidden),
    })),
    norm: initNorm(hidden),
  };
}

const EPSILON = 1e-5;

/** Items of a batch are of one length: nothing is masked, as in the original. At most `LONGEST_WINDOW` frames come out in the order it learned. */
export function whisperEncoder<T>(
  ops: Ops<T>,
  config: WhisperEncoderConfig,
  params: WhisperEncoderParams<T>,
  mel: T, // [B, T, bands]
): T /* [B, ceil(T/2), D] */ {
  const [first, second] = params.front;
  let x = ops.gelu(ops.conv1d(mel, first.weight, first.bias, { padding: 1 }));
  x = ops.gelu(ops.conv1d(x, second.weight, second.bias, { stride: 2, padding: 1 }));
  x = ops.add(x, ops.toFloat(sinusoids(ops.full, ops.full.arange(x, 1), config.hidden)));
  for (const block of params.blocks) {
    x = ops.add(x, attention(ops, config, block, norm(ops, block.attentionNorm, x)));
    const expanded = ops.gelu(ops.linear(norm(ops, block.feedForwardNorm, x), block.expand.weight, block.expand.bias));
    x = ops.add(x, ops.linear(expanded, block.contract.weight, block.contract.bias));
  }
  return norm(ops, params.norm, x);
}

function attention<T>(ops: Ops<T>, { hidden, heads }: WhisperEncoderConfig, params: WhisperBlockParams<T>, x: T): T {
  const split = (part: T): T => ops.transpose(ops.unflatten(part, 2, [heads, hidden / heads]), 1, 2); // [B, h, T, D/h]
  const projected = ops.chunk(ops.linear(x, params.projections.weight, params.projections.bias), 3, 2);
  const [query, key, value] = projected as [T, T, T];
  const scores = ops.matmul(split(ops.mul(query, (hidden / heads) ** -0.5)), ops.transpose(split(key), 2, 3));
  const mixed = ops.flatten(ops.transpose(ops.matmul(ops.softmax(scores, 3), split(value)), 1, 2), 2, 3);
  return ops.linear(mixed, params.attentionOutput.weight, params.attentionOutput.bias);
}

function norm<T>(ops: Ops<T>, { weight, bias }: NormParams<T>, x: T): T {
  return ops.layerNorm(x, weight, bias, EPSILON);
}
