/**
 * AdamW (Loshchilov & Hutter 2019, "Decoupled weight decay regularization", algorithm 2), over all parameters at once: by libtorch's fused
 * kernel where it has one for the device, else by a dozen foreach operators.
 *   p ← p·(1 − lr·λ);  m ← β₁m + (1−β₁)g;  v ← β₂v + (1−β₂)g²;  p ← p − lr·(m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε)
 */
import { call, hasOperator } from '../call.ts';
import { noGrad } from '../grad.ts';
import { keep, scope } from '../scope.ts';
import type { Tensor } from '../tensor.ts';
import * as tree from '../tree.ts';
import { fromTypedArray } from '../typed-array.ts';

export type AdamWOptions = {
  /** Learning rate. Default 1e-3. */
  lr?: number;
  /** Decay of the running mean and of the running square. Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps?: number;
  /** λ, applied to the parameters themselves and not to the gradient. Default 0.01. */
  weightDecay?: number;
  /** Use libtorch's fused kernel. Default: where it has one. */
  fused?: boolean;
};

export type Optimizer = {
  /** Updates the parameters. Gradients come in the order of `tree.flatten(params)`; a parameter without one (null) stays as it is. */
  step(gradients: readonly (Tensor | null)[]): void;
  /** Takes effect with the next step, also of a captured one. */
  setLearningRate(lr: number): void;
  readonly learningRate: number;
  /** What a checkpoint holds besides the parameters: number of steps, running means and squares. */
  readonly state: { step: Tensor; mean: Tensor[]; square: Tensor[] };
  /** Puts back a state that was stored, by value. */
  loadState(state: { step: Tensor; mean: readonly Tensor[]; square: readonly Tensor[] }): void;
};

/** @example const optimizer = adamw(params, { lr: 1e-3 }); optimizer.step(grad(loss, tree.flatten(params))) */
export function adamw(params: unknown, options: AdamWOptions = {}): Optimizer {
  const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0.01 } = options;
  check('lr', lr, lr >= 0);
  check(
    'betas',
    betas,
    betas.every((beta) => beta >= 0 && beta < 1),
  );
  check('eps', eps, eps >= 0);
  check('weightDecay', weightDecay, weightDecay >= 0);
  const parameters = tree.flatten(params);
  if (parameters.length === 0) throw new Error('adamw() got no parameters');
  const { device } = parameters[0]!;
  if (parameters.some((parameter) => parameter.device !== device)) throw new Error('adamw() takes parameters of one device');

  const [beta1, beta2] = betas;
  const onGpu = device.startsWith('cuda');
  const possible = hasOperator('aten::_fused_adamw_') && hasFusedKernel(onGpu);
  const fused = options.fused ?? possible;
  // the other way computes the bias correction on the host, which a captured step would freeze
  if (onGpu && !fused) throw new Error('on a GPU AdamW needs the fused kernel of libtorch 2.0 or newer');
  if (fused && !possible) throw new Error(`this libtorch has no fused AdamW for ${device}: leave 'fused' out`);

  const zeros = (): Tensor[] =>
    parameters.map((parameter) =>
      keep(call('aten::zeros_like', parameter, undefined, undefined, undefined, undefined, 'contiguous') as Tensor),
    );
  const state = noGrad(() => ({ step: scalarOn(device, 0), mean: zeros(), square: zeros() }));
  // the rate lies on the GPU, so that a captured step reads it anew each time
  const rate = onGpu ? scalarOn(device, lr) : undefined;
  let learningRate = lr;
  // the steps so far, for the host's arithmetic; read from the state when needed, since a checkpoint may have set it
  let hostStep: number | undefined;

  const update = (list: Tensor[], gradients: Tensor[], mean: Tensor[], square: Tensor[]): void => {
    call('aten::add_.Scalar', state.step, 1);
    if (fused) {
      const steps = list.map(() => state.step);
      if (rate)
        call('aten::_fused_adamw_.tensor_lr', list, gradients, mean, square, [], steps, rate, beta1, beta2, weightDecay, eps, false, false);
      else
        call('aten::_fused_adamw_', list, gradients, mean, square, [], steps, learningRate, beta1, beta2, weightDecay, eps, false, false);
      return;
    }
    hostStep = (hostStep ?? state.step.item() - 1) + 1;
    if (weightDecay !== 0) call('aten::_foreach_mul_.Scalar', list, 1 - learningRate * weightDecay);
    call('aten::_foreach_mul_.Scalar', mean, beta1);
    call('aten::_foreach_add_.List', mean, gradients, 1 - beta1);
    call('aten::_foreach_mul_.Scalar', square, beta2);
    call('aten::_foreach_addcmul_.Scalar', square, gradients, gradients, 1 - beta2);
    const denominator = call('aten::_foreach_sqrt', square) as Tensor[];
    call('aten::_foreach_div_.Scalar', denominator, Math.sqrt(1 - beta2 ** hostStep));
    call('aten::_foreach_add_.Scalar', denominator, eps);
    call('aten::_foreach_addcdiv_.Scalar', list, mean, denominator, -learningRate / (1 - beta1 ** hostStep));
  };

  return {
    state,
    get learningRate() {
      return learningRate;
    },
    setLearningRate(value) {
      check('lr', value, value >= 0);
      learningRate = value;
      if (rate) noGrad(() => call('aten::fill_.Scalar', rate, value));
    },
    step(gradients) {
      if (gradients.length !== parameters.length)
        throw new Error(`step() got ${gradients.length} gradients for ${parameters.length} parameters`);
      const having = parameters.flatMap((_, i) => (gradients[i] ? [i] : []));
      if (having.length === 0) return;
      const pick = (list: readonly Tensor[]): Tensor[] => having.map((i) => list[i]!);
      noGrad(() => scope(() => update(pick(parameters), pick(gradients as Tensor[]), pick(state.mean), pick(state.square))));
    },
    loadState(saved) {
      if (saved.mean.length !== parameters.length || saved.square.length !== parameters.length) {
        throw new Error(`the stored state is for ${saved.mean.length} parameters, this optimizer has ${parameters.length}`);
      }
      noGrad(() => {
        call('aten::copy_', state.step, saved.step);
        for (const [i] of parameters.entries()) {
          call('aten::copy_', state.mean[i]!, saved.mean[i]!);
          call('aten::copy_', state.square[i]!, saved.square[i]!);
        }
      });
      hostStep = undefined;
    },
  };
}

/** GPUs had the fused kernel before CPUs had it (2.4), under one name; what came right after it for CPUs tells. */
function hasFusedKernel(onGpu: boolean): boolean {
  if (onGpu) return hasOperator('aten::_fused_adamw_.tensor_lr');
  return hasOperator('aten::_fused_adagrad_');
}

function scalarOn(device: string, value: number): Tensor {
  return keep(fromTypedArray(new Float32Array([value]), [], { device: device as 'cpu' }));
}

function check(name: string, value: unknown, valid: boolean): void {
  if (!valid) throw new Error(`adamw: ${name} is ${value}, which is out of range`);
}
