import { describe, expect } from 'vitest';
import {
  add,
  add_,
  call,
  cat,
  conv1d,
  createGenerator,
  fromTypedArray,
  hasOperator,
  maxDim,
  op,
  operatorNames,
  randn,
  schemaOf,
  sum,
  Tensor,
  tensor,
  toNestedArray,
} from '../src/index.ts';
import { torchTest } from './support/torch-test.ts';

describe('call', () => {
  torchTest('runs an operator by its schema name, with or without namespace and overload', () => {
    const x = tensor([1, 2, 3]);
    expect(toNestedArray(call('aten::add.Tensor', x, x) as Tensor)).toEqual([2, 4, 6]);
    expect(toNestedArray(call('neg', x) as Tensor)).toEqual([-1, -2, -3]);
    expect(toNestedArray(op('aten::mul.Scalar')(x, 2) as Tensor)).toEqual([2, 4, 6]);
  });

  torchTest('fills what is left out or undefined with the schema’s defaults', () => {
    const x = tensor([1, 2, 3]);
    expect(toNestedArray(call('aten::add.Tensor', x, x, undefined) as Tensor)).toEqual([2, 4, 6]);
    expect(toNestedArray(call('aten::add.Tensor', x, x, 10) as Tensor)).toEqual([11, 22, 33]);
    expect((call('aten::sum.dim_IntList', tensor([[1, 2]]), [1], undefined, 'float64') as Tensor).dtype).toBe('float64');
  });

  torchTest('takes null for an optional tensor', () => {
    expect(conv1d(tensor([[[1, 2, 3]]]), tensor([[[1, 1]]]), null).shape).toEqual([1, 1, 2]);
  });

  torchTest('takes one number where the schema repeats it', () => {
    expect(conv1d(tensor([[[1, 2, 3, 4, 5]]]), tensor([[[1]]]), null, { stride: 2 }).shape).toEqual([1, 1, 3]);
  });

  torchTest('gives several results as an array, and named ones by name', () => {
    const [values, indices] = call('aten::max.dim', tensor([[1, 5, 3]]), 1) as [Tensor, Tensor];
    expect([toNestedArray(values), toNestedArray(indices)]).toEqual([[5], [1]]);
    const named = maxDim(tensor([[1, 5, 3]]), 1);
    expect([toNestedArray(named.values), toNestedArray(named.indices)]).toEqual([[5], [1]]);
  });

  torchTest('gives back the very tensor that an in-place operator changed', () => {
    const x = tensor([1, 2]);
    expect(add_(x, 1)).toBe(x);
    expect(toNestedArray(x)).toEqual([2, 3]);
    const out = tensor([0, 0]);
    expect(call('aten::add.out', x, x, 1, out)).toBe(out);
    expect(toNestedArray(out)).toEqual([4, 6]);
  });

  torchTest('keeps integer tensors integer for whole numbers, and not for others', () => {
    const x = fromTypedArray(new Int32Array([1, 2]));
    expect(add(x, 2).dtype).toBe('int32');
    expect(add(x, 0.5).dtype).toBe('float32');
    expect(Object.is((toNestedArray(call('aten::mul.Scalar', tensor([1]), -0) as Tensor) as number[])[0], -0)).toBe(true);
  });

  torchTest('passes bigints of 64 bits', () => {
    const big = 9007199254740993n;
    const x = call('aten::full', [2], big, 'int64') as Tensor;
    expect(call('aten::equal', x, fromTypedArray(new BigInt64Array([big, big])))).toBe(true);
    expect(() => call('aten::full', [2], 2n ** 63n, 'int64')).toThrow('does not fit into 64 bits');
    expect((call('aten::full', [1], -(2n ** 63n), 'int64') as Tensor).dtype).toBe('int64');
  });

  torchTest('passes strings, dtypes, devices, generators, lists of optional tensors', () => {
    const x = tensor([1, 2, 3]);
    expect(toNestedArray(call('aten::div.Tensor_mode', x, tensor([2]), 'floor') as Tensor)).toEqual([0, 1, 1]);
    expect((call('aten::to.device', x, 'cpu', 'float16') as Tensor).dtype).toBe('float16');
    expect((call('aten::zeros', [2], 'float32', 'strided', 'meta') as Tensor).device).toBe('meta');
    expect(randn([2], { generator: createGenerator(1) }).shape).toEqual([2]);
    expect(
      toNestedArray(
        call(
          'aten::index.Tensor',
          tensor([
            [1, 2],
            [3, 4],
          ]),
          [null, fromTypedArray(new BigInt64Array([1n]))],
        ) as Tensor,
      ),
    ).toEqual([[2], [4]]);
    expect((call('aten::contiguous', tensor([[[[1]]]]), 'channels_last') as Tensor).shape).toEqual([1, 1, 1, 1]);
  });

  torchTest('takes lists longer than the wire', () => {
    const many = Array.from({ length: 5000 }, (_, i) => fromTypedArray(new Float32Array([i])));
    expect(sum(cat(many)).item()).toBe((5000 * 4999) / 2);
    const parts = call('aten::split.Tensor', cat(many), 1) as Tensor[];
    expect(parts).toHaveLength(5000);
    expect(parts[4999]!.item()).toBe(4999);
    expect(
      (
        call(
          'aten::reshape',
          tensor([1]),
          Array.from({ length: 60 }, () => 1),
        ) as Tensor
      ).rank,
    ).toBe(60);
  });
});

describe('errors', () => {
  const message = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      return (error as Error).message;
    }
    return 'no error';
  };

  torchTest('carry libtorch’s message and the operator’s schema', () => {
    const text = message(() => call('aten::mm', tensor([[1, 2]]), tensor([[1, 2]])));
    expect(text).toContain('mat1 and mat2 shapes cannot be multiplied (1x2 and 1x2)');
    expect(text).toContain('in aten::mm(Tensor self, Tensor mat2) -> Tensor');
    expect(text).not.toContain('frame #');
  });

  torchTest('name the argument of a wrong kind', () => {
    const x = tensor([1]);
    expect(message(() => call('aten::add.Tensor', x, 'a'))).toContain("argument 'other': expected a Tensor, got a string");
    expect(message(() => call('aten::add.Tensor', x, null))).toContain("argument 'other': expected a Tensor, got null");
    expect(message(() => call('aten::add.Tensor', x, 1))).toContain("argument 'other': expected a Tensor, got a number");
    expect(message(() => call('aten::sum.dim_IntList', x, [0.5]))).toContain(
      "argument 'dim': expected an integer of at most 53 bits, got 0.5",
    );
    expect(message(() => call('aten::sum.dim_IntList', x, [Number.NaN]))).toContain('expected an integer');
    expect(message(() => call('aten::zeros', [2], 'float31'))).toContain("expected a dtype such as 'float32' or null, got a string");
    expect(message(() => call('aten::zeros', [2], null, null, 'gpu'))).toContain("expected a device such as 'cpu' or 'cuda:0' or null");
    expect(message(() => call('aten::cat', [x, 1] as never))).toContain("argument 'tensors': expected a tensor");
    expect(message(() => call('aten::cat', [x, null] as never))).toContain('expected a Tensor at position 1 of the array, got null');
    expect(message(() => call('aten::contiguous', x, 'sideways'))).toContain("unknown memory format 'sideways'");
    expect(message(() => call('aten::relu', {} as never))).toContain('an operator cannot take an object');
    expect(message(() => call('aten::relu', (() => 1) as never))).toContain('an operator cannot take a function');
  });

  torchTest('tell missing and surplus arguments', () => {
    const x = tensor([1]);
    expect(message(() => call('aten::mm', x))).toContain("argument 'mat2' is missing");
    expect(message(() => call('aten::relu', x, 1))).toContain('takes 1 arguments but got 2');
  });

  torchTest('tell an unknown operator', () => {
    expect(message(() => call('aten::no_such_thing'))).toContain('this libtorch has no operator aten::no_such_thing');
    expect(hasOperator('aten::no_such_thing')).toBe(false);
    expect(hasOperator('aten::relu')).toBe(true);
  });

  torchTest('refuse a freed tensor, twice freed or forged handles included', () => {
    const x = tensor([1]);
    x.free();
    x.free();
    expect(message(() => call('aten::relu', x))).toContain('this tensor has been freed');
    expect(message(() => x.shape)).toContain('this tensor has been freed');
    for (const handle of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2 ** 24, 1e300]) {
      expect(message(() => call('aten::relu', new Tensor(handle)))).toContain('this tensor has been freed');
    }
    // a new tensor may take the freed one's place, but not its handle
    const y = tensor([2]);
    expect(message(() => x.item())).toContain('this tensor has been freed');
    expect(y.item()).toBe(2);
  });

  torchTest('refuse sizes that no memory holds', () => {
    expect(message(() => call('aten::empty.memory_format', [2 ** 52]))).toMatch(/memory|overflow|size/i);
    expect(message(() => call('aten::empty.memory_format', [2 ** 40, 2 ** 40]))).toMatch(/memory|overflow|size/i);
    expect(message(() => call('aten::empty.memory_format', [-1]))).toContain('negative');
  });
});

describe('schemas', () => {
  torchTest('can be read', () => {
    const { text, arguments: args } = schemaOf('aten::layer_norm');
    expect(text).toMatch(/^aten::layer_norm\(Tensor input, .*\) -> Tensor$/);
    expect(args.map(({ name }) => name)).toEqual(['input', 'normalized_shape', 'weight', 'bias', 'eps', 'cudnn_enable']);
    expect(Number(args[4]!.default)).toBe(1e-5);
    expect(operatorNames().length).toBeGreaterThan(1500);
    expect(operatorNames()).toContain('aten::add.Tensor');
  });
});
