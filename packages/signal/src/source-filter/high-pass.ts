import { InputError } from '../input-error.ts';
import type { Hertz } from '../units.ts';

/**
 * Butterworth high-pass filter, forwards and backwards, so without delay (A1.6 step 2 of the specification: order 5, 30 Hz).
 * Bilinear transform with the corner pre-warped (Oppenheim and Schafer 2010, §7.1), as first- and second-order sections: a direct form of order 5 at
 * 30 Hz of 24 kHz keeps few digits. Ends as in Gustafsson (1996) and SciPy's filtfilt: odd extension by three times the number of taps, and each section
 * begins as if its first value had stood for ever.
 */
export type HighPassOptions = {
  /** -3 dB in one direction, so -6 dB in both. */
  cutoff: Hertz;
  /** Order in one direction; both together have twice that. */
  order: number;
};

/** @example highPass(new Float32Array(100).fill(1), 24000, { cutoff: 30, order: 5 }) // all 0 to 1e-12: a constant has no 30 Hz in it */
export function highPass(samples: Float32Array, sampleRate: Hertz, options: HighPassOptions): Float32Array /* as samples */ {
  const { cutoff, order } = options;
  if (!(cutoff > 0 && cutoff < sampleRate / 2)) {
    throw new InputError(`High-pass corner is ${cutoff} Hz but must lie between 0 and half the sample rate, ${sampleRate / 2} Hz.`);
  }
  if (!(Number.isInteger(order) && order >= 1)) throw new InputError(`High-pass order is ${order} but must be a whole number from 1.`);
  const length = samples.length;
  if (length === 0) return new Float32Array(0);
  const margin = Math.min(3 * (order + 1), length - 1);
  const extended = new Float64Array(length + 2 * margin);
  for (let n = 0; n < length; n++) extended[margin + n] = samples[n]!;
  for (let n = 1; n <= margin; n++) {
    extended[margin - n] = 2 * samples[0]! - samples[n]!;
    extended[margin + length - 1 + n] = 2 * samples[length - 1]! - samples[length - 1 - n]!;
  }
  const sections = butterworthHighPass(sampleRate, cutoff, order);
  run(sections, extended);
  extended.reverse();
  run(sections, extended);
  extended.reverse();
  return Float32Array.from(extended.subarray(margin, margin + length));
}

/** y[n] = b0·x[n] + b1·x[n-1] + b2·x[n-2] - a1·y[n-1] - a2·y[n-2]. */
type Section = { b0: number; b1: number; b2: number; a1: number; a2: number };

/** H(s) = s^N / Π(s² + 2·sin((2i+1)π/2N)·s + 1), times (s + 1) where N is odd; s = (1 - z⁻¹) / (w·(1 + z⁻¹)) with w = tan(π·cutoff/rate). */
function butterworthHighPass(sampleRate: Hertz, cutoff: Hertz, order: number): Section[] {
  const w = Math.tan((Math.PI * cutoff) / sampleRate);
  const sections: Section[] = [];
  for (let i = 0; i < Math.floor(order / 2); i++) {
    const damping = 2 * Math.sin(((2 * i + 1) * Math.PI) / (2 * order));
    const norm = 1 / (1 + damping * w + w * w);
    sections.push({ b0: norm, b1: -2 * norm, b2: norm, a1: 2 * (w * w - 1) * norm, a2: (1 - damping * w + w * w) * norm });
  }
  if (order % 2 === 1) {
    const norm = 1 / (1 + w);
    sections.push({ b0: norm, b1: -norm, b2: 0, a1: (w - 1) * norm, a2: 0 });
  }
  return sections;
}

/** In place, each section in transposed direct form II. */
function run(sections: Section[], signal: Float64Array): void {
  for (const { b0, b1, b2, a1, a2 } of sections) {
    // the state that a constant of signal[0] leaves: a high-pass answers it with 0, so the state is the input's share alone
    let z1 = -b0 * signal[0]!;
    let z2 = b2 * signal[0]!;
    for (let n = 0; n < signal.length; n++) {
      const x = signal[n]!;
      const y = b0 * x + z1;
      z1 = b1 * x - a1 * y + z2;
      z2 = b2 * x - a2 * y;
      signal[n] = y;
    }
  }
}
