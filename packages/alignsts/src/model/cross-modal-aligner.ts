import {
  type Attended,
  type CrossAttentionConfig,
  type CrossAttentionParams,
  crossAttention,
  initCrossAttention,
} from './cross-attention.ts';
import type { Encoded } from './encoders.ts';
import type { Ops } from './ops.ts';
import type { Weight } from './params.ts';

/**
 * The cross-modal aligner (§3.5, Eq. 5): the rhythm codes, one vector a singing frame, ask the spoken content for what to sing when.
 * Rhythm is the query, content the keys and values.
 */
export type AlignerParams<T> = CrossAttentionParams<T>;

export function initAligner(config: CrossAttentionConfig): AlignerParams<Weight> {
  return initCrossAttention(config);
}

export function aligner<T>(
  ops: Ops<T>,
  config: CrossAttentionConfig,
  params: AlignerParams<T>,
  rhythm: Encoded<T>, // [B, T, D]
  content: Encoded<T>, // [B, N, D]
): Attended<T> {
  return crossAttention(ops, config, params, rhythm, content);
}
