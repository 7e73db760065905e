/**
 * A training step recorded once as a CUDA graph and replayed: the GPU gets its thousands of kernels in one launch, so the host's pace no
 * longer matters. Around it everything stays as in the eager loop.
 */
import { call } from './call.ts';
import { Event, gpu, Stream } from './cuda.ts';
import { noGrad } from './grad.ts';
import type { Generator } from './random.ts';
import { keep, scope, tensorsIn } from './scope.ts';
import { freeAll, leaveToCollector, lifetime, type Tensor } from './tensor.ts';
import * as tree from './tree.ts';

export type CaptureOptions = {
  /** Eager runs before the recording, in which libraries choose algorithms and allocate. Default 3. */
  warmup?: number;
  /** Trees of tensors that the warm-up must not change, parameters and optimizer state: they are put back to what they were. */
  preserve?: unknown;
  /** Generators other than the default one that the step draws from. */
  generators?: readonly Generator[];
  /** Record at all. Default: where the inputs lie on a GPU; on a CPU the step runs as it is. */
  enabled?: boolean;
};

/**
 * Turns `step(inputs)` into a function that replays it. `inputs` is a tree of tensors of fixed shapes: each call copies its arguments into
 * the recorded ones, and returns the recorded results, which the next call overwrites.
 * Inside, nothing may wait for the GPU (`item()`, `toTypedArray()`), and no value that JS computes changes from call to call: pass it as a tensor.
 * @example const step = captureStep(trainStep, exampleBatch, { preserve: [params, optimizer.state] });
 *          for (const batch of batches) losses.push(step(batch).loss.item());
 */
export function captureStep<I, O>(
  step: (inputs: I) => O,
  example: I,
  options: CaptureOptions = {},
): ((inputs: I) => O) & { dispose(): void } {
  const onGpu = tree.flatten(example).some(({ device }) => device.startsWith('cuda'));
  if (!(options.enabled ?? onGpu)) {
    return Object.assign((inputs: I) => scope(() => step(inputs)), { dispose: () => undefined });
  }
  const native = gpu();
  const { warmup = 3, preserve, generators = [] } = options;
  const buffers = outsideScopes(() => tree.map(example, (tensor) => noGrad(() => call('aten::clone', tensor) as Tensor)));
  const flat = tree.flatten(buffers);

  // recording needs a stream of its own; what is queued there starts after what the caller has queued so far
  const stream = new Stream();
  const started = new Event().record();
  const graph = native.cudaGraph();
  const outputs = stream.run(() => {
    started.wait();
    withPreserved(preserve, () => {
      for (let i = 0; i < warmup; i++) scope(() => void step(buffers));
      stream.synchronize();
    });
    stream.synchronize();
    native.cudaBeginCapture(graph, ...generators.map(({ handle }) => handle));
    try {
      const results = outsideScopes(() => scope(() => step(buffers)));
      native.cudaEndCapture(graph);
      return results;
    } catch (error) {
      native.cudaAbandonCapture(graph);
      throw new Error(
        `the step could not be recorded as a CUDA graph: ${(error as Error).message}\nInside a captured step nothing may wait for the GPU, such as item() or toTypedArray()`,
        { cause: error },
      );
    }
  });
  stream.synchronize();

  const replay = (inputs: I): O => {
    const given = tree.flatten(inputs);
    if (given.length !== flat.length) throw new Error(`the captured step takes ${flat.length} tensors, got ${given.length}`);
    noGrad(() => {
      for (const [i, buffer] of flat.entries()) {
        const tensor = given[i]!;
        if (tensor === buffer) continue;
        // copy_ would broadcast silently
        if (String(tensor.shape) !== String(buffer.shape)) {
          throw new Error(`the captured step was recorded with ${buffer}, got ${tensor}: record one step for each shape`);
        }
        call('aten::copy_', buffer, tensor, true);
      }
    });
    native.cudaReplay(graph);
    return outputs;
  };
  const dispose = (): void => {
    native.cudaFreeGraph(graph);
    freeAll([...flat, ...tensorsIn(outputs)]);
  };
  return Object.assign(replay, { dispose });
}

/** The state is saved by value before the warm-up and copied back afterwards, into the same memory. */
function withPreserved(preserve: unknown, body: () => void): void {
  const tensors = [...tensorsIn(preserve)];
  const saved = noGrad(() => outsideScopes(() => tensors.map((tensor) => call('aten::clone', tensor) as Tensor)));
  body();
  noGrad(() => {
    for (const [i, tensor] of tensors.entries()) call('aten::copy_', tensor, saved[i]!);
  });
  freeAll(saved);
}

/** What is made here lives on: a captured step's tensors are the graph's memory. */
function outsideScopes<T>(body: () => T): T {
  const outer = lifetime.current;
  lifetime.current = [];
  try {
    const made = body();
    for (const tensor of lifetime.current) leaveToCollector(tensor);
    return keep(made);
  } finally {
    lifetime.current = outer;
  }
}
