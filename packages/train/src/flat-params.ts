import * as torch from '@alignsts/torch';
import { type FloatArray, type Mapped, mapTree, namedLeaves, sizeOf, type Weight } from 'alignsts/model';

/**
 * All parameters of a model as one long tensor, and the tree as views into it. Clipping, AdamW, the weights' average and the cast to bfloat16 are
 * then one kernel each instead of one a parameter, and a checkpoint is still the tree.
 */
export type FlatLayout = {
  /** Numbers in the long tensor, gaps included. */
  size: number;
  parts: { name: string; shape: readonly number[]; offset: number; size: number }[];
};

/** Each parameter starts at a multiple of 64 numbers: tensor cores want their matrices aligned. */
const ALIGNMENT = 64;

export function flatLayout(tree: unknown): FlatLayout {
  const parts: FlatLayout['parts'] = [];
  let offset = 0;
  for (const { name, leaf } of namedLeaves<{ shape: readonly number[] }>(tree)) {
    const size = sizeOf(leaf.shape);
    parts.push({ name, shape: leaf.shape, offset, size });
    offset += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
  }
  return { size: offset, parts };
}

/** Fills the long array from a tree of numbers. */
export function flatten(layout: FlatLayout, tree: unknown): Float32Array {
  const flat = new Float32Array(layout.size);
  const leaves = new Map(namedLeaves<FloatArray>(tree).map(({ name, leaf }) => [name, leaf]));
  for (const { name, offset, size } of layout.parts) {
    const leaf = leaves.get(name);
    if (leaf === undefined || leaf.data.length !== size) throw new Error(`The weights do not hold ${name} with ${size} numbers.`);
    flat.set(leaf.data, offset);
  }
  return flat;
}

/** The tree as views into the long tensor; gradients flow back into it. */
export function viewTree<P>(layout: FlatLayout, tree: P, flat: torch.Tensor): Mapped<P, Weight, torch.Tensor> {
  const spans = layout.parts.map(({ offset }, index) => (layout.parts[index + 1]?.offset ?? layout.size) - offset);
  const pieces = torch.splitWithSizes(flat, spans, 0);
  const byName = new Map(
    layout.parts.map(({ name, shape, size }, index) => {
      const piece = pieces[index]!;
      const exact = size === spans[index] ? piece : torch.narrow(piece, 0, 0, size);
      return [name, torch.view(exact, shape)];
    }),
  );
  return mapTree(tree, (_: Weight, name): torch.Tensor => byName.get(name)!);
}

/** The long array as a tree of numbers again. */
export function unflatten<P>(layout: FlatLayout, tree: P, flat: Float32Array): Mapped<P, Weight, FloatArray> {
  const byName = new Map(layout.parts.map((part) => [part.name, part]));
  return mapTree(tree, (_: Weight, name): FloatArray => {
    const { shape, offset, size } = byName.get(name)!;
    return { shape, data: flat.slice(offset, offset + size) };
  });
}
