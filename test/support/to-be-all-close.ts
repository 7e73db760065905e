/** Array comparison with |a - b| <= atol + rtol·|b|; a failure shows the first bad index with its neighbours. */

export type Tolerance = { atol?: number; rtol?: number };

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the name and default of the merged interface's parameter are vitest's
  interface Matchers<T = any> {
    toBeAllClose(expected: ArrayLike<number>, tolerance?: Tolerance): T;
  }
}

export function toBeAllClose(received: ArrayLike<number>, expected: ArrayLike<number>, { atol = 1e-6, rtol = 1e-6 }: Tolerance = {}) {
  if (received.length !== expected.length) {
    return { pass: false, message: () => `length ${received.length}, expected ${expected.length}` };
  }
  let worst = 0;
  let first = -1;
  for (let i = 0; i < received.length; i++) {
    const difference = Math.abs(received[i]! - expected[i]!);
    // NaN compares false with everything, so ask for the good case
    if (!(difference <= atol + rtol * Math.abs(expected[i]!))) {
      if (first < 0) first = i;
      worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
    }
  }
  return {
    pass: first < 0,
    message: () => {
      if (first < 0) return 'expected the arrays to differ';
      const lines: string[] = [];
      for (let i = Math.max(0, first - 2); i <= Math.min(received.length - 1, first + 2); i++) {
        lines.push(`  [${i}] ${received[i]} expected ${expected[i]}${i === first ? '   <- first mismatch' : ''}`);
      }
      return `arrays differ (worst ${worst}, atol ${atol}, rtol ${rtol}):\n${lines.join('\n')}`;
    },
  };
}
