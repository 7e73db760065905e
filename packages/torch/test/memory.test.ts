import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect } from 'vitest';
import {
  add,
  backward,
  fromTypedArray,
  keep,
  linear,
  liveTensors,
  mseLoss,
  randn,
  relu,
  scope,
  sum,
  type Tensor,
  tensor,
  zeros,
} from '../src/index.ts';
import { torchTest } from './support/torch-test.ts';

describe('scope', () => {
  torchTest('frees what was made in it and returns what it returns', () => {
    const x = tensor([1, 2]);
    const before = liveTensors();
    const result = scope(() => {
      const y = add(x, 1);
      return { total: sum(y), list: [add(y, y)], plain: 7, map: new Map([['k', add(x, x)]]) };
    });
    expect(liveTensors() - before).toBe(3);
    expect([result.total.item(), result.list[0]!.shape, result.plain, result.map.get('k')!.shape]).toEqual([5, [2], 7, [2]]);
  });

  torchTest('leaves tensors from outside alone, also when it returns them', () => {
    const x = tensor([1]);
    expect(scope(() => x)).toBe(x);
    expect(x.item()).toBe(1);
  });

  torchTest('hands its result to the scope around it', () => {
    const before = liveTensors();
    let inner: Tensor | undefined;
    scope(() => {
      inner = scope(() => add(tensor([1]), 1));
      expect(inner.item()).toBe(2);
      expect(liveTensors() - before).toBe(1);
    });
    expect(liveTensors()).toBe(before);
    expect(() => inner!.item()).toThrow('has been freed');
  });

  torchTest('frees after an error too, and lets it through', () => {
    const before = liveTensors();
    expect(() =>
      scope(() => {
        add(tensor([1]), 1);
        throw new RangeError('mine');
      }),
    ).toThrow(RangeError);
    expect(liveTensors()).toBe(before);
  });

  torchTest('spares what is kept, through any number of scopes', () => {
    let kept: Tensor | undefined;
    scope(() => {
      scope(() => {
        kept = keep(add(tensor([1]), 1));
      });
    });
    expect(kept!.item()).toBe(2);
    kept!.free();
  });

  torchTest('refuses an async function', () => {
    expect(() => scope(async () => tensor([1]))).toThrow('scope() takes a synchronous function');
  });

  torchTest('survives results that contain themselves', () => {
    const loop: { self?: unknown; x?: Tensor } = {};
    loop.self = loop;
    scope(() => {
      loop.x = tensor([3]);
      return loop;
    });
    expect(loop.x!.item()).toBe(3);
  });
});

describe('memory', () => {
  const residentMegabytes = (): number => process.memoryUsage().rss / 2 ** 20;

  torchTest('stays flat over 10,000 training steps', () => {
    const w = randn([32, 32]);
    w.requiresGrad = true;
    const x = randn([16, 32]);
    const step = (): void => {
      scope(() => {
        const hidden = relu(linear(x, w));
        backward(mseLoss(linear(hidden, w), x));
        w.grad = null;
      });
    };
    // the allocator and the compiler settle first
    for (let i = 0; i < 2000; i++) step();
    const live = liveTensors();
    const before = residentMegabytes();
    for (let i = 0; i < 10_000; i++) step();
    expect(liveTensors()).toBe(live);
    // a leak of one 16 × 32 tensor a step would be 20 MB
    expect(residentMegabytes() - before).toBeLessThan(12);
  });

  torchTest('goes back without a scope once the collector has run', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const before = liveTensors();
    const makeGarbage = (): void => {
      for (let i = 0; i < 100; i++) zeros([256, 256]);
    };
    makeGarbage();
    expect(liveTensors()).toBeGreaterThanOrEqual(before + 100);
    for (let i = 0; i < 50 && liveTensors() > before; i++) {
      collect();
      await sleep(10);
    }
    expect(liveTensors()).toBeLessThanOrEqual(before);
  });

  torchTest('of unreachable tensors weighs on the collector, so that a loop that yields does not grow', async () => {
    const before = residentMegabytes();
    // 4 MB each, 2 GB in all: V8 sees a few bytes of each, unless it is told
    for (let i = 0; i < 500; i++) {
      zeros([1024, 1024]);
      if (i % 10 === 9) await sleep(0);
    }
    expect(residentMegabytes() - before).toBeLessThan(700);
  });

  torchTest('of a typed array is not needed after the copy', () => {
    const array = new Float32Array([1, 2]);
    const x = fromTypedArray(array);
    array[0] = 9;
    expect(x.toString()).toBe('Tensor(float32 [2] on cpu)');
    expect(sum(x).item()).toBe(3);
  });
});
