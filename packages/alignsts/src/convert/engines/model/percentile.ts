/**
 * The value below which a share of the values lies (no interpolation); -∞ of none.
 * @example percentile([3, 1, 2], 0.5) // 2
 */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NEGATIVE_INFINITY;
}
