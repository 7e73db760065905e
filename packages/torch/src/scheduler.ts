/** Learning-rate laws: pure functions from the number of the update, counted from 1, to the rate. */

export type Schedule = (update: number) => number;

/** The same rate always. */
export function constantRate(lr: number): Schedule {
  return () => lr;
}

export type RsqrtOptions = {
  /** Scales the whole law. Default 1. */
  factor?: number;
  /** Updates over which the rate rises linearly. */
  warmup: number;
  /** Width of the model. */
  dim: number;
  /** The rate never falls below. Default 1e-7. */
  floor?: number;
};

/**
 * Inverse square root with warm-up (Vaswani et al. 2017, §5.3): factor · min(n/warmup, 1) · max(n, warmup)^-½ · dim^-½.
 * @example rsqrtRate({ factor: 2, warmup: 2000, dim: 256 })(2000) // 2.795e-3
 */
export function rsqrtRate({ factor = 1, warmup, dim, floor = 1e-7 }: RsqrtOptions): Schedule {
  return (update) => Math.max((factor * Math.min(update / warmup, 1)) / Math.sqrt(Math.max(update, warmup) * dim), floor);
}

/** Half a cosine from `lr` down to `floor` over `total` updates, after a linear rise over `warmup` of them. */
export function cosineRate({ lr, total, warmup = 0, floor = 0 }: { lr: number; total: number; warmup?: number; floor?: number }): Schedule {
  return (update) => {
    if (update < warmup) return (lr * update) / warmup;
    const progress = Math.min((update - warmup) / Math.max(total - warmup, 1), 1);
    return floor + (lr - floor) * 0.5 * (1 + Math.cos(Math.PI * progress));
  };
}

/** lr · gamma^(update/every), in steps where `staircase` is set. */
export function exponentialRate({
  lr,
  gamma,
  every = 1,
  staircase = false,
}: {
  lr: number;
  gamma: number;
  every?: number;
  staircase?: boolean;
}): Schedule {
  return (update) => lr * gamma ** (staircase ? Math.floor(update / every) : update / every);
}
