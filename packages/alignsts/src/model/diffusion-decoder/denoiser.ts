import type { Ops } from '../ops.ts';
import { initKaimingConv1d, initLinear, type LinearParams, normal, uniform, type Weight, zeros } from '../params.ts';
import { sinusoids } from '../positions.ts';

/**
 * The denoiser (spec A2.7): a non-causal WaveNet over the mel's frames that predicts the clean mel from a noisy one, the noise level
 * and the condition. Dilations 1, 2, 4, 8, 1, 2, …; receptive field 151 frames (0.8 s) with 20 blocks. Each dilated convolution sees
 * zeros beyond an item's end, as if the item were alone.
 */
export type DenoiserConfig = {
  melBins: number;
  hidden: number;
  blocks: number;
  /** Dilation of block b is 2^(b mod dilationCycle). */
  dilationCycle: number;
};

export type DenoiserParams<T> = {
  input: LinearParams<T>; // 1×1 convolution M → D
  step: { inner: LinearParams<T>; outer: LinearParams<T> };
  blocks: DenoiserBlockParams<T>[];
  skip: LinearParams<T>;
  output: LinearParams<T>;
};

export type DenoiserBlockParams<T> = {
  step: LinearParams<T>;
  dilated: LinearParams<T>; // weight [2D, D, 3]: first half gate, second half filter
  condition: LinearParams<T>;
  output: LinearParams<T>; // first half residual, second half skip
};

export function initDenoiser(config: DenoiserConfig): DenoiserParams<Weight> {
  const { melBins, hidden } = config;
  const block = (): DenoiserBlockParams<Weight> => ({
    step: initLinear(hidden, hidden),
    dilated: initKaimingConv1d(hidden, 2 * hidden, 3),
    condition: initPointwise(hidden, 2 * hidden),
    output: initPointwise(hidden, 2 * hidden),
  });
  return {
    input: initPointwise(melBins, hidden),
    step: { inner: initLinear(hidden, 4 * hidden), outer: initLinear(4 * hidden, hidden) },
    blocks: Array.from({ length: config.blocks }, block),
    skip: initPointwise(hidden, hidden),
    output: { weight: zeros(melBins, hidden), bias: uniform(1 / Math.sqrt(hidden), melBins) },
  };
}

/** A 1×1 convolution: Kaiming-normal weight, default bias. */
function initPointwise(inputs: number, outputs: number): LinearParams<Weight> {
  return { weight: normal(Math.sqrt(2 / inputs), outputs, inputs), bias: uniform(1 / Math.sqrt(inputs), outputs) };
}

/**
 * What each block adds for the condition [B, T, D]: the same in every step, so it can be computed once. One [B, T, 2D] a block, the dilated
 * convolution's bias included.
 */
export function projectCondition<T>(ops: Ops<T>, params: DenoiserParams<T>, condition: T): T[] {
  return params.blocks.map((block) => ops.linear(condition, block.condition.weight, ops.add(block.condition.bias, block.dilated.bias)));
}

/**
 * A block is y = x + step; h = dilated(y) + condition; z = σ(gate)·tanh(filter); x ← (x + residual(z))/√2. On a GPU it is bound by passes
 * over memory, so x is carried as scale·u with a plain number for scale: the division by √2 then costs no pass, only another scale.
 */
export function denoiser<T>(
  ops: Ops<T>,
  config: DenoiserConfig,
  params: DenoiserParams<T>,
  noisy: T, // [B, T, M]
  level: T, // [B]
  projected: readonly T[], // projectCondition's result
  mask: T, // [B, T, 1]
): T /* [B, T, M] */ {
  const linear = (x: T, { weight, bias }: LinearParams<T>): T => ops.linear(x, weight, bias);
  const embedded = ops.toFloat(sinusoids(ops.full, ops.full.toFloat(level), config.hidden)); // [B, D]
  const step = linear(ops.mish(linear(embedded, params.step.inner)), params.step.outer);

  let u = ops.mul(ops.relu(linear(noisy, params.input)), mask);
  let scale = 1;
  let skips: T | undefined;
  params.blocks.forEach((block, index) => {
    const dilation = 2 ** (index % config.dilationCycle);
    const stepped = ops.unsqueeze(ops.mul(linear(step, block.step), 1 / scale), 1); // [B, 1, D]
    // u is zero where padded, and stays so: each convolution sees zeros beyond an item's end, as if the item were alone
    const y = ops.addcmul(u, stepped, mask);
    const convolved = ops.conv1d(y, block.dilated.weight, undefined, { dilation, padding: dilation });
    const [gate, filter] = ops.chunk(ops.add(projected[index]!, convolved, scale), 2, 2) as [T, T];
    const [residual, skip] = ops.chunk(linear(ops.mul(ops.sigmoid(gate), ops.tanh(filter)), block.output), 2, 2) as [T, T];
    u = ops.addcmul(u, residual, ops.mul(mask, 1 / scale));
    scale *= Math.SQRT1_2;
    skips = skips === undefined ? skip : ops.add(skips, skip);
  });
  const collected = ops.mul(skips!, config.blocks ** -0.5);
  return ops.mul(linear(ops.relu(linear(collected, params.skip)), params.output), mask);
}

/** How many frames around one frame take part in it: 1 + 2·Σ dilation. @example 20 blocks, cycle 4 → 151 */
export function receptiveField(config: Pick<DenoiserConfig, 'blocks' | 'dilationCycle'>): number {
  let field = 1;
  for (let block = 0; block < config.blocks; block++) field += 2 * 2 ** (block % config.dilationCycle);
  return field;
}
