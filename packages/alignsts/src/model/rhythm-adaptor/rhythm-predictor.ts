import { type CrossAttentionConfig, type CrossAttentionParams, crossAttention, initCrossAttention } from '../cross-attention.ts';
import type { Encoded } from '../encoders.ts';
import { frameMask, stridedLengths } from '../lengths.ts';
import type { Ops } from '../ops.ts';
import { initConv1d, initLinear, initNorm, type LinearParams, type NormParams, type Weight } from '../params.ts';

/**
 * The rhythm predictor (§3.4, Fig. 1d; spec A2.5): guesses the rhythm codes of the singing from target pitch and spoken content.
 * Pitch looks into content by cross-attention; strided convolutions bring the result to the codes' rate; a linear layer scores them.
 */
export type RhythmPredictorConfig = {
  attention: CrossAttentionConfig;
  convLayers: number;
  kernel: number;
  stride: number;
  dropout: number;
  codes: number;
  /** Whether the voice is added after the attention (release yes, paper no). */
  timbre: boolean;
};

export type RhythmPredictorParams<T> = {
  attention: CrossAttentionParams<T>;
  convs: { conv: LinearParams<T>; norm: NormParams<T> }[];
  output: LinearParams<T>;
};

export type PredictedRhythm<T> = {
  logits: T; // [B, S, K]
  attention: T[]; // [B, T, N]
};

export function initRhythmPredictor(config: RhythmPredictorConfig): RhythmPredictorParams<Weight> {
  const { hidden } = config.attention;
  return {
    attention: initCrossAttention(config.attention),
    convs: Array.from({ length: config.convLayers }, () => ({
      conv: initConv1d(hidden, hidden, config.kernel),
      norm: initNorm(hidden),
    })),
    output: initLinear(hidden, config.codes),
  };
}

export function rhythmPredictor<T>(
  ops: Ops<T>,
  config: RhythmPredictorConfig,
  params: RhythmPredictorParams<T>,
  pitch: Encoded<T>, // [B, T, D]
  content: Encoded<T>, // [B, N, D]
  timbre: T, // [B, 1, D]
): PredictedRhythm<T> {
  const { features, attention } = crossAttention(ops, config.attention, params.attention, pitch, content);
  let x = config.timbre ? ops.mul(ops.add(features, timbre), pitch.mask) : features;
  let lengths = pitch.lengths;
  for (const { conv, norm } of params.convs) {
    x = ops.conv1d(x, conv.weight, conv.bias, { stride: config.stride, padding: (config.kernel - 1) / 2 });
    lengths = stridedLengths(ops, lengths, config.stride);
    x = ops.dropout(ops.layerNorm(ops.relu(x), norm.weight, norm.bias, 1e-12), config.dropout);
    x = ops.mul(x, frameMask(ops, lengths, x));
  }
  return { logits: ops.linear(x, params.output.weight, params.output.bias), attention };
}
