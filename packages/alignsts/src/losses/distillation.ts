import { lookUpLevel } from '../model/diffusion-decoder/diffuse.ts';
import type { Schedule } from '../model/diffusion-decoder/schedule.ts';
import type { Ops } from '../model/ops.ts';

/**
 * ProDiff's teacher-to-student step (Huang et al. 2022; Salimans and Ho 2022; spec B1): from x_t the teacher takes two deterministic
 * DDIM steps of one level; the student, at level t − 2, must predict the clean mel that would take it to the same place in one.
 */

/** One DDIM step: x' = √ᾱ'·x̂0 + (σ'/σ)·(x − √ᾱ·x̂0), from the level `from` of each item to `to`. */
export function ddimStep<T>(ops: Ops<T>, schedule: Schedule, noisy: T, clean: T, from: T /* [B] */, to: T /* [B] */): T {
  const signal = (level: T): T => lookUpLevel(ops, schedule.signal, level);
  const noise = (level: T): T => lookUpLevel(ops, schedule.noise, level);
  const direction = ops.mul(ops.sub(noisy, ops.mul(clean, signal(from))), ops.div(noise(to), noise(from)));
  return ops.add(ops.mul(clean, signal(to)), direction);
}

/** The clean mel the student learns: (x'' − (σ''/σ)·x_t) / (√ᾱ'' − (σ''/σ)·√ᾱ_t). */
export function distillationTarget<T>(ops: Ops<T>, schedule: Schedule, noisy: T, twiceStepped: T, from: T, to: T): T {
  const signal = (level: T): T => lookUpLevel(ops, schedule.signal, level);
  const ratio = ops.div(lookUpLevel(ops, schedule.noise, to), lookUpLevel(ops, schedule.noise, from));
  return ops.div(ops.sub(twiceStepped, ops.mul(noisy, ratio)), ops.sub(signal(to), ops.mul(ratio, signal(from))));
}
