import { createRealFft, nextPowerOfTwo } from '../fft.ts';
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
  const fftSize = 2 ** (1 + Math.floor(Math.log2((4 * sampleRate) / LOWEST_F0 + 1)));
  const bins = fftSize / 2 + 1;
  const fft = createRealFft(fftSize);
  const smoother = createSpectrumSmoother(bins);
  const inner = Math.max(0, Math.floor(Math.min(HIGHEST_BAND, sampleRate / 2 - BAND_INTERVAL) / BAND_INTERVAL));
  const bands = inner + 2;
  const bandFrequencies = new Float32Array(bands);
  for (let b = 1; b <= inner; b++) bandFrequencies[b] = b * BAND_INTERVAL;
  bandFrequencies[bands - 1] = sampleRate / 2;

  const halfBand = Math.floor((BAND_INTERVAL * fftSize) / sampleRate);
  const bandWindow = nuttall(2 * halfBand + 1);
  // the lines of the band's spectrum are sampled twice as densely as needed; more would only repeat them
  const bandFft = createRealFft(nextPowerOfTwo(2 * bandWindow.length - 2));
  const bandBins = bandFft.size / 2 + 1;
  const strongest = Math.round((bandFft.size * LOBE) / bandWindow.length) + 1;

  const block = new Float64Array(fftSize);
  const re = new Float64Array(bins);
  const im = new Float64Array(bins);
  const rampRe = new Float64Array(bins);
  const rampIm = new Float64Array(bins);
  const centroid = new Float64Array(bins);
  const power = new Float64Array(bins);
  const windowed = new Float64Array(fftSize);
  const bandBlock = new Float64Array(bandFft.size);
  const bandRe = new Float64Array(bandBins);
  const bandIm = new Float64Array(bandBins);
  const lines = new Float64Array(bandBins);

  return {
    bandFrequencies,
    frame(samples, centre, f0, out, offset) {
      if (f0 <= 0 || !soundsVoiced(samples, centre, f0)) {
        out.fill(1, offset, offset + bands);
        return;
      }
      const analysisF0 = Math.min(Math.max(f0, LOWEST_F0), sampleRate / 8);
      const f0Bins = (analysisF0 * fftSize) / sampleRate;
      const quarter = Math.round(sampleRate / (4 * analysisF0));
      centroid.fill(0);
      addCentroid(samples, centre - quarter, analysisF0);
      addCentroid(samples, centre + quarter, analysisF0);
      smoother.fillBelowF0(centroid, f0Bins);
      windowPeriods(samples, centre, analysisF0, 4, HANN);
      powerSpectrum();
      smoother.fillBelowF0(power, f0Bins);
      smoother.runningMean(power, f0Bins, power);
      // power becomes the group delay, then its difference from its own mean over one F0
      for (let k = 0; k < bins; k++) power[k] = centroid[k]! / (power[k]! + Number.MIN_VALUE);
      smoother.runningMean(power, f0Bins / 2, power);
      smoother.runningMean(power, f0Bins, centroid);
      for (let k = 0; k < bins; k++) power[k] = power[k]! - centroid[k]!;

      out[offset] = LOWEST_RATIO;
      for (let b = 1; b <= inner; b++) {
        const decibels = bandDecibels(Math.floor((bandFrequencies[b]! * fftSize) / sampleRate));
        // high voices are measured too noisy, by about 1 dB every 50 Hz (WORLD's revision)
        out[offset + b] = Math.max(LOWEST_RATIO, 10 ** (Math.min(0, decibels + (analysisF0 - 100) / 50) / 20));
      }
      out[offset + bands - 1] = 1;
    },
  };

  function soundsVoiced(samples: Float32Array, centre: Samples, f0: Hertz): boolean {
    if (voicingThreshold <= 0) return true;
    windowPeriods(samples, centre, Math.max(f0, LOWEST_F0), 3, BLACKMAN);
    powerSpectrum();
    const from = Math.ceil((100 * fftSize) / sampleRate);
    const low = Math.min(bins - 1, Math.ceil((4000 * fftSize) / sampleRate));
    const high = Math.min(bins - 1, Math.ceil((7900 * fftSize) / sampleRate));
    let below = 0;
    for (let k = from; k <= low; k++) below += power[k]!;
    let all = below;
    for (let k = low + 1; k <= high; k++) all += power[k]!;
    return below > voicingThreshold * all;
  }

  /** Fills block[0 … 2·halfLength] with `periods` periods around centre under a window of unit energy whose mean has been taken out; zeroes the rest. */
  function windowPeriods(samples: Float32Array, centre: Samples, f0: Hertz, periods: number, shape: CosineWindow): number {
    const halfLength = Math.min(fftSize / 2 - 1, Math.round((periods / 2) * (sampleRate / f0)));
    const step = (2 * Math.PI * f0) / (periods * sampleRate);
    const twice = 2 * Math.cos(step);
    let c0 = 1;
    let c1 = Math.cos(step);
    let energy = 0;
    let windowSum = 0;
    let weighted = 0;
    block.fill(0);
    for (let i = 0; i <= halfLength; i++) {
      const w = shape.a0 + shape.a1 * c0 + shape.a2 * (2 * c0 * c0 - 1);
      windowed[i] = w;
      const after = samples[centre + i] ?? 0;
      const before = samples[centre - i] ?? 0;
      block[halfLength + i] = after;
      block[halfLength - i] = before;
      const both = i === 0 ? 1 : 2;
      energy += both * w * w;
      windowSum += both * w;
      weighted += w * (i === 0 ? after : after + before);
      const next = twice * c1 - c0;
      c0 = c1;
      c1 = next;
    }
    const gain = 1 / Math.sqrt(energy);
    const mean = weighted / windowSum;
    for (let i = -halfLength; i <= halfLength; i++) {
      block[halfLength + i] = (block[halfLength + i]! - mean) * windowed[i < 0 ? -i : i]! * gain;
    }
    return halfLength;
  }

  function powerSpectrum(): void {
    fft.forward(block, re, im);
    for (let k = 0; k < bins; k++) power[k] = re[k]! * re[k]! + im[k]! * im[k]!;
  }

  /** Adds Re(X)·Re(nX) + Im(X)·Im(nX): along frequency, the mean time of the windowed sound weighted by its power (Eq. 5). */
  function addCentroid(samples: Float32Array, centre: Samples, f0: Hertz): void {
    const halfLength = windowPeriods(samples, centre, f0, 4, BLACKMAN);
    let energy = 0;
    for (let n = 0; n <= 2 * halfLength; n++) energy += block[n]! * block[n]!;
    const gain = energy > 0 ? 1 / Math.sqrt(energy) : 0;
    for (let n = 0; n <= 2 * halfLength; n++) block[n] = block[n]! * gain;
    fft.forward(block, re, im);
    for (let n = 0; n <= 2 * halfLength; n++) block[n] = block[n]! * (n + 1);
    fft.forward(block, rampRe, rampIm);
    for (let k = 0; k < bins; k++) centroid[k] = centroid[k]! + re[k]! * rampRe[k]! + im[k]! * rampIm[k]!;
  }

  /** Decibels of the share outside the strongest lines, of the group delay in `power` around bin `middle`. */
  function bandDecibels(middle: number): number {
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
