/** Holes in the voicing of speech that are shorter than any unvoiced consonant: a glottal pulse that came late, a creak. */
import type { Frames } from '@alignsts/signal';

/**
 * F0 with holes of up to `longest` frames closed, straight in the logarithm.
 * @example closeVoicingHoles(Float32Array.of(100, 0, 400)) // [100, 200, 400]
 */
export function closeVoicingHoles(f0: Float32Array /* [T] Hz, 0 = unvoiced */, longest: Frames = 5): Float32Array /* [T] Hz */ {
  const closed = f0.slice();
  let last = -1;
  for (let t = 0; t < f0.length; t++) {
    if (f0[t] === 0) continue;
    const gap = t - last;
    if (last >= 0 && gap > 1 && gap - 1 <= longest) {
      const ratio = f0[t]! / f0[last]!;
      for (let i = last + 1; i < t; i++) closed[i] = f0[last]! * ratio ** ((i - last) / gap);
    }
    last = t;
  }
  return closed;
}
