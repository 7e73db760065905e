// The whole training step of AlignSTS on one GPU: time, where it goes, how it scales, and memory. alignsts-step.sh prepares and starts it.

import { createRandom } from '@alignsts/signal';
import type { Tensor } from '@alignsts/torch';
import * as torch from '@alignsts/torch';
import {
  type AlignstsModel,
  blockConfigs,
  denoiser,
  fillTree,
  frameMask,
  inferencePath,
  initAlignsts,
  initDenoiser,
  l1Loss,
  losses,
  projectCondition,
  readConfig,
  ssimLoss,
  trainingPath,
} from 'alignsts/model';
import release from '../../configs/release.json' with { type: 'json' };
import { createFlatAdamW } from '../../packages/train/src/flat-adamw.ts';
import { flatLayout, flatten, viewTree } from '../../packages/train/src/flat-params.ts';
import { alignstsObjective } from '../../packages/train/src/objectives/alignsts.ts';
import { createLibtorchOps } from '../../packages/train/src/ops-libtorch.ts';
import type { TensorBatch } from '../../packages/train/src/tensor-batch.ts';
import { createTrainer } from '../../packages/train/src/trainer.ts';

const { cuda } = torch;
const device = 'cuda';
const config = readConfig(release, 'release.json') as AlignstsModel;

console.log(`${cuda.properties(device).name}, libtorch ${torch.loadTorch().version}`);
torch.configureTorch({ tf32: true, cudnnBenchmark: true });

console.log('\nThe whole step at B = 20, T = 1000, N = 350: forward, all losses, backward, clip, AdamW, average');
const batch = batchOf(20, 1000, 350);
stepTime('float32 (TF32), eager', { precision: 'float32', capture: false }, batch);
stepTime('bfloat16, eager', { precision: 'bfloat16', capture: false }, batch);
stepTime('bfloat16, captured', { precision: 'bfloat16', capture: true }, batch);

console.log('\nWhere it goes (bfloat16, each part captured alone)');
partTimes(batch);

console.log('\nScaling (bfloat16, captured)');
for (const [items, frames] of [
  [20, 250],
  [20, 500],
  [20, 2000],
  [5, 1000],
  [10, 1000],
  [40, 1000],
] as const) {
  stepTime(`B = ${items}, T = ${frames}`, { precision: 'bfloat16', capture: true }, batchOf(items, frames, Math.round(frames * 0.35)));
}

/** A batch of noise with the shapes of real features, on the device; lengths from nine tenths of the padded size to all of it. */
function batchOf(items: number, frames: number, contentFrames: number): TensorBatch {
  const random = createRandom(items * frames);
  const { features } = config;
  const normal = (shape: number[]): Tensor => torch.randn(shape, { device, dtype: 'float32' });
  const uniform = (shape: number[]): Tensor => torch.rand(shape, { device, dtype: 'float32' });
  const integers = (high: number, shape: number[]): Tensor =>
    torch.to(torch.randint(0, high, shape, { device, dtype: 'int64' }), { dtype: 'int32' });
  const lengths = (longest: number): Tensor => {
    const values = Int32Array.from({ length: items }, (_, b) => (b === 0 ? longest : Math.ceil(longest * (0.9 + 0.1 * random.uniform()))));
    return torch.fromTypedArray(values, [items], { device });
  };
  return {
    content: normal([items, contentFrames, features.content.channels]),
    contentLengths: lengths(contentFrames),
    pitch: integers(256, [items, frames]),
    lengths: lengths(frames),
    timbre: torch.mul(uniform([items, features.timbre.channels]), 0.1),
    mel: torch.sub(normal([items, frames, features.melBins]), 3),
    rhythm: uniform([items, frames, 1]),
    speechRhythm: uniform([items, frames, 1]),
    speechLengths: lengths(frames),
    speechMel: torch.sub(normal([items, frames, features.melBins]), 3),
    source: integers(contentFrames, [items, frames]),
  };
}

function stepTime(name: string, options: { precision: 'float32' | 'bfloat16'; capture: boolean }, data: TensorBatch): void {
  cuda.emptyCache();
  cuda.resetPeakMemory(device);
  const trainer = createTrainer(alignstsObjective(config), config, { device, ...options });
  const time = milliseconds(() => trainer.update(data));
  const [count, frames] = data.mel.shape as [number, number];
  const { total, gradient } = trainer.update(data);
  const loss = `loss ${total!.item().toFixed(3)}, gradient ${gradient!.item().toFixed(3)}`;
  const { peakAllocated } = cuda.memoryStats(device);
  console.log(
    `  ${name.padEnd(24)} ${time.toFixed(2).padStart(7)} ms   ${((count * frames) / time).toFixed(0).padStart(5)} frames/ms   peak ${(peakAllocated / 2 ** 30).toFixed(1)} GB   ${loss}`,
  );
  trainer.dispose();
}

function partTimes({ lengths, mel, contentLengths, content, ...others }: TensorBatch): void {
  const data = { lengths, mel, contentLengths, content, ...others };
  const ops = createLibtorchOps({ device, precision: 'bfloat16', training: true });
  const blocks = blockConfigs(config);
  const { codes, hidden } = blocks.vectorQuantizer;
  const { model } = config;
  const items = lengths.shape[0]!;
  const draws = {
    level: torch.randint(0, 5, [items], { device, dtype: 'int64' }),
    noise: torch.randn(mel.shape, { device, dtype: 'float32' }),
  };
  const codebook = torch.randn([codes, hidden], { device, dtype: 'float32' });
  const quantizer = { codebook, counts: torch.ones([codes], { device, dtype: 'float32' }), sums: codebook };

  /** A tree of fresh parameters as one leaf, and its views in working precision. */
  const leaf = <P>(tree: P) => {
    const layout = flatLayout(tree);
    const flat = torch.fromTypedArray(flatten(layout, fillTree(tree, 1)), [layout.size], { device, requiresGrad: true });
    return { flat, params: () => viewTree(layout, tree, torch.to(flat, { dtype: 'bfloat16' })) };
  };
  const show = (name: string, run: () => Record<string, Tensor>): void => {
    cuda.emptyCache();
    const none = { unused: torch.zeros([1], { device }) };
    const step = torch.captureStep(run, none);
    console.log(
      `  ${name.padEnd(44)} ${milliseconds(() => step(none))
        .toFixed(2)
        .padStart(7)} ms`,
    );
    step.dispose();
  };
  const learn = (total: Tensor, flat: Tensor) => ({ gradient: torch.grad([total], [flat])[0]! });
  const total = (x: Tensor): Tensor => torch.sum(x, null, { dtype: 'float32' });

  const whole = leaf(initAlignsts(config));
  const settings = {
    losses: config.losses,
    melBins: config.features.melBins,
    codes,
    predictorAttention: model.rhythmAdaptor.predictor.attention,
    alignerAttention: model.aligner.attention,
  };
  const allLosses = (): Tensor => {
    const result = trainingPath(ops, config, whole.params(), quantizer, data, data, draws);
    return losses(ops, settings, { result, mel, contentMask: frameMask(ops, contentLengths, content) }).total;
  };
  show('forward and losses', () => torch.noGrad(() => ({ total: allLosses() })));
  show('forward, losses and backward', () => learn(allLosses(), whole.flat));

  const decoder = leaf(initDenoiser(blocks.denoiser!));
  const condition = torch.to(torch.randn([items, mel.shape[1]!, hidden], { device }), { dtype: 'bfloat16' });
  condition.requiresGrad = true;
  const decoded = (): Tensor => {
    const params = decoder.params();
    const projected = projectCondition(ops, params, condition);
    return total(denoiser(ops, blocks.denoiser!, params, ops.toFloat(mel), draws.level, projected, frameMask(ops, lengths, mel)));
  };
  show('denoiser, forward', () => torch.noGrad(() => ({ total: decoded() })));
  show('denoiser, forward and backward', () => learn(decoded(), decoder.flat));
  const conditioned = (): Tensor => total(inferencePath(ops, config, whole.params(), quantizer, data).condition);
  show('encoders, predictor and aligner, both ways', () => learn(conditioned(), whole.flat));
  const predicted = torch.randn(mel.shape, { device, dtype: 'float32' });
  predicted.requiresGrad = true;
  const melLosses = (): Tensor => {
    const mask = frameMask(ops.full, lengths, mel);
    const options = { melBins: config.features.melBins, offset: config.losses.ssimOffset };
    return torch.add(l1Loss(ops.full, predicted, mel, mask), ssimLoss(ops.full, predicted, mel, mask, options));
  };
  show('L1 and SSIM, both ways', () => learn(melLosses(), predicted));
  const optimizer = createFlatAdamW(torch.toFloat32Array(whole.flat), config.training, device);
  const gradient = torch.randn(whole.flat.shape, { device, dtype: 'float32' });
  show('clip, AdamW and average', () => ({ norm: optimizer.update(gradient) }));
  show('parameters to bfloat16 and gradients back', () => {
    const parts = Object.values(flatLayout(initAlignsts(config)).parts).length;
    const pieces = torch.chunk(torch.to(whole.flat, { dtype: 'bfloat16' }), parts, 0);
    return learn(
      pieces.map(total).reduce((sum, piece) => torch.add(sum, piece)),
      whole.flat,
    );
  });
}

/** Median milliseconds of one call on the GPU, over 20 calls after 5 that are not counted. */
function milliseconds(run: () => unknown): number {
  for (let i = 0; i < 5; i++) torch.scope(() => void run());
  const times: number[] = [];
  for (let i = 0; i < 20; i++) {
    cuda.synchronize();
    const start = new cuda.Event().record();
    torch.scope(() => void run());
    times.push(start.millisecondsTo(new cuda.Event().record()));
  }
  return times.sort((a, b) => a - b)[10]!;
}
