import type { Ops } from '../model/ops.ts';
import { type LinearParams, uniform, type Weight } from '../model/params.ts';
import { bandMask } from './spectral-loss.ts';
import { magnitude, spectrum, type Transform } from './transform.ts';
import type { DiscriminatorsConfig } from './vocoder-config.ts';

/**
 * Two kinds of judges, each a stack of 2-D convolutions with LeakyReLU 0.1 whose last layer gives a map of scores:
 * - multi-period (Kong et al. 2020, HiFi-GAN §2.3): the waveform folded by a period, kernels (5, 1), stride 3 along time;
 * - multi-resolution (Jang et al. 2021, UnivNet §2.2): magnitudes, here to the power 0.3 as hearing compresses them, cut where the recording's content ends.
 */
export type JudgesParams<T> = { periods: JudgeParams<T>[]; resolutions: JudgeParams<T>[] };
export type JudgeParams<T> = { layers: LinearParams<T>[]; output: LinearParams<T> };

/** Scores and what the layers said on the way, for feature matching. */
export type Judgement<T> = { scores: T; features: T[] };

const SLOPE = 0.1;
const POWER = 0.3;

export function initJudges(config: DiscriminatorsConfig): JudgesParams<Weight> {
  const { periods, periodChannels, resolutions, resolutionChannels: width } = config;
  const last = periodChannels.at(-1)!;
  return {
    periods: periods.map(() => ({
      layers: periodChannels.map((channels, i) => initConv2d(periodChannels[i - 1] ?? 1, channels, 5, 1)),
      output: initConv2d(last, 1, 3, 1),
    })),
    resolutions: resolutions.map(() => ({
      layers: [initConv2d(1, width, 3, 9), initConv2d(width, width, 3, 9), initConv2d(width, width, 3, 9), initConv2d(width, width, 3, 3)],
      output: initConv2d(width, 1, 3, 3),
    })),
  };
}

export function judge<T>(
  ops: Ops<T>,
  config: DiscriminatorsConfig,
  params: JudgesParams<T>,
  transforms: readonly Transform[], // of config.resolutions
  sound: T, // [B, N]
  limit: T, // [B, 1, 1] Hz
  length: number, // N
): Judgement<T>[] {
  const f = ops.full;
  const byPeriod = config.periods.map((period, i) => {
    const rows = Math.floor(length / period);
    const folded = f.unflatten(f.narrow(sound, 1, 0, rows * period), 1, [rows, period]); // [B, rows, period]
    const { layers, output } = params.periods[i]!;
    return stack(
      ops,
      f.unsqueeze(folded, 1),
      layers,
      output,
      (layer) => ({
        stride: [layer < layers.length - 1 ? 3 : 1, 1] as const,
        padding: [2, 0] as const,
      }),
      [1, 0],
    );
  });
  const byResolution = transforms.map((transform, i) => {
    const level = f.exp(f.mul(f.log(magnitude(f, spectrum(f, transform, sound, length), 1e-5)), POWER));
    const heard = f.mul(level, bandMask(f, transform, limit));
    const { layers, output } = params.resolutions[i]!;
    return stack(
      ops,
      f.unsqueeze(heard, 1),
      layers,
      output,
      (layer) => ({
        stride: [1, layer < layers.length - 1 ? 2 : 1] as const,
        padding: layer < layers.length - 1 ? ([1, 4] as const) : ([1, 1] as const),
      }),
      [1, 1],
    );
  });
  return [...byPeriod, ...byResolution];
}

function stack<T>(
  ops: Ops<T>,
  input: T,
  layers: readonly LinearParams<T>[],
  output: LinearParams<T>,
  shape: (layer: number) => { stride: readonly [number, number]; padding: readonly [number, number] },
  outputPadding: readonly [number, number],
): Judgement<T> {
  let x = input;
  const features = layers.map(({ weight, bias }, i) => {
    x = ops.leakyRelu(ops.conv2d(x, weight, bias, shape(i)), SLOPE);
    return x;
  });
  return { scores: ops.conv2d(x, output.weight, output.bias, { padding: outputPadding }), features };
}

/** PyTorch's default initialisation, weight [outputs, inputs, height, width]. */
function initConv2d(inputs: number, outputs: number, height: number, width: number): LinearParams<Weight> {
  const bound = 1 / Math.sqrt(inputs * height * width);
  return { weight: uniform(bound, outputs, inputs, height, width), bias: uniform(bound, outputs) };
}
