/** Test tensors from an integer hash that fixtures/make/torch-operators.py computes as well, so that no inputs need to be stored. */
import { call, type DType, fromTypedArray, type Tensor } from '../../src/index.ts';

export type HashedSpec = { tensor: number[]; seed: number; lo: number; hi: number; dtype: DType; grad: boolean };

/** Uniform in [0, 1): lowbias32 (Wellons) over an index. */
export function uniform(count: number, seed: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    let x = (Math.imul(i, 2654435761) + Math.imul(seed, 40503) + 12345) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
  });
}

/** The tensor of a spec; floating ones in `precision`. */
export function hashed({ tensor: shape, seed, lo, hi, dtype, grad }: HashedSpec, precision: 'float32' | 'float64' = 'float32'): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = uniform(dtype === 'complex64' ? 2 * count : count, seed).map((u) => lo + (hi - lo) * u);
  if (dtype === 'int64')
    return fromTypedArray(
      BigInt64Array.from(values, (value) => BigInt(Math.floor(value))),
      shape,
    );
  if (dtype === 'bool')
    return fromTypedArray(
      Uint8Array.from(values, (value) => (value > 0 ? 1 : 0)),
      shape,
      { dtype: 'bool' },
    );
  // both precisions hold the float32 values
  const single = Float32Array.from(values);
  if (dtype === 'complex64') return call('aten::view_as_complex', fromTypedArray(single, [...shape, 2], { dtype: precision })) as Tensor;
  return fromTypedArray(single, shape, { dtype: precision, requiresGrad: grad });
}
