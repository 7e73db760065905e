import type { AttentionConfig, LossesConfig } from '../config/config.ts';
import type { TrainingResult } from '../model/alignsts.ts';
import type { Ops } from '../model/ops.ts';
import { commitmentLoss } from './commitment.ts';
import { alignmentLoss, guidedAttentionLoss } from './guided-attention.ts';
import { l1Loss } from './l1.ts';
import { rhythmAccuracy, rhythmCrossEntropy } from './rhythm-cross-entropy.ts';
import { ssimLoss } from './ssim.ts';

/**
 * All losses of a step (Eq. 8; spec A3): L = 0.5·L1 + 0.5·(1 − SSIM) + 0.25·L_C + 0.1·L_R + 40·Σ L_attn, each active from the first
 * update. A term that cannot be computed is an error, never silently left out (spec A8.12).
 */
export type LossInput<T> = {
  result: TrainingResult<T>;
  mel: T; // [B, T, M] the target, log10
  contentMask: T; // [B, N, 1]
  /** The true content frame of each singing frame, −1 = unknown; needed when losses.alignment > 0. */
  source?: T; // [B, T]
};

export type LossSettings = {
  losses: LossesConfig;
  melBins: number;
  codes: number;
  predictorAttention: AttentionConfig;
  alignerAttention: AttentionConfig;
};

/** Each term before its weight, and their weighted sum. All scalars. */
export type Losses<T> = {
  total: T;
  l1: T;
  ssim: T;
  commitment?: T;
  rhythm?: T;
  /** Share of rhythm codes predicted right; no loss, but wanted beside them. */
  rhythmAccuracy?: T;
  guided?: T;
  alignment?: T;
};

export function losses<T>(workingOps: Ops<T>, settings: LossSettings, input: LossInput<T>): Losses<T> {
  const ops = workingOps.full;
  const { losses: weights, melBins, codes } = settings;
  const { result } = input;
  const mask = ops.toFloat(result.mask);
  const contentMask = ops.toFloat(input.contentMask);
  const predicted = ops.toFloat(result.mel);
  const terms: Omit<Losses<T>, 'total'> = {
    l1: l1Loss(ops, predicted, input.mel, mask),
    ssim: ssimLoss(ops, predicted, input.mel, mask, { melBins, offset: weights.ssimOffset }),
  };
  let total = ops.add(ops.mul(terms.l1, weights.l1), ops.mul(terms.ssim, weights.ssim));
  const add = (term: T, weight: number): T => {
    total = ops.add(total, ops.mul(term, weight));
    return term;
  };

  const { rhythm, attention } = result;
  if (rhythm !== undefined) {
    const codeMask = ops.toFloat(rhythm.encoded.mask);
    const logits = ops.toFloat(rhythm.logits);
    const encoded = ops.toFloat(rhythm.encoded.features);
    terms.commitment = add(commitmentLoss(ops, encoded, ops.toFloat(rhythm.codes), codeMask), weights.commitment);
    terms.rhythm = add(rhythmCrossEntropy(ops, logits, rhythm.ids, codeMask, codes), weights.rhythm);
    terms.rhythmAccuracy = rhythmAccuracy(ops, ops.detach(logits), rhythm.ids, codeMask);
  }

  const maps = [
    ...attention.predictor.map((map) => ({ map: ops.toFloat(map), guide: settings.predictorAttention.guide })),
    ...attention.aligner.map((map) => ({ map: ops.toFloat(map), guide: settings.alignerAttention.guide })),
  ];
  const guided = maps.map(({ map, guide }) => guidedAttentionLoss(ops, map, mask, contentMask, { guide, mean: weights.guidedMean }));
  if (guided.length > 0) terms.guided = add(sumOf(ops, guided), weights.guided);
  if (weights.alignment > 0 && maps.length > 0) {
    const { source } = input;
    if (source === undefined)
      throw new Error('losses.alignment is on, but the batch does not say which speech frame each singing frame comes from.');
    terms.alignment = add(
      sumOf(
        ops,
        maps.map(({ map }) => alignmentLoss(ops, map, source, mask)),
      ),
      weights.alignment,
    );
  }
  return { total, ...terms };
}

function sumOf<T>(ops: Ops<T>, terms: T[]): T {
  return terms.reduce((sum, term) => ops.add(sum, term));
}
