/**
 * Voices creak at the ends of phrases: pulses come so late and so unevenly that no tracker finds a pitch, and a vowel sung from such frames would be
 * whispered. What follows a voiced stretch and still sounds like its vowel is therefore given a pitch as well.
 */
import { type Audio, createStft, type Decibels, type Frames, gaussianFilter, type Hertz } from '@alignsts/signal';
import { HOP } from '../../../grid.ts';

/** Longest creak that is bridged or added: 300 ms. */
const LONGEST: Frames = 56;
/** How far its low band may lie below the voice before it. */
const MOST_DROP: Decibels = 15;
/** How far its low band must lie above the high one: breath and friction are flatter. */
const LEAST_TILT: Decibels = 12;
/** Frames at the end of a voiced stretch that tell its level and pitch: 53 ms. */
const MEMORY: Frames = 10;
const WINDOW = 512;

/**
 * @param f0 [T] Hz, 0 = unvoiced, on the product's grid
 * @returns [T] Hz: the pitch before a creak held to its end, or straight (in logarithm) to the voice after it
 */
export function voicedCreak(audio: Audio, f0: Float32Array): Float32Array {
  const { low, high } = lowAndHigh(audio, f0.length);
  const result = f0.slice();
  for (let t = 1; t < f0.length; t++) {
    if (f0[t]! > 0 || f0[t - 1] === 0) continue;
    const level = mean(low, t - MEMORY, t, f0);
    const pitch = f0[t - 1]!;
    let end = t;
    while (end < f0.length && end - t < LONGEST && f0[end] === 0 && low[end]! > level - MOST_DROP && low[end]! - high[end]! > LEAST_TILT)
      end++;
    const next = f0[end] ?? 0;
    const ratio = next > 0 ? next / pitch : 1;
    for (let i = t; i < end; i++) result[i] = pitch * ratio ** ((i - t + 1) / (end - t + 1));
  }
  return result;
}

/** Levels from 100 to 1000 Hz and from 3 to 8 kHz. */
function lowAndHigh({ samples, sampleRate }: Audio, frames: Frames): { low: Float32Array; high: Float32Array } {
  const { magnitude, bins, frames: measured } = createStft({ size: WINDOW, hop: HOP })(samples);
  const levels = (from: Hertz, to: Hertz): Float32Array => {
    const first = Math.ceil((from * WINDOW) / sampleRate);
    const last = Math.floor((to * WINDOW) / sampleRate);
    const level = new Float32Array(frames).fill(-120);
    for (let t = 0; t < Math.min(frames, measured); t++) {
      let power = 1e-12;
      for (let k = first; k <= last; k++) power += magnitude[t * bins + k]! ** 2;
      level[t] = 10 * Math.log10(power);
    }
    return gaussianFilter(level, 2);
  };
  return { low: levels(100, 1000), high: levels(3000, 8000) };
}

/** Mean over the voiced ones of the frames [from, to). */
function mean(curve: Float32Array, from: Frames, to: Frames, f0: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let t = Math.max(0, from); t < to; t++) {
    if (f0[t] === 0) continue;
    sum += curve[t]!;
    count++;
  }
  return sum / count;
}
