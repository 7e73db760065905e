import type { Ops } from 'alignsts/model';
import { createRecorder, type GraphTensor, type Recorded, sha256, writeModel } from 'alignsts/onnx';
import { openGraph } from 'alignsts/onnx/node';

/**
 * Runs a few operators on numbers: records them as a graph and runs it. Axes whose size has a name in `open` are recorded without a size, as
 * batch and time axes are in the product.
 */
export async function runRecorded<Name extends string>(
  inputs: Record<Name, GraphTensor>,
  build: (ops: Ops<Recorded>, x: Record<Name, Recorded>) => Record<string, Recorded>,
  open: Partial<Record<Name, readonly (string | undefined)[]>> = {},
): Promise<Record<string, GraphTensor>> {
  const recorder = createRecorder();
  const recorded = {} as Record<Name, Recorded>;
  for (const [name, { data, shape }] of Object.entries(inputs) as [Name, GraphTensor][]) {
    const sizes = shape.map((size, axis) => open[name]?.[axis] ?? size);
    recorded[name] = recorder.input(name, data instanceof Float32Array ? 'float32' : 'int32', sizes);
  }
  for (const [name, x] of Object.entries(build(recorder.ops, recorded))) recorder.output(name, x);
  const graph = recorder.graph('test');
  const bytes = writeModel({ ...graph, inputs: graph.inputs });
  const opened = await openGraph(bytes, { sha256: await sha256(bytes), threads: 1 });
  try {
    return await opened.run(inputs);
  } finally {
    await opened.close();
  }
}

/** A float tensor from a nested list or flat numbers. */
export function floats(data: ArrayLike<number>, shape: readonly number[] = [data.length]): GraphTensor {
  return { data: Float32Array.from(data), shape };
}

export function whole(data: ArrayLike<number>, shape: readonly number[] = [data.length]): GraphTensor {
  return { data: Int32Array.from(data), shape };
}
