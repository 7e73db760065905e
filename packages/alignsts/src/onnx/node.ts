import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Graph, OpenGraphOptions } from './graph.ts';
import { checkModel } from './guard.ts';
import { sessionGraph } from './session-graph.ts';

/** The ONNX port in Node: onnxruntime's native library. One thread a core that the process may use, unless told otherwise. */
export async function openGraph(bytes: Uint8Array, options: OpenGraphOptions): Promise<Graph> {
  await checkModel(bytes, options);
  const session = await InferenceSession.create(bytes, {
    executionProviders: [...(options.providers ?? ['cpu'])],
    graphOptimizationLevel: 'all',
    ...(options.threads !== undefined && { intraOpNumThreads: options.threads }),
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  return sessionGraph(session, (data, shape) =>
    data instanceof Float32Array ? new Tensor('float32', data, [...shape]) : new Tensor('int32', data, [...shape]),
  );
}
