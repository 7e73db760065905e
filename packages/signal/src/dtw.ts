import { InputError } from './input-error.ts';
import type { Frames } from './units.ts';

/**
 * Dynamic time warping (Sakoe and Chiba 1978, "Dynamic programming algorithm optimization for spoken word recognition"): the cheapest monotone
 * path from cell (0, 0) to cell (rows-1, cols-1) of a cost table, by steps of one's choice.
 */
export type DtwStep = {
  /** Rows and columns that the step advances: whole numbers from 0, not both 0. */
  di: number;
  dj: number;
  /** Factor on the cost of the cell that the step lands on. */
  weight: number;
};

export type DtwOptions = {
  rows: Frames;
  cols: Frames;
  /** Cost of a cell, at least 0: a function, called at most once for each cell in the band, or a [rows, cols] row-major table. */
  cost: ((row: number, col: number) => number) | Float32Array;
  /** Default: UNIT_STEPS. Cells that a longer step jumps over are neither paid for nor on the path. */
  steps?: readonly DtwStep[];
  /**
   * Only with unit steps: at most so many (1,0) steps (`rows`) and (0,1) steps (`cols`) in a row, each run opened by a (1,1) step or the start.
   * With 2 and 2 and weight 2 on the diagonal this is Sakoe and Chiba's symmetric pattern P = 1/2.
   */
  maxRun?: { rows: number; cols: number };
  /** Keeps the path within `radius` rows of `centre` ([cols] rows; default: the straight line from corner to corner). Also saves memory. */
  band?: { radius: Frames; centre?: Float32Array };
};

export type DtwPath = {
  /** [steps + 1] cells in order, both sequences never falling. */
  rows: Int32Array;
  cols: Int32Array;
};

/** (1,1), (0,1), (1,0), all of weight 1. */
export const UNIT_STEPS: readonly DtwStep[] = [
  { di: 1, dj: 1, weight: 1 },
  { di: 0, dj: 1, weight: 1 },
  { di: 1, dj: 0, weight: 1 },
];

/**
 * The cheapest path and its cost: cost(0, 0) + Σ weight·cost over the steps. Ties go to the step listed first (with maxRun: to the shortest run).
 * Memory: one byte a cell inside the band. Throws InputError where no path fits the steps, the runs and the band.
 *
 * @example dtw({ rows: 2, cols: 3, cost: (i, j) => Math.abs(i - j / 2) }) // { path: { rows: [0, 0, 1], cols: [0, 1, 2] }, cost: 0.5 }
 */
export function dtw(options: DtwOptions): { path: DtwPath; cost: number } {
  const { rows, cols, steps = UNIT_STEPS, maxRun } = options;
  if (!(Number.isInteger(rows) && Number.isInteger(cols) && rows >= 1 && cols >= 1)) {
    throw new InputError(
      `The cost table is ${rows} by ${cols} but must have at least one row and one column. Give both sequences at least one frame.`,
    );
  }
  if (typeof options.cost !== 'function' && options.cost.length !== rows * cols) {
    throw new InputError(
      `The cost table holds ${options.cost.length} values but ${rows} rows by ${cols} columns need ${rows * cols}. Pass both sizes as they are.`,
    );
  }
  const cells = bandOf(options);
  const costOf = typeof options.cost === 'function' ? options.cost : tableLookup(options.cost, cols);
  return maxRun === undefined
    ? bySteps(cells, costOf, checkedSteps(steps))
    : byRuns(cells, costOf, unitWeights(steps), checkedRuns(maxRun));
}

/** Which rows are open in each column, and where their bytes lie. */
type Cells = { rows: Frames; cols: Frames; first: Int32Array; last: Int32Array; offset: Float64Array; count: number };

function bandOf({ rows, cols, band }: DtwOptions): Cells {
  const first = new Int32Array(cols);
  const last = new Int32Array(cols).fill(rows - 1);
  if (band !== undefined) {
    if (!(band.radius >= 0)) throw new InputError(`The band's radius is ${band.radius} but must be 0 rows or more.`);
    if (band.centre !== undefined && band.centre.length !== cols) {
      throw new InputError(
        `The band's centre has ${band.centre.length} values but the table has ${cols} columns. Give one row for each column.`,
      );
    }
    const slope = cols > 1 ? (rows - 1) / (cols - 1) : 0;
    for (let j = 0; j < cols; j++) {
      const centre = band.centre?.[j] ?? j * slope;
      first[j] = Math.max(0, Math.ceil(centre - band.radius));
      last[j] = Math.min(rows - 1, Math.floor(centre + band.radius));
    }
  }
  const offset = new Float64Array(cols);
  let count = 0;
  for (let j = 0; j < cols; j++) {
    offset[j] = count;
    count += Math.max(0, last[j]! - first[j]! + 1);
  }
  return { rows, cols, first, last, offset, count };
}

function tableLookup(table: Float32Array, cols: number): (row: number, col: number) => number {
  return (row, col) => table[row * cols + col]!;
}

function bySteps(cells: Cells, costOf: (row: number, col: number) => number, steps: readonly DtwStep[]): { path: DtwPath; cost: number } {
  const { rows, cols, first, last, offset } = cells;
  const back = new Uint8Array(cells.count);
  const depth = 1 + steps.reduce((most, step) => Math.max(most, step.dj), 0);
  const totals = ringOf(depth, rows);
  const count = steps.length;
  const unreachable = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const advance = Int32Array.from(steps, ({ di }) => di);
  const weights = Float64Array.from(steps, ({ weight }) => weight);
  const sources: Float64Array[] = [];
  for (let j = 0; j < cols; j++) {
    const here = totals[j % depth]!.fill(Number.POSITIVE_INFINITY);
    // the column each step comes from
    for (let s = 0; s < count; s++) sources[s] = steps[s]!.dj <= j ? totals[(j - steps[s]!.dj) % depth]! : unreachable;
    const low = first[j]!;
    for (let i = low; i <= last[j]!; i++) {
      const cost = costOf(i, j);
      let best = i === 0 && j === 0 ? cost : Number.POSITIVE_INFINITY;
      let chosen = 0;
      for (let s = 0; s < count; s++) {
        const from = i - advance[s]!;
        if (from < 0) continue;
        const total = sources[s]![from]! + weights[s]! * cost;
        if (total < best) {
          best = total;
          chosen = s;
        }
      }
      here[i] = best;
      back[offset[j]! + i - low] = chosen;
    }
  }
  const cost = checkedEnd(totals[(cols - 1) % depth]![rows - 1]!, cells);
  const path = trace(cells, (i, j, visit) => {
    const { di, dj } = steps[back[offset[j]! + i - first[j]!]!]!;
    visit(i - di, j - dj);
  });
  return { path, cost };
}

type UnitWeights = { diagonal: number; horizontal: number; vertical: number };

/**
 * Each move is a diagonal step followed by h horizontal ones or by v vertical ones, so a run cannot outgrow its limit. Sums of costs along rows and
 * columns make each candidate O(1).
 */
function byRuns(
  cells: Cells,
  costOf: (row: number, col: number) => number,
  weights: UnitWeights,
  maxRun: { rows: number; cols: number },
): { path: DtwPath; cost: number } {
  const { rows, cols, first, last, offset } = cells;
  const back = new Uint8Array(cells.count);
  const depth = maxRun.cols + 2;
  const totals = ringOf(depth, rows);
  const costs = ringOf(depth, rows);
  // alongRow[j][i] = Σ cost(i, 0 … j) over the open cells; runs stop at closed ones, so differences are of open cells only
  const alongRow = ringOf(depth, rows);
  const alongColumn = new Float64Array(rows + 1);
  // the same columns counted back from the present one
  const [totalsBack, costsBack, rowSumsBack]: [Float64Array[], Float64Array[], Float64Array[]] = [[], [], []];
  for (let j = 0; j < cols; j++) {
    const here = totals[j % depth]!.fill(Number.POSITIVE_INFINITY);
    const costHere = costs[j % depth]!.fill(Number.POSITIVE_INFINITY);
    const rowSums = alongRow[j % depth]!;
    const rowSumsBefore = alongRow[(j + depth - 1) % depth]!;
    for (let h = 0; h <= maxRun.cols + 1; h++) {
      const column = (j - h + depth * h) % depth;
      totalsBack[h] = totals[column]!;
      costsBack[h] = costs[column]!;
      rowSumsBack[h] = alongRow[column]!;
    }
    const low = first[j]!;
    for (let i = 0; i < rows; i++) rowSums[i] = j === 0 ? 0 : rowSumsBefore[i]!;
    for (let i = low; i <= last[j]!; i++) {
      const cost = costOf(i, j);
      costHere[i] = cost;
      rowSums[i] = rowSums[i]! + cost;
      alongColumn[i + 1] = (i === low ? 0 : alongColumn[i]!) + cost;
      let best = Number.POSITIVE_INFINITY;
      let chosen = 0;
      for (let h = 0; h <= maxRun.cols && h <= j; h++) {
        const opened = costsBack[h]![i]!;
        if (opened === Number.POSITIVE_INFINITY) break;
        const total = opening(i, j - h, h, opened) + weights.horizontal * (rowSums[i]! - rowSumsBack[h]![i]!);
        if (total < best) {
          best = total;
          chosen = h;
        }
      }
      for (let v = 1; v <= maxRun.rows && v <= i - low; v++) {
        const total = opening(i - v, j, 0, costHere[i - v]!) + weights.vertical * (alongColumn[i + 1]! - alongColumn[i - v + 1]!);
        if (total < best) {
          best = total;
          chosen = maxRun.cols + v;
        }
      }
      here[i] = best;
      back[offset[j]! + i - low] = chosen;
    }
  }
  const cost = checkedEnd(totals[(cols - 1) % depth]![rows - 1]!, cells);
  const path = trace(cells, (i, j, visit) => {
    const chosen = back[offset[j]! + i - first[j]!]!;
    const h = chosen <= maxRun.cols ? chosen : 0;
    const v = chosen - h === 0 ? 0 : chosen - maxRun.cols;
    for (let n = 1; n <= h; n++) visit(i, j - n);
    for (let n = 1; n <= v; n++) visit(i - n, j);
    if (i - v > 0 || j - h > 0) visit(i - v - 1, j - h - 1);
  });
  return { path, cost };

  /** Cost of the best path that enters (i, j), h columns back, diagonally, or starts there. */
  function opening(i: number, j: number, h: number, cost: number): number {
    if (i === 0 && j === 0) return cost;
    if (i === 0 || j === 0) return Number.POSITIVE_INFINITY;
    return totalsBack[h + 1]![i - 1]! + weights.diagonal * cost;
  }
}

function ringOf(depth: number, rows: number): Float64Array[] {
  return Array.from({ length: depth }, () => new Float64Array(rows));
}

/** Walks from the last cell to the first; `before` visits the cells that precede (i, j) on the path, nearest first. */
function trace(cells: Cells, before: (i: number, j: number, visit: (i: number, j: number) => void) => void): DtwPath {
  const rows: number[] = [cells.rows - 1];
  const cols: number[] = [cells.cols - 1];
  while (rows[rows.length - 1]! > 0 || cols[cols.length - 1]! > 0) {
    before(rows[rows.length - 1]!, cols[cols.length - 1]!, (i, j) => {
      rows.push(i);
      cols.push(j);
    });
  }
  return { rows: Int32Array.from(rows.reverse()), cols: Int32Array.from(cols.reverse()) };
}

function checkedEnd(total: number, { rows, cols }: Cells): number {
  if (Number.isFinite(total)) return total;
  throw new InputError(
    `No warping path leads through ${rows} rows and ${cols} columns under these steps, runs and band. Allow longer runs or a wider band, or stretch one side first.`,
  );
}

function checkedSteps(steps: readonly DtwStep[]): readonly DtwStep[] {
  if (steps.length < 1 || steps.length > 256) throw new InputError(`There are ${steps.length} steps but must be 1 to 256 of them.`);
  for (const { di, dj, weight } of steps) {
    const whole = Number.isInteger(di) && Number.isInteger(dj) && di >= 0 && dj >= 0 && di + dj > 0;
    if (!whole || !(weight >= 0)) {
      throw new InputError(
        `Step (${di}, ${dj}) of weight ${weight} is no step: it must advance by whole numbers, not both 0, with a weight of at least 0.`,
      );
    }
  }
  // a step within a column reads cells of that column, which are ready only if they lie above: they do, since di > 0
  return steps;
}

function unitWeights(steps: readonly DtwStep[]): UnitWeights {
  const weightOf = (di: number, dj: number): number | undefined =>
    checkedSteps(steps).find((step) => step.di === di && step.dj === dj)?.weight;
  const [diagonal, horizontal, vertical] = [weightOf(1, 1), weightOf(0, 1), weightOf(1, 0)];
  if (steps.length !== 3 || diagonal === undefined || horizontal === undefined || vertical === undefined) {
    throw new InputError(
      'Limited runs go with the unit steps (1,1), (0,1) and (1,0), once each. Leave maxRun out or use unit steps; a limit of 0 forbids one.',
    );
  }
  return { diagonal, horizontal, vertical };
}

function checkedRuns(maxRun: { rows: number; cols: number }): { rows: number; cols: number } {
  const { rows, cols } = maxRun;
  if (!(Number.isInteger(rows) && Number.isInteger(cols) && rows >= 0 && cols >= 0 && rows + cols <= 255)) {
    throw new InputError(
      `Runs of ${rows} rows and ${cols} columns are not possible: both must be whole, at least 0, and 255 together at most.`,
    );
  }
  return maxRun;
}

/**
 * A path as a function from column to row: the mean row of the path in each column (straight between columns that a long step jumped over), then a
 * moving average over `smoothing` columns, which shrinks towards both ends so that they stay where they are. The result never falls.
 *
 * @returns [cols] fractional rows
 * @example pathToTimeMap({ rows: Int32Array.of(0, 0, 1), cols: Int32Array.of(0, 1, 2) }, { cols: 3 }) // [0, 0, 1]
 */
export function pathToTimeMap(path: DtwPath, options: { cols: Frames; smoothing?: Frames }): Float32Array /* [cols] rows */ {
  const { cols, smoothing = 1 } = options;
  if (!(smoothing >= 1)) throw new InputError(`Smoothing is over ${smoothing} columns but must be 1 (none) or more.`);
  const map = new Float64Array(cols);
  let written = -1;
  for (let n = 0; n < path.cols.length; ) {
    const col = path.cols[n]!;
    let sum = 0;
    let count = 0;
    for (; n < path.cols.length && path.cols[n] === col; n++) {
      sum += path.rows[n]!;
      count++;
    }
    map[col] = sum / count;
    for (let j = written + 1; j < col; j++)
      map[j] = written < 0 ? map[col]! : map[written]! + ((j - written) / (col - written)) * (map[col]! - map[written]!);
    written = col;
  }
  for (let j = written + 1; j < cols; j++) map[j] = map[written] ?? 0;

  const sums = new Float64Array(cols + 1);
  for (let j = 0; j < cols; j++) sums[j + 1] = sums[j]! + map[j]!;
  const reach = Math.floor((smoothing - 1) / 2);
  const smooth = new Float32Array(cols);
  for (let j = 0; j < cols; j++) {
    const r = Math.min(reach, j, cols - 1 - j);
    smooth[j] = (sums[j + r + 1]! - sums[j - r]!) / (2 * r + 1);
  }
  return smooth;
}
