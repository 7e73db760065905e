import * as torch from '@alignsts/torch';
import type { TrainingConfig } from 'alignsts/model';

/**
 * Clipping by global norm, AdamW (Loshchilov and Hutter 2019) and the weights' running average, all on one long tensor and without waiting for
 * the device. With libtorch 2 the update is PyTorch's fused kernel; without (Debian's 1.13) the same formula in plain operators.
 */
export type FlatAdamW = {
  readonly params: torch.Tensor; // [P], a leaf
  readonly average: torch.Tensor; // [P]
  readonly first: torch.Tensor; // [P]
  readonly second: torch.Tensor; // [P]
  readonly updates: torch.Tensor; // [1], float32: how many were made
  readonly rate: torch.Tensor; // [1], float32: to be set before each update
  /** @returns the norm of the gradient before clipping, a scalar */
  update(gradient: torch.Tensor): torch.Tensor;
};

export type AdamWSettings = Pick<TrainingConfig, 'beta1' | 'beta2' | 'epsilon' | 'weightDecay' | 'clip' | 'average'>;

export function createFlatAdamW(values: Float32Array, config: AdamWSettings, device: torch.Device): FlatAdamW {
  const zeros = (count: number): torch.Tensor => torch.keep(torch.zeros([count], { dtype: 'float32', device }));
  const params = torch.keep(torch.fromTypedArray(values, [values.length], { device, requiresGrad: true }));
  const average = torch.keep(torch.noGrad(() => torch.clone(params)));
  const [first, second, updates, rate] = [zeros(values.length), zeros(values.length), zeros(1), zeros(1)];
  const fused = torch.hasOperator('aten::_fused_adamw_.tensor_lr');
  const { beta1, beta2, epsilon, weightDecay } = config;

  return {
    ...{ params, average, first, second, updates, rate },
    update: (gradient) =>
      torch.noGrad(() => {
        const norm = torch.linalgVectorNorm(gradient);
        const excess = torch.clamp(torch.div(norm, config.clip), 1); // what the gradient is divided by
        torch.add_(updates, 1);
        if (fused) {
          torch.fusedAdamwTensorLr_([params], [gradient], [first], [second], [], [torch.squeeze(updates, 0)], {
            ...{ lr: torch.squeeze(rate, 0), beta1, beta2, weightDecay, eps: epsilon, amsgrad: false, maximize: false, gradScale: excess },
          });
        } else {
          plainAdamW(torch.div(gradient, excess));
        }
        if (config.average > 0) torch.lerp_(average, params, 1 - config.average);
        else torch.copy_(average, params);
        return norm;
      }),
  };

  function plainAdamW(gradient: torch.Tensor): void {
    torch.lerp_(first, gradient, 1 - beta1);
    torch.lerp_(second, torch.mul(gradient, gradient), 1 - beta2);
    const correction = (beta: number): torch.Tensor => torch.rsub(torch.exp(torch.mul(updates, Math.log(beta))), 1); // 1 − βⁿ
    const spread = torch.add(torch.div(torch.sqrt(second), torch.sqrt(correction(beta2))), epsilon);
    const change = torch.div(torch.div(first, correction(beta1)), spread);
    if (weightDecay > 0) torch.mul_(params, torch.rsub(torch.mul(rate, weightDecay), 1));
    torch.sub_(params, torch.mul(change, rate));
  }
}
