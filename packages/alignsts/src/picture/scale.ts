/** A straight map from values to places on the page, with the values it covers. */
export type Scale = {
  (value: number): number;
  readonly low: number;
  readonly high: number;
};

/** @example linearScale([0, 10], [100, 200])(5) // 150 */
export function linearScale([low, high]: [number, number], [from, to]: [number, number]): Scale {
  const factor = high > low ? (to - from) / (high - low) : 0;
  return Object.assign((value: number) => from + (value - low) * factor, { low, high });
}

/**
 * Round values that cover a range in about `count` steps of 1, 2 or 5 times a power of ten.
 *
 * @example ticks(0, 9.7, 5) // [0, 2, 4, 6, 8]
 */
export function ticks(low: number, high: number, count: number): number[] {
  if (!(high > low) || count < 1) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((multiple) => multiple * power >= rough * (1 - 1e-9)) ?? 10);
  const values: number[] = [];
  // multiples of the step by index, so that no error adds up; a hair of slack keeps an end that is itself a multiple
  for (let i = Math.ceil(low / step - 1e-6); i * step <= high + step * 1e-6; i++) values.push(Number((i * step).toPrecision(12)));
  return values;
}
