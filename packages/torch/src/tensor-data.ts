/** A tensor outside libtorch: what files hold. Readers and writers of files deal in these, so they work where no libtorch is. */
import { bytesOf, type Device, type DType } from './dtype.ts';
import { Tensor } from './tensor.ts';
import { fromBytes, to, toBytes } from './typed-array.ts';

export type TensorData = {
  dtype: DType;
  shape: number[];
  /** Elements in row-major order, little-endian. */
  bytes: Uint8Array;
};

/** @throws Error when the bytes are not exactly the shape's. */
export function toTensor({ dtype, shape, bytes }: TensorData, device: Device = 'cpu'): Tensor {
  const made = fromBytes(bytes, dtype, shape);
  return device === 'cpu' ? made : to(made, { device });
}

/** A copy of the tensor's elements. Waits for the device. */
export function toTensorData(tensor: Tensor): TensorData {
  return { dtype: tensor.dtype, shape: tensor.shape, bytes: toBytes(tensor) };
}

/** The elements as float32, computed without libtorch for the floating dtypes and integers. */
export function dataToFloat32({ dtype, shape, bytes }: TensorData): Float32Array {
  const count = elementCount(shape);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = bytesOf(dtype);
  const read = readers[dtype];
  if (!read) throw new Error(`${dtype} has no float32 form here`);
  if (count * width !== bytes.byteLength)
    throw new Error(`shape [${shape}] of ${dtype} takes ${count * width} bytes, got ${bytes.byteLength}`);
  return Float32Array.from({ length: count }, (_, i) => read(view, i * width));
}

/** Number of elements of a shape. @example elementCount([2, 3]) // 6 */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** What a writer was given, as data. */
export function asData(value: Tensor | TensorData): TensorData {
  return value instanceof Tensor ? toTensorData(value) : value;
}

const readers: Partial<Record<DType, (view: DataView, offset: number) => number>> = {
  float32: (view, offset) => view.getFloat32(offset, true),
  float64: (view, offset) => view.getFloat64(offset, true),
  float16: (view, offset) => halfToNumber(view.getUint16(offset, true)),
  // bfloat16 is the upper half of a float32
  bfloat16: (view, offset) => bitsToFloat(view.getUint16(offset, true) << 16),
  int64: (view, offset) => Number(view.getBigInt64(offset, true)),
  int32: (view, offset) => view.getInt32(offset, true),
  int16: (view, offset) => view.getInt16(offset, true),
  int8: (view, offset) => view.getInt8(offset),
  uint8: (view, offset) => view.getUint8(offset),
  bool: (view, offset) => (view.getUint8(offset) === 0 ? 0 : 1),
};

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

function bitsToFloat(bits: number): number {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}
