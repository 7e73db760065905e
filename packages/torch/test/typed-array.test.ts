import { describe, expect } from 'vitest';
import {
  add_,
  byteLength,
  call,
  fromBytes,
  fromTypedArray,
  permute,
  type Tensor,
  type TypedArray,
  tensor,
  to,
  toBytes,
  toFloat32Array,
  toNestedArray,
  toTypedArray,
  viewTypedArray,
  zeros,
} from '../src/index.ts';
import { torchTest } from './support/torch-test.ts';

describe('tensor', () => {
  torchTest('takes nested numbers as float32 and booleans as bool', () => {
    expect(
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]).toString(),
    ).toBe('Tensor(float32 [2, 3] on cpu)');
    expect(tensor([true, false]).dtype).toBe('bool');
    expect(tensor(3).shape).toEqual([]);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor([1, 2], { dtype: 'int64', device: 'cpu' }).dtype).toBe('int64');
  });

  torchTest('refuses ragged arrays', () => {
    expect(() => tensor([[1, 2], [3]])).toThrow('of different length at depth 1');
    expect(() => tensor([1, [2]])).toThrow('of different depth');
    expect(() => tensor([[1], 2])).toThrow('of different length at depth 1');
  });
});

describe('typed arrays', () => {
  const arrays: [TypedArray, string][] = [
    [new Float32Array([0.5, -1e30]), 'float32'],
    [new Float64Array([0.1, 1e300]), 'float64'],
    [new BigInt64Array([2n ** 62n, -1n]), 'int64'],
    [new Int32Array([2 ** 31 - 1, -(2 ** 31)]), 'int32'],
    [new Int16Array([-32768, 7]), 'int16'],
    [new Int8Array([-128, 127]), 'int8'],
    [new Uint8Array([0, 255]), 'uint8'],
  ];

  torchTest('go in and come out unchanged, each as its dtype', () => {
    for (const [array, dtype] of arrays) {
      const x = fromTypedArray(array);
      expect(x.dtype).toBe(dtype);
      expect(toTypedArray(x)).toEqual(array);
      expect(viewTypedArray(x)).toEqual(array);
    }
  });

  torchTest('may be parts of larger buffers, at any byte', () => {
    const whole = new Float32Array([9, 1, 2, 9]);
    expect(toNestedArray(fromTypedArray(whole.subarray(1, 3)))).toEqual([1, 2]);
    const bytes = new Uint8Array(9);
    bytes.set(new Uint8Array(new Float32Array([1, 2]).buffer), 1);
    expect(toNestedArray(fromBytes(bytes.subarray(1), 'float32', [2]))).toEqual([1, 2]);
  });

  torchTest('must fit the shape', () => {
    expect(() => fromTypedArray(new Float32Array(5), [2, 3])).toThrow('shape [2, 3] of float32 takes 24 bytes, got 20');
    expect(() => fromTypedArray(new Float32Array(1), [-1])).toThrow('a shape holds whole numbers from 0 on, got -1');
    expect(() => fromTypedArray(new Float32Array(1), [0.5, 2])).toThrow('a shape holds whole numbers');
    expect(() => fromTypedArray(new Float32Array(1), [2 ** 40, 2 ** 40])).toThrow('bytes, got 4');
    expect(() =>
      fromTypedArray(
        new Float32Array(1),
        Array.from({ length: 65 }, () => 1),
      ),
    ).toThrow('at most 64 dimensions');
    expect(() => fromTypedArray(new Uint16Array(1) as never)).toThrow('no dtype holds a [object Uint16Array]');
    expect(fromTypedArray(new Float32Array(0), [0, 3]).shape).toEqual([0, 3]);
  });

  torchTest('show elements in row-major order whatever the strides', () => {
    const x = permute(
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      [1, 0],
    );
    expect(x.strides).toEqual([1, 3]);
    expect(toTypedArray(x)).toEqual(new Float32Array([1, 4, 2, 5, 3, 6]));
    expect(() => viewTypedArray(x)).toThrow('only a contiguous CPU tensor');
  });

  torchTest('hold 16-bit floats widened', () => {
    const x = to(tensor([1, 2.5, -0.125]), { dtype: 'bfloat16' });
    expect(toTypedArray(x)).toEqual(new Float32Array([1, 2.5, -0.125]));
    expect(toFloat32Array(to(x, { dtype: 'float16' }))).toEqual(new Float32Array([1, 2.5, -0.125]));
    expect(byteLength(x)).toBe(6);
    expect(toBytes(x)).toEqual(new Uint8Array([0x80, 0x3f, 0x20, 0x40, 0, 0xbe]));
  });

  torchTest('of a view share memory both ways and outlive the tensor', () => {
    const x = zeros([3]);
    const view = viewTypedArray(x) as Float32Array;
    view[1] = 7;
    expect(toNestedArray(x)).toEqual([0, 7, 0]);
    add_(x, 1);
    expect(view).toEqual(new Float32Array([1, 8, 1]));
    const second = viewTypedArray(x);
    x.free();
    view[0] = 5;
    expect(second[0]).toBe(5);
    // the memory that JS sees must not be given back by a resize
    const y = zeros([3]);
    viewTypedArray(y);
    expect(() => call('aten::resize_', y, [1000])).toThrow(/not resizable/);
  });

  torchTest('need data: complex, sparse and meta tensors say so', () => {
    expect(() => toTypedArray(call('aten::zeros', [2], 'complex64') as Tensor)).toThrow('complex64 has no typed array');
    expect(() => toTypedArray(call('aten::zeros', [2], 'float32', null, 'meta') as Tensor)).toThrow('a meta tensor has no data');
    expect(() => toTypedArray(call('aten::to_sparse', tensor([1, 0])) as Tensor)).toThrow('only dense tensors');
    expect(() => tensor([1, 2]).item()).toThrow('item() needs a tensor with one element, got one of shape [2]');
  });
});

describe('to', () => {
  torchTest('gives the tensor itself where nothing changes, unless a copy is asked for', () => {
    const x = tensor([1]);
    const same = to(x, { dtype: 'float32' });
    add_(same, 1);
    expect(x.item()).toBe(2);
    const copy = to(x, { copy: true });
    add_(copy, 1);
    expect(x.item()).toBe(2);
    expect(to(x, { dtype: 'int32', device: 'cpu' }).toString()).toBe('Tensor(int32 [1] on cpu)');
  });
});
