import { createFftPlan, doubles, nextFastSize } from '../fft.ts';
import type { Hertz, Samples } from '../units.ts';

/**
 * Normalised autocorrelation of a windowed frame divided by that of the window (Boersma 1993, eq. 9): an estimate of the sound's own
 * periodicity, 1 for a perfectly periodic one, that does not fade with the lag.
 * Two frames are worked at once: real and imaginary part of one complex transform (Numerical Recipes §12.3).
 */
export type Autocorrelator = {
  /** Lags 0 … maxLag are computed. */
  readonly maxLag: Samples;
  /** An array for r[0 … maxLag]. */
  createLags(): number[];
  /** Samples of one longest period, the reach of mean and peak. */
  readonly period: Samples;
  /**
   * Correlates the frames centred between samples left and left+1, for the two values of left; the sound is continued by zeros.
   * Writes r[0 … maxLag] of each (all 0 for a silent frame) and returns the peaks of the windowed frames.
   */
  run(samples: Float32Array, leftA: number, leftB: number, outA: number[], outB: number[]): { peakA: number; peakB: number };
};

/** Length of the analysis window: an even number. */
export function windowSamples(sampleRate: Hertz, floor: Hertz, veryAccurate: boolean): Samples {
  // two samples fewer than the nominal length, so that the window is zero just outside (as Praat has it)
  return 2 * (Math.floor(Math.floor(((veryAccurate ? 6 : 3) * sampleRate) / floor) / 2) - 1);
}

export function createAutocorrelator(sampleRate: Hertz, floor: Hertz, veryAccurate: boolean): Autocorrelator {
  const length = windowSamples(sampleRate, floor, veryAccurate);
  const half = length / 2;
  const period = Math.floor(sampleRate / floor);
  const maxLag = Math.floor(length * (veryAccurate ? 0.25 : 0.5));
  // long enough that no product wraps around into a lag that is used: a longer transform gives the same values
  const size = nextFastSize(length + maxLag + 1);
  const plan = createFftPlan(size);
  const { input, output } = plan; // interleaved: frame A in the real parts, frame B in the imaginary ones
  const window = pitchWindow(length, veryAccurate);
  const halfPeriod = Math.floor(period / 2) + 1;
  const peakFrom = Math.max(0, half - halfPeriod);
  const peakTo = Math.min(length, half + halfPeriod);

  for (let n = 0; n < length; n++) input[2 * n] = window[n]!;
  correlateBoth();
  const inverseWindowCorrelation = Array.from({ length: maxLag + 1 }, (_, lag) => output[0]! / output[2 * lag]!);

  /** Frame `left` into every other place of `input`: local mean off, windowed; returns the peak around its centre. */
  function load(samples: Float32Array, left: number, part: 0 | 1): number {
    const meanFrom = Math.max(0, left + 1 - period);
    const meanTo = Math.min(samples.length, left + 1 + period);
    let sum = 0;
    for (let n = meanFrom; n < meanTo; n++) sum += samples[n]!;
    const mean = sum / (2 * period);
    const start = left + 1 - half;
    const from = Math.min(length, Math.max(0, -start));
    const to = Math.max(from, Math.min(length, samples.length - start));
    for (let n = 0; n < from; n++) input[2 * n + part] = -mean * window[n]!;
    for (let n = from; n < to; n++) input[2 * n + part] = (samples[start + n]! - mean) * window[n]!;
    for (let n = to; n < length; n++) input[2 * n + part] = -mean * window[n]!;
    let peak = 0;
    for (let n = peakFrom; n < peakTo; n++) {
      const level = Math.abs(input[2 * n + part]!);
      if (level > peak) peak = level;
    }
    return peak;
  }

  /** Leaves both autocorrelations (unscaled) in `output`. */
  function correlateBoth(): void {
    plan.run();
    // X = (Z[k] + Z*[-k])/2 and Y = (Z[k] - Z*[-k])/2i are the two spectra; the common factor 4 cancels in the normalisation
    const spectrum = output;
    input[0] = 4 * spectrum[0]! * spectrum[0]!;
    input[1] = 4 * spectrum[1]! * spectrum[1]!;
    for (let k = 2, j = 2 * size - 2; k <= j; k += 2, j -= 2) {
      const xr = spectrum[k]! + spectrum[j]!;
      const xi = spectrum[k + 1]! - spectrum[j + 1]!;
      const yr = spectrum[k + 1]! + spectrum[j + 1]!;
      const yi = spectrum[j]! - spectrum[k]!;
      const a = xr * xr + xi * xi;
      const b = yr * yr + yi * yi;
      input[k] = a;
      input[k + 1] = b;
      input[j] = a;
      input[j + 1] = b;
    }
    // power spectra are even, so the forward transform is the inverse but for its scale
    plan.run();
    for (let n = 2 * length; n < 2 * size; n++) input[n] = 0;
  }

  function normalise(part: 0 | 1, out: number[]): void {
    const power = output[part]!;
    if (!(power > 0)) {
      out.fill(0);
      return;
    }
    const scale = 1 / power;
    for (let lag = 0; lag <= maxLag; lag++) out[lag] = output[2 * lag + part]! * scale * inverseWindowCorrelation[lag]!;
  }

  return {
    maxLag,
    period,
    createLags: () => doubles(maxLag + 1),
    run(samples, leftA, leftB, outA, outB) {
      const peakA = load(samples, leftA, 0);
      const peakB = load(samples, leftB, 1);
      correlateBoth();
      normalise(0, outA);
      normalise(1, outB);
      return { peakA, peakB };
    },
  };
}

/** Boersma 1993, eq. 1 (Hann) and Praat's Gaussian: e^(-48(i-mid)²/(n+1)²) brought to 0 at the edges, i = 1 … n, mid = (n+1)/2. */
function pitchWindow(length: Samples, gaussian: boolean): number[] {
  const edge = Math.exp(-12);
  return Array.from({ length }, (_, n) => {
    const i = n + 1;
    if (!gaussian) return 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (length + 1));
    const x = (i - 0.5 * (length + 1)) / (length + 1);
    return (Math.exp(-48 * x * x) - edge) / (1 - edge);
  });
}
