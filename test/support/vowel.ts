/**
 * A vowel whose envelope is known: harmonics of a fixed F0, each as strong as a product of resonances there (Fant 1960), so that the power envelope
 * at any frequency is vowelPower. Phases are those of a sum of cosines by Schroeder (1970), which spreads the energy over the period.
 */
export type Resonance = { frequency: number; bandwidth: number };

export const VOWEL_A: Resonance[] = [
  { frequency: 750, bandwidth: 100 },
  { frequency: 1250, bandwidth: 120 },
  { frequency: 2600, bandwidth: 160 },
  { frequency: 3700, bandwidth: 250 },
];

/** |Π 1 / (1 - (f/F)² + i·f·B/F²)|², 1 at 0 Hz. */
export function vowelPower(frequency: number, resonances: readonly Resonance[]): number {
  return resonances.reduce((power, { frequency: centre, bandwidth }) => {
    const real = 1 - (frequency / centre) ** 2;
    const imaginary = (frequency * bandwidth) / centre ** 2;
    return power / (real * real + imaginary * imaginary);
  }, 1);
}

/** Mean power of a harmonic is vowelPower·F0/rate on each side, as if white pulses of unit mean power had been filtered. */
export function vowel(options: { f0: number; length: number; rate: number; resonances?: readonly Resonance[] }): Float32Array {
  const { f0, length, rate, resonances = [] } = options;
  const count = Math.floor((rate / 2 - 1) / f0);
  const samples = new Float64Array(length);
  for (let h = 1; h <= count; h++) {
    const amplitude = 2 * Math.sqrt((vowelPower(h * f0, resonances) * f0) / rate);
    const phase = (Math.PI * h * h) / count;
    for (let n = 0; n < length; n++) samples[n] = samples[n]! + amplitude * Math.cos((2 * Math.PI * h * f0 * n) / rate + phase);
  }
  return Float32Array.from(samples);
}
