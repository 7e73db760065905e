/**
 * The operators every network block of this project is written in (design.md, decision 3). One definition runs on two backends:
 * libtorch for training (packages/train) and the ONNX recorder for the product (onnx/recorder.ts).
 *
 * Operators are named as in PyTorch and broadcast as in PyTorch, with three deliberate differences:
 * - sequences are time-major, [B, T, C]: `conv1d` and `convTranspose1d` take and return [B, T, C] (weights keep PyTorch's layout);
 * - sizes of dynamic axes are never numbers: what depends on them (`arange`, `narrowLike`) takes a tensor that has that axis;
 * - masks and lengths are always explicit arguments of the blocks; no operator guesses padding from values.
 */
export type Ops<T> = {
  /** The same operators in full float32, whatever the working precision of this set is (positions, losses, quantiser). */
  readonly full: Ops<T>;

  // sources
  /** A constant tensor, row-major. */
  constant(values: Float32Array, shape: readonly number[]): T;
  /** 0, 1, 2, … along axis `dim` of `like`, as a float32 vector. */
  arange(like: T, dim: number): T;

  // types
  /** To the working precision of this operator set (float32, or bfloat16 in mixed-precision training). From bool or integers: 0, 1, 2 … */
  toFloat(x: T): T;
  /** To integers usable as indices; fractions are cut towards zero. */
  toIndex(x: T): T;

  // arithmetic, with broadcasting
  /** a + alpha·b; alpha = 1 by default. */
  add(a: T, b: T | number, alpha?: number): T;
  /** One of the two may be a number. */
  sub(a: T | number, b: T | number): T;
  mul(a: T, b: T | number): T;
  div(a: T, b: T | number): T;
  /** x + a·b in one pass over memory. */
  addcmul(x: T, a: T, b: T): T;
  /** Limits x to [min, max]; either bound may be infinite. */
  clamp(x: T, min: number, max: number): T;
  floor(x: T): T;
  abs(x: T): T;
  exp(x: T): T;
  log(x: T): T;
  sqrt(x: T): T;
  sin(x: T): T;
  cos(x: T): T;

  // comparison, giving booleans
  lt(a: T, b: T | number): T;
  ge(a: T, b: T | number): T;
  eq(a: T, b: T | number): T;
  /** `value` where `mask` is true, x elsewhere. */
  maskedFill(x: T, mask: T, value: number): T;
  where(condition: T, a: T, b: T): T;

  // activations
  relu(x: T): T;
  leakyRelu(x: T, slope: number): T;
  /** The exact form, x·Φ(x). */
  gelu(x: T): T;
  /** x · tanh(log(1 + eˣ)). */
  mish(x: T): T;
  sigmoid(x: T): T;
  tanh(x: T): T;
  softmax(x: T, dim: number): T;
  logSoftmax(x: T, dim: number): T;
  /** Zeroes a share p of the elements and scales the rest by 1/(1−p) in training; the identity elsewhere. */
  dropout(x: T, p: number): T;
  /** As `dropout`, but whole trailing planes at once: one draw per index of the two leading axes. */
  dropout2d(x: T, p: number): T;
  /** The value, cut off from gradients. */
  detach(x: T): T;

  // reductions
  sum(x: T, dims: readonly number[], keepdim: boolean): T;
  mean(x: T, dims: readonly number[], keepdim: boolean): T;
  /** Running sum along `dim`. */
  cumsum(x: T, dim: number): T;
  /** Index of the largest element along `dim`, the axis removed. */
  argmax(x: T, dim: number): T;

  // shapes
  transpose(x: T, dim0: number, dim1: number): T;
  /** The axis dropped. It must have size 1. */
  squeeze(x: T, dim: number): T;
  unsqueeze(x: T, dim: number): T;
  /** Axis `dim` split into `sizes`, of which one may be −1. */
  unflatten(x: T, dim: number, sizes: readonly number[]): T;
  /** Axes start … end (inclusive) joined into one. */
  flatten(x: T, start: number, end: number): T;
  cat(xs: readonly T[], dim: number): T;
  /** `length` elements of axis `dim` from `start` on. */
  narrow(x: T, dim: number, start: number, length: number): T;
  /** The first elements of axis `dim`, as many as `like` has there. */
  narrowLike(x: T, like: T, dim: number): T;
  chunk(x: T, parts: number, dim: number): T[];
  /** Zeros (or `value`) put before and after axis `dim`. */
  pad(x: T, dim: number, before: number, after: number, value?: number): T;
  /** Each element of axis `dim` repeated `count` times in a row (nearest-neighbour upsampling). */
  repeatInterleave(x: T, count: number, dim: number): T;
  /** Every `step`-th element of axis `dim`, from `start` on. */
  slice(x: T, dim: number, start: number, step: number): T;
  /** Size-1 axes of x stretched to the size they have in `like`; ranks agree. */
  expandLike(x: T, like: T): T;

  // look-up
  /** Rows of `table` [V, D] at `ids` [...]: [..., D]. */
  embedding(table: T, ids: T): T;
  /** For each item b, rows of x [B, T, D] at index [B, S] (integers): [B, S, D]. */
  takeAlong(x: T, index: T): T;

  // linear algebra
  matmul(a: T, b: T): T;
  /** x [..., I] · weight [O, I]ᵀ + bias [O]. */
  linear(x: T, weight: T, bias?: T): T;
  /** x [B, T, I], weight [O, I/groups, kernel], bias [O] to [B, T', O]. */
  conv1d(x: T, weight: T, bias: T | undefined, options?: Conv1dOptions): T;
  /** x [B, T, I], weight [I, O, kernel], bias [O] to [B, T', O], T' = (T−1)·stride − 2·padding + kernel + outputPadding. */
  convTranspose1d(x: T, weight: T, bias: T | undefined, options?: ConvTranspose1dOptions): T;
  /** x [B, C, H, W], weight [O, C, kh, kw], bias [O]. */
  conv2d(x: T, weight: T, bias: T | undefined, options?: Conv2dOptions): T;
  /** Over the last axis. */
  layerNorm(x: T, weight: T, bias: T, epsilon: number): T;

  // recurrence: one layer, one direction, zero initial state, gates in PyTorch's order
  /** x [B, T, I] to hidden states [B, T, H]. */
  lstm(x: T, params: RecurrentParams<T>): T;
  gru(x: T, params: RecurrentParams<T>): T;
};

export type Conv1dOptions = { stride?: number; padding?: number; dilation?: number; groups?: number };
export type ConvTranspose1dOptions = { stride?: number; padding?: number; outputPadding?: number };
export type Conv2dOptions = {
  stride?: readonly [number, number];
  padding?: readonly [number, number];
  dilation?: readonly [number, number];
};

/** PyTorch's parameters of one recurrent layer: G = 4 gates (i, f, g, o) for an LSTM, 3 (r, z, n) for a GRU. */
export type RecurrentParams<T> = {
  inputWeight: T; // [G·H, I]
  hiddenWeight: T; // [G·H, H]
  inputBias: T; // [G·H]
  hiddenBias: T; // [G·H]
};
