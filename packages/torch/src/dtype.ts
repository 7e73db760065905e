/** Element types and devices, as the caller names them and as libtorch numbers them. */

/** Element type of a tensor, named as in PyTorch. */
export type DType =
  | 'uint8'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'float16'
  | 'float32'
  | 'float64'
  | 'complex64'
  | 'complex128'
  | 'bool'
  | 'bfloat16'
  | 'float8_e5m2'
  | 'float8_e4m3fn';

/** `'cuda'` alone is the current GPU. `'meta'` has shapes but no data. */
export type Device = 'cpu' | 'cuda' | `cuda:${number}` | 'meta';

export type MemoryFormat = 'contiguous' | 'channels_last' | 'channels_last_3d' | 'preserve';

/** One number where libtorch takes a Scalar. A whole JS number is an integer scalar, so integer tensors stay integer. */
export type Scalar = number | bigint | boolean;

// c10/core/ScalarType.h; these numbers are fixed, for they stand in saved files
const codes: Readonly<Record<DType, number>> = {
  uint8: 0,
  int8: 1,
  int16: 2,
  int32: 3,
  int64: 4,
  float16: 5,
  float32: 6,
  float64: 7,
  complex64: 9,
  complex128: 10,
  bool: 11,
  bfloat16: 15,
  float8_e5m2: 23,
  float8_e4m3fn: 24,
};

export const dtypeCodes: ReadonlyMap<string, number> = new Map(Object.entries(codes));
const names: ReadonlyMap<number, DType> = new Map(Object.entries(codes).map(([name, code]) => [code, name as DType]));

export function dtypeOfCode(code: number): DType {
  const name = names.get(code);
  if (!name) throw new Error(`tensors of libtorch's scalar type ${code} have no name here`);
  return name;
}

const sizes: Readonly<Record<DType, number>> = {
  uint8: 1,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  float16: 2,
  float32: 4,
  float64: 8,
  complex64: 8,
  complex128: 16,
  bool: 1,
  bfloat16: 2,
  float8_e5m2: 1,
  float8_e4m3fn: 1,
};

/** Bytes of one element. @example bytesOf('bfloat16') // 2 */
export function bytesOf(dtype: DType): number {
  return sizes[dtype];
}

/** A device as the wire carries it: kind and index, -1 for the current one. */
export type DeviceCode = { readonly kind: number; readonly index: number };

const deviceKinds = ['cpu', 'cuda', 'meta'];
const devices = new Map<string, DeviceCode>();

/** The wire's form of a device's name, or undefined where the text names none. */
export function deviceCode(text: string): DeviceCode | undefined {
  let code = devices.get(text);
  if (code) return code;
  const match = /^(?:(cpu|meta)|(cuda)(?::(\d{1,2}))?)$/.exec(text);
  if (!match) return undefined;
  code = { kind: deviceKinds.indexOf(match[1] ?? match[2]!), index: match[3] === undefined ? -1 : Number(match[3]) };
  devices.set(text, code);
  return code;
}

export function deviceOfCode(kind: number, index: number): Device {
  const name = deviceKinds[kind];
  if (!name) throw new Error('the tensor lies on a device that has no name here');
  return (index >= 0 && name === 'cuda' ? `cuda:${index}` : name) as Device;
}
