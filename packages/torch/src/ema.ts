/** Exponential moving average of weights (Polyak & Juditsky 1992): the averaged model is usually better than the last one. */
import { call, hasOperator } from './call.ts';
import { noGrad } from './grad.ts';
import { keep } from './scope.ts';
import type { Tensor } from './tensor.ts';
import * as tree from './tree.ts';

export type Ema<Params> = {
  /** The averaged weights, a tree of the same form. */
  readonly average: Params;
  /** average ← decay·average + (1 − decay)·params, after each training step. */
  update(): void;
};

/**
 * Follows `params` with an average of their values. With `warmup`, early updates count more: decay = min(decay, (1 + n)/(10 + n)), so that
 * the random start is soon forgotten.
 */
export function createEma<Params>(
  params: Params,
  { decay = 0.999, warmup = false }: { decay?: number; warmup?: boolean } = {},
): Ema<Params> {
  if (!(decay >= 0 && decay < 1)) throw new Error(`decay is ${decay}: expected a number from 0 to below 1`);
  const average = noGrad(() => tree.map(params, (tensor) => keep(call('aten::clone', call('aten::detach', tensor)) as Tensor)));
  const from = tree.flatten(params);
  const to = tree.flatten(average);
  let updates = 0;
  return {
    average,
    update() {
      updates++;
      const rate = 1 - (warmup ? Math.min(decay, (1 + updates) / (10 + updates)) : decay);
      noGrad(() => {
        if (hasOperator('aten::_foreach_lerp_.Scalar')) {
          call('aten::_foreach_lerp_.Scalar', to, from, rate);
        } else {
          call('aten::_foreach_mul_.Scalar', to, 1 - rate);
          call('aten::_foreach_add_.List', to, from, rate);
        }
      });
    },
  };
}
