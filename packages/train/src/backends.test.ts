import '../../../test/support/one-thread.ts';
import { createRandom } from '@alignsts/signal';
import * as torch from '@alignsts/torch';
import type { Ops, RecurrentParams } from 'alignsts/model';
import type { GraphTensor, Recorded } from 'alignsts/onnx';
import { describe, expect, test } from 'vitest';
import { floats, runRecorded, whole } from '../../../test/support/run-recorded.ts';
import { createLibtorchOps } from './ops-libtorch.ts';

/** One definition, two backends: each operator of Ops, recorded and run by onnxruntime, gives what libtorch gives. */
type Inputs = Record<string, GraphTensor>;
type Case = {
  inputs: Inputs;
  /** Inputs whose values the recorder must know, as it knows weights. */
  weights?: Inputs;
  run: <T>(ops: Ops<T>, x: Record<string, T>) => T;
};

const random = createRandom(9);
const normal = (...shape: number[]): GraphTensor =>
  floats(
    Float32Array.from({ length: size(shape) }, () => random.normal()),
    shape,
  );
const positive = (...shape: number[]): GraphTensor =>
  floats(
    Float32Array.from({ length: size(shape) }, () => 0.1 + random.uniform()),
    shape,
  );
const size = (shape: number[]): number => shape.reduce((product, length) => product * length, 1);
const recurrent = (inputs: number, hidden: number, gates: number): Inputs => ({
  inputWeight: normal(gates * hidden, inputs),
  hiddenWeight: normal(gates * hidden, hidden),
  inputBias: normal(gates * hidden),
  hiddenBias: normal(gates * hidden),
});

const x = normal(2, 7, 6);
const cases: Record<string, Case> = {
  add: { inputs: { x, y: normal(2, 1, 6) }, run: (ops, { x, y }) => ops.add(x!, y!) },
  'add with a factor': { inputs: { x, y: normal(6) }, run: (ops, { x, y }) => ops.add(x!, y!, -0.3) },
  'add a number': { inputs: { x }, run: (ops, { x }) => ops.add(x!, 2.5) },
  sub: { inputs: { x, y: normal(7, 6) }, run: (ops, { x, y }) => ops.sub(x!, y!) },
  'sub from a number': { inputs: { x }, run: (ops, { x }) => ops.sub(1, x!) },
  mul: { inputs: { x, y: normal(2, 7, 1) }, run: (ops, { x, y }) => ops.mul(x!, y!) },
  div: { inputs: { x, y: positive(2, 7, 6) }, run: (ops, { x, y }) => ops.div(x!, y!) },
  addcmul: { inputs: { x, y: normal(2, 1, 6), z: normal(2, 7, 1) }, run: (ops, { x, y, z }) => ops.addcmul(x!, y!, z!) },
  clamp: { inputs: { x }, run: (ops, { x }) => ops.clamp(x!, -0.5, 0.7) },
  'clamp from below': { inputs: { x }, run: (ops, { x }) => ops.clamp(x!, 0.1, Number.POSITIVE_INFINITY) },
  floor: { inputs: { x }, run: (ops, { x }) => ops.floor(x!) },
  abs: { inputs: { x }, run: (ops, { x }) => ops.abs(x!) },
  exp: { inputs: { x }, run: (ops, { x }) => ops.exp(x!) },
  log: { inputs: { x: positive(3, 4) }, run: (ops, { x }) => ops.log(x!) },
  sqrt: { inputs: { x: positive(3, 4) }, run: (ops, { x }) => ops.sqrt(x!) },
  sin: { inputs: { x }, run: (ops, { x }) => ops.sin(x!) },
  cos: { inputs: { x }, run: (ops, { x }) => ops.cos(x!) },
  lt: { inputs: { x, y: normal(2, 7, 6) }, run: (ops, { x, y }) => ops.toFloat(ops.lt(x!, y!)) },
  ge: { inputs: { x }, run: (ops, { x }) => ops.toFloat(ops.ge(x!, 0.2)) },
  eq: { inputs: { x: whole([1, 2, 3, 2]) }, run: (ops, { x }) => ops.toFloat(ops.eq(ops.toFloat(x!), 2)) },
  maskedFill: { inputs: { x }, run: (ops, { x }) => ops.maskedFill(x!, ops.lt(x!, 0), -7) },
  where: { inputs: { x, y: normal(2, 1, 6) }, run: (ops, { x, y }) => ops.where(ops.ge(x!, 0), x!, y!) },
  relu: { inputs: { x }, run: (ops, { x }) => ops.relu(x!) },
  leakyRelu: { inputs: { x }, run: (ops, { x }) => ops.leakyRelu(x!, 0.2) },
  gelu: { inputs: { x }, run: (ops, { x }) => ops.gelu(x!) },
  mish: { inputs: { x }, run: (ops, { x }) => ops.mish(x!) },
  sigmoid: { inputs: { x }, run: (ops, { x }) => ops.sigmoid(x!) },
  tanh: { inputs: { x }, run: (ops, { x }) => ops.tanh(x!) },
  softmax: { inputs: { x }, run: (ops, { x }) => ops.softmax(x!, 1) },
  'softmax with masked keys': {
    inputs: { x },
    run: (ops, { x }) => ops.softmax(ops.maskedFill(x!, ops.ge(x!, 1), Number.NEGATIVE_INFINITY), 2),
  },
  logSoftmax: { inputs: { x }, run: (ops, { x }) => ops.logSoftmax(x!, 2) },
  'dropout at rest': { inputs: { x }, run: (ops, { x }) => ops.dropout2d(ops.dropout(ops.detach(x!), 0.5), 0.5) },
  sum: { inputs: { x }, run: (ops, { x }) => ops.sum(x!, [0, 2], false) },
  mean: { inputs: { x }, run: (ops, { x }) => ops.mean(x!, [1], true) },
  cumsum: { inputs: { x }, run: (ops, { x }) => ops.cumsum(x!, 1) },
  argmax: { inputs: { x }, run: (ops, { x }) => ops.toFloat(ops.argmax(x!, 2)) },
  arange: { inputs: { x }, run: (ops, { x }) => ops.arange(x!, 1) },
  transpose: { inputs: { x }, run: (ops, { x }) => ops.transpose(x!, 0, 2) },
  'squeeze and unsqueeze': { inputs: { x }, run: (ops, { x }) => ops.squeeze(ops.unsqueeze(ops.unsqueeze(x!, 3), 0), 0) },
  unflatten: { inputs: { x }, run: (ops, { x }) => ops.unflatten(x!, 2, [2, -1]) },
  flatten: { inputs: { x }, run: (ops, { x }) => ops.flatten(x!, 1, 2) },
  cat: { inputs: { x, y: normal(2, 3, 6) }, run: (ops, { x, y }) => ops.cat([x!, y!, x!], 1) },
  narrow: { inputs: { x }, run: (ops, { x }) => ops.narrow(x!, 2, 1, 4) },
  narrowLike: { inputs: { x, y: normal(2, 3, 6) }, run: (ops, { x, y }) => ops.narrowLike(x!, y!, 1) },
  chunk: { inputs: { x }, run: (ops, { x }) => ops.cat(ops.chunk(x!, 3, 2).reverse(), 2) },
  'chunk of an open axis': { inputs: { x: normal(4, 3) }, run: (ops, { x }) => ops.cat(ops.chunk(x!, 2, 0).reverse(), 0) },
  pad: { inputs: { x }, run: (ops, { x }) => ops.pad(x!, 1, 2, 3, 0.5) },
  repeatInterleave: { inputs: { x }, run: (ops, { x }) => ops.repeatInterleave(x!, 3, 1) },
  slice: { inputs: { x }, run: (ops, { x }) => ops.slice(x!, 1, 1, 2) },
  expandLike: { inputs: { x: normal(2, 1, 6), y: normal(2, 5, 6) }, run: (ops, { x, y }) => ops.expandLike(x!, y!) },
  embedding: {
    inputs: { ids: whole([3, 0, 4, 4, 1, 2], [2, 3]) },
    weights: { table: normal(5, 4) },
    run: (ops, { table, ids }) => ops.embedding(table!, ids!),
  },
  takeAlong: { inputs: { x, ids: whole([6, 0, 3, 3, 1, 2], [2, 3]) }, run: (ops, { x, ids }) => ops.takeAlong(x!, ops.toIndex(ids!)) },
  'toIndex cuts towards zero': { inputs: { x }, run: (ops, { x }) => ops.toFloat(ops.toIndex(ops.mul(x!, 5))) },
  matmul: { inputs: { x, y: normal(2, 6, 5) }, run: (ops, { x, y }) => ops.matmul(x!, y!) },
  'matmul in four axes': {
    inputs: { x },
    run: (ops, { x }) => {
      const heads = ops.transpose(ops.unflatten(x!, 2, [3, 2]), 1, 2);
      return ops.matmul(heads, ops.transpose(heads, 2, 3));
    },
  },
  linear: { inputs: { x }, weights: { w: normal(5, 6), b: normal(5) }, run: (ops, { x, w, b }) => ops.linear(x!, w!, b!) },
  ...Object.fromEntries(
    [
      { kernel: 3, padding: 1 },
      { kernel: 1 },
      { kernel: 5, stride: 2, padding: 2 },
      { kernel: 7, stride: 2, padding: 3 },
      { kernel: 3, padding: 4, dilation: 4 },
      { kernel: 3 },
    ].map(({ kernel, ...options }) => [
      `conv1d ${JSON.stringify({ kernel, ...options })}`,
      {
        inputs: { x },
        weights: { w: normal(4, 6, kernel), b: normal(4) },
        run: (ops, { x, w, b }) => ops.conv1d(x!, w!, b!, options),
      } satisfies Case,
    ]),
  ),
  'conv1d in groups': {
    inputs: { x },
    weights: { w: normal(6, 1, 3) },
    run: (ops, { x, w }) => ops.conv1d(x!, w!, undefined, { padding: 1, groups: 6 }),
  },
  convTranspose1d: {
    inputs: { x },
    weights: { w: normal(6, 4, 3), b: normal(4) },
    run: (ops, { x, w, b }) => ops.convTranspose1d(x!, w!, b!, { stride: 2, padding: 1, outputPadding: 1 }),
  },
  conv2d: {
    inputs: { x: normal(2, 3, 9, 8) },
    weights: { w: normal(4, 3, 3, 3), b: normal(4) },
    run: (ops, { x, w, b }) => ops.conv2d(x!, w!, b!, { stride: [1, 2], padding: [2, 1], dilation: [2, 1] }),
  },
  layerNorm: { inputs: { x }, weights: { w: normal(6), b: normal(6) }, run: (ops, { x, w, b }) => ops.layerNorm(x!, w!, b!, 1e-5) },
  lstm: {
    inputs: { x },
    weights: recurrent(6, 5, 4),
    run: (ops, { x, ...params }) => ops.lstm(x!, params as RecurrentParams<typeof x & {}>),
  },
  gru: {
    inputs: { x },
    weights: recurrent(6, 5, 3),
    run: (ops, { x, ...params }) => ops.gru(x!, params as RecurrentParams<typeof x & {}>),
  },
};

describe.skipIf(!torch.hasTorch())('recorded and in libtorch the same', () => {
  test.each(Object.entries(cases))('%s', async (_, { inputs, weights = {}, run }) => {
    const open = Object.fromEntries(
      Object.entries(inputs).map(([name, { shape }]) => [name, shape.map((__, axis) => openAxis(name, axis, shape.length))]),
    );
    const recorded = await runRecorded(
      inputs,
      (ops, tensors) => {
        const known = Object.fromEntries(
          Object.entries(weights).map(([name, { data, shape }]) => [name, ops.constant(data as Float32Array, [...shape])]),
        );
        return { result: run<Recorded>(ops, { ...tensors, ...known }) };
      },
      open,
    );
    const tensors = Object.fromEntries(
      Object.entries({ ...inputs, ...weights }).map(([name, { data, shape }]) => [name, torch.fromTypedArray(data, shape)]),
    );
    const expected = run(createLibtorchOps(), tensors);
    expect(recorded['result']!.shape).toEqual(expected.shape);
    // one float32 operator: a few units in the last place, sums of some dozens of terms included
    expect(recorded['result']!.data).toBeAllClose(torch.toFloat32Array(expected), { atol: 2e-6, rtol: 2e-6 });
  });
});

/** Batch and time stay open, as in the product; an axis of another length gets another name. */
function openAxis(name: string, axis: number, rank: number): string | undefined {
  if (rank !== 3) return undefined;
  return axis === 0 ? 'B' : axis === 1 ? `T${name}` : undefined;
}
