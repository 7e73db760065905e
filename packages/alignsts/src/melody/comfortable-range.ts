import { type Hertz, InputError } from '@alignsts/signal';
import { HIGHEST_PITCH, LOWEST_PITCH } from './check-melody.ts';

/** Where a voice sings in comfort, judged from how it speaks. */
export type ComfortableRange = {
  low: Hertz;
  high: Hertz;
  /** Median F0 of the speech. */
  median: Hertz;
  /** The middle of the range, a tritone above the speech: where the middle of a tune should lie. */
  centre: Hertz;
};

/**
 * Voice textbooks place habitual speech three to five semitones above the lowest note of a voice (Fairbanks 1960, Voice and
 * Articulation: a quarter up its whole range), and untrained singers use about an octave and a half above that lowest note before
 * they strain. So: a major third below the speech to an octave and a major third above it; its middle is half an octave above the speech.
 * For comparison, actors singing the sentences they had spoken (RAVDESS, 4 people) chose medians 2.0, 4.4, 7.5 and 7.6 semitones
 * above their speech, and 90 % of what they sang lay between 0 and 12 semitones above it.
 */
const BELOW_SPEECH = 4; // semitones
const ABOVE_SPEECH = 16; // semitones

/**
 * @param f0 of the speech, Hz, 0 = unvoiced, on any grid
 * @throws InputError if no frame is voiced.
 * @example comfortableRange([0, 100, 100, 100]).high // 252
 */
export function comfortableRange(f0: ArrayLike<Hertz>): ComfortableRange {
  const voiced = Float64Array.from(Array.from(f0).filter((hertz) => hertz >= LOWEST_PITCH && hertz <= HIGHEST_PITCH)).sort();
  if (voiced.length === 0) {
    throw new InputError(
      'the speech has no voiced frame, so the range of its voice cannot be judged. Give a recording of somebody speaking, or transpose by a number of semitones instead.',
    );
  }
  const middle = voiced.length >> 1;
  const median = voiced.length % 2 === 1 ? voiced[middle]! : Math.sqrt(voiced[middle - 1]! * voiced[middle]!);
  const shifted = (semitones: number): Hertz => median * 2 ** (semitones / 12);
  return { low: shifted(-BELOW_SPEECH), high: shifted(ABOVE_SPEECH), median, centre: shifted((ABOVE_SPEECH - BELOW_SPEECH) / 2) };
}
