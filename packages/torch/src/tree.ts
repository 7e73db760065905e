/**
 * Parameters are plain nested objects and arrays of tensors: trees. What an optimizer, a checkpoint or a parameter count needs is a walk over
 * one. Order is the objects' own key order; names join keys with dots, as PyTorch names its parameters: `encoder.0.weight`.
 */
import { Tensor } from './tensor.ts';

export type Tree<T> = T | readonly Tree<T>[] | { readonly [key: string]: Tree<T> };

/**
 * A tree of the same form with `change` applied to each tensor; anything that is no tensor, array or plain object stays as it is.
 * @example map(params, (parameter) => zerosLike(parameter))
 */
export function map<Node>(tree: Node, change: (tensor: Tensor, name: string) => Tensor): Node;
export function map<T>(tree: Tree<Tensor>, change: (tensor: Tensor, name: string) => T): Tree<T>;
export function map(tree: unknown, change: (tensor: Tensor, name: string) => unknown): unknown {
  const visit = (node: unknown, name: string): unknown => {
    if (node instanceof Tensor) return change(node, name);
    if (Array.isArray(node)) return node.map((child, i) => visit(child, join(name, String(i))));
    if (isPlainObject(node)) return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, visit(child, join(name, key))]));
    return node;
  };
  return visit(tree, '');
}

/** The tensors of a tree, in order. */
export function flatten(tree: unknown): Tensor[] {
  return entries(tree).map(([, tensor]) => tensor);
}

/** The tensors of a tree with their names. @example entries({ a: { w: x } }) // [['a.w', x]] */
export function entries(tree: unknown): [string, Tensor][] {
  const found: [string, Tensor][] = [];
  map(tree, (tensor, name) => {
    found.push([name, tensor]);
    return tensor;
  });
  return found;
}

/** The tensors' names, in order. */
export function names(tree: unknown): string[] {
  return entries(tree).map(([name]) => name);
}

/** Number of elements in all tensors together. */
export function count(tree: unknown): number {
  return flatten(tree).reduce((sum, tensor) => sum + tensor.numel, 0);
}

/** Tensors by name, as a state file holds them. */
export function toNamed(tree: unknown): Record<string, Tensor> {
  return Object.fromEntries(entries(tree));
}

/**
 * A tree of the form of `like`, with the tensors of `named`.
 * @throws Error that lists the names which one of both has and the other lacks, and shapes that differ.
 */
export function fromNamed<Node>(like: Node, named: Readonly<Record<string, Tensor>>): Node {
  const expected = new Map(entries(like));
  const missing = [...expected.keys()].filter((name) => !Object.hasOwn(named, name));
  const surplus = Object.keys(named).filter((name) => !expected.has(name));
  const different = [...expected].flatMap(([name, tensor]) => {
    const other = Object.hasOwn(named, name) ? named[name] : undefined;
    return other && String(other.shape) !== String(tensor.shape) ? [`${name} is [${other.shape}] instead of [${tensor.shape}]`] : [];
  });
  if (missing.length + surplus.length + different.length > 0) {
    const parts = [
      missing.length > 0 ? `missing: ${some(missing)}` : '',
      surplus.length > 0 ? `not expected: ${some(surplus)}` : '',
      different.length > 0 ? `of another shape: ${some(different)}` : '',
    ];
    throw new Error(`the tensors do not fit the parameters. ${parts.filter(Boolean).join('; ')}`);
  }
  return map(like, (_, name) => named[name]!);
}

function some(list: readonly string[]): string {
  return list.length > 5 ? `${list.slice(0, 5).join(', ')} and ${list.length - 5} more` : list.join(', ');
}

function join(name: string, key: string): string {
  return name === '' ? key : `${name}.${key}`;
}

function isPlainObject(node: unknown): node is Record<string, unknown> {
  if (typeof node !== 'object' || node === null) return false;
  const prototype: unknown = Object.getPrototypeOf(node);
  return prototype === Object.prototype || prototype === null;
}
