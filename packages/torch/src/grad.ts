/** Gradients through libtorch's autograd, and the scopes that record none. */
import { write } from './call.ts';
import { link, nativeAddon } from './libtorch.ts';
import { adopt, currentWire, type Tensor } from './tensor.ts';

export type BackwardOptions = {
  /** Gradients of the outputs; only scalars may go without. */
  gradOutputs?: readonly Tensor[];
  /** Accumulate into these tensors alone; by default into every leaf that requires gradients. */
  inputs?: readonly Tensor[];
  /** Keep the graph for another pass. Default false: its memory goes as the pass walks it. */
  retainGraph?: boolean;
  /** Record the pass itself, for second derivatives. */
  createGraph?: boolean;
};

/** Adds the gradient of `outputs` to `.grad` of every leaf behind it. @throws Error when nothing requires gradients, or a non-scalar has no gradOutputs. */
export function backward(outputs: Tensor | readonly Tensor[], options: BackwardOptions = {}): void {
  const native = nativeAddon();
  let position = write(asList(outputs), 0);
  position = write(options.gradOutputs, position);
  position = write(options.inputs, position);
  position = write(options.retainGraph, position);
  position = write(options.createGraph, position);
  native.backward(position);
  hooks.afterBackward?.();
}

export type GradOptions = Omit<BackwardOptions, 'inputs'> & {
  /** An input that no output depends on gives null instead of an error. */
  allowUnused?: boolean;
};

/** The gradients of `outputs` with respect to `inputs`; nothing is accumulated. */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
  options: GradOptions & { allowUnused: true },
): (Tensor | null)[];
export function grad(outputs: Tensor | readonly Tensor[], inputs: readonly Tensor[], options?: GradOptions): Tensor[];
export function grad(outputs: Tensor | readonly Tensor[], inputs: readonly Tensor[], options: GradOptions = {}): (Tensor | null)[] {
  const native = nativeAddon();
  let position = write(asList(outputs), 0);
  position = write(inputs, position);
  position = write(options.gradOutputs, position);
  position = write(options.retainGraph, position);
  position = write(options.createGraph, position);
  position = write(options.allowUnused, position);
  const wire = currentWire(native.grad(position));
  const gradients: (Tensor | null)[] = [];
  let cursor = 1;
  for (let i = 0; i < wire[0]!; i++) {
    if (wire[cursor++] === 0) gradients.push(null);
    else gradients.push(adopt(wire[cursor++]!));
  }
  hooks.afterBackward?.();
  return gradients;
}

/** Runs `body` without recording for gradients: weight updates, validation. */
export function noGrad<T>(body: () => T): T {
  return withGradMode(false, body);
}

/** Records again inside a `noGrad`. */
export function enableGrad<T>(body: () => T): T {
  return withGradMode(true, body);
}

/** Like `noGrad`, and faster: tensors made inside can never take part in recording. */
export function inferenceMode<T>(body: () => T): T {
  const native = nativeAddon();
  native.enterInferenceMode();
  try {
    return synchronous('inferenceMode', body());
  } finally {
    native.leaveInferenceMode();
  }
}

function withGradMode<T>(on: boolean, body: () => T): T {
  const native = nativeAddon();
  const before = native.setGradMode(on);
  try {
    return synchronous('noGrad', body());
  } finally {
    native.setGradMode(before);
  }
}

/** A mode that ends when the function returns says nothing about what an async one does later. */
export function synchronous<T>(name: string, result: T): T {
  if (result instanceof Promise)
    throw new Error(`${name}() takes a synchronous function: what runs after its first await would be outside`);
  return result;
}

/** What custom-gradient.ts does when a pass is over; set by it alone, since this file knows nothing of it. */
export const hooks: { afterBackward: (() => void) | undefined } = { afterBackward: undefined };

function asList(tensors: Tensor | readonly Tensor[]): readonly Tensor[] {
  return Array.isArray(tensors) ? (tensors as readonly Tensor[]) : [tensors as Tensor];
}

/** Number of tensors that are alive in libtorch on this thread: what a leak test watches. */
export function liveTensors(): number {
  return link.native ? link.native.liveTensors() : 0;
}
