/** Numbers in and out: JS arrays and typed arrays to tensors and back. */
import { call } from './call.ts';
import { bytesOf, type Device, type DType, dtypeCodes } from './dtype.ts';
import { link, nativeAddon } from './libtorch.ts';
import { adopt, type Tensor } from './tensor.ts';

export type TypedArray = Uint8Array | Int8Array | Int16Array | Int32Array | BigInt64Array | Float32Array | Float64Array;

export type TensorOptions = {
  /** Default: the array's own; float32 for plain numbers, bool for plain booleans. */
  dtype?: DType;
  device?: Device;
  requiresGrad?: boolean;
};

type Nested = number | boolean | readonly Nested[];

/**
 * A tensor from plain numbers.
 * @example tensor([[1, 2, 3], [4, 5, 6]]).shape // [2, 3]
 */
export function tensor(data: Nested, options: TensorOptions = {}): Tensor {
  const shape: number[] = [];
  for (let level: Nested = data; Array.isArray(level); level = level[0] as Nested) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const count = shape.reduce((product, size) => product * size, 1);
  const flat = new Float64Array(count);
  let position = 0;
  let booleans = true;
  const visit = (node: Nested, depth: number): void => {
    if (depth === shape.length) {
      if (typeof node !== 'number' && typeof node !== 'boolean') throw new Error('the nested arrays are of different depth');
      if (typeof node === 'number') booleans = false;
      flat[position++] = Number(node);
      return;
    }
    if (!Array.isArray(node) || node.length !== shape[depth])
      throw new Error(`the nested arrays are of different length at depth ${depth}: expected ${shape[depth]}`);
    for (const child of node as readonly Nested[]) visit(child, depth + 1);
  };
  visit(data, 0);
  return fromTypedArray(flat, shape, { dtype: booleans && count > 0 ? 'bool' : 'float32', ...options });
}

/**
 * A tensor with a copy of the array's numbers, row-major.
 * @example fromTypedArray(new Float32Array([1, 2, 3, 4]), [2, 2])
 * @throws Error when the shape does not hold exactly the array's numbers.
 */
export function fromTypedArray(array: TypedArray, shape: readonly number[] = [array.length], options: TensorOptions = {}): Tensor {
  const native = dtypeOfArray(array);
  const { dtype = native, device = 'cpu', requiresGrad = false } = options;
  let made = fromBytes(array, native, shape);
  if (dtype !== native || device !== 'cpu') {
    const first = made;
    made = call('aten::to.device', first, device, dtype, false, true) as Tensor;
    first.free();
  }
  if (requiresGrad) made.requiresGrad = true;
  return made;
}

/** A CPU tensor from raw little-endian bytes, as files hold them. */
export function fromBytes(bytes: ArrayBufferView, dtype: DType, shape: readonly number[]): Tensor {
  const native = nativeAddon();
  if (shape.length > 64) throw new Error(`a tensor has at most 64 dimensions, got ${shape.length}`);
  for (const size of shape)
    if (!Number.isSafeInteger(size) || size < 0) throw new Error(`a shape holds whole numbers from 0 on, got ${size}`);
  const needed = bytesOf(dtype) * shape.reduce((product, size) => product * size, 1);
  if (needed !== bytes.byteLength)
    throw new Error(`shape [${shape.join(', ')}] of ${dtype} takes ${needed} bytes, got ${bytes.byteLength}`);
  for (let i = 0; i < shape.length; i++) link.wire[i] = shape[i]!;
  return adopt(native.fromBytes(bytes as NodeJS.TypedArray, dtypeCodes.get(dtype)!, shape.length));
}

/**
 * A copy of the tensor's numbers, row-major, in the array type of its dtype: bool as Uint8Array, int64 as BigInt64Array,
 * float16 and bfloat16 widened to Float32Array. Waits for the device.
 */
export function toTypedArray(source: Tensor): TypedArray {
  const { dtype } = source;
  switch (dtype) {
    case 'float32':
      return new Float32Array(nativeAddon().bytes(source.handle));
    case 'float64':
      return new Float64Array(nativeAddon().bytes(source.handle));
    case 'int64':
      return new BigInt64Array(nativeAddon().bytes(source.handle));
    case 'int32':
      return new Int32Array(nativeAddon().bytes(source.handle));
    case 'int16':
      return new Int16Array(nativeAddon().bytes(source.handle));
    case 'int8':
      return new Int8Array(nativeAddon().bytes(source.handle));
    case 'uint8':
    case 'bool':
      return new Uint8Array(nativeAddon().bytes(source.handle));
    case 'float16':
    case 'bfloat16':
    case 'float8_e5m2':
    case 'float8_e4m3fn':
      return toFloat32Array(source);
    default:
      throw new Error(`${dtype} has no typed array: take real() and imag()`);
  }
}

/** A copy of the tensor's numbers as float32, whatever its dtype. */
export function toFloat32Array(source: Tensor): Float32Array {
  if (source.dtype === 'float32') return new Float32Array(nativeAddon().bytes(source.handle));
  const converted = call('aten::to.dtype', source, 'float32') as Tensor;
  const array = new Float32Array(nativeAddon().bytes(converted.handle));
  converted.free();
  return array;
}

/** The numbers as nested plain arrays, as PyTorch's tolist(). */
export function toNestedArray(source: Tensor): Nested {
  const { shape, dtype } = source;
  const flat = toTypedArray(source);
  let position = 0;
  const build = (depth: number): Nested => {
    if (depth === shape.length) {
      const value = Number(flat[position++]);
      return dtype === 'bool' ? value === 1 : value;
    }
    return Array.from({ length: shape[depth]! }, () => build(depth + 1));
  };
  return build(0);
}

/**
 * The tensor's own memory as a typed array, without a copy: what is written to either is seen in both. For contiguous CPU tensors,
 * pinned ones included, which is the fast way to fill a batch. float16 and bfloat16 come as the bits, in an Int16Array.
 */
export function viewTypedArray(source: Tensor): TypedArray {
  const buffer = nativeAddon().view(source.handle);
  switch (source.dtype) {
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return new Float64Array(buffer);
    case 'int64':
      return new BigInt64Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'int16':
    case 'float16':
    case 'bfloat16':
      return new Int16Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
    default:
      return new Uint8Array(buffer);
  }
}

/** The tensor's elements as raw little-endian bytes, in a copy. */
export function toBytes(source: Tensor): Uint8Array {
  return new Uint8Array(nativeAddon().bytes(source.handle));
}

/**
 * The tensor with another dtype or device; the same tensor where nothing changes.
 * @example const onGpu = to(batch, { device: 'cuda', nonBlocking: true }) // overlaps with work when `batch` is pinned
 */
export function to(source: Tensor, options: { dtype?: DType; device?: Device; nonBlocking?: boolean; copy?: boolean }): Tensor {
  const { dtype, device, nonBlocking = false, copy = false } = options;
  if (device !== undefined) return call('aten::to.device', source, device, dtype ?? source.dtype, nonBlocking, copy) as Tensor;
  return call('aten::to.dtype', source, dtype ?? source.dtype, nonBlocking, copy) as Tensor;
}

/** Bytes that the tensor's elements take. */
export function byteLength(source: Tensor): number {
  return source.numel * bytesOf(source.dtype);
}

function dtypeOfArray(array: TypedArray): DType {
  if (array instanceof Float32Array) return 'float32';
  if (array instanceof Float64Array) return 'float64';
  if (array instanceof BigInt64Array) return 'int64';
  if (array instanceof Int32Array) return 'int32';
  if (array instanceof Int16Array) return 'int16';
  if (array instanceof Int8Array) return 'int8';
  if (array instanceof Uint8Array) return 'uint8';
  throw new Error(
    `no dtype holds a ${Object.prototype.toString.call(array)}: use a Float32Array, Float64Array, BigInt64Array, Int8/16/32Array or Uint8Array`,
  );
}
