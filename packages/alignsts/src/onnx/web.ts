import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import type { Graph, OpenGraphOptions } from './graph.ts';
import { checkModel } from './guard.ts';
import { sessionGraph } from './session-graph.ts';

/**
 * The ONNX port in a browser: onnxruntime's WebAssembly, or WebGPU where the caller asks for it. Several threads need a page that is
 * cross-origin isolated (COOP and COEP headers); without, the runtime falls back to one.
 */
export async function openGraph(bytes: Uint8Array, options: OpenGraphOptions): Promise<Graph> {
  await checkModel(bytes, options);
  if (options.threads !== undefined) env.wasm.numThreads = options.threads;
  const session = await InferenceSession.create(bytes, {
    executionProviders: [...(options.providers ?? ['wasm'])],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
  return sessionGraph(session, (data, shape) =>
    data instanceof Float32Array ? new Tensor('float32', data, [...shape]) : new Tensor('int32', data, [...shape]),
  );
}

/** Where the page serves onnxruntime's WebAssembly files from. Call before the first graph is opened; nothing is fetched from elsewhere. */
export function serveRuntimeFrom(folder: string): void {
  env.wasm.wasmPaths = folder;
}
