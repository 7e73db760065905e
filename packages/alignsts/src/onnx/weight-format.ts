import { toHalf } from './half.ts';
import { bytesOf, type OnnxGraph, type OnnxNode, type OnnxTensor } from './model-file.ts';

/**
 * How the weights lie in the file. float32: as trained. float16: half the size, converted back when the file is opened, same speed.
 * int8: a quarter of the size, and matrix products in integers: each output column has a scale of its own, the other factor is quantised
 * to 8 bits when the graph runs (one scale a call). bench/acoustic-inference.ts prints speed and mel error of each.
 */
export type WeightFormat = 'float32' | 'float16' | 'int8';

/** Tables smaller than this stay as they are: nothing is gained. */
const SMALLEST = 4096;
/** Matrices smaller than this stay floats in int8: first and last layers (80 bins by 256) cost 0.3 % of the work and carry all of the precision. */
const SMALLEST_PRODUCT = 32768;

export function withWeightFormat(graph: OnnxGraph, format: WeightFormat): OnnxGraph {
  if (format === 'float32') return graph;
  const changed = format === 'float16' ? inHalves(graph) : inBytes(graph);
  const used = new Set(changed.nodes.flatMap((node) => node.inputs));
  return { ...changed, tensors: changed.tensors.filter((tensor) => used.has(tensor.name)) };
}

/** Every large float table becomes halves and a cast, which the runtime folds when it opens the file. */
function inHalves(graph: OnnxGraph): OnnxGraph {
  const large = graph.tensors.filter(isLarge);
  const renamed = new Map(large.map(({ name }) => [name, `${name}.float32`]));
  return {
    ...graph,
    tensors: graph.tensors.map((tensor) =>
      isLarge(tensor) ? { ...tensor, type: 'float16' as const, bytes: bytesOf(toHalf(floatsOf(tensor))) } : tensor,
    ),
    nodes: [
      ...large.map(({ name }): OnnxNode => ({ operator: 'Cast', inputs: [name], outputs: [`${name}.float32`], attributes: { to: 1 } })),
      ...graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map((input) => renamed.get(input) ?? input) })),
    ],
  };
}

/** Products with a large constant matrix become integer products. The nodes are ONNX's own; onnxruntime fuses them. */
function inBytes(graph: OnnxGraph): OnnxGraph {
  const tensors = new Map(graph.tensors.map((tensor) => [tensor.name, tensor]));
  const added = new Map<string, OnnxTensor>();
  const quantised = new Set<string>(); // activations that already have their 8-bit form
  const nodes = graph.nodes.flatMap((node): OnnxNode[] => {
    const weight = node.operator === 'MatMul' ? tensors.get(node.inputs[1]!) : undefined;
    if (weight?.type !== 'float32' || weight.shape.length !== 2 || weight.bytes.length / 4 < SMALLEST_PRODUCT) return [node];
    const { bytes, scale } = quantiseColumns(weight);
    added.set(bytes.name, bytes);
    added.set(scale.name, scale);
    const input = node.inputs[0]!;
    const output = node.outputs[0]!;
    const first: OnnxNode[] = quantised.has(input)
      ? []
      : [
          {
            operator: 'DynamicQuantizeLinear',
            inputs: [input],
            outputs: [`${input}.u8`, `${input}.scale`, `${input}.zero`],
            attributes: {},
          },
        ];
    quantised.add(input);
    return [
      ...first,
      { operator: 'MatMulInteger', inputs: [`${input}.u8`, bytes.name, `${input}.zero`], outputs: [`${output}.i32`], attributes: {} },
      { operator: 'Cast', inputs: [`${output}.i32`], outputs: [`${output}.f32`], attributes: { to: 1 } },
      { operator: 'Mul', inputs: [`${input}.scale`, scale.name], outputs: [`${output}.scale`], attributes: {} },
      { operator: 'Mul', inputs: [`${output}.f32`, `${output}.scale`], outputs: [output], attributes: {} },
    ];
  });
  return { ...graph, nodes, tensors: [...graph.tensors, ...added.values()] };
}

/** Symmetric 8-bit columns: w[r, c] ≈ q[r, c]·scale[c], |q| ≤ 127. */
function quantiseColumns(weight: OnnxTensor): { bytes: OnnxTensor; scale: OnnxTensor } {
  const values = floatsOf(weight);
  const columns = weight.shape[1]!;
  const scale = new Float32Array(columns);
  for (let start = 0; start < values.length; start += columns) {
    for (let c = 0; c < columns; c++) scale[c] = Math.max(scale[c]!, Math.abs(values[start + c]!) / 127);
  }
  const bytes = new Int8Array(values.length);
  for (let start = 0; start < values.length; start += columns) {
    // a column of zeros has no step
    for (let c = 0; c < columns; c++) bytes[start + c] = scale[c] === 0 ? 0 : Math.round(values[start + c]! / scale[c]!);
  }
  return {
    bytes: { name: `${weight.name}.int8`, type: 'int8', shape: weight.shape, bytes: bytesOf(bytes) },
    scale: { name: `${weight.name}.scale`, type: 'float32', shape: [columns], bytes: bytesOf(scale) },
  };
}

function isLarge(tensor: OnnxTensor): boolean {
  return tensor.type === 'float32' && tensor.bytes.length / 4 >= SMALLEST;
}

function floatsOf(tensor: OnnxTensor): Float32Array {
  return new Float32Array(tensor.bytes.buffer, tensor.bytes.byteOffset, tensor.bytes.length / 4);
}
