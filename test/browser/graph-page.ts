/** What the page does: opens a model's bytes with onnxruntime's WebAssembly and runs it. Numbers come and go as base64. */
import { openGraph, serveRuntimeFrom } from 'alignsts/onnx/web';

export type Encoded = { type: 'float32' | 'int32'; shape: readonly number[]; base64: string };

export async function run(
  model: string,
  sha256: string,
  threads: number,
  inputs: Record<string, Encoded>,
): Promise<Record<string, Encoded>> {
  serveRuntimeFrom('/runtime/');
  const bytes = new Uint8Array(await (await fetch(model)).arrayBuffer());
  const graph = await openGraph(bytes, { sha256, threads });
  try {
    const outputs = await graph.run(Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, decoded(value)])));
    return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, encoded(value)]));
  } finally {
    await graph.close();
  }
}

type Numbers = { data: Float32Array | Int32Array; shape: readonly number[] };

function decoded({ type, shape, base64 }: Encoded): Numbers {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return { shape, data: type === 'float32' ? new Float32Array(bytes.buffer) : new Int32Array(bytes.buffer) };
}

function encoded({ data, shape }: Numbers): Encoded {
  let text = '';
  for (const byte of new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) text += String.fromCharCode(byte);
  return { type: data instanceof Float32Array ? 'float32' : 'int32', shape, base64: btoa(text) };
}
