import { createRandom, type Random } from '@alignsts/signal';
import * as torch from '@alignsts/torch';
import { type FloatArray, fillTree, type Mapped, type Ops, type TrainingConfig, type Weight } from 'alignsts/model';
import { createFlatAdamW } from './flat-adamw.ts';
import { flatLayout, flatten, unflatten, viewTree } from './flat-params.ts';
import { learningRate } from './learning-rate.ts';
import type { Draw, Objective } from './objectives/objective.ts';
import { createLibtorchOps } from './ops-libtorch.ts';
import type { TensorBatch } from './tensor-batch.ts';

/** The state of a training run, and its one verb: learn from a batch. */
export type Trainer<P> = {
  /** How many updates were made. */
  updates(): number;
  /**
   * One update: losses, gradients, clipping, AdamW, the weights' average, the buffers. Does not wait for the device.
   * @returns the losses by name, as scalars on the device; a captured step overwrites them with the next update
   */
  update(batch: TensorBatch): Record<string, torch.Tensor>;
  /** The same losses without learning from them, dropout off. */
  evaluate(batch: TensorBatch): Record<string, number>;
  /** Waits for the device and copies the weights: the running average, or the last. */
  weights(which: 'average' | 'last'): Mapped<P, Weight, FloatArray>;
  buffers(): Record<string, FloatArray>;
  /** Gives back the memory of captured steps and of the state. */
  dispose(): void;
  /** The model on the device for whoever wants to run it (export checks, validation). */
  with<Result>(which: 'average' | 'last', body: (ops: Ops<torch.Tensor>, params: Mapped<P, Weight, torch.Tensor>) => Result): Result;
};

export type TrainerOptions = {
  device?: torch.Device;
  precision?: 'float32' | 'bfloat16';
  /** Record the step of each batch shape as a CUDA graph and replay it. Default: on a GPU. */
  capture?: boolean;
  /** Weights to start from; fresh ones by default. */
  from?: unknown;
};

export function createTrainer<P>(objective: Objective<P>, config: TrainingConfig, options: TrainerOptions = {}): Trainer<P> {
  const { device = 'cpu', precision = 'float32', capture = device.startsWith('cuda') } = options;
  torch.manualSeed(config.seed);
  const random: Random = createRandom(config.seed);
  const layout = flatLayout(objective.params);
  const optimizer = createFlatAdamW(flatten(layout, options.from ?? fillTree(objective.params, config.seed)), config, device);
  const buffers = new Map(Object.entries(objective.buffers).map(([name, { shape }]) => [name, torch.keep(torch.zeros(shape, { device }))]));
  const setBuffers = (values: Record<string, FloatArray>): void => {
    for (const [name, { data, shape }] of Object.entries(values))
      torch.copy_(buffers.get(name)!, torch.fromTypedArray(data, shape, { device }));
  };
  setBuffers(objective.buffers);

  const trainingOps = createLibtorchOps({ device, precision, training: true });
  const restingOps = createLibtorchOps({ device, precision });
  const draw: Draw = {
    normalLike: (like) => torch.randn(like.shape, { device, dtype: 'float32' }),
    uniform: (shape) => torch.rand(shape, { device, dtype: 'float32' }),
    integers: (high, shape) => torch.randint(0, high, shape, { device, dtype: 'int64' }),
  };
  const paramsOf = (flat: torch.Tensor): Mapped<P, Weight, torch.Tensor> =>
    viewTree(layout, objective.params, precision === 'float32' ? flat : torch.to(flat, { dtype: precision }));
  const ask = (ops: Ops<torch.Tensor>, flat: torch.Tensor, batch: TensorBatch) =>
    objective.loss(ops, paramsOf(flat), Object.fromEntries(buffers), batch, draw);
  /** Everything between a batch and the next state; waits for nothing, and takes no changing number but from tensors. */
  const step = (batch: TensorBatch): Record<string, torch.Tensor> => {
    const loss = ask(trainingOps, optimizer.params, batch);
    const [gradient] = torch.grad([loss.total], [optimizer.params]);
    const norm = optimizer.update(gradient!);
    torch.noGrad(() => {
      for (const [name, value] of Object.entries(loss.buffers)) torch.copy_(buffers.get(name)!, value);
    });
    const detached = Object.entries({ total: loss.total, ...loss.terms }).map(([name, term]) => [name, torch.detach(term)]);
    return { ...Object.fromEntries(detached), gradient: norm };
  };
  const steps = new Map<string, ReturnType<typeof torch.captureStep<TensorBatch, Record<string, torch.Tensor>>>>();
  let updates = 0;

  return {
    updates: () => updates,

    update(batch) {
      if (updates === 0 && objective.start !== undefined) {
        torch.scope(() => setBuffers(objective.start!(restingOps, paramsOf(optimizer.params), batch, random)));
      }
      updates++;
      torch.fill_(optimizer.rate, learningRate(updates, config));
      if (!capture) return torch.scope(() => step(batch));
      const shape = Object.values(batch).join();
      let captured = steps.get(shape);
      if (captured === undefined) {
        const { params, average, first, second, updates: count } = optimizer;
        captured = torch.captureStep(step, batch, { preserve: [params, average, first, second, count, [...buffers.values()]] });
        steps.set(shape, captured);
      }
      return captured(batch);
    },

    evaluate: (batch) =>
      torch.scope(() =>
        torch.noGrad(() => {
          const { total, terms } = ask(restingOps, optimizer.average, batch);
          return Object.fromEntries(Object.entries({ total, ...terms }).map(([name, term]) => [name, term.item()]));
        }),
      ),

    weights: (which) =>
      unflatten(layout, objective.params, torch.toFloat32Array(which === 'average' ? optimizer.average : optimizer.params)),

    buffers: () =>
      Object.fromEntries([...buffers].map(([name, tensor]) => [name, { shape: tensor.shape, data: torch.toFloat32Array(tensor) }])),

    dispose() {
      for (const captured of steps.values()) captured.dispose();
      const { params, average, first, second, updates: count, rate } = optimizer;
      for (const tensor of [params, average, first, second, count, rate, ...buffers.values()]) tensor.free();
    },

    with: (which, body) =>
      torch.scope(() => torch.noGrad(() => body(restingOps, paramsOf(which === 'average' ? optimizer.average : optimizer.params)))),
  };
}
