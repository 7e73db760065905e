import type { Ops, RecurrentParams } from '../../model/ops.ts';
import { initLinear, type LinearParams, uniform, type Weight } from '../../model/params.ts';

/**
 * Resemblyzer's network (Wan et al. 2018, "Generalized end-to-end loss"; spec B5): three LSTM layers over 1.6 s of mel, the last hidden state
 * through a linear layer and ReLU, scaled to length 1.
 */
export type SpeakerEncoderConfig = { bands: number; hidden: number; layers: number; channels: number };

export const RESEMBLYZER: SpeakerEncoderConfig = { bands: 40, hidden: 256, layers: 3, channels: 256 };

/** Frames of a partial utterance. */
export const PARTIAL = 160;

export type SpeakerEncoderParams<T> = { layers: RecurrentParams<T>[]; output: LinearParams<T> };

export function initSpeakerEncoder({ bands, hidden, layers, channels }: SpeakerEncoderConfig): SpeakerEncoderParams<Weight> {
  const bound = 1 / Math.sqrt(hidden);
  return {
    layers: Array.from({ length: layers }, (_, layer) => ({
      inputWeight: uniform(bound, 4 * hidden, layer === 0 ? bands : hidden),
      hiddenWeight: uniform(bound, 4 * hidden, hidden),
      inputBias: uniform(bound, 4 * hidden),
      hiddenBias: uniform(bound, 4 * hidden),
    })),
    output: initLinear(hidden, channels),
  };
}

export function speakerEncoder<T>(
  ops: Ops<T>,
  params: SpeakerEncoderParams<T>,
  mel: T, // [B, 160, bands] power
): T /* [B, channels], ≥ 0, of length 1 */ {
  let x = mel;
  for (const layer of params.layers) x = ops.lstm(x, layer);
  const last = ops.squeeze(ops.narrow(x, 1, PARTIAL - 1, 1), 1);
  const raw = ops.relu(ops.linear(last, params.output.weight, params.output.bias));
  return ops.div(raw, ops.sqrt(ops.sum(ops.mul(raw, raw), [1], true)));
}
