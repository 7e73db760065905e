import type { Encoded } from './encoders.ts';
import { type FeedForwardParams, feedForward, initFeedForward } from './feed-forward.ts';
import { type AttentionParams, initAttention, multiHeadAttention } from './multi-head-attention.ts';
import type { Ops } from './ops.ts';
import { initNorm, type NormParams, ones, type Weight } from './params.ts';
import { positions } from './positions.ts';

/**
 * Windowed cross-attention (§3.5, Appendix B.1; spec A2.3): a query sequence of singing frames looks into a memory of speech frames.
 * Query t is centred on p_t = ⌊t·N/T⌋, and keys within half a window of it are visible. Pre-norm on the query only; the memory is
 * not normalised. T and N are the item's own lengths, and a window always holds at least one key (docs/decisions/020).
 */
export type CrossAttentionConfig = {
  hidden: number;
  layers: number;
  heads: number;
  /** Dropout of the inputs and of the residual branches. */
  dropout: number;
  /** Dropout of the attention probabilities and inside the feed-forward part. */
  innerDropout: number;
  /** Whole width of the window as a share of the memory's length. */
  window: number;
  /** Whether the key at p_t + half is visible too. */
  windowInclusive: boolean;
  ffnHidden: number;
  ffnKernel: number;
};

export type CrossAttentionParams<T> = {
  positionScale: T; // [1], the learned α of both position codes
  layers: CrossAttentionLayerParams<T>[];
  norm: NormParams<T>;
};

export type CrossAttentionLayerParams<T> = {
  attentionNorm: NormParams<T>;
  attention: AttentionParams<T>;
  ffnNorm: NormParams<T>;
  ffn: FeedForwardParams<T>;
};

export type Attended<T> = {
  features: T; // [B, T, D], zero where padded
  /** One map a layer, averaged over the heads; each row sums to 1. */
  attention: T[]; // [B, T, N]
};

export function initCrossAttention(config: CrossAttentionConfig): CrossAttentionParams<Weight> {
  const { hidden } = config;
  const layer = (): CrossAttentionLayerParams<Weight> => ({
    attentionNorm: initNorm(hidden),
    attention: initAttention(hidden),
    ffnNorm: initNorm(hidden),
    ffn: initFeedForward(hidden, config.ffnHidden, config.ffnKernel),
  });
  return { positionScale: ones(1), layers: Array.from({ length: config.layers }, layer), norm: initNorm(hidden) };
}

export function crossAttention<T>(
  ops: Ops<T>,
  config: CrossAttentionConfig,
  params: CrossAttentionParams<T>,
  query: Encoded<T>, // [B, T, D]
  memory: Encoded<T>, // [B, N, D]
): Attended<T> {
  const placed = ({ features, mask }: Encoded<T>): T => {
    const code = ops.mul(positions(ops, features, config.hidden), params.positionScale);
    return ops.dropout(ops.mul(ops.add(features, code), mask), config.dropout);
  };
  const norm = (x: T, { weight, bias }: NormParams<T>): T => ops.layerNorm(x, weight, bias, 1e-5);
  const residual = (x: T, branch: T): T => ops.mul(ops.add(x, ops.dropout(branch, config.dropout)), query.mask);
  const attentionOptions = { hidden: config.hidden, heads: config.heads, dropout: config.innerDropout };

  const masked = outsideWindow(ops, config, query, memory);
  const keys = placed(memory);
  const attention: T[] = [];
  let x = placed(query);
  for (const layer of params.layers) {
    const { features, map } = multiHeadAttention(ops, attentionOptions, layer.attention, norm(x, layer.attentionNorm), keys, masked);
    attention.push(map);
    x = residual(x, features);
    const normed = ops.mul(norm(x, layer.ffnNorm), query.mask);
    x = residual(x, feedForward(ops, layer.ffn, normed, config.ffnKernel, config.innerDropout));
  }
  return { features: ops.mul(norm(x, params.norm), query.mask), attention };
}

/** True where query t must not see key n: outside its window, or beyond the memory's end. [B, T, N] booleans. */
export function outsideWindow<T>(
  ops: Ops<T>,
  config: Pick<CrossAttentionConfig, 'window' | 'windowInclusive'>,
  query: Pick<Encoded<T>, 'features' | 'lengths'>,
  memory: Pick<Encoded<T>, 'features' | 'lengths'>,
): T {
  const f = ops.full;
  const perItem = (lengths: T): T => f.unsqueeze(f.unsqueeze(f.toFloat(lengths), 1), 2); // [B, 1, 1]
  const queryLength = perItem(query.lengths);
  const keyLength = perItem(memory.lengths);
  const t = f.unsqueeze(f.unsqueeze(f.arange(query.features, 1), 0), 2); // [1, T, 1]
  const n = f.unsqueeze(f.unsqueeze(f.arange(memory.features, 1), 0), 1); // [1, 1, N]
  const half = f.clamp(f.floor(f.div(f.floor(f.mul(keyLength, config.window)), 2)), 1, Number.POSITIVE_INFINITY);
  // padded queries would point beyond the last key; held there, their rows stay finite
  const last = f.sub(keyLength, 1);
  const pointed = f.floor(f.div(f.mul(t, keyLength), queryLength)); // [B, T, 1]
  const centre = f.where(f.lt(pointed, last), pointed, last);
  const before = f.lt(n, f.sub(centre, half));
  const end = f.add(centre, config.windowInclusive ? f.add(half, 1) : half);
  const after = f.ge(n, f.where(f.lt(end, keyLength), end, keyLength));
  // one comparison instead of an or: both tests are 0 or 1
  return f.ge(f.add(f.toFloat(before), f.toFloat(after)), 1);
}
