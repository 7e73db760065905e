/** Mixed precision: inside, matrix products and convolutions run in bfloat16, sums and losses stay in float32, as PyTorch's autocast decides. */
import { dtypeCodes } from './dtype.ts';
import { synchronous } from './grad.ts';
import { link, nativeAddon } from './libtorch.ts';

export type AutocastOptions = {
  /** Off inside an outer autocast: for parts that need float32. Default true. */
  enabled?: boolean;
  /** Remember the casts of weights until the outermost autocast ends. Default true. */
  cache?: boolean;
};

/** @example const loss = autocast('cuda', 'bfloat16', () => mseLoss(model(params, input), target)) */
export function autocast<T>(device: 'cpu' | 'cuda', dtype: 'bfloat16' | 'float16', body: () => T, options: AutocastOptions = {}): T {
  const { enabled = true, cache = true } = options;
  const native = nativeAddon();
  const kind = device === 'cpu' ? 0 : 1;
  native.autocast(kind);
  const before = { enabled: link.wire[0] === 1, dtype: link.wire[1]! };
  const cacheBefore = native.setAutocastCache(cache);
  native.setAutocast(kind, enabled, dtypeCodes.get(dtype)!);
  native.autocastNesting(1);
  try {
    return synchronous('autocast', body());
  } finally {
    native.autocastNesting(-1);
    native.setAutocastCache(cacheBefore);
    native.setAutocast(kind, before.enabled, before.dtype);
  }
}
