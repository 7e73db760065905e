/**
 * Which frames sound with the voice. The song is voiced where its melody is: a reference that sings through a consonant which the speech only
 * breathes would otherwise lose its pitch there.
 */
import type { VoiceFrames } from '@alignsts/signal';

type Sources = {
  spoken: VoiceFrames; // [N]
  sung: VoiceFrames; // [T]
  sourceTime: Float32Array; // [T] frames of the speech
};

/** Frames voiced in the melody and not in the speech take the aperiodicity of the nearest voiced frame of the speech, and none is noisier than the reference. */
export function voiceLikeReference(warped: VoiceFrames, { spoken, sung, sourceTime }: Sources): VoiceFrames {
  const bands = warped.bandFrequencies.length;
  const aperiodicity = warped.aperiodicity.slice();
  const nearest = nearestVoiced(spoken.f0);
  for (let t = 0; t < warped.frames; t++) {
    if (warped.f0[t] === 0) continue;
    const n = Math.min(spoken.frames - 1, Math.max(0, Math.round(sourceTime[t]!)));
    const source = nearest[n]!;
    for (let b = 0; b < bands; b++) {
      if (spoken.f0[n] === 0 && source >= 0) aperiodicity[t * bands + b] = spoken.aperiodicity[source * bands + b]!;
      aperiodicity[t * bands + b] = Math.min(aperiodicity[t * bands + b]!, sung.aperiodicity[t * bands + b]!);
    }
  }
  return { ...warped, aperiodicity };
}

/** For each frame, the nearest voiced one, the earlier of two; -1 where the speech has none. */
function nearestVoiced(f0: Float32Array): Int32Array {
  const before = new Int32Array(f0.length);
  for (let n = 0, last = -1; n < f0.length; n++) {
    if (f0[n]! > 0) last = n;
    before[n] = last;
  }
  for (let n = f0.length - 1, next = -1; n >= 0; n--) {
    if (f0[n]! > 0) next = n;
    if (before[n]! < 0 || (next >= 0 && next - n < n - before[n]!)) before[n] = next;
  }
  return before;
}
