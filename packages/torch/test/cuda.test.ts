import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { add, captureStep, cuda, fusedElementwise, mul, sigmoid, tanh, tensor, toNestedArray } from '../src/index.ts';
import { gate, gpuChecks, type OperatorCase } from './support/gpu-checks.ts';
import { gpuTest, torchTest } from './support/torch-test.ts';

const cases = JSON.parse(readFileSync(new URL('../../../fixtures/torch/operators.json', import.meta.url), 'utf8')) as OperatorCase[];

describe('on a GPU', () => {
  for (const { title, run } of gpuChecks(cases)) gpuTest(title, run, 300_000);
});

describe('without a GPU', () => {
  torchTest('everything about GPUs but their number throws a clear error', () => {
    if (cuda.deviceCount() > 0) return;
    expect(() => cuda.synchronize()).toThrow(/built without CUDA|sees no GPU/);
    expect(() => new cuda.Stream()).toThrow(/built without CUDA|sees no GPU/);
    expect(() => tensor([1], { device: 'cuda' })).toThrow();
    expect(() => captureStep((x) => x, tensor([1]), { enabled: true })).toThrow(/built without CUDA|sees no GPU/);
  });

  torchTest('a captured step runs eagerly, and a fused function as its operators', () => {
    const step = captureStep(({ x }) => add(x, 1), { x: tensor([1]) });
    expect(toNestedArray(step({ x: tensor([5]) }))).toEqual([6]);
    step.dispose();
    const [a, b] = [tensor([0.5]), tensor([-1])];
    expect(toNestedArray(gate(a, b)[0]!)).toEqual(toNestedArray(mul(tanh(a), sigmoid(b))));
    expect(() => fusedElementwise({ forward: 'float f(float a)', backward: '', reference: (x) => [x!] })).toThrow(
      'a fused function starts with',
    );
  });
});
