/**
 * Life in held vowels. Where a moment of speech is drawn out many times, the spectrum would stand as still as that of an organ; no singer's does. There the
 * reading place wanders to and fro in the steady part of the vowel by a few milliseconds.
 */
import { type Frames, gaussianFilter, type Random } from '@alignsts/signal';
import { FRAME_RATE } from '../../../grid.ts';
import { type Placement, SOUNDING } from './place-on-beat.ts';

/** Standard deviation of the wandering, 5 ms, and its bound. */
const DEVIATION: Frames = 1;
const BOUND = 2.5;
/** Sigma of its smoothing, 40 ms: about 4 Hz. */
const SMOOTHING = 0.04 * FRAME_RATE;

/** @returns [T] frames of the speech: sourceTime, and where a vowel is held up to 2.5 frames (13 ms) before or after it */
export function wander(
  { sourceTime, sounding, stretch }: Pick<Placement, 'sourceTime' | 'sounding' | 'stretch'>,
  random: Random,
): Float32Array {
  const white = Float32Array.from(sourceTime, () => random.normal());
  const scale = Math.sqrt(2 * SMOOTHING * Math.sqrt(Math.PI));
  const noise = gaussianFilter(white, SMOOTHING);
  // how much the vowel is held, eased in, so that its natural beginning and end stay natural
  const held = gaussianFilter(
    stretch.map((factor, t) => (sounding[t] === SOUNDING.vowel ? Math.max(0, 1 - 2 / factor) : 0)),
    SMOOTHING / 2,
  );
  return sourceTime.map((time, t) => {
    if (sounding[t] !== SOUNDING.vowel || stretch[t]! <= 2) return time;
    return time + held[t]! * Math.max(-BOUND, Math.min(BOUND, DEVIATION * scale * noise[t]!));
  });
}
