import { createRealFft } from '../fft.ts';
import type { Hertz, Samples } from '../units.ts';
import { createSpectrumSmoother } from './spectrum-smoothing.ts';

/**
 * The power spectrum of the vocal tract, free of harmonics and of the moment within the period: CheapTrick (Morise 2015, "CheapTrick, a
 * spectral envelope estimator for high-quality speech synthesis", Speech Communication 67), from its equations:
 * 1. a Hann window three periods long, whose power varies least with its place in the period (Eq. 1-4);
 * 2. a running mean of the power spectrum, 2·F0/3 wide, which leaves no bin near zero (Eq. 5);
 * 3. liftering of its logarithm: a mean over one F0 (a sinc in quefrency) and the recovery of what that blurred, q0 + 2·q1·cos(2πqF0) (Eq. 6-9);
 * 4. ours: the log envelope is moved, straight between harmonics, to where the harmonics of this frame are. CheapTrick is right for a flat spectrum but
 *    0.5-1 dB high at real voices' harmonics, and copies with it come out 1.1 dB too loud (0.1 dB with step 4; scripts/compare-copies.ts).
 * Unlike the WORLD program, periods too long for the transform are folded into it rather than treated as unvoiced: the folded window's
 * transform samples the same spectrum, so an F0 of 50 Hz needs no larger transform.
 */
export type SpectralEnvelope = {
  readonly fftSize: number;
  /** Writes the envelope around sample `centre` to out[offset … offset + fftSize/2]; F0 = 0 takes a window of 6 ms, short enough for a plosive. */
  frame(samples: Float32Array, centre: Samples, f0: Hertz, out: Float32Array, offset: number): void;
};

export type SpectralEnvelopeOptions = {
  /** Step 4; false gives CheapTrick alone. */
  matchHarmonics?: boolean;
};

/** q1 of Eq. 9, with q0 = 1 - 2·q1: tuned by Morise (2015, §3.3) on measured against known envelopes. */
const Q1 = -0.15;
/** F0 that sets the window of an unvoiced frame. WORLD's value. */
const UNVOICED_F0: Hertz = 500;
/** Power below which there is only the rounding of float32 samples (2^-24, squared and then some); keeps logarithms finite in silence. */
const POWER_FLOOR = 1e-16;

/**
 * What the running mean shows at a lone harmonic, over the envelope that gives it: the share of the Hann window's lobe within ±F0/3, 0.919, over 2/3.
 * The neighbours' lobes end where the mean does, so this holds within a full spectrum too.
 */
const MEAN_AT_HARMONIC = 1.378;
/**
 * Bins blunt that peak: a cell and a straight line between two have a variance of 1/12 + 1/6 bin², and the peak's curvature, 2·L'(F0/3) for the lobe L,
 * is 1.09 of its height per (F0/3)². Half of both, so this over the square of F0 in bins is lost: 0.9 dB at 60 Hz, 0.1 dB at 200 Hz.
 */
const BLUNTING = 1.225;
/** Step 4 fades out between these: above, harmonics drown in noise and in errors of F0. */
const MATCH_FULL: Hertz = 5000;
const MATCH_NONE: Hertz = 7000;
/** Most that step 4 moves a harmonic: 4.3 dB. */
const MATCH_LIMIT = 1;

/** The transform size for windows of three periods of 71 Hz, WORLD's rule. @example envelopeFftSize(24000) // 1024 */
export function envelopeFftSize(sampleRate: Hertz): number {
  return 2 ** (1 + Math.floor(Math.log2((3 * sampleRate) / 71 + 1)));
}

export function createSpectralEnvelope(sampleRate: Hertz, options: SpectralEnvelopeOptions = {}): SpectralEnvelope {
  const { matchHarmonics = true } = options;
  const fftSize = envelopeFftSize(sampleRate);
  const half = fftSize / 2;
  const bins = half + 1;
  const fft = createRealFft(fftSize);
  const smoother = createSpectrumSmoother(bins);
  const block = new Float64Array(fftSize);
  const re = new Float64Array(bins);
  const im = new Float64Array(bins);
  const power = new Float64Array(bins);
  const smoothed = new Float64Array(bins);
  const corrected = new Float64Array(bins);
  // beyond this the lifter's first zero leaves the cepstrum, and the window folds more than twice
  const lowestF0 = sampleRate / half;
  const reach = Math.ceil((1.5 * sampleRate) / lowestF0) + 1;
  const window = new Float64Array(reach + 1);

  return {
    fftSize,
    frame(samples, centre, f0, out, offset) {
      const analysisF0 = f0 > 0 ? Math.min(Math.max(f0, lowestF0), sampleRate / 8) : UNVOICED_F0;
      windowThreePeriods(samples, centre, analysisF0);
      fft.forward(block, re, im);
      for (let k = 0; k < bins; k++) power[k] = re[k]! * re[k]! + im[k]! * im[k]!;
      const f0Bins = (analysisF0 * fftSize) / sampleRate;
      smoother.fillBelowF0(power, f0Bins);
      smoother.runningMean(power, (2 * f0Bins) / 3, power);
      smoothed.set(power);
      lifter(analysisF0);
      if (matchHarmonics && f0 > 0) moveToHarmonics(f0Bins);
      for (let k = 0; k < bins; k++) out[offset + k] = Math.exp(power[k]!);
    },
  };

  function windowThreePeriods(samples: Float32Array, centre: Samples, f0: Hertz): void {
    const halfLength = Math.round((1.5 * sampleRate) / f0);
    // cos by recurrence: three values of cos instead of some hundred, exact to 1e-12 over these lengths
    const step = (Math.PI * f0) / (1.5 * sampleRate);
    const twice = 2 * Math.cos(step);
    let c0 = 1;
    let c1 = Math.cos(step);
    let energy = 0;
    let windowSum = 0;
    for (let i = 0; i <= halfLength; i++) {
      const w = 0.5 + 0.5 * c0;
      window[i] = w;
      const both = i === 0 ? 1 : 2;
      energy += both * w * w;
      windowSum += both * w;
      const next = twice * c1 - c0;
      c0 = c1;
      c1 = next;
    }
    const gain = 1 / Math.sqrt(energy);
    const first = Math.max(-halfLength, -centre);
    const end = Math.min(halfLength, samples.length - 1 - centre);
    let weighted = 0;
    for (let i = first; i <= end; i++) weighted += samples[centre + i]! * window[i < 0 ? -i : i]!;
    // taking out the mean, in the window's own shape, keeps 0 Hz from leaking over the first harmonic
    const mean = weighted / windowSum;
    block.fill(0);
    for (let i = -halfLength; i <= halfLength; i++) {
      const w = window[i < 0 ? -i : i]! * gain;
      const sample = i >= first && i <= end ? samples[centre + i]! : 0;
      const slot = i & (fftSize - 1);
      block[slot] = block[slot]! + w * (sample - mean);
    }
  }

  /** power → logarithm of the liftered envelope, in place. */
  function lifter(f0: Hertz): void {
    for (let k = 0; k < bins; k++) {
      re[k] = Math.log(power[k]! + POWER_FLOOR);
      im[k] = 0;
    }
    fft.inverse(re, im, block);
    // s, c = sin, cos of π·f0·q at quefrency q = n/sampleRate, by rotation
    const angle = (Math.PI * f0) / sampleRate;
    const sinStep = Math.sin(angle);
    const cosStep = Math.cos(angle);
    let s = sinStep;
    let c = cosStep;
    for (let n = 1; n <= half; n++) {
      const smoothing = s / (angle * n);
      // cos 2x = 1 - 2·sin²x
      const recovery = 1 - 2 * Q1 + 2 * Q1 * (1 - 2 * s * s);
      const value = block[n]! * smoothing * recovery;
      block[n] = value;
      block[(fftSize - n) & (fftSize - 1)] = value;
      const nextS = s * cosStep + c * sinStep;
      c = c * cosStep - s * sinStep;
      s = nextS;
    }
    fft.forward(block, power, im);
  }

  /** Step 4, on the log envelope in `power`. */
  function moveToHarmonics(f0Bins: number): void {
    const binsPerHertz = fftSize / sampleRate;
    const end = Math.min(half, Math.ceil(MATCH_NONE * binsPerHertz));
    const fadeStart = MATCH_FULL * binsPerHertz;
    const fadeSlope = 1 / ((MATCH_NONE - MATCH_FULL) * binsPerHertz);
    const peak = MEAN_AT_HARMONIC * (1 - BLUNTING / (f0Bins * f0Bins));
    let shift = shiftAt(f0Bins, peak);
    let nextShift = shift;
    let next = f0Bins;
    for (let k = 0; k <= end; k++) {
      while (k > next) {
        shift = nextShift;
        next += f0Bins;
        // beyond the last harmonic inside the spectrum its shift holds
        if (next < half) nextShift = shiftAt(next, peak);
      }
      const here = nextShift + ((next - k) / f0Bins) * (shift - nextShift);
      const fade = k <= fadeStart ? 1 : Math.max(0, 1 - (k - fadeStart) * fadeSlope);
      corrected[k] = power[k]! + fade * here;
    }
    for (let k = 0; k <= end; k++) power[k] = corrected[k]!;
  }

  function shiftAt(position: number, peak: number): number {
    const k = Math.min(half - 1, Math.floor(position));
    const fraction = position - k;
    const measured = (smoothed[k]! + fraction * (smoothed[k + 1]! - smoothed[k]!)) / peak;
    const shift = Math.log(measured + POWER_FLOOR) - (power[k]! + fraction * (power[k + 1]! - power[k]!));
    return Math.min(MATCH_LIMIT, Math.max(-MATCH_LIMIT, shift));
  }
}
