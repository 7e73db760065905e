import * as torch from '@alignsts/torch';
import {
  type AlignstsModel,
  type AlignstsParams,
  blockConfigs,
  createSchedule,
  type DenoiserParams,
  ddimStep,
  denoise,
  diffuse,
  distillationTarget,
  type FloatArray,
  initDenoiser,
  l1Loss,
  mapTree,
  projectCondition,
  trainingCondition,
  type VectorQuantizerState,
  type Weight,
} from 'alignsts/model';
import type { Objective } from './objective.ts';

/**
 * The fast decoder: ProDiff's two-step student (Huang et al. 2022; spec B1). The teacher, frozen, takes two deterministic steps of one level;
 * the student learns to get there in one, with L1 alone. Only the denoiser is trained; start the trainer from the teacher's.
 */
export function studentObjective(
  config: AlignstsModel,
  teacher: { params: AlignstsParams<FloatArray>; quantizer: VectorQuantizerState<FloatArray> },
  device: torch.Device = 'cpu',
): Objective<{ denoiser: DenoiserParams<Weight> }> {
  const { decoder } = config.model;
  if (decoder.kind !== 'diffusion') throw new Error('Only a diffusion decoder has steps to distil.');
  const schedule = createSchedule(decoder);
  const { stride } = config.student;
  const { mean, scale } = decoder.normalise ?? { mean: 0, scale: 1 };
  const onDevice = ({ data, shape }: FloatArray): torch.Tensor => torch.keep(torch.fromTypedArray(data, shape, { device }));
  const frozen: AlignstsParams<torch.Tensor> = mapTree(teacher.params, onDevice);
  const quantizer: VectorQuantizerState<torch.Tensor> = mapTree(teacher.quantizer, onDevice);

  return {
    params: { denoiser: initDenoiser(blockConfigs(config).denoiser!) },
    buffers: {},
    loss(ops, params, _, batch, draw) {
      const f = ops.full;
      const clean = f.div(f.sub(batch.mel, mean), scale);
      const { target, noisy, to, projected, mask } = torch.noGrad(() => {
        const { condition, mask: real } = trainingCondition(ops, config, frozen, quantizer, batch, batch);
        // levels stride, 2·stride, …, steps; each step of the student ends `stride` below
        const from = torch.mul(torch.add(draw.integers(Math.floor(decoder.steps / stride), [batch.lengths.shape[0]!]), 1), stride);
        const x = diffuse(f, schedule, clean, from, draw.normalLike(clean));
        const teacherView = projectCondition(ops, frozen.denoiser!, condition);
        let [stepped, level] = [x, from];
        for (let k = 0; k < stride; k++) {
          const seen = f.toFloat(denoise(ops, config, frozen, stepped, level, teacherView, real));
          const below = torch.sub(level, 1);
          [stepped, level] = [ddimStep(f, schedule, stepped, seen, level, below), below];
        }
        return { target: distillationTarget(f, schedule, x, stepped, from, level), noisy: x, to: level, projected: condition, mask: real };
      });
      const view = projectCondition(ops, params.denoiser, projected);
      const predicted = denoise(ops, config, { ...frozen, denoiser: params.denoiser }, noisy, to, view, mask);
      const total = f.mul(l1Loss(f, f.toFloat(predicted), target, f.toFloat(mask)), scale);
      return { total, terms: { l1: total }, buffers: {} };
    },
  };
}
