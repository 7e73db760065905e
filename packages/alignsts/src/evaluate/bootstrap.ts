import { InputError, type Random } from '@alignsts/signal';

/** A mean with its percentile bootstrap interval (Efron 1979). */
export type Estimate = {
  /** NaN when no value is finite. */
  mean: number;
  /** NaN when there are fewer than three clusters: two voices say nothing about voices. */
  low: number;
  high: number;
  /** How many values were finite and went in. The others are left out, and this count is where that shows. */
  count: number;
};

export type BootstrapOptions = {
  random: Random;
  /** One label a value, e.g. the speaker: whole groups are drawn, since clips of one speaker are not independent. Default: each value its own. */
  groups?: readonly string[];
  replicates?: number;
  /** Coverage of the interval. */
  level?: number;
};

/**
 * Mean and percentile bootstrap interval: draw as many clusters as there are, with replacement, `replicates` times, take each draw's mean,
 * and the (1-level)/2 quantiles of those means (linear between order statistics, as NumPy).
 *
 * @example bootstrapMean([3, 3, 3, 3], { random: createRandom(1) }) // { mean: 3, low: 3, high: 3, count: 4 }
 */
export function bootstrapMean(values: ArrayLike<number>, { random, groups, replicates = 2000, level = 0.95 }: BootstrapOptions): Estimate {
  if (groups && groups.length !== values.length) {
    throw new InputError(`There are ${groups.length} group labels for ${values.length} values. Give one label for each value.`);
  }
  if (!(level > 0 && level < 1)) throw new InputError(`The interval's level is ${level} but must lie between 0 and 1. 0.95 is customary.`);
  if (!(Number.isInteger(replicates) && replicates > 0)) {
    throw new InputError(`replicates is ${replicates} but must be a positive whole number. 2000 is customary.`);
  }
  // a cluster matters only by its sum and count
  const clusters = new Map<string | number, { sum: number; count: number }>();
  const total = { sum: 0, count: 0 };
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]!)) continue;
    const label = groups ? groups[i]! : i;
    const cluster = clusters.get(label) ?? { sum: 0, count: 0 };
    clusters.set(label, cluster);
    for (const part of [cluster, total]) {
      part.sum += values[i]!;
      part.count++;
    }
  }
  const mean = total.sum / total.count;
  const all = [...clusters.values()];
  if (all.length < 3) return { mean, low: Number.NaN, high: Number.NaN, count: total.count };

  const means = new Float64Array(replicates);
  for (let r = 0; r < replicates; r++) {
    let sum = 0;
    let count = 0;
    for (let c = 0; c < all.length; c++) {
      const cluster = all[random.integer(all.length)]!;
      sum += cluster.sum;
      count += cluster.count;
    }
    means[r] = sum / count;
  }
  means.sort();
  return { mean, low: quantile(means, (1 - level) / 2), high: quantile(means, (1 + level) / 2), count: total.count };
}

function quantile(sorted: Float64Array, q: number): number {
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}
