import { HOP } from './stft-grid.ts';

/**
 * The voiced source: a pulse train with every harmonic below half the sample rate, all cosines in phase (Dirichlet kernel),
 *     √P · (2/P) · Σ_{h=1}^{H} cos hφ[n],   φ[n] = 2π·Σ f0/sampleRate,   P = sampleRate/f0,
 * so its power is spread flat like white noise of variance 1, at any pitch. The phase is summed in double precision: after ten minutes at
 * 1000 Hz float32 would be off by a tenth of a period. No aliasing: a harmonic that would pass half the sample rate is left out.
 */
export type PulseTrainOptions = { sampleRate: number; length: number };

/**
 * @param f0 [T] Hz at sample 128·t, 0 = unvoiced; straight between voiced frames, held to half way where only one is voiced
 * @returns [length] samples; 0 where unvoiced. Each voiced stretch begins with a pulse.
 */
export function pulseTrain(f0: Float32Array, { sampleRate, length }: PulseTrainOptions): Float32Array {
  const pulses = new Float32Array(length);
  const last = f0.length - 1;
  let phase = 0; // in periods
  let voiced = false;
  for (let n = 0; n < length; n++) {
    const position = n / HOP;
    const left = Math.min(last, Math.floor(position));
    const fraction = Math.min(1, position - left);
    const a = f0[left]!;
    const b = f0[Math.min(last, left + 1)]!;
    const pitch = a > 0 && b > 0 ? a + fraction * (b - a) : fraction < 0.5 ? a : b;
    if (!(pitch > 0)) {
      voiced = false;
      continue;
    }
    const increment = pitch / sampleRate;
    phase = voiced ? phase + increment : 0;
    voiced = true;
    if (phase >= 1) phase -= Math.floor(phase);
    const harmonics = Math.floor(0.5 / increment);
    const half = Math.PI * phase;
    const sine = Math.sin(half);
    // Σ cos hφ = sin((H + ½)φ)/(2 sin ½φ) − ½, whose limit at φ = 0 is H
    const sum = Math.abs(sine) < 1e-9 ? harmonics : Math.sin((2 * harmonics + 1) * half) / (2 * sine) - 0.5;
    pulses[n] = 2 * Math.sqrt(increment) * sum;
  }
  return pulses;
}
