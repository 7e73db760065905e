import type { Random } from '@alignsts/signal';
import type { Encoded } from '../encoders.ts';
import type { Ops } from '../ops.ts';

/**
 * The vector quantiser of the rhythm adaptor (§3.4, Eq. 4; van den Oord et al. 2017): each vector becomes the nearest of K codes.
 * The codebook follows the vectors by exponential averages, not by gradients (spec A2.2), and counts real frames only.
 * Ours, because the released quantiser keeps 2 of its 6 codes (docs/decisions/021): the codebook starts from data, and a code that
 * dies out is moved to a vector of the batch.
 */
export type VectorQuantizerConfig = {
  codes: number;
  hidden: number;
  decay: number;
  epsilon: number;
  /** A code whose running count falls below this share of the mean count is re-seeded; 0 = never. */
  revive: number;
};

/** What the quantiser remembers between steps: buffers, not parameters. */
export type VectorQuantizerState<T> = {
  codebook: T; // [K, D]
  counts: T; // [K], running number of vectors a code has caught
  sums: T; // [K, D], running sum of those vectors
};

export type Quantized<T> = {
  /** The codes' vectors in value; gradients pass straight through to the input. */
  features: T; // [B, S, D], zero where padded
  ids: T; // [B, S] integers
};

/** As the release starts: a codebook of U(±1/512) and empty counts. `initialiseCodebook` replaces it by data. */
export function initVectorQuantizer(config: VectorQuantizerConfig, random: Random): VectorQuantizerState<Float32Array> {
  const codebook = Float32Array.from({ length: config.codes * config.hidden }, () => (2 * random.uniform() - 1) / 512);
  return { codebook, counts: new Float32Array(config.codes), sums: codebook.slice() };
}

/** x [B, S, D] to the nearest codes by Euclidean distance. */
export function nearestCodes<T>(ops: Ops<T>, state: Pick<VectorQuantizerState<T>, 'codebook'>, x: T): T {
  const f = ops.full;
  // differences rather than |x|² − 2xc + |c|²: K is 6, and close vectors keep their order
  const difference = f.sub(f.unsqueeze(f.toFloat(x), 2), state.codebook); // [B, S, K, D]
  return f.argmax(f.mul(f.sum(f.mul(difference, difference), [3], false), -1), 2);
}

export function vectorQuantizer<T>(ops: Ops<T>, state: VectorQuantizerState<T>, input: Encoded<T>): Quantized<T> {
  const x = input.features;
  const ids = nearestCodes(ops, state, ops.detach(x));
  const codes = lookUp(ops, state, ids, input.mask);
  // straight-through: x + stop(q − x)
  return { features: ops.add(x, ops.detach(ops.sub(codes, x))), ids };
}

/** The codes' vectors, zero where padded. */
export function lookUp<T>(ops: Ops<T>, state: Pick<VectorQuantizerState<T>, 'codebook'>, ids: T, mask: T): T {
  return ops.mul(ops.toFloat(ops.embedding(state.codebook, ids)), mask);
}

/**
 * One averaging step (van den Oord et al. 2017, appendix A.1):
 * n ← γn + (1−γ)ΣO, smoothed by ε; m ← γm + (1−γ)OᵀX; codebook = m / n. Then dead codes move.
 *
 * @param uniform [K, 1] draws from [0, 1): which vector of the batch a dead code takes
 */
export function updateVectorQuantizer<T>(
  ops: Ops<T>,
  config: VectorQuantizerConfig,
  state: VectorQuantizerState<T>,
  input: Encoded<T>,
  ids: T, // [B, S]
  uniform: T,
): VectorQuantizerState<T> {
  const f = ops.full;
  const { codes, decay, epsilon } = config;
  const vectors = f.flatten(f.detach(f.toFloat(input.features)), 0, 1); // [B·S, D], zero where padded
  const real = f.flatten(f.toFloat(input.mask), 0, 1); // [B·S, 1]
  const numbers = f.constant(
    Float32Array.from({ length: codes }, (_, k) => k),
    [1, codes],
  );
  const flatIds = f.unsqueeze(f.toFloat(f.flatten(ids, 0, 1)), 1); // [B·S, 1]
  const hits = f.mul(f.toFloat(f.eq(flatIds, numbers)), real); // [B·S, K]
  const caught = f.sum(hits, [0], false);
  const counted = f.add(f.mul(state.counts, decay), f.mul(caught, 1 - decay));
  const total = f.sum(counted, [0], true);
  const counts = f.mul(f.div(f.add(counted, epsilon), f.add(total, codes * epsilon)), total);
  const caughtSums = f.matmul(f.transpose(hits, 0, 1), vectors); // [K, D]
  const sums = f.add(f.mul(state.sums, decay), f.mul(caughtSums, 1 - decay));
  const column = f.unsqueeze(counts, 1);
  const averaged: VectorQuantizerState<T> = { codebook: f.div(sums, column), counts, sums };
  return config.revive > 0 ? reviveDeadCodes(f, config, averaged, vectors, real, uniform) : averaged;
}

/** Dead codes take the vector at rank ⌊u·count⌋ among the real ones, and the mean count. */
function reviveDeadCodes<T>(
  f: Ops<T>,
  config: VectorQuantizerConfig,
  state: VectorQuantizerState<T>,
  vectors: T, // [R, D]
  real: T, // [R, 1]
  uniform: T, // [K, 1]
): VectorQuantizerState<T> {
  const mean = f.mean(state.counts, [0], true); // [1]
  const dead = f.lt(state.counts, f.mul(mean, config.revive)); // [K]
  // the rank of each real vector, then one-hot rows that pick one vector for each code
  const realRow = f.transpose(real, 0, 1); // [1, R]
  const rank = f.cumsum(realRow, 1); // 1 … count at real vectors
  const wanted = f.add(f.floor(f.mul(uniform, f.sum(real, [0], true))), 1); // [K, 1]
  const pick = f.mul(f.toFloat(f.eq(rank, wanted)), realRow); // [K, R]
  const taken = f.matmul(pick, vectors); // [K, D]
  const deadColumn = f.unsqueeze(dead, 1);
  return {
    codebook: f.where(deadColumn, taken, state.codebook),
    counts: f.where(dead, f.expandLike(mean, state.counts), state.counts),
    sums: f.where(deadColumn, f.mul(taken, f.unsqueeze(mean, 1)), state.sums),
  };
}

/** How the codes are used: shares of the running counts, how many are in use, and the perplexity exp(entropy), 1 … K. */
export function codebookUsage(counts: Float32Array): { shares: number[]; used: number; perplexity: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = Array.from(counts, (count) => (total > 0 ? count / total : 0));
  const entropy = shares.reduce((sum, share) => sum - (share > 0 ? share * Math.log(share) : 0), 0);
  return { shares, used: shares.filter((share) => share > 0.01 / counts.length).length, perplexity: Math.exp(entropy) };
}
