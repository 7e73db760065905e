import type { AdversarialConfig, TrainingConfig } from 'alignsts/model';

/**
 * The paper's rate (spec A3): 2 · min(n/w, 1) · max(w, n)^−½ · 256^−½ with w = warmup updates, never below 1e-7, times a factor of ours.
 *
 * @example learningRate(2000, { warmup: 2000, learningRateFactor: 1 }) // 0.0027951
 */
export function learningRate(update: number, config: Pick<TrainingConfig, 'warmup' | 'learningRateFactor'>): number {
  const { warmup, learningRateFactor } = config;
  const rate = 2 * Math.min(update / warmup, 1) * Math.max(warmup, update) ** -0.5 * 256 ** -0.5;
  return learningRateFactor * Math.max(rate, 1e-7);
}

/** The adversary's rate (spec A5): constant, times `decay` after every `decayEvery` updates. */
export function steppedRate(update: number, config: Pick<AdversarialConfig, 'learningRate' | 'decay' | 'decayEvery'>): number {
  return config.learningRate * config.decay ** Math.floor((update - 1) / config.decayEvery);
}
