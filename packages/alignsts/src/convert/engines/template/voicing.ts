/**
 * When the voice sounds in the song: where the melody has a pitch, and also where it has none but the speech is voiced, because a vowel that a
 * slightly wrong alignment moves onto a breath of the reference would turn into a whisper.
 */
import type { Decibels, Frames, VoiceFrames } from '@alignsts/signal';
import { loudestOf } from './frame-levels.ts';

/** Speech further below its loudest frame is no vowel that could be missed. */
const VOWEL_RANGE: Decibels = 40;
/** How long the voice may sound on after a note that a rest follows, and how long before one that follows a rest. */
const LONGEST_TAIL: Frames = 20;

/**
 * The pitch that is sung: the melody's, continued over its gaps where the speech is voiced. Between two notes it glides; beside a rest it stays on
 * the note for up to 0.1 s.
 */
export function sungPitch(
  melody: Float32Array, // [T] Hz, 0 = unvoiced
  speech: { f0: Float32Array; level: Float32Array }, // [N] Hz, 0 = unvoiced; [N] dB
  sourceTime: Float32Array, // [T] frames of the speech
): Float32Array /* [T] Hz, 0 = unvoiced */ {
  const threshold = loudestOf(speech.level) - VOWEL_RANGE;
  const voicedAt = (t: number): boolean => {
    const n = Math.round(sourceTime[t]!);
    return n >= 0 && n < speech.f0.length && speech.f0[n]! > 0 && speech.level[n]! > threshold;
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
      if (!voicedAt(t)) continue;
      if (joined) f0[t] = before * (after / before) ** ((t - start + 1) / (end - start + 1));
      else if (t - start < LONGEST_TAIL) f0[t] = before;
      else if (end - t <= LONGEST_TAIL) f0[t] = after;
    }
    start = end;
  }
  return f0;
}

/** The aperiodicity of the song: a frame voiced in it and not in the speech takes that of the nearest voiced frame of the speech, or it would be noise. */
export function sungAperiodicity(
  warped: VoiceFrames, // [T]
  spoken: VoiceFrames, // [N]
  sourceTime: Float32Array, // [T] frames of the speech
): Float32Array /* [T, bands] */ {
  const bands = warped.bandFrequencies.length;
  const nearest = nearestVoiced(spoken.f0);
  const aperiodicity = warped.aperiodicity.slice();
  for (let t = 0; t < warped.frames; t++) {
    const n = Math.min(spoken.frames - 1, Math.max(0, Math.round(sourceTime[t]!)));
    const source = nearest[n]!;
    if (warped.f0[t] === 0 || spoken.f0[n]! > 0 || source < 0) continue;
    for (let b = 0; b < bands; b++) aperiodicity[t * bands + b] = spoken.aperiodicity[source * bands + b]!;
  }
  return aperiodicity;
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
