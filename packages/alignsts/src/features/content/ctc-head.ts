import type { Ops } from '../../model/ops.ts';
import { initConv1d, initLinear, type LinearParams, type Weight } from '../../model/params.ts';

/**
 * From content features to symbols (spec A1.6; connectionist temporal classification, Graves et al. 2006): a convolution over 5 frames, GELU, a
 * linear layer. One head writes characters in the order of wav2vec 2.0, so that its logits stand where the paper's do; another writes phones.
 */
export type CtcHeadConfig = { inputs: number; hidden: number; symbols: number };

export const CTC_HEAD: Omit<CtcHeadConfig, 'symbols'> = { inputs: 512, hidden: 256 };

const KERNEL = 5;

export type CtcHeadParams<T> = { conv: LinearParams<T>; output: LinearParams<T> };

export function initCtcHead({ inputs, hidden, symbols }: CtcHeadConfig): CtcHeadParams<Weight> {
  return { conv: initConv1d(inputs, hidden, KERNEL), output: initLinear(hidden, symbols) };
}

export function ctcHead<T>(ops: Ops<T>, { conv, output }: CtcHeadParams<T>, features: T /* [B, N, D] */): T /* [B, N, symbols] logits */ {
  const hidden = ops.gelu(ops.conv1d(features, conv.weight, conv.bias, { padding: (KERNEL - 1) / 2 }));
  return ops.linear(hidden, output.weight, output.bias);
}
