import { type MessageWriter, writeMessage } from './protobuf.ts';

/**
 * An ONNX graph as plain data, and its file (onnx.proto3, IR version 8). Tensors lie inside the file: external data, which has been a door for
 * attacks three times, is neither written nor accepted (see guard.ts).
 */
export type ElementType = 'float32' | 'float16' | 'int8' | 'uint8' | 'int32' | 'int64' | 'bool';

/** A size in a shape: a number, or the name of an axis that is known only at run time. */
export type Size = number | string;

export type OnnxTensor = { name: string; type: ElementType; shape: readonly number[]; bytes: Uint8Array };

export type Attribute = number | { float: number } | string | readonly number[];

export type OnnxNode = {
  operator: string;
  domain?: string;
  inputs: readonly string[]; // '' = left out
  outputs: readonly string[];
  attributes: Readonly<Record<string, Attribute>>;
};

export type OnnxValue = { name: string; type: ElementType; shape: readonly Size[] };

export type OnnxGraph = {
  name: string;
  inputs: OnnxValue[];
  outputs: OnnxValue[];
  nodes: OnnxNode[];
  tensors: OnnxTensor[];
};

export const OPSET = 18;
const IR_VERSION = 8;

const ELEMENT_CODES: Record<ElementType, number> = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 };

/** @param metadata texts stored in the file, such as the configuration's name */
export function writeModel(graph: OnnxGraph, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const domains = [...new Set(graph.nodes.map((node) => node.domain ?? ''))];
  return writeMessage((model) => {
    model.integer(1, IR_VERSION);
    model.text(2, 'alignsts');
    model.message(7, (inner) => writeGraph(inner, graph));
    for (const domain of domains) {
      model.message(8, (opset) => {
        opset.text(1, domain);
        opset.integer(2, domain === '' ? OPSET : 1);
      });
    }
    for (const [key, value] of Object.entries(metadata)) {
      model.message(14, (entry) => {
        entry.text(1, key);
        entry.text(2, value);
      });
    }
  });
}

function writeGraph(writer: MessageWriter, graph: OnnxGraph): void {
  graph.nodes.forEach((node, index) => {
    writer.message(1, (inner) => writeNode(inner, node, index));
  });
  writer.text(2, graph.name);
  for (const tensor of graph.tensors) {
    writer.message(5, (inner) => {
      inner.integers(1, tensor.shape);
      inner.integer(2, ELEMENT_CODES[tensor.type]);
      inner.text(8, tensor.name);
      inner.bytes(9, tensor.bytes);
    });
  }
  for (const value of graph.inputs) writer.message(11, (inner) => writeValue(inner, value));
  for (const value of graph.outputs) writer.message(12, (inner) => writeValue(inner, value));
}

function writeNode(writer: MessageWriter, node: OnnxNode, index: number): void {
  for (const input of node.inputs) writer.text(1, input);
  for (const output of node.outputs) writer.text(2, output);
  writer.text(3, `${node.operator}_${index}`);
  writer.text(4, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) {
    writer.message(5, (attribute) => {
      attribute.text(1, name);
      writeAttribute(attribute, value);
    });
  }
  if (node.domain !== undefined) writer.text(7, node.domain);
}

function writeAttribute(writer: MessageWriter, value: Attribute): void {
  if (typeof value === 'number') {
    writer.integer(3, value);
    writer.integer(20, 2);
  } else if (typeof value === 'string') {
    writer.text(4, value);
    writer.integer(20, 3);
  } else if ('float' in value) {
    writer.float(2, value.float);
    writer.integer(20, 1);
  } else {
    writer.integers(8, value);
    writer.integer(20, 7);
  }
}

function writeValue(writer: MessageWriter, value: OnnxValue): void {
  writer.text(1, value.name);
  writer.message(2, (type) => {
    type.message(1, (tensor) => {
      tensor.integer(1, ELEMENT_CODES[value.type]);
      tensor.message(2, (shape) => {
        for (const size of value.shape) {
          shape.message(1, (dimension) => {
            if (typeof size === 'number') dimension.integer(1, size);
            else dimension.text(2, size);
          });
        }
      });
    });
  });
}

/** Little-endian bytes of a table, as ONNX stores them. Every platform JavaScript runs on today is little-endian. */
export function bytesOf(values: Float32Array | Int32Array | BigInt64Array | Uint16Array | Int8Array | Uint8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
