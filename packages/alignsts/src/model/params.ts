import { createRandom, type Random } from '@alignsts/signal';

/**
 * Parameters are plain nested objects and arrays. Before training their leaves are `Weight`s (shape and how to fill it), afterwards
 * float arrays or a backend's tensors; counting, filling, checkpoints, weight averages and export are all one walk over the tree.
 */
export type Weight = { shape: readonly number[]; fill: Fill };

/** A weight with its numbers, row-major. */
export type FloatArray = { shape: readonly number[]; data: Float32Array };

/** How a fresh weight is drawn. */
export type Fill = { kind: 'constant'; value: number } | { kind: 'uniform'; bound: number } | { kind: 'normal'; deviation: number };

export type Tree<Leaf> = Leaf | { readonly [name: string]: Tree<Leaf> } | readonly Tree<Leaf>[];

/** The same tree with other leaves. */
export type Mapped<P, From, To> = P extends From ? To : { [K in keyof P]: Mapped<P[K], From, To> };

/** A leaf with its name: the path from the root, joined by dots, as in a PyTorch state dict. */
export type Named<Leaf> = { name: string; leaf: Leaf };

/** A leaf is anything but a plain object or array; a `Weight` and a `{ shape, data }` array are leaves too. */
function isBranch(node: unknown): node is Record<string, unknown> | unknown[] {
  if (Array.isArray(node)) return true;
  if (typeof node !== 'object' || node === null || 'shape' in node) return false;
  const prototype: unknown = Object.getPrototypeOf(node);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Applies `change` to each leaf and keeps the structure. Absent (undefined) entries stay absent.
 *
 * @example mapTree({ a: 1, b: [2] }, (leaf: number, name) => `${name}=${leaf}`) // { a: 'a=1', b: ['b.0=2'] }
 */
export function mapTree<P, From, To>(tree: P, change: (leaf: From, name: string) => To): Mapped<P, From, To> {
  const walk = (node: unknown, path: string): unknown => {
    if (node === undefined) return undefined;
    if (Array.isArray(node)) return node.map((child, index) => walk(child, join(path, String(index))));
    if (isBranch(node)) {
      return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child, join(path, key))]));
    }
    return change(node as From, path);
  };
  return walk(tree, '') as Mapped<P, From, To>;
}

/** All leaves in order, with their names. */
export function namedLeaves<Leaf>(tree: unknown): Named<Leaf>[] {
  const leaves: Named<Leaf>[] = [];
  mapTree(tree, (leaf: Leaf, name) => leaves.push({ name, leaf }));
  return leaves;
}

/** How many numbers the weights of a tree hold. */
export function countWeights(tree: unknown): number {
  return namedLeaves<Weight>(tree).reduce((total, { leaf }) => total + sizeOf(leaf.shape), 0);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The numbers of one fresh weight. */
export function fillWeight(weight: Weight, random: Random): Float32Array {
  const values = new Float32Array(sizeOf(weight.shape));
  const { fill } = weight;
  if (fill.kind === 'constant') return values.fill(fill.value);
  for (let i = 0; i < values.length; i++) {
    values[i] = fill.kind === 'uniform' ? (2 * random.uniform() - 1) * fill.bound : random.normal() * fill.deviation;
  }
  return values;
}

/**
 * A fresh tree of numbers. Each leaf draws from a generator of its own, seeded by its name, so that adding a block to a model leaves the
 * others' start as it was.
 */
export function fillTree<P>(tree: P, seed: number): Mapped<P, Weight, FloatArray> {
  return mapTree(tree, (weight: Weight, name): FloatArray => {
    return { shape: weight.shape, data: fillWeight(weight, createRandom(seed ^ hash(name))) };
  });
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value;
}

export function zeros(...shape: number[]): Weight {
  return { shape, fill: { kind: 'constant', value: 0 } };
}

export function ones(...shape: number[]): Weight {
  return { shape, fill: { kind: 'constant', value: 1 } };
}

export function normal(deviation: number, ...shape: number[]): Weight {
  return { shape, fill: { kind: 'normal', deviation } };
}

export function uniform(bound: number, ...shape: number[]): Weight {
  return { shape, fill: { kind: 'uniform', bound } };
}

/** Glorot and Bengio 2010, uniform: U(±gain·√(6/(fanIn + fanOut))). */
export function xavierUniform(fanIn: number, fanOut: number, shape: readonly number[], gain = 1): Weight {
  return { shape, fill: { kind: 'uniform', bound: gain * Math.sqrt(6 / (fanIn + fanOut)) } };
}

export type LinearParams<T> = { weight: T; bias: T };

/** PyTorch's default for Linear and Conv: weight and bias from U(±1/√fanIn). */
export function initLinear(inputs: number, outputs: number): LinearParams<Weight> {
  const bound = 1 / Math.sqrt(inputs);
  return { weight: uniform(bound, outputs, inputs), bias: uniform(bound, outputs) };
}

/** PyTorch's default initialisation of Conv1d, weight [outputs, inputs, kernel]. */
export function initConv1d(inputs: number, outputs: number, kernel: number): LinearParams<Weight> {
  const bound = 1 / Math.sqrt(inputs * kernel);
  return { weight: uniform(bound, outputs, inputs, kernel), bias: uniform(bound, outputs) };
}

/** He et al. 2015: normal with deviation √(2/fanIn); the bias stays PyTorch's default. */
export function initKaimingConv1d(inputs: number, outputs: number, kernel: number): LinearParams<Weight> {
  const fanIn = inputs * kernel;
  return { weight: normal(Math.sqrt(2 / fanIn), outputs, inputs, kernel), bias: uniform(1 / Math.sqrt(fanIn), outputs) };
}

export type NormParams<T> = { weight: T; bias: T };

export function initNorm(channels: number): NormParams<Weight> {
  return { weight: ones(channels), bias: zeros(channels) };
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
