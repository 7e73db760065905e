import { createRandom } from '@alignsts/signal';
import { expect, test } from 'vitest';
import {
  countWeights,
  fillTree,
  fillWeight,
  initConv1d,
  initKaimingConv1d,
  mapTree,
  namedLeaves,
  ones,
  uniform,
  xavierUniform,
  zeros,
} from './params.ts';

test('a walk keeps the structure, names leaves by their path, and leaves out what is absent', () => {
  const tree = { a: 1, b: [2, { c: 3 }], d: undefined };
  expect(mapTree(tree, (leaf: number, name) => `${name}=${leaf}`)).toEqual({ a: 'a=1', b: ['b.0=2', { c: 'b.1.c=3' }], d: undefined });
  expect(namedLeaves(tree).map(({ name }) => name)).toEqual(['a', 'b.0', 'b.1.c']);
});

test('weights are leaves although they are objects', () => {
  expect(namedLeaves({ x: initConv1d(3, 4, 5) }).map(({ name }) => name)).toEqual(['x.weight', 'x.bias']);
  expect(countWeights({ x: initConv1d(3, 4, 5) })).toBe(4 * 3 * 5 + 4);
});

test('fills stay within their bounds and have the spread they name', () => {
  const random = createRandom(1);
  const flat = fillWeight(uniform(0.25, 200, 50), random);
  expect(Math.max(...flat.map(Math.abs))).toBeLessThanOrEqual(0.25);
  expect(deviation(flat)).toBeCloseTo(0.25 / Math.sqrt(3), 2);
  // Kaiming: √(2/fanIn) with fanIn = 32·3
  expect(deviation(fillWeight(initKaimingConv1d(32, 100, 3).weight, random))).toBeCloseTo(Math.sqrt(2 / 96), 2);
  expect(xavierUniform(100, 300, [300, 100]).fill).toEqual({ kind: 'uniform', bound: Math.sqrt(6 / 400) });
  expect(fillWeight(ones(2, 2), random)).toEqual(Float32Array.of(1, 1, 1, 1));
});

test('a weight starts the same whatever else the model has', () => {
  const alone = fillTree({ a: uniform(1, 4) }, 7);
  const together = fillTree({ new: uniform(1, 9), a: uniform(1, 4), z: zeros(2) }, 7);
  expect(together.a.data).toEqual(alone.a.data);
  expect(fillTree({ a: uniform(1, 4) }, 8).a.data).not.toEqual(alone.a.data);
});

function deviation(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
}
