import { describe, expect } from 'vitest';
import {
  autocast,
  backward,
  checkpoint,
  customGradient,
  dropout,
  enableGrad,
  fromTypedArray,
  grad,
  inferenceMode,
  linear,
  liveTensors,
  manualSeed,
  matmul,
  mul,
  noGrad,
  relu,
  round,
  scope,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  toFloat32Array,
  toNestedArray,
  tree,
} from '../src/index.ts';
import { torchTest } from './support/torch-test.ts';

const ramp = (shape: number[], scale = 1): Tensor =>
  fromTypedArray(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((((i * 37) % 64) - 32) / 32) * scale),
    shape,
  );

describe('backward', () => {
  torchTest('adds to the gradient of each leaf', () => {
    const x = tensor([1, 2, 3], { requiresGrad: true });
    expect(x.grad).toBeNull();
    backward(sum(square(x)));
    backward(sum(x));
    expect(toNestedArray(x.grad!)).toEqual([3, 5, 7]);
    x.grad = null;
    expect(x.grad).toBeNull();
  });

  torchTest('needs output gradients for anything but a scalar, and something to differentiate', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    expect(() => backward(square(x))).toThrow('grad can be implicitly created only for scalar outputs');
    backward(square(x), { gradOutputs: [tensor([1, 10])] });
    expect(toNestedArray(x.grad!)).toEqual([2, 40]);
    expect(() => backward(sum(tensor([1])))).toThrow('does not require grad');
    expect(() => backward([])).toThrow('the list of outputs is empty');
    expect(() => backward([square(x), square(x)], { gradOutputs: [tensor([1, 1])] })).toThrow('got 1 output gradients for 2 outputs');
  });

  torchTest('frees the graph unless told to keep it', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const once = sum(square(x));
    backward(once);
    expect(() => backward(once)).toThrow('second time');
    const twice = sum(square(x));
    backward(twice, { retainGraph: true });
    backward(twice);
    expect(toNestedArray(x.grad!)).toEqual([6, 12]);
  });

  torchTest('fills only the inputs asked for', () => {
    const x = tensor([1], { requiresGrad: true });
    const y = tensor([2], { requiresGrad: true });
    backward(sum(mul(x, y)), { inputs: [x] });
    expect(x.grad!.item()).toBe(2);
    expect(y.grad).toBeNull();
  });
});

describe('grad', () => {
  torchTest('gives gradients and accumulates none', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const [gradient] = grad(sum(square(x)), [x]);
    expect(toNestedArray(gradient!)).toEqual([2, 4]);
    expect(x.grad).toBeNull();
  });

  torchTest('gives second derivatives of a recorded pass', () => {
    const x = tensor([2], { requiresGrad: true });
    const [first] = grad(sum(mul(x, square(x))), [x], { createGraph: true });
    const [second] = grad(sum(first!), [x]);
    expect([first!.item(), second!.item()]).toEqual([12, 12]);
  });

  torchTest('tells an input without influence, or gives null for it', () => {
    const x = tensor([1], { requiresGrad: true });
    const y = tensor([1], { requiresGrad: true });
    expect(() => grad(sum(x), [x, y])).toThrow('not have been used');
    const gradients = grad(sum(square(x)), [x, y], { allowUnused: true });
    expect(gradients.map((gradient) => gradient?.item() ?? null)).toEqual([2, null]);
  });
});

describe('modes', () => {
  torchTest('noGrad records nothing, enableGrad inside does, and both end with an error as well', () => {
    const x = tensor([1], { requiresGrad: true });
    expect(noGrad(() => square(x)).requiresGrad).toBe(false);
    expect(noGrad(() => enableGrad(() => square(x))).requiresGrad).toBe(true);
    expect(() =>
      noGrad(() => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(square(x).requiresGrad).toBe(true);
  });

  torchTest('inferenceMode makes tensors that can never be recorded', () => {
    const made = inferenceMode(() => square(tensor([2])));
    expect(made.item()).toBe(4);
    const w = tensor([1], { requiresGrad: true });
    expect(() => backward(sum(mul(w, made)))).toThrow(/[Ii]nference tensor/);
    expect(square(w).requiresGrad).toBe(true);
  });

  torchTest('refuse async functions, whose rest would run outside', () => {
    expect(() => noGrad(async () => 1)).toThrow('takes a synchronous function');
    expect(() => autocast('cpu', 'bfloat16', async () => 1)).toThrow('takes a synchronous function');
  });

  torchTest('only floating tensors and leaves can be told to require gradients', () => {
    expect(() => tensor([1], { dtype: 'int64', requiresGrad: true })).toThrow(/floating point/);
    const y = square(tensor([1], { requiresGrad: true }));
    expect(y.isLeaf).toBe(false);
    expect(() => {
      y.requiresGrad = false;
    }).toThrow('only a leaf');
    expect(() => {
      tensor([1]).grad = tensor([1, 2]);
    }).toThrow('a gradient has the shape, dtype and device of its tensor');
  });
});

describe('autocast', () => {
  torchTest('multiplies in bfloat16 inside, in float32 outside and where it is switched off', () => {
    const x = ramp([2, 2]);
    expect(autocast('cpu', 'bfloat16', () => matmul(x, x)).dtype).toBe('bfloat16');
    expect(matmul(x, x).dtype).toBe('float32');
    expect(autocast('cpu', 'bfloat16', () => autocast('cpu', 'bfloat16', () => matmul(x, x), { enabled: false })).dtype).toBe('float32');
    expect(() =>
      autocast('cpu', 'bfloat16', () => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(matmul(x, x).dtype).toBe('float32');
    expect(() => autocast('cpu', 'float64' as never, () => 1)).toThrow('bfloat16 or float16');
  });
});

describe('a function with its own gradient', () => {
  const cube = customGradient({
    forward: ([x]) => ({ outputs: [mul(x!, square(x!))], saved: [x!] }),
    backward: ([gradient], [x]) => [mul(gradient!, mul(square(x!), 3))],
  });

  torchTest('is used by backward and by grad', () => {
    const x = tensor([1, 2, 3], { requiresGrad: true });
    const [y] = cube(x);
    expect(toNestedArray(y!)).toEqual([1, 8, 27]);
    backward(sum(y!));
    expect(toNestedArray(x.grad!)).toEqual([3, 12, 27]);
    expect(toNestedArray(grad(sum(square(cube(x)[0]!)), [x])[0]!)).toEqual([6, 192, 1458]);
  });

  torchTest('lets gradients pass where there are none', () => {
    const straightThrough = customGradient({
      forward: ([x]) => ({ outputs: [round(x!)], saved: [] }),
      backward: ([gradient]) => [gradient!],
    });
    const x = tensor([0.4, 0.6], { requiresGrad: true });
    const [y] = straightThrough(x);
    backward(sum(mul(y!, 2)));
    expect([toNestedArray(y!), toNestedArray(x.grad!)]).toEqual([
      [0, 1],
      [2, 2],
    ]);
  });

  torchTest('survives the scope that made it', () => {
    const x = tensor([2], { requiresGrad: true });
    const y = scope(() => cube(square(x))[0]!);
    backward(sum(y));
    expect(x.grad!.item()).toBe(6 * 2 ** 5);
  });

  torchTest('gives its own error where backward was called, and what it misses', () => {
    const x = tensor([1], { requiresGrad: true });
    class Mine extends Error {}
    const broken = customGradient({
      forward: ([a]) => ({ outputs: [relu(a!)], saved: [] }),
      backward: () => {
        throw new Mine('mine');
      },
    });
    expect(() => backward(sum(broken(x)[0]!))).toThrow(Mine);
    const short = customGradient({ forward: ([a]) => ({ outputs: [relu(a!)], saved: [] }), backward: () => [] });
    expect(() => backward(sum(short(x)[0]!))).toThrow('gave 0 gradients for 1 inputs');
    // and the engine still works
    backward(sum(square(x)));
    expect(x.grad!.item()).toBe(2);
  });

  torchTest('is not recorded in noGrad, nor for inputs that need no gradient', () => {
    expect(noGrad(() => cube(tensor([1], { requiresGrad: true })))[0]!.requiresGrad).toBe(false);
    expect(cube(tensor([1]))[0]!.requiresGrad).toBe(false);
  });
});

describe('checkpoint', () => {
  type Block = { w: Tensor };
  const block = (p: Block, x: Tensor): Tensor => scope(() => tanh(dropout(linear(x, p.w), 0.5, true)));
  const gradients = (body: (p: Block, x: Tensor) => Tensor): Float32Array[] =>
    scope(() => {
      const p = { w: ramp([6, 6]) };
      const x = ramp([4, 6], 0.5);
      p.w.requiresGrad = true;
      x.requiresGrad = true;
      manualSeed(5);
      const loss = sum(square(sub(body(p, x), 0.25)));
      return [Float32Array.of(loss.item()), ...grad(loss, [p.w, x]).map(toFloat32Array)];
    });

  torchTest('gives the same loss and gradients as the function itself, dropout included, nested or not', () => {
    const plain = gradients((p, x) => block(p, block(p, x)));
    const once = gradients((p, x) => checkpoint(block, [p, checkpoint(block, [p, x])]));
    const nested = gradients((p, x) => checkpoint((q: Block, y: Tensor) => block(q, checkpoint(block, [q, y])), [p, x]));
    for (const [i, expected] of plain.entries()) {
      expect(once[i]!).toBeAllClose(expected, { atol: 1e-6 });
      expect(nested[i]!).toBeAllClose(expected, { atol: 1e-6 });
    }
  });

  torchTest('repeats the autocast of the first run', () => {
    const run = (wrap: (p: Block, x: Tensor) => Tensor): Float32Array[] =>
      gradients((p, x) => autocast('cpu', 'bfloat16', () => wrap(p, x)));
    const plain = run((p, x) => block(p, x));
    const again = run((p, x) => checkpoint(block, [p, x]));
    for (const [i, expected] of plain.entries()) expect(again[i]!).toBeAllClose(expected, { atol: 1e-6 });
  });

  torchTest('works with backward, and frees everything', () => {
    const p = { w: ramp([6, 6]) };
    p.w.requiresGrad = true;
    const x = ramp([4, 6]);
    const step = (): void => {
      scope(() => backward(sum(checkpoint(block, [p, x]))));
      p.w.grad = null;
    };
    step();
    const before = liveTensors();
    for (let i = 0; i < 20; i++) step();
    expect(liveTensors()).toBe(before);
    expect(tree.count(p)).toBe(36);
  });
});
