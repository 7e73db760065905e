import type { Config } from '../../config/config.ts';
import type { Ops } from '../ops.ts';
import type { BaselineInput } from './baseline-input.ts';
import { type ParekhParams, parekh } from './parekh2020.ts';
import { type SpeechSplitParams, speechSplit } from './speechsplit2.ts';
import { type WuYangParams, wuYang } from './wu-yang-2020.ts';

/** The sung mel [B, T, M] of whichever baseline the configuration names. `params` must be that system's. */
export function singBaseline<T>(ops: Ops<T>, { features, model }: Config, params: unknown, input: BaselineInput<T>): T {
  const { melBins } = features;
  switch (model.system) {
    case 'parekh2020':
      return parekh(ops, model, params as ParekhParams<T>, input, { pitchRows: features.pitch.rows }).mel;
    case 'speechsplit2':
      return speechSplit(ops, model, params as SpeechSplitParams<T>, input, { melBins });
    case 'wu-yang-2020':
      return wuYang(ops, model, params as WuYangParams<T>, input, { melBins });
    case 'alignsts':
      throw new Error('AlignSTS is no baseline: see recordAlignsts.');
  }
}
