import type { Ops } from '../../model/ops.ts';
import { initConv1d, initLinear, initNorm, type LinearParams, type NormParams, normal, type Weight } from '../../model/params.ts';

/**
 * Whisper's encoder (Radford et al. 2022, §2.2; openai/whisper `model.py`): two convolutions of which the second halves the rate, a table
 * of positions, pre-norm Transformer blocks, a last normalisation. Its 50 frames a second are the paper's content rate (spec A1.6).
 */
export type WhisperEncoderConfig = {
  bands: number;
  hidden: number; // D
  heads: number;
  layers: number;
  feedForward: number;
  /** Rows of the position table: the most frames that can be encoded at once. 1500 are 30 s. */
  positions: number;
};

export const WHISPER_BASE: WhisperEncoderConfig = { bands: 80, hidden: 512, heads: 8, layers: 6, feedForward: 2048, positions: 1500 };

export type WhisperEncoderParams<T> = {
  front: [LinearParams<T>, LinearParams<T>];
  /**
   * [1, positions, D]. A sinusoid, but published in half precision and used so ever since: computed exactly it would move the output by 1e-3.
   */
  positions: T;
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
  const { bands, hidden, layers, feedForward, positions } = config;
  return {
    front: [initConv1d(bands, hidden, 3), initConv1d(hidden, hidden, 3)],
    positions: normal(Math.SQRT1_2, 1, positions, hidden), // the power of the sinusoid
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

/** Items of a batch are of one length: nothing is masked, as in the original. At most 2·positions frames go in. */
export function whisperEncoder<T>(
  ops: Ops<T>,
  config: WhisperEncoderConfig,
  params: WhisperEncoderParams<T>,
  mel: T, // [B, T, bands]
): T /* [B, ceil(T/2), D] */ {
  const [first, second] = params.front;
  let x = ops.gelu(ops.conv1d(mel, first.weight, first.bias, { padding: 1 }));
  x = ops.gelu(ops.conv1d(x, second.weight, second.bias, { stride: 2, padding: 1 }));
  x = ops.add(x, ops.narrowLike(params.positions, x, 1));
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
