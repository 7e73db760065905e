/** What a loss does with its elements, by name; libtorch takes a number (ATen/core/Reduction.h). */
export type Reduction = 'none' | 'mean' | 'sum';

export function reductionCode(reduction: Reduction | undefined): number | undefined {
  if (reduction === undefined) return undefined;
  const code = ['none', 'mean', 'sum'].indexOf(reduction);
  if (code < 0) throw new Error(`reduction is '${reduction}': use 'none', 'mean' or 'sum'`);
  return code;
}
