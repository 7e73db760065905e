import type { Seconds } from '@alignsts/signal';

/** From a given position on, one unit (a tick, a quarter note) lasts `secondsPerUnit`. */
export type TempoChange = { position: number; secondsPerUnit: Seconds };

/**
 * Musical position to time: t(p) = Σ (length of each stretch of constant tempo before p)·(its seconds per unit).
 * Changes may come unsorted; of several at one position the last given counts. Before the first change `initial` holds.
 * @example createTempoMap([{ position: 4, secondsPerUnit: 1 }], 0.5)(6) // 4
 */
export function createTempoMap(changes: readonly TempoChange[], initial: Seconds): (position: number) => Seconds {
  const order = changes.map((change, index) => ({ ...change, index })).sort((a, b) => a.position - b.position || a.index - b.index);
  const positions: number[] = [0];
  const times: Seconds[] = [0];
  const paces: Seconds[] = [initial];
  for (const { position, secondsPerUnit } of order) {
    const last = positions.length - 1;
    if (position <= positions[last]!) {
      paces[last] = secondsPerUnit;
      continue;
    }
    times.push(times[last]! + (position - positions[last]!) * paces[last]!);
    positions.push(position);
    paces.push(secondsPerUnit);
  }
  return (position) => {
    let low = 0;
    let high = positions.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (positions[middle]! <= position) low = middle;
      else high = middle - 1;
    }
    return times[low]! + (position - positions[low]!) * paces[low]!;
  };
}
