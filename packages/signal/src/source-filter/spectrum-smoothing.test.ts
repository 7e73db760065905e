import { describe, expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { createSpectrumSmoother } from './spectrum-smoothing.ts';

const BINS = 65;

function spectrum(seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: BINS }, () => random.uniform());
}

/** The mean of the mirrored step function whose step k reaches from k - 1/2 to k + 1/2, cell by cell. */
function slowMean(values: Float64Array, width: number): Float64Array {
  const last = BINS - 1;
  const mirrored = (k: number): number => values[k < 0 ? -k : k > last ? 2 * last - k : k]!;
  return values.map((_, k) => {
    let sum = 0;
    for (let j = k - last; j <= k + last; j++) {
      const overlap = Math.min(k + width / 2, j + 0.5) - Math.max(k - width / 2, j - 0.5);
      if (overlap > 0) sum += overlap * mirrored(j);
    }
    return sum / width;
  });
}

describe('runningMean', () => {
  test.each([0.3, 1, 2.37, 8, 21.5, 40])('is the mean over %f bins, mirrored at both ends', (width) => {
    const values = spectrum(1);
    const out = new Float64Array(BINS);
    createSpectrumSmoother(BINS).runningMean(values, width, out);
    expect(out).toBeAllClose(slowMean(values, width), { atol: 1e-13, rtol: 1e-12 });
  });

  test('may write over its input', () => {
    const values = spectrum(2);
    const out = new Float64Array(BINS);
    const smoother = createSpectrumSmoother(BINS);
    smoother.runningMean(values, 5.5, out);
    smoother.runningMean(values, 5.5, values);
    expect(values).toEqual(out);
  });
});

describe('fillBelowF0', () => {
  test('adds what lies as far below F0 as the bin lies above 0, and leaves the rest alone', () => {
    const values = spectrum(3);
    const filled = values.slice();
    createSpectrumSmoother(BINS).fillBelowF0(filled, 6.5);
    for (let k = 0; k <= 6; k++) expect(filled[k]).toBeCloseTo(values[k]! + 0.5 * (values[6 - k]! + values[7 - k]!), 12);
    expect(filled.subarray(7)).toEqual(values.subarray(7));
  });
});
