import { createRealFft, hzToMel, MEL_DEFAULTS, melFilters, melToHz } from '@alignsts/signal';
import { SAMPLE_RATE } from '../grid.ts';
import { BINS, SIZE } from './stft-grid.ts';

/**
 * The fixed matrices between a vocoder's features and the bins of its transform: bands to bins, and log amplitude to minimum phase. They make the
 * untrained network already a source-filter vocoder; what is learned is the difference.
 */

/** Bands of the pitch-free envelope: Slaney mel from 0 Hz to half the sample rate, so that nothing above 11 kHz is lost. */
export const ENVELOPE_BANDS = 80;
/** Where analyzeVoice gives the aperiodicity at 24 kHz, Hz. */
export const APERIODICITY_FREQUENCIES: readonly number[] = [0, 3000, 6000, 9000, 12000];
export const ENVELOPE_LIMITS: { low: number; high: number } = { low: 0, high: SAMPLE_RATE / 2 };

/** Centres of mel bands, Hz. */
export function bandCentres(bands: number, low: number, high: number): Float64Array {
  const bottom = hzToMel(low);
  const top = hzToMel(high);
  return Float64Array.from({ length: bands }, (_, b) => melToHz(bottom + ((top - bottom) * (b + 1)) / (bands + 1)));
}

/** [bands, bins] triangles whose columns' weights sum to 1 a band: the mean of a spectrum of `bins` bins in each band. */
export function bandMeans(bins: number): { first: Int32Array; weights: Float64Array[] } {
  const filters = melFilters({
    ...{ sampleRate: SAMPLE_RATE, size: 2 * (bins - 1), bins: ENVELOPE_BANDS, norm: 'peak' as const },
    ...ENVELOPE_LIMITS,
  });
  const first = new Int32Array(ENVELOPE_BANDS);
  const weights = Array.from({ length: ENVELOPE_BANDS }, (_, b) => {
    const row = filters.subarray(b * bins, (b + 1) * bins);
    const from = row.findIndex((weight) => weight > 0);
    const to = row.findLastIndex((weight) => weight > 0) + 1;
    const sum = row.reduce((total, weight) => total + weight, 0);
    first[b] = from;
    return Float64Array.from(row.subarray(from, to), (weight) => weight / sum);
  });
  return { first, weights };
}

/** [points, K]: values at rising `frequencies` (Hz) to values at the bins, straight in between on the given scale and held at the ends. */
export function interpolationMatrix(frequencies: ArrayLike<number>, scale: 'mel' | 'hertz'): Float32Array {
  const points = frequencies.length;
  const place = (hertz: number): number => (scale === 'mel' ? hzToMel(hertz) : hertz);
  const matrix = new Float32Array(points * BINS);
  for (let k = 0; k < BINS; k++) {
    const at = place((k * SAMPLE_RATE) / SIZE);
    let left = 0;
    while (left < points - 2 && place(frequencies[left + 1]!) <= at) left++;
    const from = place(frequencies[left]!);
    const weight = Math.min(1, Math.max(0, (at - from) / (place(frequencies[left + 1]!) - from)));
    matrix[left * BINS + k] = 1 - weight;
    matrix[(left + 1) * BINS + k] = weight;
  }
  return matrix;
}

/** [K, K]: natural log amplitude at the bins to the phase (radians) of the minimum-phase response (Oppenheim and Schafer 2010, §13.5). */
export function minimumPhaseMatrix(): Float32Array {
  const fft = createRealFft(SIZE);
  const unit = new Float64Array(BINS);
  const zero = new Float64Array(BINS);
  const real = new Float64Array(BINS);
  const phase = new Float64Array(BINS);
  const cepstrum = new Float64Array(SIZE);
  const matrix = new Float32Array(BINS * BINS);
  for (let k = 0; k < BINS; k++) {
    unit.fill(0);
    unit[k] = 1;
    zero.fill(0);
    fft.inverse(unit, zero, cepstrum);
    for (let n = 1; n < SIZE / 2; n++) cepstrum[n] = 2 * cepstrum[n]!;
    cepstrum.fill(0, SIZE / 2 + 1);
    fft.forward(cepstrum, real, phase);
    matrix.set(phase, k * BINS);
  }
  return matrix;
}

/**
 * Natural log amplitude of a spectrum whose log10 mel (area-normed triangles over Hann-windowed magnitudes) is 0: white noise of standard deviation σ
 * has a mean magnitude of σ·√(Σw²)·√π/2, and a triangle's weights sum to one over the distance of the bins in Hz.
 */
export const MEL_REFERENCE: number = Math.log(SAMPLE_RATE / SIZE / (Math.sqrt((3 / 8) * SIZE) * (Math.sqrt(Math.PI) / 2)));

export function melCentres(): Float64Array {
  return bandCentres(MEL_DEFAULTS.bins, MEL_DEFAULTS.low, MEL_DEFAULTS.high);
}
