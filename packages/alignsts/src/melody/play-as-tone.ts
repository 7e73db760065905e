import { type Audio, type Hertz, InputError, type Samples } from '@alignsts/signal';
import { HOP, SAMPLE_RATE } from '../grid.ts';
import type { Melody } from './melody.ts';

/** A melody as a soft tone, to hear what was read: a few harmonics falling off, loudness eased at every edge so that nothing clicks. */
export type ToneOptions = {
  sampleRate?: Hertz;
  /** Peak amplitude of the steady tone. */
  level?: number;
};

const HARMONICS = 8;
const TABLE = 4096; // one period; linear interpolation errs by (2π·8/4096)²/8 ≈ 2e-5 of the highest harmonic
const EASE = 0.02; // seconds over which loudness rises or falls
const BREATH = 0.03; // seconds of dip between notes that follow without a rest

/**
 * The tone's frequency is the F0, interpolated in log F0 between voiced frames; where the melody rests it is silent.
 * @returns round(duration·sampleRate) samples, mono
 * @throws InputError if the melody is pitched above half the sample rate.
 */
export function playAsTone(melody: Melody, { sampleRate = SAMPLE_RATE, level = 0.25 }: ToneOptions = {}): Audio {
  const highest = melody.f0.reduce((a, b) => Math.max(a, b), 1);
  const harmonics = Math.min(HARMONICS, Math.floor((0.45 * sampleRate) / highest));
  if (harmonics < 1)
    throw new InputError(`the melody goes up to ${Math.round(highest)} Hz, too high for a tone at ${sampleRate} Hz. Transpose it down.`);
  const table = waveTable(harmonics, level);
  const length = Math.round(melody.duration * sampleRate);
  const gain = loudness(melody, length, sampleRate);
  const samples = new Float32Array(length);
  const { f0 } = melody;
  let hertz = f0.find((value) => value > 0) ?? 0;
  let phase = 0; // periods
  for (let n = 0; n < length; n++) {
    const frame = (n / sampleRate) * (SAMPLE_RATE / HOP);
    const m = Math.min(f0.length - 1, Math.floor(frame));
    const a = f0[m]!;
    const b = f0[Math.min(f0.length - 1, m + 1)]!;
    // an unvoiced frame keeps the last pitch, so that the tone dies away on it
    if (a > 0 && b > 0) hertz = a * (b / a) ** (frame - m);
    else if (a > 0 || b > 0) hertz = a || b;
    const place = phase * TABLE;
    const i = Math.floor(place);
    samples[n] = gain[n]! * (table[i]! + (table[i + 1]! - table[i]!) * (place - i));
    phase += hertz / sampleRate;
    phase -= Math.floor(phase);
  }
  return { samples, sampleRate };
}

/** Σ sin(2πhx)/h², scaled to peak at `level`; one value more than a period, for interpolation. */
function waveTable(harmonics: number, level: number): Float64Array {
  const table = new Float64Array(TABLE + 1);
  for (let i = 0; i <= TABLE; i++)
    for (let h = 1; h <= harmonics; h++) table[i]! += Math.sin((2 * Math.PI * h * (i % TABLE)) / TABLE) / h ** 2;
  const peak = table.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  return table.map((value) => (value * level) / peak);
}

/** 1 where the melody sounds, 0 where it rests and between notes, eased by a window of 20 ms (two running means: a triangle). */
function loudness(melody: Melody, length: Samples, sampleRate: Hertz): Float32Array {
  const gate = new Float32Array(length);
  for (let n = 0; n < length; n++) {
    const m = Math.min(melody.f0.length - 1, Math.round(((n / sampleRate) * SAMPLE_RATE) / HOP));
    gate[n] = melody.f0[m]! > 0 ? 1 : 0;
  }
  for (const note of melody.notes ?? []) {
    const start = Math.round(note.start * sampleRate);
    gate.fill(0, Math.max(0, start - Math.round(BREATH * sampleRate)), Math.min(length, start));
  }
  const half = Math.max(1, Math.round((EASE * sampleRate) / 4));
  return runningMean(runningMean(gate, half), half);
}

/** Mean over 2·half+1 samples; beyond the ends lies silence, so the sound begins and ends at 0. */
function runningMean(values: Float32Array, half: Samples): Float32Array {
  const out = new Float32Array(values.length);
  let sum = 0;
  for (let n = -half; n < values.length; n++) {
    sum += values[n + half] ?? 0;
    if (n - half > 0) sum -= values[n - half - 1]!;
    if (n >= 0) out[n] = sum / (2 * half + 1);
  }
  return out;
}
