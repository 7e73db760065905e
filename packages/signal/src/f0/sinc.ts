/**
 * The even sequence r between its samples (Boersma 1993, eq. 22): sin x/x under a Hann window, `depth` samples to each side, on a grid of
 * GRID places a sample, so that every weight comes from a table. r holds lags 0 … r.length-1, and r(-lag) = r(lag).
 */
export const GRID = 16;

/** A function that gives r at lag place/GRID; places reach from 0 to GRID·(r.length-1-depth). */
export function createSincInterpolator(depth: number): (r: number[], place: number) => number {
  const rows = Array.from({ length: GRID }, (_, g) => weights(g / GRID, depth));
  return (r, place) => {
    const phase = place % GRID;
    const left = (place - phase) / GRID;
    if (phase === 0) return r[left]!;
    const row = rows[phase]!;
    const from = left - depth + 1;
    let sum = 0;
    let i = 0;
    for (; from + i < 0; i++) sum += row[i]! * r[-from - i]!;
    for (; i < row.length; i++) sum += row[i]! * r[from + i]!;
    return sum;
  };
}

/** Weights of the 2·depth samples around a place `phase` after the left one of the two in the middle. */
function weights(phase: number, depth: number): number[] {
  return Array.from({ length: 2 * depth }, (_, i) => {
    const distance = i < depth ? phase + (depth - 1 - i) : 1 - phase + (i - depth);
    const reach = i < depth ? phase + depth : 1 - phase + depth;
    if (distance === 0) return 1;
    const x = Math.PI * distance;
    return (Math.sin(x) / x) * (0.5 + 0.5 * Math.cos(x / reach));
  });
}
