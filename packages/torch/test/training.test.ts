import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  adamw,
  autocast,
  bernoulli,
  call,
  captureStep,
  clipGradNorm,
  constantRate,
  cosineRate,
  createEma,
  createGenerator,
  dropout,
  exponentialRate,
  fromTypedArray,
  full,
  gelu,
  getRandomState,
  grad,
  linear,
  manualSeed,
  matmul,
  mseLoss,
  mul,
  noGrad,
  normal_,
  ones,
  rand,
  randint,
  randn,
  randperm,
  rsqrtRate,
  scope,
  setRandomState,
  slice,
  sub,
  type Tensor,
  tensor,
  to,
  toFloat32Array,
  toNestedArray,
  tree,
  uniform_,
  zeros,
} from '../src/index.ts';
import { since, torchTest } from './support/torch-test.ts';

type Reference = {
  adamw: Record<string, number[][]>;
  clip: Record<string, { norm: number; gradients: number[][] }>;
  random: Record<string, number[]>;
  autocast: { product: number[]; loss: number; gradient: number[] };
  training: { losses: number[]; w2: number[] };
};
const reference = JSON.parse(readFileSync(new URL('../../../fixtures/torch/training.json', import.meta.url), 'utf8')) as Reference;

/** The ramp of fixtures/make/torch-training.py. */
function ramp(shape: number[], scale: number, phase: number): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return fromTypedArray(
    Float32Array.from({ length: count }, (_, i) => ((((i * 37 + phase * 101) % 64) - 32) / 32) * scale),
    shape,
  );
}

describe('AdamW', () => {
  const run = (weightDecay: number, fused: boolean): Float32Array[] => {
    const params = [ramp([3, 4], 1, 1), ramp([5], 1, 2)];
    const optimizer = adamw(params, { lr: 0.5, betas: [0.9, 0.98], weightDecay, fused });
    for (let step = 0; step < 6; step++) {
      optimizer.setLearningRate(0.02 / (1 + step));
      optimizer.step([ramp([3, 4], 0.5, 10 * step), ramp([5], 0.5, 10 * step + 1)]);
    }
    expect(optimizer.state.step.item()).toBe(6);
    return params.map(toFloat32Array);
  };

  for (const [name, weightDecay] of [
    ['decay0', 0],
    ['decay0.1', 0.1],
  ] as const) {
    torchTest(`follows PyTorch's (${name}), fused or not`, () => {
      for (const fused of since('2.5') ? [false, true] : [false]) {
        for (const [i, values] of run(weightDecay, fused).entries()) {
          // six updates of at most 0.02, each rounded to float32
          expect(values).toBeAllClose(reference.adamw[name]![i]!, { atol: 1e-6, rtol: 1e-6 });
        }
      }
    });
  }

  torchTest('leaves a parameter without gradient as it is', () => {
    const params = { a: tensor([1, 2]), b: tensor([3]) };
    adamw(params).step([tensor([1, 1]), null]);
    expect(toNestedArray(params.b)).toEqual([3]);
    expect((toNestedArray(params.a) as number[])[0]).toBeLessThan(1);
  });

  torchTest('goes on from a stored state as if it had not stopped', () => {
    const gradient = (i: number): Tensor[] => [ramp([3], 1, i)];
    const straight = [ramp([3], 1, 3)];
    const first = adamw(straight, { fused: false });
    for (let i = 0; i < 4; i++) first.step(gradient(i));

    const stopped = [ramp([3], 1, 3)];
    const before = adamw(stopped, { fused: false });
    for (let i = 0; i < 2; i++) before.step(gradient(i));
    const after = adamw(stopped, { fused: false });
    after.loadState(before.state);
    for (let i = 2; i < 4; i++) after.step(gradient(i));
    expect(toFloat32Array(stopped[0]!)).toEqual(toFloat32Array(straight[0]!));
    expect(() => adamw([ramp([3], 1, 3), ramp([2], 1, 1)]).loadState(before.state)).toThrow('the stored state is for 1 parameters');
  });

  torchTest('says what is out of range', () => {
    expect(() => adamw([])).toThrow('adamw() got no parameters');
    expect(() => adamw([tensor([1])], { lr: -1 })).toThrow('adamw: lr is -1');
    expect(() => adamw([tensor([1])], { betas: [0.9, 1] })).toThrow('adamw: betas is 0.9,1');
    expect(() => adamw([tensor([1])]).step([])).toThrow('step() got 0 gradients for 1 parameters');
  });
});

describe('gradient clipping', () => {
  torchTest('scales to the bound, and only what exceeds it, as PyTorch does', () => {
    for (const [bound, expected] of Object.entries(reference.clip)) {
      const gradients = [ramp([3, 4], 1, 1), ramp([5], 2, 2)];
      expect(clipGradNorm([...gradients, null], Number(bound)).item()).toBeCloseTo(expected.norm, 5);
      for (const [i, gradient] of gradients.entries())
        expect(toFloat32Array(gradient)).toBeAllClose(expected.gradients[i]!, { atol: 1e-6 });
    }
  });

  torchTest('leaves zero gradients zero, and wants a bound above 0', () => {
    const gradient = zeros([3]);
    expect(clipGradNorm([gradient], 1).item()).toBe(0);
    expect(toNestedArray(gradient)).toEqual([0, 0, 0]);
    expect(() => clipGradNorm([gradient], 0)).toThrow('maxNorm is 0');
    expect(() => clipGradNorm([null], 1)).toThrow('got no gradients');
  });
});

describe('schedules', () => {
  test('the rsqrt law rises, peaks at the end of warm-up and falls with the root', () => {
    const rate = rsqrtRate({ factor: 2, warmup: 2000, dim: 256 });
    // closed form: 2·(n/2000)/√(2000·256) up to 2000, 2/√(256n) beyond
    expect([1000, 2000, 20_000, 200_000].map(rate)).toBeAllClose([1.3975e-3, 2.7951e-3, 8.8388e-4, 2.7951e-4], { rtol: 1e-4, atol: 0 });
    expect(rsqrtRate({ warmup: 1e12, dim: 256 })(1)).toBe(1e-7);
  });

  test('the cosine starts after its warm-up at lr, passes half-way the middle, ends at the floor and stays', () => {
    const rate = cosineRate({ lr: 1, total: 110, warmup: 10, floor: 0.1 });
    expect([5, 10, 60, 110, 500].map(rate)).toBeAllClose([0.5, 1, 0.55, 0.1, 0.1], { atol: 1e-12 });
  });

  test('the exponential falls smoothly or in steps', () => {
    expect(exponentialRate({ lr: 2, gamma: 0.25, every: 10 })(5)).toBeCloseTo(1, 12);
    expect(exponentialRate({ lr: 2, gamma: 0.25, every: 10, staircase: true })(19)).toBe(0.5);
    expect(constantRate(3)(99)).toBe(3);
  });
});

describe('the weight average', () => {
  torchTest('is the geometric mean of the past', () => {
    const params = { w: tensor([1]) };
    const ema = createEma(params, { decay: 0.75 });
    for (const value of [2, 3]) {
      noGrad(() => call('aten::fill_.Scalar', params.w, value));
      ema.update();
    }
    // 1 → 0.75·1 + 0.25·2 = 1.25 → 0.75·1.25 + 0.25·3 = 1.6875
    expect(ema.average.w.item()).toBeCloseTo(1.6875, 6);
    expect(params.w.item()).toBe(3);
  });

  torchTest('forgets its start sooner with warm-up', () => {
    const params = [tensor([0])];
    const ema = createEma(params, { decay: 0.999, warmup: true });
    noGrad(() => call('aten::fill_.Scalar', params[0]!, 11));
    ema.update();
    // decay (1 + 1)/(10 + 1)
    expect(ema.average[0]!.item()).toBeCloseTo(9, 5);
    expect(() => createEma(params, { decay: 1 })).toThrow('decay is 1');
  });
});

describe('trees', () => {
  torchTest('are mapped, flattened and named in the order of their keys', () => {
    const params = { encoder: [{ w: zeros([2, 3]) }, { w: ones([1]) }], out: zeros([]), width: 7, none: null };
    expect(tree.names(params)).toEqual(['encoder.0.w', 'encoder.1.w', 'out']);
    expect(tree.count(params)).toBe(8);
    expect(tree.flatten(tree.map(params, (x) => mul(x, 2)))[1]!.item()).toBe(2);
    expect(tree.map(params, (x) => mul(x, 2)).width).toBe(7);
    const copy = tree.fromNamed(params, tree.toNamed(params));
    expect(copy.encoder[0]!.w).toBe(params.encoder[0]!.w);
  });

  torchTest('say which names and shapes do not fit', () => {
    const params = { a: zeros([2]), b: zeros([3]) };
    expect(() => tree.fromNamed(params, { a: zeros([4]), c: zeros([1]) })).toThrow(
      'missing: b; not expected: c; of another shape: a is [4] instead of [2]',
    );
    expect(() => tree.fromNamed(params, { ...params, ['__proto__x']: zeros([1]) })).toThrow('not expected: __proto__x');
  });
});

describe('random numbers', () => {
  const expected = reference.random as Record<string, number[]>;

  torchTest('are PyTorch’s for the same seed', () => {
    manualSeed(123);
    expect(toFloat32Array(randn([6]))).toBeAllClose(expected['randn']!);
    expect(toFloat32Array(rand([4]))).toBeAllClose(expected['rand']!);
    expect(toNestedArray(randperm(7))).toEqual(expected['randperm']);
    expect(toNestedArray(randint(0, 100, [5]))).toEqual(expected['randint']);
    expect(toFloat32Array(randn([5], { generator: createGenerator(99) }))).toBeAllClose(expected['generator']!);
    manualSeed(7);
    expect(toFloat32Array(dropout(ones([12]), 0.5, true))).toEqual(Float32Array.from(expected['dropout']!));
    manualSeed(8);
    expect(toFloat32Array(normal_(zeros([4]), 1, 2))).toBeAllClose(expected['normal']!);
    expect(toFloat32Array(uniform_(zeros([4]), -1, 3))).toBeAllClose(expected['uniform']!);
    expect(toFloat32Array(bernoulli(full([10], 0.3)))).toEqual(Float32Array.from(expected['bernoulli']!));
  });

  torchTest('of a generator depend on nothing else, and their state can be stored', () => {
    const [a, b] = [createGenerator(5), createGenerator(5)];
    manualSeed(1);
    const first = toFloat32Array(randn([3], { generator: a }));
    manualSeed(2);
    expect(toFloat32Array(randn([3], { generator: b }))).toEqual(first);
    const state = a.getState();
    const next = toFloat32Array(randn([3], { generator: a }));
    a.setState(state);
    expect(toFloat32Array(randn([3], { generator: a }))).toEqual(next);
    const global = getRandomState();
    const drawn = toFloat32Array(randn([3]));
    setRandomState(global);
    expect(toFloat32Array(randn([3]))).toEqual(drawn);
    expect(() => a.setState(tensor([1]))).toThrow();
    expect(() => manualSeed(-1)).toThrow('a seed is a whole number');
  });
});

describe('all together', () => {
  torchTest('autocast on the CPU gives PyTorch’s product and gradient', () => {
    const x = ramp([4, 8], 1, 3);
    const w = ramp([8, 8], 1, 4);
    w.requiresGrad = true;
    const { product, loss } = autocast('cpu', 'bfloat16', () => {
      const y = matmul(x, w);
      return { product: y, loss: mseLoss(to(y, { dtype: 'float32' }), zeros([4, 8])) };
    });
    // bfloat16 has 8 bits: values of about 1 come in steps of 2^-8
    expect(toFloat32Array(product)).toBeAllClose(reference.autocast.product, { atol: 2 ** -7, rtol: 2 ** -7 });
    expect(loss.item()).toBeCloseTo(reference.autocast.loss, 2);
    expect(toFloat32Array(grad(loss, [w])[0]!)).toBeAllClose(reference.autocast.gradient, { atol: 2 ** -8, rtol: 2 ** -6 });
  });

  const train = (capture: boolean): { losses: number[]; w2: Float32Array } => {
    const params = { w1: ramp([16, 3], 0.5, 5), b1: zeros([16]), w2: ramp([1, 16], 0.5, 6), b2: zeros([1]) };
    for (const parameter of tree.flatten(params)) parameter.requiresGrad = true;
    const x = ramp([32, 3], 1, 7);
    const column = (i: number): Tensor => slice(x, 1, i, i + 1);
    const y = sub(mul(column(0), column(1)), column(2));
    const optimizer = adamw(params, { lr: 0.01, betas: [0.9, 0.98], weightDecay: 0.01 });
    const step = (batch: { x: Tensor; y: Tensor }): { loss: Tensor } => {
      const loss = mseLoss(linear(gelu(linear(batch.x, params.w1, params.b1)), params.w2, params.b2), batch.y);
      const gradients = grad(loss, tree.flatten(params));
      clipGradNorm(gradients, 0.5);
      optimizer.step(gradients);
      return { loss };
    };
    const run = capture ? captureStep(step, { x, y }, { preserve: [params, optimizer.state] }) : step;
    const losses = Array.from({ length: 40 }, () => scope(() => run({ x, y }).loss.item()));
    return { losses, w2: toFloat32Array(params.w2) };
  };

  torchTest('a small network trains step by step as in PyTorch', () => {
    const { losses, w2 } = train(false);
    // forty steps amplify float32 rounding a little
    expect(losses).toBeAllClose(reference.training.losses, { atol: 2e-6, rtol: 2e-4 });
    expect(w2).toBeAllClose(reference.training.w2, { atol: 2e-5, rtol: 1e-3 });
  });

  torchTest('captureStep on a CPU is the step itself', () => {
    expect(train(true)).toEqual(train(false));
  });
});
