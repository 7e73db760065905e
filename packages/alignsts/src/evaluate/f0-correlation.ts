import type { Cents } from '@alignsts/signal';
import type { CentTracks } from './cent-tracks.ts';

/** How alike two melodies move, over the frames voiced in both. */
export type F0Agreement = {
  /** Pearson correlation of the pitches in cents, -1 … 1. NaN with fewer than two frames or where either pitch never moves. */
  correlation: number;
  /** Root mean square pitch difference in cents. NaN without a frame voiced in both. */
  rmse: Cents;
};

/** @example f0Agreement(pairFrames([220, 440], [440, 880])) // { correlation: 1, rmse: 1200 } */
export function f0Agreement({ referenceVoicing, referenceCents, estimateVoicing, estimateCents }: CentTracks): F0Agreement {
  const frames: number[] = [];
  for (let t = 0; t < referenceCents.length; t++) if (referenceVoicing[t]! > 0 && estimateVoicing[t]! > 0) frames.push(t);
  const mean = (cents: Float64Array): number => frames.reduce((sum, t) => sum + cents[t]!, 0) / frames.length;
  const referenceMean = mean(referenceCents);
  const estimateMean = mean(estimateCents);
  let covariance = 0;
  let referenceVariance = 0;
  let estimateVariance = 0;
  let squares = 0;
  for (const t of frames) {
    const a = referenceCents[t]! - referenceMean;
    const b = estimateCents[t]! - estimateMean;
    covariance += a * b;
    referenceVariance += a * a;
    estimateVariance += b * b;
    squares += (estimateCents[t]! - referenceCents[t]!) ** 2;
  }
  // a constant pitch leaves about (n·2^-53·cents)² of rounding in its variance; below a hundredth of a cent there is no movement to correlate
  const still = frames.length * 1e-4;
  const moves = referenceVariance > still && estimateVariance > still;
  return {
    correlation: moves ? covariance / Math.sqrt(referenceVariance * estimateVariance) : Number.NaN,
    rmse: Math.sqrt(squares / frames.length),
  };
}
