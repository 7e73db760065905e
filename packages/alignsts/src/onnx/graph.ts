/**
 * The port through which the product runs recorded networks (design.md, decision 3): open a model from bytes, run it, close it.
 * onnx/node.ts and onnx/web.ts are the adapters; nothing else imports onnxruntime.
 */
export type Graph = {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** All of the graph's inputs by name; gives all of its outputs by name. Calls must not overlap. */
  run(inputs: Readonly<Record<string, GraphTensor>>): Promise<Record<string, GraphTensor>>;
  close(): Promise<void>;
};

export type GraphTensor = {
  data: Float32Array | Int32Array;
  shape: readonly number[];
};

export type OpenGraphOptions = {
  /** The SHA-256 that the manifest promises, 64 hexadecimal digits. The bytes are refused when theirs is another. */
  sha256: string;
  /** Threads for one run. Default: chosen by the adapter. */
  threads?: number;
  /** Execution providers in order of preference. Default: chosen by the adapter. */
  providers?: readonly ('cpu' | 'cuda' | 'wasm' | 'webgpu')[];
};

export type OpenGraph = (bytes: Uint8Array, options: OpenGraphOptions) => Promise<Graph>;
