import { describe, expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { createAutocorrelator, windowSamples } from './autocorrelation.ts';

const RATE = 8000;
const FLOOR = 200;

/** Boersma 1993, eq. 9 by its sums, for one frame. */
function slowCorrelation(samples: Float32Array, left: number, veryAccurate: boolean, maxLag: number): number[] {
  const length = windowSamples(RATE, FLOOR, veryAccurate);
  const period = Math.floor(RATE / FLOOR);
  const at = (n: number): number => (n >= 0 && n < samples.length ? samples[n]! : 0);
  let mean = 0;
  for (let n = left + 1 - period; n < left + 1 + period; n++) mean += at(n) / (2 * period);
  const window = Array.from({ length }, (_, n) => {
    const x = (n + 1) / (length + 1);
    return veryAccurate ? (Math.exp(-48 * (x - 0.5) ** 2) - Math.exp(-12)) / (1 - Math.exp(-12)) : Math.sin(Math.PI * x) ** 2;
  });
  const frame = window.map((w, n) => w * (at(left + 1 - length / 2 + n) - mean));
  const correlate = (x: number[], lag: number): number => x.reduce((sum, value, n) => sum + value * (x[n + lag] ?? 0), 0);
  return Array.from(
    { length: maxLag + 1 },
    (_, lag) => correlate(frame, lag) / correlate(frame, 0) / (correlate(window, lag) / correlate(window, 0)),
  );
}

describe('createAutocorrelator', () => {
  test.each([true, false])('matches the sums of the definition, two frames at a time (very accurate: %s)', (veryAccurate) => {
    const random = createRandom(1);
    const samples = Float32Array.from({ length: 900 }, (_, n) => Math.sin(n / 5) + 0.3 * random.normal() + 0.2);
    const correlator = createAutocorrelator(RATE, FLOOR, veryAccurate);
    const a = correlator.createLags();
    const b = correlator.createLags();
    // inside, and hanging over both ends
    for (const [leftA, leftB] of [
      [400, 431],
      [-1, 20],
      [899, 885],
    ] as const) {
      correlator.run(samples, leftA, leftB, a, b);
      expect(a).toBeAllClose(slowCorrelation(samples, leftA, veryAccurate, correlator.maxLag), { atol: 1e-11, rtol: 0 });
      expect(b).toBeAllClose(slowCorrelation(samples, leftB, veryAccurate, correlator.maxLag), { atol: 1e-11, rtol: 0 });
    }
  });

  test('a silent frame beside a sounding one stays exactly silent', () => {
    const samples = new Float32Array(4000);
    for (let n = 3000; n < 4000; n++) samples[n] = Math.sin(n / 5);
    const correlator = createAutocorrelator(RATE, FLOOR, true);
    const silent = correlator.createLags();
    const sounding = correlator.createLags();
    const { peakA, peakB } = correlator.run(samples, 500, 3500, silent, sounding);
    expect(peakA).toBe(0);
    expect(peakB).toBeGreaterThan(0.9);
    expect(sounding[0]).toBeCloseTo(1, 12);
  });
});
