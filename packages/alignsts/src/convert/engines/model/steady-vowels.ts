/** Vowels made fit to be held for many times their length: what lasts a moment in speech would last for seconds. */
import type { VoiceFrames } from '@alignsts/signal';
import { percentile } from './percentile.ts';
import type { Nucleus } from './syllable-nuclei.ts';

/**
 * Inside a vowel no frame is noisier than twice the vowel's median, band by band: a frame where the analysis found noise alone (a jump of the pitch, a
 * neighbouring flap) would be drawn out to a hiss.
 */
export function steadyVowels(frames: VoiceFrames, nuclei: readonly Nucleus[]): VoiceFrames {
  const bands = frames.bandFrequencies.length;
  const aperiodicity = frames.aperiodicity.slice();
  for (const { start, end } of nuclei) {
    for (let b = 0; b < bands; b++) {
      const values = Float32Array.from({ length: end - start }, (_, k) => aperiodicity[(start + k) * bands + b]!);
      const most = MOST * percentile(values, 0.5);
      for (let k = 0; k < values.length; k++) aperiodicity[(start + k) * bands + b] = Math.min(most, values[k]!);
    }
  }
  return { ...frames, aperiodicity };
}

const MOST = 2;
