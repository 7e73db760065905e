/**
 * Data-parallel training in several processes, each with its share of the batch: same weights at the start, gradients averaged each step.
 * Processes find each other through environment variables, as torchrun sets them: RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT.
 */
import { call, write } from './call.ts';
import { setDevice } from './cuda.ts';
import { noGrad } from './grad.ts';
import { nativeAddon } from './libtorch.ts';
import { scope, tensorsIn } from './scope.ts';
import type { Tensor } from './tensor.ts';

export type ProcessGroup = {
  readonly rank: number;
  readonly size: number;
  readonly backend: 'gloo' | 'nccl';
  /** Replaces the tensor by the sum (or the largest) over all processes. */
  allReduce(tensor: Tensor, what?: 'sum' | 'max'): void;
  /** Replaces the tensors of a tree by those of process `root`. Call it once with the parameters before training. */
  broadcast(tree: unknown, root?: number): void;
  /** Replaces gradients by their mean over all processes: one flat transfer for each dtype, which may stand inside a captured step. */
  averageGradients(gradients: readonly (Tensor | null)[]): void;
  /** The tensor of every process, in order of rank. */
  allGather(tensor: Tensor): Tensor[];
  /** Waits until all processes are here. */
  barrier(): void;
  close(): void;
};

export type ProcessGroupOptions = {
  /** Default: nccl where a GPU is to be used (LOCAL_RANK is set and the libtorch has NCCL), else gloo. */
  backend?: 'gloo' | 'nccl';
  /** How long to wait for the others, in seconds. Default 300. */
  timeout?: number;
  /** Where the variables are read from. Default process.env. */
  env?: Readonly<Record<string, string | undefined>>;
};

/**
 * Joins the group that the environment describes. Without RANK and WORLD_SIZE it is a group of one, so that one script serves both.
 * With nccl, 'cuda' afterwards means the GPU of LOCAL_RANK.
 */
export function joinProcessGroup(options: ProcessGroupOptions = {}): ProcessGroup {
  const { timeout = 300, env = process.env } = options;
  const size = variable(env, 'WORLD_SIZE', 1);
  const rank = variable(env, 'RANK', 0);
  const native = nativeAddon();
  const gpus = native.cudaDeviceCount();
  const backend = options.backend ?? (gpus > 0 && native.build().nccl ? 'nccl' : 'gloo');
  if (rank >= size) throw new Error(`RANK is ${rank} but WORLD_SIZE is ${size}: ranks run from 0 to ${size - 1}`);
  if (backend === 'nccl') {
    const local = variable(env, 'LOCAL_RANK', rank);
    if (local >= gpus) throw new Error(`LOCAL_RANK is ${local} but this machine has ${gpus} GPUs`);
    setDevice(`cuda:${local}`);
  }
  if (size === 1) return alone(backend);
  const host = env['MASTER_ADDR'] ?? '127.0.0.1';
  const port = variable(env, 'MASTER_PORT', 29500);
  const group = native.createProcessGroup(backend, host, port, rank, size, timeout * 1000);

  const self: ProcessGroup = {
    rank,
    size,
    backend,
    allReduce(tensor, what = 'sum') {
      noGrad(() => native.waitWork(native.allReduce(group, tensor.handle, what === 'sum' ? 0 : 1)));
    },
    broadcast(tree, root = 0) {
      // all are on their way before the first is waited for
      noGrad(() =>
        scope(() => {
          const works = [...tensorsIn(tree)].map((tensor) =>
            native.broadcast(group, (call('aten::detach', tensor) as Tensor).handle, root),
          );
          for (const work of works) native.waitWork(work);
        }),
      );
    },
    averageGradients(gradients) {
      for (const list of byDtype(gradients)) {
        noGrad(() =>
          scope(() => {
            const flat = call(
              'aten::cat',
              list.map((gradient) => call('aten::reshape', gradient, [-1]) as Tensor),
            ) as Tensor;
            self.allReduce(flat);
            call('aten::div_.Scalar', flat, size);
            const parts = call(
              'aten::split_with_sizes',
              flat,
              list.map(({ numel }) => numel),
            ) as Tensor[];
            for (const [i, gradient] of list.entries())
              call('aten::copy_', gradient, call('aten::view', parts[i]!, gradient.shape) as Tensor);
          }),
        );
      }
    },
    allGather(tensor) {
      return noGrad(() =>
        scope(() => {
          const plain = call('aten::contiguous', call('aten::detach', tensor)) as Tensor;
          const parts = Array.from({ length: size }, () => call('aten::empty_like', plain) as Tensor);
          native.waitWork(native.allGather(group, plain.handle, write(parts, 0)));
          return parts;
        }),
      );
    },
    barrier() {
      native.waitWork(native.barrier(group));
    },
    close() {
      native.closeProcessGroup(group);
    },
  };
  return self;
}

/** A group of one has nothing to exchange. */
function alone(backend: 'gloo' | 'nccl'): ProcessGroup {
  const nothing = (): void => undefined;
  return {
    rank: 0,
    size: 1,
    backend,
    allReduce: nothing,
    broadcast: nothing,
    averageGradients: nothing,
    allGather: (tensor) => [tensor],
    barrier: nothing,
    close: nothing,
  };
}

function byDtype(gradients: readonly (Tensor | null)[]): Tensor[][] {
  const groups = new Map<string, Tensor[]>();
  for (const gradient of gradients) {
    if (!gradient) continue;
    const list = groups.get(gradient.dtype);
    if (list) list.push(gradient);
    else groups.set(gradient.dtype, [gradient]);
  }
  return [...groups.values()];
}

function variable(env: Readonly<Record<string, string | undefined>>, name: string, otherwise: number): number {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`the environment variable ${name} is '${text}': expected a whole number`);
  return value;
}
