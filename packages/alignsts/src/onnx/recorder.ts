import type { Ops, RecurrentParams } from '../model/ops.ts';
import { type Attribute, bytesOf, type ElementType, type OnnxGraph, type OnnxNode, type OnnxTensor, type Size } from './model-file.ts';

/**
 * The second backend of Ops (design.md, decision 3): instead of computing, it writes down an ONNX graph. Batch and time axes stay open;
 * sizes that depend on them are read from tensors when the graph runs. Equal nodes are recorded once, so a block that asks twice for a mask
 * or a position code costs nothing.
 *
 * Convolutions over time become one matrix product of the neighbouring frames laid side by side: on a CPU that is as fast as a convolution
 * node, needs no transposition of the time-major layout, and can run on int8 weights.
 */
export type Recorded = {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Size[];
  /** The numbers, where they are known while recording (weights and constants). */
  readonly values?: Float32Array;
};

export type Recorder = {
  readonly ops: Ops<Recorded>;
  input(name: string, type: 'float32' | 'int32', shape: readonly Size[]): Recorded;
  /** A trained weight, kept under its own name. */
  weight(name: string, values: Float32Array, shape: readonly number[]): Recorded;
  /** `axes` names the open axes of the result for readers of the file. Integers leave as int32. */
  output(name: string, x: Recorded, axes?: readonly Size[]): void;
  graph(name: string): OnnxGraph;
};

const LAST = 9223372036854775807n; // "to the end" of a slice

export function createRecorder(): Recorder {
  const inputs: OnnxGraph['inputs'] = [];
  const outputs: OnnxGraph['outputs'] = [];
  const nodes: OnnxNode[] = [];
  const tensors = new Map<string, OnnxTensor>();
  const recorded = new Map<string, Recorded[]>();
  let counter = 0;

  const tensor = (name: string, shape: readonly number[], values: Float32Array): Recorded => {
    tensors.set(name, { name, type: 'float32', shape, bytes: bytesOf(values) });
    return { name, type: 'float32', shape, values };
  };

  /** A nameless constant; small ones are shared by value. */
  const constant = (values: Float32Array, shape: readonly number[]): Recorded => {
    const key = values.length <= 1024 ? `constant ${shape} ${Array.from(values)}` : undefined;
    const known = key === undefined ? undefined : recorded.get(key);
    if (known !== undefined) return known[0]!;
    const made = tensor(`constant_${counter++}`, shape, values);
    if (key !== undefined) recorded.set(key, [made]);
    return made;
  };

  const integers = (values: readonly (number | bigint)[], shape: readonly number[] = [values.length]): Recorded => {
    const key = `integers ${shape} ${values.join()}`;
    const known = recorded.get(key);
    if (known !== undefined) return known[0]!;
    const name = `integers_${counter++}`;
    tensors.set(name, { name, type: 'int64', shape, bytes: bytesOf(BigInt64Array.from(values, BigInt)) });
    const made: Recorded = { name, type: 'int64', shape };
    recorded.set(key, [made]);
    return made;
  };

  type Result = { type?: ElementType; shape: readonly Size[] };
  const nodeOf = (
    operator: string,
    from: readonly (Recorded | undefined)[],
    results: readonly Result[],
    attributes: Record<string, Attribute> = {},
  ): Recorded[] => {
    const key = `${operator} ${from.map((x) => x?.name)} ${JSON.stringify(attributes)} ${results.length}`;
    const known = recorded.get(key);
    if (known !== undefined) return known;
    const made = results.map(({ type = 'float32', shape }): Recorded => ({ name: `${operator}_${counter++}`, type, shape }));
    nodes.push({ operator, inputs: from.map((x) => x?.name ?? ''), outputs: made.map((x) => x.name), attributes });
    recorded.set(key, made);
    return made;
  };
  const node = (
    operator: string,
    from: readonly (Recorded | undefined)[],
    result: Result,
    attributes: Record<string, Attribute> = {},
  ): Recorded => nodeOf(operator, from, [result], attributes)[0]!;

  const lift = (x: Recorded | number): Recorded => (typeof x === 'number' ? constant(Float32Array.of(x), []) : x);
  const axis = (x: Recorded, dim: number): number => {
    const index = dim < 0 ? dim + x.shape.length : dim;
    if (!(index >= 0 && index < x.shape.length)) throw new Error(`Axis ${dim} does not exist in ${describe(x)}.`);
    return index;
  };
  const at = (x: Recorded, dim: number): Size => x.shape[axis(x, dim)]!;
  const fixed = (x: Recorded, dim: number): number => {
    const size = at(x, dim);
    if (typeof size !== 'number') throw new Error(`Axis ${dim} of ${describe(x)} must have a fixed size.`);
    return size;
  };
  const resized = (x: Recorded, dim: number, size: Size): Size[] => x.shape.map((old, index) => (index === axis(x, dim) ? size : old));

  const binary =
    (operator: string, type?: ElementType) =>
    (a: Recorded | number, b: Recorded | number): Recorded => {
      const left = lift(a);
      const right = lift(b);
      if (left.type !== right.type) throw new Error(`${operator} of ${describe(left)} and ${describe(right)}: convert one of them.`);
      return node(operator, [left, right], { type: type ?? left.type, shape: broadcast(left.shape, right.shape) });
    };
  const unary =
    (operator: string) =>
    (x: Recorded): Recorded =>
      node(operator, [x], { type: x.type, shape: x.shape });

  const add = binary('Add');
  const mul = binary('Mul');
  const div = binary('Div');
  const cast = (x: Recorded, type: 'float32' | 'int32' | 'int64'): Recorded => {
    if (x.type === type) return x;
    return node('Cast', [x], { type, shape: x.shape }, { to: type === 'float32' ? 1 : type === 'int32' ? 6 : 7 });
  };
  /** How long an axis is when the graph runs: an int64 vector of one. */
  const lengthOf = (x: Recorded, dim: number): Recorded => {
    const size = at(x, dim);
    const index = axis(x, dim);
    return typeof size === 'number'
      ? integers([size])
      : node('Shape', [x], { type: 'int64', shape: [1] }, { start: index, end: index + 1 });
  };
  const reduce =
    (operator: string) =>
    (x: Recorded, dims: readonly number[], keepdim: boolean): Recorded => {
      const axes = dims.map((dim) => axis(x, dim));
      const shape = x.shape.map((size, index) => (axes.includes(index) ? 1 : size)).filter((_, index) => keepdim || !axes.includes(index));
      return node(operator, [x, integers(axes)], { type: x.type, shape }, { keepdims: keepdim ? 1 : 0 });
    };
  const transpose = (x: Recorded, dim0: number, dim1: number): Recorded => {
    const order = x.shape.map((_, index) => index);
    const [first, second] = [axis(x, dim0), axis(x, dim1)];
    order[first] = second;
    order[second] = first;
    const shape = order.map((index) => x.shape[index]!);
    if (x.values !== undefined && shape.length === 2) return transposedWeight(x);
    return node('Transpose', [x], { type: x.type, shape }, { perm: order });
  };
  const transposedWeight = (x: Recorded): Recorded => {
    const key = `transposed ${x.name}`;
    const known = recorded.get(key);
    if (known !== undefined) return known[0]!;
    const [rows, columns] = [fixed(x, 0), fixed(x, 1)];
    const values = new Float32Array(rows * columns);
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) values[c * rows + r] = x.values![r * columns + c]!;
    const made = tensor(`${x.name}.T`, [columns, rows], values);
    recorded.set(key, [made]);
    return made;
  };
  const reshape = (x: Recorded, target: readonly Size[]): Recorded => {
    // 0 copies the size at the same place, −1 is worked out; so an open axis may move at most once
    let open = false;
    const shape = target.map((size, index) => {
      if (typeof size === 'number') return size;
      if (size === x.shape[index]) return 0;
      if (open) throw new Error(`${describe(x)} cannot become [${target}]: two open axes would move.`);
      open = true;
      return -1;
    });
    return node('Reshape', [x, integers(shape)], { type: x.type, shape: target });
  };
  const slice = (x: Recorded, dim: number, start: number, end: bigint | number | Recorded, size: Size, step = 1): Recorded => {
    const ends = typeof end === 'object' ? end : integers([end]);
    const parts = [x, integers([start]), ends, integers([axis(x, dim)]), ...(step === 1 ? [] : [integers([step])])];
    return node('Slice', parts, { type: x.type, shape: resized(x, dim, size) });
  };
  const cat = (xs: readonly Recorded[], dim: number): Recorded => {
    const first = xs[0]!;
    const sizes = xs.map((x) => at(x, dim));
    const total = sizes.every((size) => typeof size === 'number') ? sizes.reduce((sum, size) => sum + size, 0) : `(${sizes.join('+')})`;
    return node('Concat', xs, { type: first.type, shape: resized(first, dim, total) }, { axis: axis(first, dim) });
  };
  const pad = (x: Recorded, dim: number, before: number, after: number, value = 0): Recorded => {
    if (before === 0 && after === 0) return x;
    const rank = x.shape.length;
    const pads = new Array<number>(2 * rank).fill(0);
    pads[axis(x, dim)] = before;
    pads[rank + axis(x, dim)] = after;
    const fill = value === 0 ? [] : [constant(Float32Array.of(value), [])];
    return node('Pad', [x, integers(pads), ...fill], { type: x.type, shape: resized(x, dim, plus(at(x, dim), before + after)) });
  };
  const unsqueeze = (x: Recorded, dim: number): Recorded => {
    const index = dim < 0 ? dim + x.shape.length + 1 : dim;
    return node('Unsqueeze', [x, integers([index])], { type: x.type, shape: x.shape.toSpliced(index, 0, 1) });
  };
  const squeeze = (x: Recorded, dim: number): Recorded => {
    if (at(x, dim) !== 1) throw new Error(`Axis ${dim} of ${describe(x)} is not 1.`);
    return node('Squeeze', [x, integers([axis(x, dim)])], { type: x.type, shape: x.shape.toSpliced(axis(x, dim), 1) });
  };
  const matmul = (a: Recorded, b: Recorded): Recorded => {
    const [rank, other] = [a.shape.length, b.shape.length];
    if (rank < 2 || other < 2) throw new Error(`matmul needs two axes at least: ${describe(a)}, ${describe(b)}.`);
    if (differ(at(a, -1), at(b, -2))) throw new Error(`matmul of ${describe(a)} and ${describe(b)}: the inner sizes differ.`);
    const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
    return node('MatMul', [a, b], { shape: [...batch, at(a, -2), at(b, -1)] });
  };
  const linear = (x: Recorded, weight: Recorded, bias?: Recorded): Recorded => {
    const product = matmul(x, transpose(weight, 0, 1));
    return bias === undefined ? product : add(product, bias);
  };
  /** A [O, I, kernel] weight as the [kernel·I, O] matrix that neighbouring frames side by side are multiplied with. */
  const unrolledWeight = (weight: Recorded): Recorded => {
    const key = `unrolled ${weight.name}`;
    const known = recorded.get(key);
    if (known !== undefined) return known[0]!;
    const [outs, ins, kernel] = [fixed(weight, 0), fixed(weight, 1), fixed(weight, 2)];
    const values = new Float32Array(outs * ins * kernel);
    for (let o = 0; o < outs; o++) {
      for (let i = 0; i < ins; i++) {
        for (let k = 0; k < kernel; k++) values[(k * ins + i) * outs + o] = weight.values![(o * ins + i) * kernel + k]!;
      }
    }
    const made = tensor(`${weight.name}.unrolled`, [kernel * ins, outs], values);
    recorded.set(key, [made]);
    return made;
  };
  const recurrent = (operator: 'LSTM' | 'GRU', x: Recorded, params: RecurrentParams<Recorded>, order: readonly number[]): Recorded => {
    const gates = order.length;
    const hidden = fixed(params.hiddenWeight, 1);
    // ONNX keeps the gates in an order of its own, and input and hidden bias in one vector
    const reordered = (part: Recorded): Float32Array => {
      const row = part.values!.length / gates;
      const values = new Float32Array(part.values!.length);
      for (const [to, from] of order.entries()) values.set(part.values!.subarray(from * row, (from + 1) * row), to * row);
      return values;
    };
    const matrix = (part: Recorded): Recorded => tensor(`${part.name}.gates`, [1, gates * hidden, fixed(part, 1)], reordered(part));
    const biases = new Float32Array(2 * gates * hidden);
    biases.set(reordered(params.inputBias));
    biases.set(reordered(params.hiddenBias), gates * hidden);
    const both = tensor(`${params.inputBias.name}.both`, [1, 2 * gates * hidden], biases);
    const steps = transpose(x, 0, 1); // [T, B, I]
    const attributes: Record<string, Attribute> = { hidden_size: hidden, ...(operator === 'GRU' && { linear_before_reset: 1 }) };
    const shape = [at(x, 1), 1, at(x, 0), hidden];
    const states = node(operator, [steps, matrix(params.inputWeight), matrix(params.hiddenWeight), both], { shape }, attributes);
    return transpose(squeeze(states, 1), 0, 1);
  };

  const ops: Ops<Recorded> = {
    get full() {
      return ops;
    },
    constant,
    arange(like, dim) {
      const count = cast(squeeze(lengthOf(like, dim), 0), 'float32');
      return node('Range', [lift(0), count, lift(1)], { shape: [at(like, dim)] });
    },
    toFloat: (x) => cast(x, 'float32'),
    toIndex: (x) => cast(x, 'int64'),
    add: (a, b, alpha = 1) => add(a, alpha === 1 ? b : mul(b, alpha)),
    sub: binary('Sub'),
    mul,
    div,
    addcmul: (x, a, b) => add(x, mul(a, b)),
    clamp(x, min, max) {
      // two nodes instead of Clip: an infinite bound is simply left out
      let y = x;
      if (min !== Number.NEGATIVE_INFINITY) y = binary('Max')(y, min);
      if (max !== Number.POSITIVE_INFINITY) y = binary('Min')(y, max);
      return y;
    },
    floor: unary('Floor'),
    abs: unary('Abs'),
    exp: unary('Exp'),
    log: unary('Log'),
    sqrt: unary('Sqrt'),
    sin: unary('Sin'),
    cos: unary('Cos'),
    lt: binary('Less', 'bool'),
    ge: binary('GreaterOrEqual', 'bool'),
    eq: binary('Equal', 'bool'),
    maskedFill: (x, mask, value) => node('Where', [mask, lift(value), x], { shape: broadcast(mask.shape, x.shape) }),
    where: (condition, a, b) =>
      node('Where', [condition, a, b], { type: a.type, shape: broadcast(condition.shape, broadcast(a.shape, b.shape)) }),
    relu: unary('Relu'),
    leakyRelu: (x, slope) => node('LeakyRelu', [x], { shape: x.shape }, { alpha: { float: slope } }),
    // written out as x·½·(1 + erf(x/√2)): onnxruntime fuses these nodes into one
    gelu: (x) => mul(mul(x, add(unary('Erf')(div(x, Math.SQRT2)), 1)), 0.5),
    mish: (x) => mul(x, unary('Tanh')(unary('Softplus')(x))),
    sigmoid: unary('Sigmoid'),
    tanh: unary('Tanh'),
    softmax: (x, dim) => node('Softmax', [x], { shape: x.shape }, { axis: axis(x, dim) }),
    logSoftmax: (x, dim) => node('LogSoftmax', [x], { shape: x.shape }, { axis: axis(x, dim) }),
    dropout: (x) => x,
    dropout2d: (x) => x,
    detach: (x) => x,
    sum: reduce('ReduceSum'),
    mean: reduce('ReduceMean'),
    cumsum: (x, dim) => node('CumSum', [x, integers([axis(x, dim)], [])], { shape: x.shape }),
    argmax: (x, dim) =>
      node('ArgMax', [x], { type: 'int64', shape: x.shape.toSpliced(axis(x, dim), 1) }, { axis: axis(x, dim), keepdims: 0 }),
    transpose,
    squeeze,
    unsqueeze,
    unflatten(x, dim, sizes) {
      const whole = at(x, dim);
      const known = sizes.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
      if (typeof whole === 'number' && whole % known !== 0) throw new Error(`Axis ${dim} of ${describe(x)} cannot split into ${sizes}.`);
      const parts = sizes.map((size): Size => (size !== -1 ? size : typeof whole === 'number' ? whole / known : `(${whole}/${known})`));
      return reshape(x, x.shape.toSpliced(axis(x, dim), 1, ...parts));
    },
    flatten(x, start, end) {
      const [first, last] = [axis(x, start), axis(x, end)];
      const joined = x.shape.slice(first, last + 1);
      const size = joined.every((part) => typeof part === 'number')
        ? joined.reduce((product, part) => product * part, 1)
        : `(${joined.join('*')})`;
      return reshape(x, x.shape.toSpliced(first, last - first + 1, size));
    },
    cat,
    narrow: (x, dim, start, length) => slice(x, dim, start, start + length, length),
    narrowLike: (x, like, dim) => slice(x, dim, 0, lengthOf(like, dim), at(like, dim)),
    chunk(x, parts, dim) {
      const size = at(x, dim);
      if (typeof size === 'number') {
        const shape = resized(x, dim, size / parts);
        const sizes = integers(new Array<number>(parts).fill(size / parts));
        return nodeOf('Split', [x, sizes], new Array(parts).fill({ type: x.type, shape }), { axis: axis(x, dim) });
      }
      const shape = resized(x, dim, `(${size}/${parts})`);
      return nodeOf('Split', [x], new Array(parts).fill({ type: x.type, shape }), { axis: axis(x, dim), num_outputs: parts });
    },
    pad,
    repeatInterleave(x, count, dim) {
      const index = axis(x, dim);
      const opened = unsqueeze(x, index + 1);
      const repeats = opened.shape.map((_, place) => (place === index + 1 ? count : 1));
      const tiled = node('Tile', [opened, integers(repeats)], { type: x.type, shape: opened.shape.with(index + 1, count) });
      return reshape(tiled, resized(x, dim, times(at(x, dim), count)));
    },
    slice: (x, dim, start, step) => slice(x, dim, start, LAST, stepped(at(x, dim), start, step), step),
    expandLike: (x, like) =>
      node('Expand', [x, node('Shape', [like], { type: 'int64', shape: [like.shape.length] })], { type: x.type, shape: like.shape }),
    embedding: (table, ids) => node('Gather', [table, ids], { shape: [...ids.shape, fixed(table, 1)] }, { axis: 0 }),
    takeAlong: (x, index) =>
      node('GatherND', [x, unsqueeze(index, 2)], { type: x.type, shape: [at(x, 0), at(index, 1), at(x, 2)] }, { batch_dims: 1 }),
    matmul,
    linear,
    conv1d(x, weight, bias, { stride = 1, padding = 0, dilation = 1, groups = 1 } = {}) {
      const kernel = fixed(weight, 2);
      const span = dilation * (kernel - 1);
      const size = stepped(plus(at(x, 1), 2 * padding - span), 0, stride);
      if (groups > 1) {
        const attributes = { strides: [stride], pads: [padding, padding], dilations: [dilation], group: groups };
        const channels = transpose(x, 1, 2);
        return transpose(node('Conv', [channels, weight, bias], { shape: [at(x, 0), fixed(weight, 0), size] }, attributes), 1, 2);
      }
      const padded = pad(x, 1, padding, padding);
      const taps = Array.from({ length: kernel }, (_, k) => {
        const left = span - k * dilation; // frames to leave out at the end
        return kernel === 1 && stride === 1 ? padded : slice(padded, 1, k * dilation, left === 0 ? LAST : -left, size, stride);
      });
      const product = matmul(kernel === 1 ? taps[0]! : cat(taps, 2), unrolledWeight(weight));
      return bias === undefined ? product : add(product, bias);
    },
    convTranspose1d(x, weight, bias, { stride = 1, padding = 0, outputPadding = 0 } = {}) {
      const size = plus(times(plus(at(x, 1), -1), stride), fixed(weight, 2) - 2 * padding + outputPadding);
      const attributes = { strides: [stride], pads: [padding, padding], output_padding: [outputPadding] };
      const shape = [at(x, 0), fixed(weight, 1), size];
      return transpose(node('ConvTranspose', [transpose(x, 1, 2), weight, bias], { shape }, attributes), 1, 2);
    },
    conv2d(x, weight, bias, { stride = [1, 1], padding = [0, 0], dilation = [1, 1] } = {}) {
      const size = (dim: 2 | 3): Size => {
        const place = dim - 2;
        return stepped(plus(at(x, dim), 2 * padding[place]! - dilation[place]! * (fixed(weight, dim) - 1)), 0, stride[place]!);
      };
      const attributes = { strides: stride, pads: [...padding, ...padding], dilations: dilation };
      return node('Conv', [x, weight, bias], { shape: [at(x, 0), fixed(weight, 0), size(2), size(3)] }, attributes);
    },
    layerNorm: (x, weight, bias, epsilon) =>
      node('LayerNormalization', [x, weight, bias], { shape: x.shape }, { axis: -1, epsilon: { float: epsilon } }),
    // PyTorch: i f g o and r z n; ONNX: i o f c and z r h
    lstm: (x, params) => recurrent('LSTM', x, params, [0, 3, 1, 2]),
    gru: (x, params) => recurrent('GRU', x, params, [1, 0, 2]),
  };

  return {
    ops,
    input(name, type, shape) {
      inputs.push({ name, type, shape });
      return { name, type, shape };
    },
    weight: (name, values, shape) => tensor(name, shape, values),
    output(name, x, axes) {
      const value = x.type === 'int64' ? cast(x, 'int32') : x;
      nodes.push({ operator: 'Identity', inputs: [value.name], outputs: [name], attributes: {} });
      outputs.push({ name, type: value.type, shape: axes ?? value.shape });
    },
    graph: (name) => prune({ name, inputs, outputs, nodes, tensors: [...tensors.values()] }),
  };
}

/** Leaves out what no output depends on. */
function prune(graph: OnnxGraph): OnnxGraph {
  const needed = new Set(graph.outputs.map((output) => output.name));
  const nodes = graph.nodes.toReversed().filter((node) => {
    if (!node.outputs.some((output) => needed.has(output))) return false;
    for (const input of node.inputs) needed.add(input);
    return true;
  });
  return { ...graph, nodes: nodes.reverse(), tensors: graph.tensors.filter((tensor) => needed.has(tensor.name)) };
}

function broadcast(a: readonly Size[], b: readonly Size[]): Size[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, index) => {
    const left = a[index - rank + a.length] ?? 1;
    const right = b[index - rank + b.length] ?? 1;
    if (left === 1) return right;
    if (right === 1 || left === right) return left;
    if (differ(left, right)) throw new Error(`[${a}] and [${b}] do not broadcast: ${left} against ${right}.`);
    return typeof left === 'number' ? left : right;
  });
}

/** Two fixed sizes that are not equal; open sizes are compared when the graph runs. */
function differ(a: Size, b: Size): boolean {
  return typeof a === 'number' && typeof b === 'number' && a !== b;
}

function plus(size: Size, more: number): Size {
  if (typeof size === 'number') return size + more;
  return more === 0 ? size : `(${size}${more < 0 ? '' : '+'}${more})`;
}

function times(size: Size, factor: number): Size {
  if (typeof size === 'number') return size * factor;
  return factor === 1 ? size : `(${size}*${factor})`;
}

/** How many elements a slice with a step keeps. */
function stepped(size: Size, start: number, step: number): Size {
  if (typeof size === 'number') return Math.ceil((size - start) / step);
  return step === 1 ? plus(size, -start) : `ceil(${plus(size, -start)}/${step})`;
}

function describe(x: Recorded): string {
  return `${x.name} ${x.type} [${x.shape}]`;
}
