/**
 * Functions whose gradient is written in JS, and gradient checkpointing, whose gradient computes the function again. Either is one node in
 * libtorch's graph; native/callbacks.cpp says how its backward reaches JS.
 */
import { autocastState, withAutocast } from './autocast.ts';
import { call, write } from './call.ts';
import type { Device } from './dtype.ts';
import { enableGrad, hooks, noGrad } from './grad.ts';
import { link, nativeAddon } from './libtorch.ts';
import { getRandomState, setRandomState } from './random.ts';
import { scope, tensorsIn } from './scope.ts';
import { adopt, currentWire, freeAll, lifetime, type Tensor } from './tensor.ts';
import { map } from './tree.ts';

/**
 * A function with a gradient of its own. `forward` runs without recording and gives its outputs, and in `saved` what `backward` needs: that
 * lives as long as the graph. `backward` gets the outputs' gradients (null where nothing depends on one) and gives one for each input
 * (null: none).
 * @example const roundStraightThrough = customGradient({
 *   forward: ([x]) => ({ outputs: [round(x!)], saved: [] }),
 *   backward: ([gradient]) => [gradient!],
 * });
 */
export function customGradient(definition: {
  forward: (inputs: readonly Tensor[]) => { outputs: readonly Tensor[]; saved: readonly Tensor[] };
  backward: (gradients: readonly (Tensor | null)[], saved: readonly Tensor[]) => readonly (Tensor | null)[];
}): (...inputs: Tensor[]) => Tensor[] {
  return (...inputs) => {
    const { outputs, saved } = noGrad(() => definition.forward(inputs));
    if (!records(inputs)) return [...outputs];
    const held = hold(saved);
    return attach(outputs, inputs, held, (gradients) => ({ gradients: noGrad(() => definition.backward(gradients, held)) }));
  };
}

export type CheckpointOptions = {
  /** Give the second run the random numbers of the first. Default true; false where `body` draws none, or inside a captured step. */
  preserveRandomState?: boolean;
};

/**
 * Gradient checkpointing (Chen et al. 2016): runs `body` without keeping its intermediates, and computes it a second time when its gradient
 * is needed. Result and gradients are those of `body(...args)`, random numbers and autocast included; memory is that of the arguments and
 * results. Every tensor that is to get a gradient must come in through `args`, which may hold trees.
 * @example const y = checkpoint((params, x) => residualBlock(params, x), [blockParams, x])
 */
export function checkpoint<Args extends readonly unknown[], R>(
  body: (...args: Args) => R,
  args: readonly [...Args],
  options: CheckpointOptions = {},
): R {
  const inputs = [...tensorsIn(args)];
  if (!records(inputs)) return body(...(args as unknown as Args));
  const devices =
    options.preserveRandomState === false ? [] : [...new Set(inputs.map(({ device }) => device))].filter((device) => device !== 'meta');
  const states = devices.map((device) => getRandomState(device));
  const casts = autocastState();
  const first = noGrad(() => scope(() => body(...(args as unknown as Args))));
  const outputs = [...tensorsIn(first)];
  const held = hold([...inputs, ...states]);
  const needs = inputs.map((input) => input.requiresGrad);

  const recompute: Backward = () => {
    // leaves of their own, so that the second graph ends where the first one's node begins
    const leaves = inputs.map((_, i) => {
      const leaf = call('aten::detach', held[i]!) as Tensor;
      if (needs[i]) leaf.requiresGrad = true;
      return leaf;
    });
    const again = map(args as unknown as Args, (tensor) => leaves[inputs.indexOf(tensor)]!);
    const run = (): R => withAutocast(casts, () => enableGrad(() => body(...again)));
    return { outputs: [...tensorsIn(withRandomStates(devices, held.slice(inputs.length), run))], inputs: leaves };
  };
  const attached = attach(outputs, inputs, held, recompute);
  return map(first, (tensor) => attached[outputs.indexOf(tensor)] ?? tensor);
}

/** Whether anything done with these tensors now is recorded. */
function records(inputs: readonly Tensor[]): boolean {
  const native = nativeAddon();
  const on = native.setGradMode(true);
  native.setGradMode(on);
  return on && inputs.some((input) => input.requiresGrad);
}

function withRandomStates<T>(devices: readonly Device[], states: readonly Tensor[], body: () => T): T {
  const before = devices.map((device) => getRandomState(device));
  try {
    for (const [i, device] of devices.entries()) setRandomState(states[i]!, device);
    return body();
  } finally {
    for (const [i, device] of devices.entries()) setRandomState(before[i]!, device);
  }
}

/** What a node's backward gives: gradients, or outputs computed anew and the leaves to differentiate them for. */
type Backward = (
  gradients: readonly (Tensor | null)[],
) => { gradients: readonly (Tensor | null)[] } | { outputs: readonly Tensor[]; inputs: readonly Tensor[] };

/** The functions of the nodes that some graph still holds, each with the tensors that it needs. */
const nodes = new Map<number, { backward: Backward; held: readonly Tensor[] }>();
let nextNode = 1;
/** Tensors of the last reply: C++ reads them after the handler has returned, so they go with the next one. */
let replied: readonly Tensor[] = [];

function attach(outputs: readonly Tensor[], inputs: readonly Tensor[], held: readonly Tensor[], backward: Backward): Tensor[] {
  const native = nativeAddon();
  if (nextNode === 1) {
    native.setBackwardHandler(answer);
    hooks.afterBackward = dropDead;
  }
  dropDead();
  const id = nextNode++;
  nodes.set(id, { backward, held });
  const length = write(inputs, write(outputs, 0));
  const wire = currentWire(native.attachNode(id, length));
  const attached: Tensor[] = [];
  for (let i = 0; i < wire[0]!; i++) attached.push(adopt(wire[2 + 2 * i]!));
  return attached;
}

/** Called by the addon for each node that a backward pass meets. */
function answer(id: number, capacity: number): number {
  const node = nodes.get(id);
  if (!node) throw new Error('a gradient function is gone although its graph is alive');
  // read before anything else is called: freeing uses the wire too
  const handles = readGradients(currentWire(capacity));
  freeAll(replied);
  // the pass belongs to no scope of the caller's: what it makes goes as soon as C++ has taken it
  const { value: reply, made } = collecting(() => node.backward(handles.map((handle) => (handle === 0 ? null : adopt(handle)))));
  replied = made;
  if ('gradients' in reply) return write(reply.gradients, write(false, 0));
  return write(reply.inputs, write(reply.outputs, write(true, 0)));
}

function readGradients(wire: Float64Array): number[] {
  const handles: number[] = [];
  let cursor = 1;
  for (let i = 0; i < wire[0]!; i++) handles.push(wire[cursor++] === 0 ? 0 : wire[cursor++]!);
  return handles;
}

/** Runs `body` and hands out what it made, which belongs to no scope. */
function collecting<T>(body: () => T): { value: T; made: Tensor[] } {
  const outer = lifetime.current;
  const made: Tensor[] = [];
  lifetime.current = made;
  try {
    return { value: body(), made };
  } finally {
    lifetime.current = outer;
  }
}

/** References of the graph's own: the caller's scope may free its tensors before the gradient is wanted. */
function hold(tensors: readonly Tensor[]): Tensor[] {
  return collecting(() => noGrad(() => tensors.map((tensor) => call('aten::detach', tensor) as Tensor))).value;
}

function dropDead(): void {
  if (!link.native || nodes.size === 0) return;
  freeAll(replied);
  replied = [];
  for (const id of link.native.deadNodes()) {
    freeAll(nodes.get(id)?.held ?? []);
    nodes.delete(id);
  }
}
