import { InputError } from '@alignsts/signal';
import type { OpenGraphOptions } from './graph.ts';
import { decodeText, type Field, readFields } from './protobuf.ts';
import { sha256 } from './sha256.ts';

/**
 * What stands between a downloaded model and the runtime (design.md, decision 5): the bytes must have the promised hash, must keep all tensors
 * inside (external data has let models read files three times: CVE-2022-25882, CVE-2024-27318, CVE-2026-27489), and may use only operators of
 * ONNX itself and the runtime's own.
 *
 * @throws InputError that says which promise is broken
 */
export async function checkModel(bytes: Uint8Array, { sha256: promised }: Pick<OpenGraphOptions, 'sha256'>): Promise<void> {
  const found = await sha256(bytes);
  if (found !== promised.toLowerCase()) {
    throw new InputError(
      `The model's SHA-256 is ${found}, but ${promised} is expected: it is damaged or not the one that was meant. Fetch it again, or run alignsts verify.`,
    );
  }
  refuseForeignParts(bytes);
}

/** Refuses external data, foreign operator domains, and what is no ONNX file at all. */
export function refuseForeignParts(bytes: Uint8Array): void {
  try {
    const model = readFields(bytes);
    const graphs = model.filter(({ field }) => field === MODEL.graph);
    if (graphs.length === 0) throw new Error('It has no graph.');
    for (const graph of graphs) checkGraph(graph.bytes!);
    for (const opset of model.filter(({ field }) => field === MODEL.opset)) checkDomain(opset);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(`The model is no readable ONNX file: ${reason} Fetch it again.`);
  }
}

function checkDomain(opset: Field): void {
  const domain = readFields(opset.bytes!).find(({ field }) => field === 1)?.bytes;
  const name = domain === undefined ? '' : decodeText(domain);
  if (!['', 'ai.onnx', 'com.microsoft'].includes(name)) {
    throw new InputError(`The model uses operators of "${name}". Only ONNX's own and onnxruntime's are run.`);
  }
}

const MODEL = { graph: 7, opset: 8 };
const GRAPH = { node: 1, initializer: 5, sparseInitializer: 15 };
const NODE = { attribute: 5 };
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11 };
const TENSOR = { externalData: 13, dataLocation: 14 };

function checkGraph(graph: Uint8Array): void {
  for (const { field, bytes } of readFields(graph)) {
    if (field === GRAPH.sparseInitializer)
      throw new InputError('The model holds sparse tensors, which this project never writes. It is refused.');
    if (field === GRAPH.initializer) checkTensor(bytes!);
    if (field === GRAPH.node) checkNode(bytes!);
  }
}

function checkNode(node: Uint8Array): void {
  for (const attribute of readFields(node).filter(({ field }) => field === NODE.attribute)) {
    for (const { field, bytes } of readFields(attribute.bytes!)) {
      if (bytes === undefined) continue;
      if (field === ATTRIBUTE.tensor || field === ATTRIBUTE.tensors) checkTensor(bytes);
      if (field === ATTRIBUTE.graph || field === ATTRIBUTE.graphs) checkGraph(bytes);
    }
  }
}

function checkTensor(tensor: Uint8Array): void {
  for (const { field, integer } of readFields(tensor)) {
    if (field === TENSOR.externalData || (field === TENSOR.dataLocation && integer !== 0n)) {
      throw new InputError('The model keeps tensors in other files. Only models whose tensors lie inside are opened.');
    }
  }
}
