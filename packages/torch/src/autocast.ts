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
  const changed: AutocastState = { kinds: [{ kind: device === 'cpu' ? 0 : 1, enabled, dtype: dtypeCodes.get(dtype)! }], cache };
  return withAutocast(changed, body);
}

/** What autocast does now on each device kind, to do the same again elsewhere. */
export type AutocastState = { kinds: readonly { kind: number; enabled: boolean; dtype: number }[]; cache: boolean };

export function autocastState(): AutocastState {
  const native = nativeAddon();
  const kinds = [0, 1].map((kind) => {
    native.autocast(kind);
    return { kind, enabled: link.wire[0] === 1, dtype: link.wire[1]! };
  });
  // the cache's state can only be read by setting it
  const cache = native.setAutocastCache(true);
  native.setAutocastCache(cache);
  return { kinds, cache };
}

/** Runs `body` under the given state and restores the present one. */
export function withAutocast<T>(state: AutocastState, body: () => T): T {
  const native = nativeAddon();
  const before = autocastState();
  const set = ({ kinds, cache }: AutocastState): void => {
    for (const { kind, enabled, dtype } of kinds) native.setAutocast(kind, enabled, dtype);
    native.setAutocastCache(cache);
  };
  set(state);
  native.autocastNesting(1);
  try {
    return synchronous('autocast', body());
  } finally {
    native.autocastNesting(-1);
    set(before);
  }
}
