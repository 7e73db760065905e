import type { Hertz, VoiceFrames } from '@alignsts/signal';

/**
 * Below this, the noise of a consonant has nothing to say. In the speech there was the end of a vowel, or its hum in a closure, and made of noise it
 * rumbles: without it OVRLn rises by .15 (docs/experiments.md).
 */
const RUMBLE: Hertz = 500;

/**
 * Applies a gain to every frame, and to unvoiced ones a high-pass of 12 dB an octave.
 * In place: a minute of envelopes is 23 MB, and warpFrames has just made these for us alone.
 */
export function shapeEnvelope(out: VoiceFrames, gain: Float32Array /* [T] dB */): void {
  const { frames, bins, fftSize, sampleRate, f0, envelope } = out;
  const corner = (RUMBLE * fftSize) / sampleRate;
  const highPass = Float64Array.from({ length: bins }, (_, k) => k ** 4 / (k ** 4 + corner ** 4));
  for (let t = 0; t < frames; t++) {
    const factor = 10 ** (gain[t]! / 10);
    const voiced = f0[t]! > 0;
    for (let k = 0; k < bins; k++) envelope[t * bins + k] = envelope[t * bins + k]! * (voiced ? factor : factor * highPass[k]!);
  }
}
