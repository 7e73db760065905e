/**
 * When the voice sounds in the song: where the melody has a pitch, and also where it has none but the speech is voiced, because a vowel moved onto
 * a breath of the reference by a slightly wrong alignment would turn into a whisper.
 */
import type { Decibels, Frames, Hertz, VoiceFrames } from '@alignsts/signal';
import { envelopeLevels, loudestOf } from './frame-levels.ts';

/** Speech further below its loudest frame is no vowel that could be missed. */
const VOWEL_RANGE: Decibels = 40;
/** How long before the first note after a rest, or after the last one before it, the voice may sound. */
const LONGEST_TAIL: Frames = 20;
/** Below this, noise does not come from a consonant. */
const RUMBLE: Hertz = 500;

/**
 * The pitch that is sung: the melody's, continued over its gaps where the speech is voiced. Between two notes it glides, at a rest it stays on the
 * note beside it for up to 0.1 s.
 */
export function sungPitch(
  melody: Float32Array, // [T] Hz, 0 = unvoiced
  spoken: VoiceFrames,
  sourceTime: Float32Array, // [T] frames of the speech
): Float32Array /* [T] Hz, 0 = unvoiced */ {
  const level = envelopeLevels(spoken);
  const threshold = loudestOf(level) - VOWEL_RANGE;
  const soundsAt = (t: number): boolean => {
    const n = Math.round(sourceTime[t]!);
    return n >= 0 && n < spoken.frames && spoken.f0[n]! > 0 && level[n]! > threshold;
  };
  const f0 = melody.slice();
  for (let start = 0; start < f0.length; start++) {
    if (melody[start]! > 0) continue;
    let end = start;
    while (end < f0.length && melody[end] === 0) end++;
    const before = start > 0 ? melody[start - 1]! : 0;
    const after = end < f0.length ? melody[end]! : 0;
    const joined = before > 0 && after > 0 && end - start <= 2 * LONGEST_TAIL;
    for (let t = start; t < end; t++) {
      if (!soundsAt(t)) continue;
      if (joined) f0[t] = before * (after / before) ** ((t - start + 1) / (end - start + 1));
      else if (t - start < LONGEST_TAIL) f0[t] = before;
      else if (end - t <= LONGEST_TAIL) f0[t] = after;
    }
    start = end;
  }
  return f0;
}

/**
 * Frames voiced in the song and not in the speech take the aperiodicity of the nearest voiced frame of the speech; frames unvoiced in the song lose
 * what lies below 500 Hz: in the speech that was the end of a vowel, and made of noise it rumbles.
 */
export function voiceAsSung(warped: VoiceFrames, spoken: VoiceFrames, sourceTime: Float32Array /* [T] */): VoiceFrames {
  const { frames, bins, f0, fftSize, sampleRate } = warped;
  const bands = warped.bandFrequencies.length;
  const nearest = nearestVoiced(spoken.f0);
  const highPass = Float64Array.from({ length: bins }, (_, k) => 1 / (1 + ((RUMBLE * fftSize) / (sampleRate * Math.max(k, 1e-3))) ** 4));
  const aperiodicity = warped.aperiodicity.slice();
  const envelope = warped.envelope.slice();
  for (let t = 0; t < frames; t++) {
    if (f0[t] === 0) {
      for (let k = 0; k < bins; k++) envelope[t * bins + k] = envelope[t * bins + k]! * highPass[k]!;
      continue;
    }
    const n = Math.min(spoken.frames - 1, Math.max(0, Math.round(sourceTime[t]!)));
    const source = nearest[n]!;
    if (spoken.f0[n]! > 0 || source < 0) continue;
    for (let b = 0; b < bands; b++) aperiodicity[t * bands + b] = spoken.aperiodicity[source * bands + b]!;
  }
  return { ...warped, envelope, aperiodicity };
}

/** For each frame the nearest voiced one, the earlier of two; -1 where none is voiced. */
function nearestVoiced(f0: Float32Array): Int32Array {
  const nearest = new Int32Array(f0.length);
  for (let n = 0, last = -1; n < f0.length; n++) {
    if (f0[n]! > 0) last = n;
    nearest[n] = last;
  }
  for (let n = f0.length - 1, next = -1; n >= 0; n--) {
    if (f0[n]! > 0) next = n;
    if (next >= 0 && (nearest[n]! < 0 || next - n < n - nearest[n]!)) nearest[n] = next;
  }
  return nearest;
}
