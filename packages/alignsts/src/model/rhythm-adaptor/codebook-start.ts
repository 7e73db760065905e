import type { Random } from '@alignsts/signal';
import type { VectorQuantizerConfig, VectorQuantizerState } from './vector-quantizer.ts';

/**
 * A codebook from the first batch (docs/decisions/021): k-means++ (Arthur and Vassilvitskii 2007) seeds drawn from the real vectors,
 * a few Lloyd iterations, and counts that start at the clusters' sizes, so that the averages do not begin by dividing by nothing.
 */
export function startCodebook(
  config: Pick<VectorQuantizerConfig, 'codes' | 'hidden'>,
  vectors: Float32Array, // [R, D], real frames only, R ≥ 1
  random: Random,
  iterations = 10,
): VectorQuantizerState<Float32Array> {
  const { codes, hidden } = config;
  const count = vectors.length / hidden;
  const row = (r: number): Float32Array => vectors.subarray(r * hidden, (r + 1) * hidden);
  const codebook = new Float32Array(codes * hidden);
  const code = (k: number): Float32Array => codebook.subarray(k * hidden, (k + 1) * hidden);

  const nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let k = 0; k < codes; k++) {
    code(k).set(row(k === 0 ? random.integer(count) : drawByWeight(nearest, random)));
    for (let r = 0; r < count; r++) nearest[r] = Math.min(nearest[r]!, squaredDistance(row(r), code(k)));
  }

  const counts = new Float32Array(codes);
  const sums = new Float32Array(codes * hidden);
  for (let iteration = 0; iteration <= iterations; iteration++) {
    counts.fill(0);
    sums.fill(0);
    for (let r = 0; r < count; r++) {
      const vector = row(r);
      let best = 0;
      for (let k = 1; k < codes; k++) if (squaredDistance(vector, code(k)) < squaredDistance(vector, code(best))) best = k;
      counts[best]!++;
      for (let d = 0; d < hidden; d++) sums[best * hidden + d]! += vector[d]!;
    }
    if (iteration === iterations) break;
    for (let k = 0; k < codes; k++) {
      // an empty cluster keeps its seed; revival moves it later
      if (counts[k]! > 0) for (let d = 0; d < hidden; d++) codebook[k * hidden + d] = sums[k * hidden + d]! / counts[k]!;
    }
  }
  for (let k = 0; k < codes; k++) {
    if (counts[k]! > 0) continue;
    counts[k] = 1;
    sums.set(code(k), k * hidden);
  }
  return { codebook, counts, sums };
}

/** An index drawn in proportion to its weight; uniform when all weights are zero (all vectors equal). */
function drawByWeight(weights: Float64Array, random: Random): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return random.integer(weights.length);
  let left = random.uniform() * total;
  for (let index = 0; index < weights.length; index++) {
    left -= weights[index]!;
    if (left < 0) return index;
  }
  return weights.length - 1;
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d]! - b[d]!) ** 2;
  return sum;
}
