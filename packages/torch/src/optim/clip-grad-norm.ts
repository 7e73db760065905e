/** Gradient clipping by global norm (Pascanu et al. 2013): if the norm of all gradients together exceeds a bound, all are scaled down to it. */
import { call, hasOperator } from '../call.ts';
import { noGrad } from '../grad.ts';
import { scope } from '../scope.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Scales `gradients` in place so that their common L2 norm is at most `maxNorm`, and returns the norm before that, as a tensor: nothing
 * here waits for the GPU, so it may stand inside a captured step.
 */
export function clipGradNorm(gradients: readonly (Tensor | null)[], maxNorm: number): Tensor {
  if (!(maxNorm > 0)) throw new Error(`maxNorm is ${maxNorm}: expected a number above 0`);
  const present = gradients.filter((gradient) => gradient !== null);
  if (present.length === 0) throw new Error('clipGradNorm() got no gradients');
  return noGrad(() =>
    scope(() => {
      const norms = call('aten::_foreach_norm.Scalar', present, 2) as Tensor[];
      const total = call('aten::linalg_vector_norm', call('aten::stack', norms)) as Tensor;
      // 1e-6 keeps the quotient finite for zero gradients, as PyTorch's clip_grad_norm_ does
      const wanted = call(
        'aten::reciprocal',
        call('aten::div.Scalar', call('aten::add.Scalar', total, 1e-6) as Tensor, maxNorm) as Tensor,
      ) as Tensor;
      const factor = call('aten::clamp', wanted, null, 1) as Tensor;
      if (hasOperator('aten::_foreach_mul_.Tensor')) call('aten::_foreach_mul_.Tensor', present, factor);
      else for (const gradient of present) call('aten::mul_.Tensor', gradient, factor);
      return total;
    }),
  );
}
