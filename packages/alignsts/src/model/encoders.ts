import { frameMask, stridedLengths } from './lengths.ts';
import { maskedGroupNorm } from './masked-group-norm.ts';
import type { Ops } from './ops.ts';
import { initConv1d, initNorm, type LinearParams, type NormParams, normal, type Weight } from './params.ts';

/**
 * The convolutional encoders E_C, E_P, E_R of content, pitch and rhythm (§3.2, Table 4): layers of convolution, group normalisation
 * and ReLU. The normalisation sees real frames only, and each convolution sees zeros beyond an item's end.
 */
export type EncoderConfig = { layers: number; kernel: number; stride: number; groups: number };

export type EncoderParams<T> = { layers: { conv: LinearParams<T>; norm: NormParams<T> }[] };

/** A sequence with its true lengths. */
export type Encoded<T> = {
  features: T; // [B, T', D], zero where padded
  lengths: T; // [B]
  mask: T; // [B, T', 1]
};

export function initEncoder(config: EncoderConfig, inputs: number, hidden: number): EncoderParams<Weight> {
  const layers = Array.from({ length: config.layers }, (_, index) => ({
    conv: initConv1d(index === 0 ? inputs : hidden, hidden, config.kernel),
    norm: initNorm(hidden),
  }));
  return { layers };
}

export function encoder<T>(
  ops: Ops<T>,
  config: EncoderConfig,
  params: EncoderParams<T>,
  input: T, // [B, T, I]
  inputLengths: T, // [B]
): Encoded<T> {
  let lengths = inputLengths;
  let mask = frameMask(ops, lengths, input);
  let x = ops.mul(input, mask);
  for (const { conv, norm } of params.layers) {
    x = ops.conv1d(x, conv.weight, conv.bias, { stride: config.stride, padding: (config.kernel - 1) / 2 });
    lengths = stridedLengths(ops, lengths, config.stride);
    if (config.stride > 1) mask = frameMask(ops, lengths, x);
    x = ops.relu(maskedGroupNorm(ops, norm, ops.mul(x, mask), mask, config.groups));
    x = ops.mul(x, mask);
  }
  return { features: x, lengths, mask };
}

export type PitchEncoderParams<T> = EncoderParams<T> & { embedding: T /* [rows, D] */ };

/** E_P: the pitch bins' embedding, then the convolutions. Rows are drawn from N(0, 1/√D) (spec A1.3). */
export function initPitchEncoder(config: EncoderConfig, rows: number, hidden: number): PitchEncoderParams<Weight> {
  return { embedding: normal(1 / Math.sqrt(hidden), rows, hidden), ...initEncoder(config, hidden, hidden) };
}

export function pitchEncoder<T>(
  ops: Ops<T>,
  config: EncoderConfig,
  params: PitchEncoderParams<T>,
  bins: T, // [B, T] integers
  lengths: T, // [B]
): Encoded<T> {
  return encoder(ops, config, params, ops.embedding(params.embedding, bins), lengths);
}
