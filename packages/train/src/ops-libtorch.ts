import * as torch from '@alignsts/torch';
import type { Ops, RecurrentParams } from 'alignsts/model';

/**
 * The first backend of Ops (design.md, decision 3): libtorch, eager, with autograd. In bfloat16 the matrix products and what lies between
 * them work in half the bytes, while `full` stays float32; parameters may come in either type.
 *
 * Convolutions run on the time-major layout as it is: [B, T, C] seen as [B, C, 1, T] is exactly what cuDNN calls channels-last, so tensor
 * cores are reached without one transposition.
 */
export type Precision = 'float32' | 'bfloat16' | 'float64';

export type LibtorchOptions = {
  device?: torch.Device;
  /** float64 is for checking gradients against differences. */
  precision?: Precision;
  /** Whether dropout drops. Default: no. */
  training?: boolean;
};

export function createLibtorchOps(options: LibtorchOptions = {}): Ops<torch.Tensor> {
  const constants = new Map<string, torch.Tensor>();
  const { precision = 'float32' } = options;
  const full = operators(options, precision === 'float64' ? 'float64' : 'float32', constants, undefined);
  return precision === 'bfloat16' ? operators(options, 'bfloat16', constants, full) : full;
}

type Tensor = torch.Tensor;

/** Constants of more numbers than this (matrices of transforms) are known by their array, not by its contents: comparing those takes longer than using them. */
const LARGE = 65_536;

function operators(
  { device = 'cpu', training = false }: LibtorchOptions,
  precision: Precision,
  constants: Map<string, Tensor>,
  wide: Ops<Tensor> | undefined,
): Ops<Tensor> {
  const large = new WeakMap<Float32Array, Tensor>();
  /** Factors of a product in the working precision; integers and what already has it pass through. */
  const working = (x: Tensor): Tensor => (x.dtype === precision ? x : torch.to(x, { dtype: precision }));
  const largeConstant = (values: Float32Array, shape: readonly number[]): Tensor => {
    let known = large.get(values);
    if (known === undefined) {
      known = torch.keep(torch.fromTypedArray(values, shape, { device }));
      large.set(values, known);
    }
    return known;
  };
  const asImage = (x: Tensor): Tensor => torch.unsqueeze(torch.transpose(x, 1, 2), 2); // [B, T, C] to [B, C, 1, T]
  const asSequence = (x: Tensor): Tensor => torch.transpose(torch.squeeze(x, 2), 1, 2);
  const zeroState = (x: Tensor, hidden: number): Tensor => torch.zeros([1, x.shape[0]!, hidden], { dtype: x.dtype, device: x.device });
  const weightsOf = (p: RecurrentParams<Tensor>): Tensor[] => [p.inputWeight, p.hiddenWeight, p.inputBias, p.hiddenBias].map(working);

  const ops: Ops<Tensor> = {
    get full() {
      return wide ?? ops;
    },
    constant(values, shape) {
      // kept for ever: a captured step must find its constants on the device, and there are few
      if (values.length > LARGE) return working(largeConstant(values, shape));
      const key = `${shape}:${Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('latin1')}`;
      let known = constants.get(key);
      if (known === undefined) {
        known = torch.keep(torch.fromTypedArray(values, shape, { device }));
        constants.set(key, known);
      }
      return working(known);
    },
    arange: (like, dim) => torch.arange(0, like.shape.at(dim)!, 1, { dtype: precision === 'float64' ? 'float64' : 'float32', device }),
    toFloat: working,
    toIndex: (x) => torch.to(x, { dtype: 'int64' }),

    add: (a, b, alpha = 1) => (alpha === 1 ? torch.add(a, b) : torch.add(a, b, { alpha })),
    sub: (a, b) => (typeof a === 'number' ? torch.rsub(b as Tensor, a) : torch.sub(a, b)),
    mul: torch.mul,
    div: (a, b) => torch.div(a, b),
    addcmul: (x, a, b) => torch.addcmul(x, a, b),
    clamp: (x, min, max) => torch.clamp(x, Number.isFinite(min) ? min : null, Number.isFinite(max) ? max : null),
    floor: torch.floor,
    abs: torch.abs,
    exp: torch.exp,
    log: torch.log,
    sqrt: torch.sqrt,
    sin: torch.sin,
    cos: torch.cos,

    lt: torch.lt,
    ge: torch.ge,
    eq: torch.eq,
    maskedFill: torch.maskedFill,
    where: torch.where,

    relu: torch.relu,
    leakyRelu: (x, slope) => torch.leakyRelu(x, slope),
    gelu: (x) => torch.gelu(x),
    mish: torch.mish,
    sigmoid: torch.sigmoid,
    tanh: torch.tanh,
    softmax: (x, dim) => torch.softmax(x, dim),
    logSoftmax: (x, dim) => torch.logSoftmax(x, dim),
    dropout: (x, p) => (training && p > 0 ? torch.dropout(x, p, true) : x),
    dropout2d: (x, p) => (training && p > 0 ? torch.featureDropout(x, p, true) : x),
    detach: torch.detach,

    sum: (x, dims, keepdim) => torch.sum(x, dims, { keepdim }),
    mean: (x, dims, keepdim) => torch.mean(x, dims, { keepdim }),
    cumsum: (x, dim) => torch.cumsum(x, dim),
    argmax: (x, dim) => torch.argmax(x, dim),

    transpose: torch.transpose,
    squeeze: torch.squeeze,
    unsqueeze: torch.unsqueeze,
    unflatten(x, dim, sizes) {
      const { shape } = x;
      return torch.reshape(x, shape.toSpliced(dim, 1, ...sizes));
    },
    flatten: (x, start, end) => torch.flatten(x, start, end),
    cat: (xs, dim) => torch.cat(xs, dim),
    narrow: torch.narrow,
    narrowLike: (x, like, dim) => torch.narrow(x, dim, 0, like.shape[dim]!),
    chunk: (x, parts, dim) => torch.chunk(x, parts, dim),
    pad(x, dim, before, after, value = 0) {
      const pads = new Array<number>(2 * (x.rank - dim)).fill(0); // from the last axis backwards
      pads[pads.length - 2] = before;
      pads[pads.length - 1] = after;
      return torch.constantPadNd(x, pads, value);
    },
    repeatInterleave(x, count, dim) {
      const { shape } = x;
      const opened = torch.expand(torch.unsqueeze(x, dim + 1), shape.toSpliced(dim + 1, 0, count));
      return torch.reshape(opened, shape.with(dim, shape[dim]! * count));
    },
    slice: (x, dim, start, step) => torch.slice(x, dim, start, null, step),
    expandLike: (x, like) => torch.expand(x, like.shape),

    embedding: (table, ids) => torch.embedding(table, ids),
    takeAlong: (x, index) => torch.gather(x, 1, torch.expand(torch.unsqueeze(index, 2), [-1, -1, x.shape[2]!])),

    matmul: (a, b) => torch.matmul(working(a), working(b)),
    linear: (x, weight, bias) => torch.linear(working(x), working(weight), bias && working(bias)),
    conv1d(x, weight, bias, { stride = 1, padding = 0, dilation = 1, groups = 1 } = {}) {
      const filters = torch.unsqueeze(working(weight), 2);
      const options = { stride: [1, stride], padding: [0, padding], dilation: [1, dilation], groups };
      return asSequence(torch.conv2d(asImage(working(x)), filters, bias && working(bias), options));
    },
    convTranspose1d(x, weight, bias, { stride = 1, padding = 0, outputPadding = 0 } = {}) {
      const channels = torch.transpose(working(x), 1, 2);
      return torch.transpose(
        torch.convTranspose1d(channels, working(weight), bias && working(bias), { stride, padding, outputPadding }),
        1,
        2,
      );
    },
    conv2d: (x, weight, bias, options = {}) => torch.conv2d(working(x), working(weight), bias && working(bias), options),
    layerNorm: (x, weight, bias, epsilon) =>
      torch.layerNorm(working(x), [weight.shape[0]!], working(weight), working(bias), { eps: epsilon }),

    lstm(x, params) {
      const state = zeroState(x, params.hiddenWeight.shape[1]!);
      return torch.lstm(working(x), [state, state], weightsOf(params), true, 1, 0, training, false, true)[0];
    },
    gru(x, params) {
      const state = zeroState(x, params.hiddenWeight.shape[1]!);
      return torch.gru(working(x), state, weightsOf(params), true, 1, 0, training, false, true)[0];
    },
  };
  return ops;
}
