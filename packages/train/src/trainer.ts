import { createRandom, InputError, type Random } from '@alignsts/signal';
import type { Tensor } from '@alignsts/torch';
import * as torch from '@alignsts/torch';
import { type Config, type FloatArray, fillTree, type Mapped, mapTree, type Ops, type Weight } from 'alignsts/model';
import { type AdamWSettings, createFlatAdamW, type FlatAdamW } from './flat-adamw.ts';
import { type FlatLayout, flatLayout, flatten, unflatten, viewTree } from './flat-params.ts';
import { learningRate, steppedRate } from './learning-rate.ts';
import type { Draw, Objective, StepLoss } from './objectives/objective.ts';
import { createLibtorchOps } from './ops-libtorch.ts';
import type { TensorBatch } from './tensor-batch.ts';

/** The state of a training run, and its one verb: learn from a batch. */
export type Trainer<P = unknown> = {
  /** How many updates were made. */
  updates(): number;
  /**
   * One update: losses, gradients, clipping, AdamW, the weights' average, the buffers; then the adversary's, where there is one. Does not
   * wait for the device.
   * @returns the losses by name, as scalars on the device; a captured step overwrites them with the next update of its shape
   */
  update(batch: TensorBatch): Record<string, Tensor>;
  /** The averaged weights' losses on a batch, without learning from it, dropout off. */
  evaluate(batch: TensorBatch): Record<string, number>;
  /** Waits for the device and copies the weights: the running average, or the last. */
  weights(which: 'average' | 'last'): Mapped<P, Weight, FloatArray>;
  buffers(): Record<string, FloatArray>;
  /** Everything a run needs to go on from here but its random numbers, by name. */
  state(): Record<string, FloatArray>;
  /** Goes on from what `state` gave. @throws InputError when it is another model's */
  restore(state: Record<string, FloatArray>): void;
  /** Gives back the memory of captured steps and of the state. */
  dispose(): void;
};

export type TrainerOptions = {
  device?: torch.Device;
  precision?: 'float32' | 'bfloat16';
  /** Record the step of each batch shape as a CUDA graph and replay it. Default: on a GPU. */
  capture?: boolean;
  /** Weights to start from; fresh ones by default. */
  from?: unknown;
};

export function createTrainer<P, A = unknown>(
  objective: Objective<P, A>,
  { training, adversarial }: Pick<Config, 'training' | 'adversarial'>,
  options: TrainerOptions = {},
): Trainer<P> {
  const { device = 'cpu', precision = 'float32', capture = device.startsWith('cuda') } = options;
  torch.manualSeed(training.seed);
  const random: Random = createRandom(training.seed);
  const model = createNetwork(objective.params, options.from ?? fillTree(objective.params, training.seed), training, precision, device);
  const adversary =
    objective.adversary &&
    createNetwork(
      objective.adversary.params,
      fillTree(objective.adversary.params, training.seed + 1),
      { ...adversarial, weightDecay: 0, average: 0 },
      ...([precision, device] as const),
    );
  const buffers = new Map(Object.entries(objective.buffers).map(([name, value]) => [name, torch.keep(onDevice(value, device))]));
  const setBuffers = (values: Record<string, Tensor>): void => {
    torch.noGrad(() => {
      for (const [name, value] of Object.entries(values)) torch.copy_(buffers.get(name)!, value);
    });
  };

  const trainingOps = createLibtorchOps({ device, precision, training: true });
  const restingOps = createLibtorchOps({ device, precision });
  const draw: Draw = {
    normalLike: (like) => torch.randn(like.shape, { device, dtype: 'float32' }),
    uniform: (shape) => torch.rand(shape, { device, dtype: 'float32' }),
    integers: (high, shape) => torch.randint(0, high, shape, { device, dtype: 'int64' }),
  };
  const ask = (ops: Ops<Tensor>, params: Mapped<P, Weight, Tensor>, batch: TensorBatch): StepLoss => {
    // the model's gradients pass through the adversary, not into it
    const judge = adversary === undefined ? undefined : adversary.views(torch.detach(adversary.optimizer.params));
    return objective.loss(ops, params, Object.fromEntries(buffers), batch, draw, judge as Mapped<A, Weight, Tensor>);
  };
  const learn = (optimizer: FlatAdamW, loss: Tensor): Tensor => optimizer.update(torch.grad([loss], [optimizer.params])[0]!);

  /** Everything between a batch and the next state; waits for nothing, and takes no changing number but from tensors. */
  const step = (batch: TensorBatch): Record<string, Tensor> => {
    const loss = ask(trainingOps, model.views(model.optimizer.params), batch);
    const gradient = learn(model.optimizer, loss.total);
    setBuffers(loss.buffers);
    let terms: Record<string, Tensor> = { total: loss.total, ...loss.terms, gradient };
    if (adversary !== undefined) {
      const params = adversary.views(adversary.optimizer.params);
      const judged = objective.adversary!.loss(
        trainingOps,
        params,
        Object.fromEntries(buffers),
        torch.detach(loss.generated!),
        batch,
        draw,
      );
      terms = { ...terms, ...judged.terms, adversaryGradient: learn(adversary.optimizer, judged.total) };
      setBuffers(judged.buffers);
    }
    return mapTree(terms, (term: Tensor) => torch.detach(term));
  };

  const networks = [model, ...(adversary ? [adversary] : [])];
  const kept = (): Tensor[] => [
    ...networks.flatMap(({ optimizer }) => stateOf(optimizer).map(([, tensor]) => tensor)),
    ...buffers.values(),
  ];
  const captured = new Map<string, ReturnType<typeof torch.captureStep<TensorBatch, Record<string, Tensor>>>>();
  let updates = 0;

  return {
    updates: () => updates,

    update(batch) {
      if (updates === 0 && objective.start !== undefined) {
        torch.scope(() => {
          const started = objective.start!(restingOps, model.views(torch.detach(model.optimizer.params)), batch, random);
          setBuffers(mapTree(started, (value: FloatArray) => onDevice(value, device)));
        });
      }
      updates++;
      torch.fill_(model.optimizer.rate, learningRate(updates, training));
      if (adversary !== undefined) torch.fill_(adversary.optimizer.rate, steppedRate(updates, adversarial));
      if (!capture) return torch.scope(() => step(batch));
      const shape = Object.values(batch).join();
      let replay = captured.get(shape);
      if (replay === undefined) {
        replay = torch.captureStep(step, batch, { preserve: kept() });
        captured.set(shape, replay);
      }
      return replay(batch);
    },

    evaluate: (batch) =>
      torch.scope(() =>
        torch.noGrad(() => {
          const { total, terms } = ask(restingOps, model.views(model.optimizer.average), batch);
          return mapTree({ total, ...terms } as Record<string, Tensor>, (term: Tensor) => term.item());
        }),
      ),

    weights: (which) =>
      unflatten(
        model.layout,
        objective.params,
        torch.toFloat32Array(which === 'average' ? model.optimizer.average : model.optimizer.params),
      ),

    buffers: () => Object.fromEntries([...buffers].map(([name, tensor]) => [name, toArray(tensor)])),

    state() {
      const named = networks.flatMap(({ optimizer }, i) =>
        stateOf(optimizer).map(([name, tensor]) => [`${NETWORKS[i]}.${name}`, toArray(tensor)]),
      );
      return {
        ...Object.fromEntries(named),
        ...Object.fromEntries([...buffers].map(([name, tensor]) => [`buffer.${name}`, toArray(tensor)])),
      };
    },

    restore(state) {
      const places = [
        ...networks.flatMap(({ optimizer }, i) => stateOf(optimizer).map(([name, tensor]) => [`${NETWORKS[i]}.${name}`, tensor] as const)),
        ...[...buffers].map(([name, tensor]) => [`buffer.${name}`, tensor] as const),
      ];
      for (const [name, tensor] of places) {
        const value = state[name];
        if (value === undefined || value.shape.join() !== tensor.shape.join()) {
          throw new InputError(
            `The saved state has ${name} as ${value ? `[${value.shape}]` : 'nothing'}, this model wants [${tensor.shape}]. It is another configuration's.`,
          );
        }
      }
      torch.noGrad(() => torch.scope(() => places.forEach(([name, tensor]) => void torch.copy_(tensor, onDevice(state[name]!, device)))));
      updates = Math.round(state['model.updates']!.data[0]!);
    },

    dispose() {
      for (const replay of captured.values()) replay.dispose();
      for (const tensor of kept()) tensor.free();
    },
  };
}

const NETWORKS = ['model', 'adversary'] as const;

type Network<P> = {
  layout: FlatLayout;
  optimizer: FlatAdamW;
  /** The tree of views into a long tensor, in working precision. */
  views(flat: Tensor): Mapped<P, Weight, Tensor>;
};

function createNetwork<P>(
  params: P,
  values: unknown,
  config: AdamWSettings,
  precision: 'float32' | 'bfloat16',
  device: torch.Device,
): Network<P> {
  const layout = flatLayout(params);
  return {
    layout,
    optimizer: createFlatAdamW(flatten(layout, values), config, device),
    views: (flat) => viewTree(layout, params, precision === 'float32' ? flat : torch.to(flat, { dtype: precision })),
  };
}

function stateOf({ params, average, first, second, updates, rate }: FlatAdamW): [string, Tensor][] {
  return Object.entries({ params, average, first, second, updates, rate });
}

function onDevice({ data, shape }: FloatArray, device: torch.Device): Tensor {
  return torch.fromTypedArray(data, shape, { device });
}

function toArray(tensor: Tensor): FloatArray {
  return { shape: tensor.shape, data: torch.toFloat32Array(tensor) };
}
