import { InputError } from '../input-error.ts';
import type { VoiceFrames } from './voice-frames.ts';

/**
 * The same voice on another time axis and another melody: frame t of the result is the source at frame sourceTime[t].
 *
 * Envelopes are interpolated in their logarithm, aperiodicities in amplitude; times outside the source are clamped to its ends. Voicing:
 * - target voiced, source voiced: pulses and noise in the source's proportion.
 * - target voiced, source unvoiced: the frame stays noise (aperiodicity 1), so that an /s/ under a sung note remains an /s/. Where a sourceTime lies
 *   between a voiced and an unvoiced frame, the nearer one's aperiodicity is taken, so that a fricative is not given a half-strength buzz.
 * - target unvoiced (f0 = 0): noise, whatever the source was; a vowel becomes a whisper.
 *
 * @param sourceTime [T'] frames of the source, fractional; need not rise
 * @param f0 [T'] Hz, 0 = unvoiced
 */
export function warpFrames(frames: VoiceFrames, sourceTime: Float32Array, f0: Float32Array): VoiceFrames {
  const { bins, envelope, aperiodicity, bandFrequencies } = frames;
  const count = sourceTime.length;
  if (f0.length !== count) {
    throw new InputError(`The time map has ${count} frames but F0 has ${f0.length}. Give one value of each for every target frame.`);
  }
  const bands = bandFrequencies.length;
  const last = frames.frames - 1;
  const warpedEnvelope = new Float32Array(count * bins);
  const warpedAperiodicity = new Float32Array(count * bands);
  for (let t = 0; t < count; t++) {
    const time = sourceTime[t]!;
    if (!Number.isFinite(time))
      throw new InputError(`The time map is ${time} at frame ${t} but must be a number of frames. Repair the map first.`);
    const position = Math.min(last, Math.max(0, time));
    const left = Math.floor(position);
    const right = Math.min(last, left + 1);
    const fraction = position - left;
    const target = t * bins;
    if (fraction === 0) {
      warpedEnvelope.set(envelope.subarray(left * bins, (left + 1) * bins), target);
    } else {
      for (let k = 0; k < bins; k++) {
        const a = envelope[left * bins + k]!;
        const b = envelope[right * bins + k]!;
        warpedEnvelope[target + k] = a > 0 && b > 0 ? a * (b / a) ** fraction : a + fraction * (b - a);
      }
    }
    const sameVoicing = frames.f0[left]! > 0 === frames.f0[right]! > 0;
    const weight = sameVoicing ? fraction : Math.round(fraction);
    for (let b = 0; b < bands; b++) {
      const a = aperiodicity[left * bands + b]!;
      warpedAperiodicity[t * bands + b] = a + weight * (aperiodicity[right * bands + b]! - a);
    }
  }
  return { ...frames, frames: count, f0: f0.slice(), envelope: warpedEnvelope, aperiodicity: warpedAperiodicity };
}
