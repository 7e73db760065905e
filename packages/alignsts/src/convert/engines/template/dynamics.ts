/**
 * The loudness of the phrase, from the reference. Speech falls in level within every vowel, and stretched it dies away; but what is faster than a
 * syllable belongs to the speech: its closures must stay closed ('by' becomes 'my' when they are filled). Rests of the reference stay silent.
 */
import { type Decibels, type Frames, gaussianFilter } from '@alignsts/signal';

/** σ of the filter that leaves the phrase and takes the syllable: 160 ms. */
const PHRASE: Frames = 30;
const MOST_GAIN: Decibels = 20;
/** σ of the fade into and out of a rest, 11 ms. */
const FADE: Frames = 2;

export type Loudness = {
  own: Float32Array; // [T] dB, the speech's where it is sung
  reference: Float32Array; // [T] dB
  rests: Uint8Array; // [T] 1 where the reference rests
};

/**
 * What to add to the speech's own level. The loudness of the whole stays the speech's: the median over what is sung of the difference is not added.
 *
 * @param amount 0 leaves the speech's phrasing, 1 gives it the reference's
 */
export function phraseGain({ own, reference, rests }: Loudness, amount = 1): Float32Array /* [T] dB */ {
  const slowOwn = gaussianFilter(own, PHRASE);
  const slowReference = gaussianFilter(reference, PHRASE);
  const difference = slowOwn.map((level, t) => slowReference[t]! - level);
  const sung = difference.filter((_, t) => rests[t] === 0).toSorted();
  const typical = sung[Math.floor(sung.length / 2)] ?? 0;
  const gain = difference.map((value, t) => {
    const slow = amount * Math.min(MOST_GAIN, Math.max(-MOST_GAIN, value - typical));
    return rests[t] === 1 ? Math.min(slow, reference[t]! - own[t]! - typical) : slow;
  });
  return gaussianFilter(gain, FADE);
}
