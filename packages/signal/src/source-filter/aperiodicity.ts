import { createFftPlan, createRealFft, nextPowerOfTwo } from '../fft.ts';
import type { Hertz, Samples } from '../units.ts';
import { createSpectrumSmoother } from './spectrum-smoothing.ts';

/**
 * How much of a voice is noise, band by band: D4C (Morise 2016, "D4C, a band-aperiodicity estimator for high-quality speech synthesis",
 * Speech Communication 84), from its equations:
 * 1. a group delay that does not change with the moment within the period: the sum of two energy centroids a quarter period before and after
 *    the frame over the smoothed power (Eq. 5-9), minus its own running mean (Eq. 10-12). For a periodic signal it is a sinusoid along frequency;
 * 2. in each band, the spectrum of that curve: all in a few lines when the band is periodic, spread out when it is noise. The share outside
 *    the strongest lines is the band's aperiodicity (Eq. 13-14).
 * Before that, D4C LoveTrain (same paper, §5.2; the WORLD program): a frame whose power below 4 kHz is too small a share of that below 7.9 kHz is noise.
 */
export type BandAperiodicity = {
  /** [bands] Hz: 0, then every 3 kHz while the window fits, then half the sample rate. */
  readonly bandFrequencies: Float32Array;
  /** Writes the ratios (noise amplitude over all amplitude) around sample `centre` to out[offset … offset + bands - 1]; all 1 when F0 = 0. */
  frame(samples: Float32Array, centre: Samples, f0: Hertz, out: Float32Array, offset: number): void;
};

export type BandAperiodicityOptions = {
  /** Least share of the power below 4 kHz in that below 7.9 kHz for a frame to count as voiced; 0 trusts F0 alone. WORLD: 0.85. */
  voicingThreshold?: number;
};

/** Distance of the bands and reach of their window to either side (Morise 2016, §4.1). */
const BAND_INTERVAL: Hertz = 3000;
const HIGHEST_BAND: Hertz = 15000;
/** Half the number of lines that a periodic band may fill, as the reciprocal of the window's main lobe: Nuttall's is 8 lines wide. */
const LOBE = 8;
/** Ratio at 0 Hz of a voiced frame: -60 dB. WORLD's value. */
const LOWEST_RATIO = 1e-3;
/** Longest period that is analysed in full. */
const LOWEST_F0: Hertz = 47;

export function createBandAperiodicity(sampleRate: Hertz, options: BandAperiodicityOptions = {}): BandAperiodicity {
  const { voicingThreshold = 0.85 } = options;
  const inner = Math.max(0, Math.floor(Math.min(HIGHEST_BAND, sampleRate / 2 - BAND_INTERVAL) / BAND_INTERVAL));
  const bands = inner + 2;
  const bandFrequencies = new Float32Array(bands);
  for (let b = 1; b <= inner; b++) bandFrequencies[b] = b * BAND_INTERVAL;
  bandFrequencies[bands - 1] = sampleRate / 2;

  // four of the longest periods fill the long transform; a voice an octave higher does with half of it, at half the cost
  const longSize = 2 ** (1 + Math.floor(Math.log2((4 * sampleRate) / LOWEST_F0 + 1)));
  const longPeriods = createAnalysis(sampleRate, longSize, bandFrequencies, voicingThreshold);
  const shortPeriods = createAnalysis(sampleRate, longSize / 2, bandFrequencies, voicingThreshold);
  const shortFrom = (4 * sampleRate) / (longSize / 2 - 2);

  return {
    bandFrequencies,
    frame(samples, centre, f0, out, offset) {
      const analysisF0 = Math.min(Math.max(f0, LOWEST_F0), sampleRate / 8);
      const decibelsOf = f0 > 0 ? (analysisF0 > shortFrom ? shortPeriods : longPeriods)(samples, centre, analysisF0) : undefined;
      if (decibelsOf === undefined) {
        out.fill(1, offset, offset + bands);
        return;
      }
      out[offset] = LOWEST_RATIO;
      for (let b = 1; b <= inner; b++) {
        // high voices are measured too noisy, by about 1 dB every 50 Hz (WORLD's revision)
        out[offset + b] = Math.max(LOWEST_RATIO, 10 ** (Math.min(0, decibelsOf(b) + (analysisF0 - 100) / 50) / 20));
      }
      out[offset + bands - 1] = 1;
    },
  };
}

/** Measures a frame with one transform size; the answer, undefined where LoveTrain hears noise, gives the decibels of band b until the next frame. */
type Analysis = (samples: Float32Array, centre: Samples, f0: Hertz) => ((band: number) => number) | undefined;

function createAnalysis(sampleRate: Hertz, fftSize: number, bandFrequencies: Float32Array, voicingThreshold: number): Analysis {
  const bins = fftSize / 2 + 1;
  const plan = createFftPlan(fftSize);
  const { input, output } = plan;
  const smoother = createSpectrumSmoother(bins);
  const halfBand = Math.floor((BAND_INTERVAL * fftSize) / sampleRate);
  const bandWindow = nuttall(2 * halfBand + 1);
  // the lines of the band's spectrum are sampled twice as densely as needed; more would only repeat them
  const bandFft = createRealFft(nextPowerOfTwo(2 * bandWindow.length - 2));
  const bandBins = bandFft.size / 2 + 1;
  const strongest = Math.round((bandFft.size * LOBE) / bandWindow.length) + 1;
  const window = new Float64Array(fftSize / 2);
  const first = new Float64Array(fftSize);
  const second = new Float64Array(fftSize);
  const centroid = new Float64Array(bins);
  const power = new Float64Array(bins);
  const bandBlock = new Float64Array(bandFft.size);
  const bandRe = new Float64Array(bandBins);
  const bandIm = new Float64Array(bandBins);
  const lines = new Float64Array(bandBins);

  return (samples, centre, f0) => {
    const f0Bins = (f0 * fftSize) / sampleRate;
    // two real sounds share a complex transform: the window of LoveTrain and that of the smoothed power
    const lengthA = windowPeriods(samples, centre, f0, 3, BLACKMAN, first);
    const lengthB = windowPeriods(samples, centre, f0, 4, HANN, second);
    transformPair(lengthA, lengthB);
    if (!soundsVoiced()) return undefined;
    for (let k = 0; k < bins; k++) {
      // with Z the transform of a + ib: B[k] = (Z[k] - conj Z[-k]) / 2i
      const minus = (fftSize - k) & (fftSize - 1);
      const re = output[2 * k]! - output[2 * minus]!;
      const im = output[2 * k + 1]! + output[2 * minus + 1]!;
      power[k] = 0.25 * (re * re + im * im);
    }
    const quarter = Math.round(sampleRate / (4 * f0));
    centroid.fill(0);
    addCentroid(samples, centre - quarter, f0);
    addCentroid(samples, centre + quarter, f0);
    smoother.fillBelowF0(centroid, f0Bins);
    smoother.fillBelowF0(power, f0Bins);
    smoother.runningMean(power, f0Bins, power);
    // power becomes the group delay, then its difference from its own mean over one F0
    for (let k = 0; k < bins; k++) power[k] = centroid[k]! / (power[k]! + Number.MIN_VALUE);
    smoother.runningMean(power, f0Bins / 2, power);
    smoother.runningMean(power, f0Bins, centroid);
    for (let k = 0; k < bins; k++) power[k] = power[k]! - centroid[k]!;
    return bandDecibels;
  };

  /** Share of the power below 4 kHz in that below 7.9 kHz, of the first of the pair just transformed. */
  function soundsVoiced(): boolean {
    const from = Math.ceil((100 * fftSize) / sampleRate);
    const low = Math.min(bins - 1, Math.ceil((4000 * fftSize) / sampleRate));
    const high = Math.min(bins - 1, Math.ceil((7900 * fftSize) / sampleRate));
    let below = 0;
    let all = 0;
    for (let k = from; k <= high; k++) {
      const minus = fftSize - k;
      const re = output[2 * k]! + output[2 * minus]!;
      const im = output[2 * k + 1]! - output[2 * minus + 1]!;
      all += re * re + im * im;
      if (k <= low) below = all;
    }
    return voicingThreshold <= 0 || below > voicingThreshold * all;
  }

  function transformPair(lengthA: number, lengthB: number): void {
    input.fill(0);
    for (let n = 0; n < lengthA; n++) input[2 * n] = first[n]!;
    for (let n = 0; n < lengthB; n++) input[2 * n + 1] = second[n]!;
    plan.run();
  }

  /** Writes `periods` periods around centre to `out`, under a window that has taken out their mean; returns how many samples. */
  function windowPeriods(
    samples: Float32Array,
    centre: Samples,
    f0: Hertz,
    periods: number,
    shape: CosineWindow,
    out: Float64Array,
  ): number {
    const halfLength = Math.min(fftSize / 2 - 1, Math.round((periods / 2) * (sampleRate / f0)));
    const step = (2 * Math.PI * f0) / (periods * sampleRate);
    const twice = 2 * Math.cos(step);
    let c0 = 1;
    let c1 = Math.cos(step);
    let windowSum = 0;
    let weighted = 0;
    for (let i = 0; i <= halfLength; i++) {
      const w = shape.a0 + shape.a1 * c0 + shape.a2 * (2 * c0 * c0 - 1);
      window[i] = w;
      const after = centre + i >= 0 && centre + i < samples.length ? samples[centre + i]! : 0;
      const before = centre - i >= 0 && centre - i < samples.length ? samples[centre - i]! : 0;
      out[halfLength + i] = after;
      out[halfLength - i] = before;
      windowSum += i === 0 ? w : 2 * w;
      weighted += w * (i === 0 ? after : after + before);
      const next = twice * c1 - c0;
      c0 = c1;
      c1 = next;
    }
    const mean = weighted / windowSum;
    for (let i = -halfLength; i <= halfLength; i++) out[halfLength + i] = (out[halfLength + i]! - mean) * window[i < 0 ? -i : i]!;
    return 2 * halfLength + 1;
  }

  /** Adds Re(X · conj Y), X the spectrum of the windowed sound x and Y that of n·x: along frequency, mean time weighted by power (Eq. 5). */
  function addCentroid(samples: Float32Array, centre: Samples, f0: Hertz): void {
    const length = windowPeriods(samples, centre, f0, 4, BLACKMAN, first);
    let energy = 0;
    for (let n = 0; n < length; n++) {
      energy += first[n]! * first[n]!;
      second[n] = first[n]! * (n + 1);
    }
    transformPair(length, length);
    const scale = energy > 0 ? 0.5 / energy : 0;
    for (let k = 0; k < bins; k++) {
      // with Z the transform of x + iy: Z[k]·Z[-k] = |X|² - |Y|² + 2i·Re(X · conj Y)
      const minus = (fftSize - k) & (fftSize - 1);
      centroid[k] = centroid[k]! + scale * (output[2 * k]! * output[2 * minus + 1]! + output[2 * k + 1]! * output[2 * minus]!);
    }
  }

  /** Decibels of the share outside the strongest lines, of the group delay around the band's middle. */
  function bandDecibels(band: number): number {
    const middle = Math.floor((bandFrequencies[band]! * fftSize) / sampleRate);
    bandBlock.fill(0);
    for (let i = 0; i < bandWindow.length; i++) bandBlock[i] = power[middle - halfBand + i]! * bandWindow[i]!;
    bandFft.forward(bandBlock, bandRe, bandIm);
    let total = 0;
    for (let k = 0; k < bandBins; k++) {
      const value = bandRe[k]! * bandRe[k]! + bandIm[k]! * bandIm[k]!;
      lines[k] = value;
      total += value;
    }
    if (!(total > 0)) return 0;
    const rest = total - sumOfLargest(lines, bandBins, strongest);
    return 10 * Math.log10(Math.max(rest / total, 1e-12));
  }
}

/** w(x) = a0 + a1·cos x + a2·cos 2x for x from -π to π. */
type CosineWindow = { a0: number; a1: number; a2: number };
const HANN: CosineWindow = { a0: 0.5, a1: 0.5, a2: 0 };
const BLACKMAN: CosineWindow = { a0: 0.42, a1: 0.5, a2: 0.08 };

/** Nuttall (1981): four terms, side lobes below -93 dB. */
function nuttall(length: number): Float64Array {
  const window = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const x = (2 * Math.PI * i) / (length - 1);
    window[i] = 0.355768 - 0.487396 * Math.cos(x) + 0.144232 * Math.cos(2 * x) - 0.012604 * Math.cos(3 * x);
  }
  return window;
}

/** Sum of the `count` largest of values[0 … length-1], by quickselect; reorders them. */
function sumOfLargest(values: Float64Array, length: number, count: number): number {
  let low = 0;
  let high = length - 1;
  const target = Math.min(count, length);
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! > pivot) i++;
      while (values[j]! < pivot) j--;
      if (i <= j) {
        const swap = values[i]!;
        values[i++] = values[j]!;
        values[j--] = swap;
      }
    }
    if (target - 1 <= j) high = j;
    else if (target - 1 >= i) low = i;
    else break;
  }
  let sum = 0;
  for (let i = 0; i < target; i++) sum += values[i]!;
  return sum;
}
