import { createComplexFft, nextFastSize } from '../fft.ts';
import type { Hertz, Samples } from '../units.ts';

/**
 * Normalised autocorrelation of a windowed frame divided by that of the window (Boersma 1993, eq. 9): an estimate of the sound's own
 * periodicity, 1 for a perfectly periodic one, that does not fade with the lag.
 * Two frames are worked at once: real and imaginary part of one complex transform (Numerical Recipes §12.3).
 */
export type Autocorrelator = {
  /** Lags 0 … maxLag are computed. */
  readonly maxLag: Samples;
  /** Samples of one longest period, the reach of mean and peak. */
  readonly period: Samples;
  /**
   * Correlates the frames centred between samples left and left+1, for the two values of left; the sound is continued by zeros.
   * Writes r[0 … maxLag] of each (all 0 for a silent frame) and returns the peaks of the windowed frames.
   */
  run(samples: Float32Array, leftA: number, leftB: number, outA: Float64Array, outB: Float64Array): { peakA: number; peakB: number };
};

/** The reach of the window: `samples` in all, an even number. */
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
  const fft = createComplexFft(size);
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const window = pitchWindow(length, veryAccurate);
  const halfPeriod = Math.floor(period / 2) + 1;
  const peakFrom = Math.max(0, half - halfPeriod);
  const peakTo = Math.min(length, half + halfPeriod);

  re.set(window);
  correlateBoth();
  const windowCorrelation = Float64Array.from({ length: maxLag + 1 }, (_, lag) => re[lag]! / re[0]!);

  /** Frame `left` into `into`: local mean off, windowed; returns the peak around its centre. */
  function load(samples: Float32Array, left: number, into: Float64Array): number {
    const meanFrom = Math.max(0, left + 1 - period);
    const meanTo = Math.min(samples.length, left + 1 + period);
    let sum = 0;
    for (let n = meanFrom; n < meanTo; n++) sum += samples[n]!;
    const mean = sum / (2 * period);
    const start = left + 1 - half;
    const from = Math.min(length, Math.max(0, -start));
    const to = Math.max(from, Math.min(length, samples.length - start));
    for (let n = 0; n < from; n++) into[n] = -mean * window[n]!;
    for (let n = from; n < to; n++) into[n] = (samples[start + n]! - mean) * window[n]!;
    for (let n = to; n < length; n++) into[n] = -mean * window[n]!;
    let peak = 0;
    for (let n = peakFrom; n < peakTo; n++) {
      const level = Math.abs(into[n]!);
      if (level > peak) peak = level;
    }
    return peak;
  }

  /** Replaces the signals in re and im by their autocorrelations (unscaled). */
  function correlateBoth(): void {
    re.fill(0, length);
    im.fill(0, length);
    fft.forward(re, im);
    // X = (Z[k] + Z*[-k])/2 and Y = (Z[k] - Z*[-k])/2i are the two spectra; the common factor 4 cancels in the normalisation
    re[0] = 4 * re[0]! * re[0]!;
    im[0] = 4 * im[0]! * im[0]!;
    for (let k = 1; k <= size - k; k++) {
      const j = size - k;
      const xr = re[k]! + re[j]!;
      const xi = im[k]! - im[j]!;
      const yr = im[k]! + im[j]!;
      const yi = re[j]! - re[k]!;
      re[k] = xr * xr + xi * xi;
      im[k] = yr * yr + yi * yi;
      re[j] = re[k]!;
      im[j] = im[k]!;
    }
    // power spectra are even, so the forward transform is the inverse but for its scale
    fft.forward(re, im);
  }

  function normalise(correlation: Float64Array, out: Float64Array): void {
    const power = correlation[0]!;
    if (!(power > 0)) {
      out.fill(0);
      return;
    }
    out[0] = 1;
    for (let lag = 1; lag <= maxLag; lag++) out[lag] = correlation[lag]! / (power * windowCorrelation[lag]!);
  }

  return {
    maxLag,
    period,
    run(samples, leftA, leftB, outA, outB) {
      const peakA = load(samples, leftA, re);
      const peakB = load(samples, leftB, im);
      correlateBoth();
      normalise(re, outA);
      normalise(im, outB);
      return { peakA, peakB };
    },
  };
}

/** Boersma 1993, eq. 1 (Hann) and Praat's Gaussian: e^(-48(i-mid)²/(n+1)²) brought to 0 at the edges, i = 1 … n, mid = (n+1)/2. */
function pitchWindow(length: Samples, gaussian: boolean): Float64Array {
  const edge = Math.exp(-12);
  return Float64Array.from({ length }, (_, n) => {
    const i = n + 1;
    if (!gaussian) return 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (length + 1));
    const x = (i - 0.5 * (length + 1)) / (length + 1);
    return (Math.exp(-48 * x * x) - edge) / (1 - edge);
  });
}
