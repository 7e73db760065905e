import type { Random } from '@alignsts/signal';
import type { Tensor } from '@alignsts/torch';
import type { FloatArray, Mapped, Ops, Weight } from 'alignsts/model';
import type { TensorBatch } from '../tensor-batch.ts';

/**
 * What is being trained: parameters, buffers and the loss of one batch. The trainer knows nothing of models beyond this, so AlignSTS, its
 * variants, the student and the baselines share one loop.
 */
export type Objective<P = unknown, A = unknown> = {
  /** Fresh parameters, as descriptions. */
  readonly params: P;
  /** Buffers that steps replace (the quantiser's averages), fresh. */
  readonly buffers: Record<string, FloatArray>;
  /** A better start of the buffers, from the first batch; runs once, and may wait for the device. */
  start?(ops: Ops<Tensor>, params: Mapped<P, Weight, Tensor>, batch: TensorBatch, random: Random): Record<string, FloatArray>;
  /** The loss, its named terms, and what the buffers become. Never waits for the device: the step can be captured as a CUDA graph. */
  loss(
    ops: Ops<Tensor>,
    params: Mapped<P, Weight, Tensor>,
    buffers: Record<string, Tensor>,
    batch: TensorBatch,
    draw: Draw,
    adversary: Mapped<A, Weight, Tensor>,
  ): StepLoss;
  /** A network that learns to tell what is generated from what is real; updated after the model in the same step. */
  readonly adversary?: Adversary<A>;
};

export type Adversary<A> = {
  readonly params: A;
  /** @param generated the model's mel of this step, cut off from its gradients; @param buffers as the model's loss left them */
  loss(
    ops: Ops<Tensor>,
    params: Mapped<A, Weight, Tensor>,
    buffers: Record<string, Tensor>,
    generated: Tensor,
    batch: TensorBatch,
    draw: Draw,
  ): StepLoss;
};

export type StepLoss = {
  total: Tensor;
  /** Scalars to report, by name. */
  terms: Record<string, Tensor>;
  /** Those that change. */
  buffers: Record<string, Tensor>;
  /** What an adversary is to judge, [B, T, M] log10. */
  generated?: Tensor;
};

/** Random tensors on the device, from the trainer's seed. */
export type Draw = {
  normalLike(like: Tensor): Tensor;
  uniform(shape: readonly number[]): Tensor;
  /** Integers from 0 to high − 1. */
  integers(high: number, shape: readonly number[]): Tensor;
};
