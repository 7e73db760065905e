/** Scopes free the tensors made inside them, at once and in order, without waiting for the garbage collector. */
import { freeAll, leaveToCollector, lifetime, Tensor } from './tensor.ts';

/**
 * Runs `body` and frees every tensor that was made in it, except those in its result (found in arrays, plain objects, Maps and Sets) and
 * those given to `keep`. Scopes nest: what one returns belongs to the next one out.
 * @example const loss = scope(() => mean(pow(sub(predicted, target), 2))); // the difference and its square are freed
 * @throws whatever `body` throws, after freeing; an Error when `body` is async, for its tensors would be freed while it waits.
 */
export function scope<T>(body: () => T): T {
  const outer = lifetime.current;
  const mine: Tensor[] = [];
  lifetime.current = mine;
  let survivors: ReadonlySet<Tensor> = new Set();
  try {
    const result = body();
    if (result instanceof Promise)
      throw new Error('scope() takes a synchronous function: await before it, or open a scope for each part between two awaits');
    survivors = tensorsIn(result);
    return result;
  } finally {
    lifetime.current = outer;
    const doomed: Tensor[] = [];
    for (const tensor of mine) {
      if (tensor.kept) leaveToCollector(tensor);
      else if (!survivors.has(tensor)) doomed.push(tensor);
      else if (outer) outer.push(tensor);
      else leaveToCollector(tensor);
    }
    freeAll(doomed);
  }
}

/** Lets tensors outlive every scope, as optimizer state must: they are freed by `free()` or by the garbage collector. */
export function keep<T>(value: T): T {
  for (const tensor of tensorsIn(value)) tensor.kept = true;
  return value;
}

/** Every tensor in a value: itself, or inside arrays, plain objects, Maps and Sets. */
export function tensorsIn(value: unknown): Set<Tensor> {
  const found = new Set<Tensor>();
  const seen = new Set<object>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (node instanceof Tensor) {
      found.add(node);
      return;
    }
    if (seen.has(node)) return;
    seen.add(node);
    if (Array.isArray(node) || node instanceof Set) for (const child of node) visit(child);
    else if (node instanceof Map) for (const child of node.values()) visit(child);
    else if (isPlain(node)) for (const child of Object.values(node)) visit(child);
  };
  visit(value);
  return found;
}

function isPlain(node: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(node);
  return prototype === Object.prototype || prototype === null;
}
