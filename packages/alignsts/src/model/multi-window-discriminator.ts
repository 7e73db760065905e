import type { AdversarialConfig } from '../config/config.ts';
import type { Ops } from './ops.ts';
import { initLinear, initNorm, type LinearParams, type NormParams, uniform, type Weight } from './params.ts';

/**
 * The multi-window discriminator of AlignSTS (GAN) (Wu and Luan 2020, HiFiSinger; spec A5): for each window length a small stack of strided 2-D
 * convolutions judges one random crop of the mel. Batch normalisation uses the batch's own statistics, ε = 1e-5 (the code's 0.8 is a slip, A8.13).
 */
export type DiscriminatorParams<T> = { windows: WindowParams<T>[] };

export type WindowParams<T> = {
  convs: { conv: LinearParams<T>; norm?: NormParams<T> }[];
  output: LinearParams<T>;
};

export function initDiscriminator(config: Pick<AdversarialConfig, 'windows' | 'hidden'>, melBins: number): DiscriminatorParams<Weight> {
  const { hidden } = config;
  const conv = (inputs: number): LinearParams<Weight> => {
    const bound = 1 / Math.sqrt(inputs * 9);
    return { weight: uniform(bound, hidden, inputs, 3, 3), bias: uniform(bound, hidden) };
  };
  const third = (size: number): number => halve(halve(halve(size)));
  return {
    windows: config.windows.map((frames) => ({
      convs: [{ conv: conv(1) }, { conv: conv(hidden), norm: initNorm(hidden) }, { conv: conv(hidden), norm: initNorm(hidden) }],
      output: initLinear(hidden * third(frames) * third(melBins), 1),
    })),
  };
}

/** @returns one score an item and window, [B, windows] */
export function discriminator<T>(
  ops: Ops<T>,
  params: DiscriminatorParams<T>,
  crops: readonly T[], // one [B, window, M] a window (cropWindows)
): T {
  const scores = params.windows.map(({ convs, output }, index) => {
    let x = ops.unsqueeze(crops[index]!, 1); // [B, 1, frames, M]
    for (const { conv, norm } of convs) {
      x = ops.conv2d(x, conv.weight, conv.bias, { stride: [2, 2], padding: [1, 1] });
      x = ops.dropout2d(ops.leakyRelu(x, 0.2), 0.25);
      if (norm !== undefined) x = batchNorm2d(ops, norm, x);
    }
    return ops.linear(ops.flatten(x, 1, 3), output.weight, output.bias);
  });
  return ops.cat(scores, 1);
}

/**
 * A random place for each item and window that lies within the item where the item is long enough.
 * @param uniform [B, windows] draws from [0, 1)
 * @returns [B, windows] integers
 */
export function windowStarts<T>(ops: Ops<T>, uniform: T, lengths: T, windows: readonly number[]): T {
  const f = ops.full;
  const free = f.sub(
    f.unsqueeze(f.toFloat(lengths), 1),
    f.constant(
      Float32Array.from(windows, (frames) => frames - 1),
      [1, windows.length],
    ),
  );
  return f.toIndex(f.mul(uniform, f.clamp(free, 1, Number.POSITIVE_INFINITY)));
}

/** Windows cut at `starts` [B, windows] (integers) from mels [B, T, M], zero where padded; beyond the end they are zero too. */
export function cropWindows<T>(ops: Ops<T>, mel: T, starts: T, windows: readonly number[]): T[] {
  const f = ops.full;
  return windows.map((frames, index) => {
    const start = f.toFloat(f.narrow(starts, 1, index, 1)); // [B, 1]
    const steps = f.constant(
      Float32Array.from({ length: frames }, (_, t) => t),
      [1, frames],
    );
    return ops.takeAlong(ops.pad(mel, 1, 0, frames), f.toIndex(f.add(start, steps)));
  });
}

function batchNorm2d<T>(ops: Ops<T>, params: NormParams<T>, x: T /* [B, C, H, W] */): T {
  const centred = ops.sub(x, ops.mean(x, [0, 2, 3], true));
  const variance = ops.mean(ops.mul(centred, centred), [0, 2, 3], true);
  const perChannel = (values: T): T => ops.unsqueeze(ops.unsqueeze(values, 1), 2); // [C, 1, 1]
  const normed = ops.div(centred, ops.sqrt(ops.add(variance, 1e-5)));
  return ops.add(ops.mul(normed, perChannel(params.weight)), perChannel(params.bias));
}

function halve(size: number): number {
  return Math.ceil(size / 2);
}
