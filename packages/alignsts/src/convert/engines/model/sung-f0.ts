/**
 * The pitch of a singing voice from notes (Saitou, Unoki and Akagi 2005, "Development of an F0 control model…"; Saitou et al. 2007; spec B8): steps from note to
 * note that overshoot, a small move the other way before them (preparation), vibrato on long notes, and a fine irregular fluctuation. All in cents, so
 * that the parts simply add.
 */
import { type Cents, gaussianFilter, type Hertz, type Random, type Seconds } from '@alignsts/signal';
import { FRAME_RATE, frameTime } from '../../../grid.ts';
import type { Note } from '../../../melody/melody.ts';
import { midiToHertz } from '../../../melody/pitch-scale.ts';
import { createSecondOrder, type SecondOrder } from './second-order.ts';

export type SungF0Options = {
  vibrato?: {
    /** Greatest deviation to either side. Default 50. */
    depth?: Cents;
    /** Default 5.5. */
    rate?: Hertz;
    /** From the beginning of the note; eased in over the same time again, at most 0.3 s. Default 0.3. */
    onset?: Seconds;
    /** Shorter notes have none. Default 0.4. */
    shortestNote?: Seconds;
  };
  /** 1 as in the literature, 0 none. */
  overshoot?: number;
  preparation?: number;
  /** Bound of the fine fluctuation (three standard deviations). Default 5. */
  fluctuation?: Hertz;
};

export type SungF0 = {
  /** [T] Hz in every frame, rests included: voicing is decided by what is sung. */
  f0: Float32Array;
  /** [T] -1 … 1: the vibrato's swing with its depth taken off, 0 where there is none. */
  vibrato: Float32Array;
};

/** Spec B8, radians a second. */
export const OVERSHOOT: SecondOrder = { omega: 34.8, zeta: 0.5422 };
export const PREPARATION: SecondOrder = { omega: 29.2, zeta: 0.6681 };
/** The overshooting step passes its middle so long after it began: taken off, so that a glide is half way on the beat. */
export const GLIDE_LEAD: Seconds = 0.04;

/** @param steps notes in time order; in rests the pitch of the next note is taken half way */
export function sungF0(notes: readonly Note[], frames: number, random: Random, options: SungF0Options = {}): SungF0 {
  const { overshoot = 1, preparation = 1, fluctuation = 5 } = options;
  const steps = noteSteps(notes, frames);
  const glide = createSecondOrder(overshoot > 0 ? OVERSHOOT : { ...OVERSHOOT, zeta: 0.999 }, frameTime(1))(steps);
  const before = preparationOf(steps, preparation);
  const vibrato = vibratoOf(notes, frames, options.vibrato);
  const depth = options.vibrato?.depth ?? 50;
  const noise = fineFluctuation(frames, random);
  const f0 = new Float32Array(frames);
  for (let t = 0; t < frames; t++) {
    const hertz = centsToHertz(glide[t]! + before[t]! + depth * vibrato[t]!);
    f0[t] = hertz + (fluctuation / 3) * Math.max(-3, Math.min(3, noise[t]!));
  }
  return { f0, vibrato };
}

/** Cents above MIDI note 0, note by note. */
function noteSteps(notes: readonly Note[], frames: number): Float64Array /* [T] */ {
  const steps = new Float64Array(frames);
  let filled = 0;
  notes.forEach(({ start, pitch }, i) => {
    const previous = notes[i - 1];
    // within a rest nothing is heard, so the pitch moves there
    const from = previous && start - previous.end > 2 * GLIDE_LEAD ? (previous.end + start) / 2 : start - GLIDE_LEAD;
    const first = i === 0 ? 0 : Math.min(frames, Math.max(filled, Math.round(from * FRAME_RATE)));
    if (previous) steps.fill(100 * previous.pitch, filled, first);
    filled = first;
    if (i + 1 === notes.length) steps.fill(100 * pitch, filled);
  });
  return steps;
}

/**
 * The move the other way before a step: the overshoot of the preparation system, mirrored in time. Only its part beyond the step counts, so that the
 * glide itself is not slowed.
 */
function preparationOf(steps: Float64Array, strength: number): Float64Array {
  const result = new Float64Array(steps.length);
  if (strength === 0) return result;
  const length = Math.round(0.5 * FRAME_RATE);
  const response = createSecondOrder(PREPARATION, frameTime(1))(Float64Array.from({ length }, (_, i) => (i === 0 ? 0 : 1)));
  const crossing = response.findIndex((value) => value >= 1);
  for (let t = 1; t < steps.length; t++) {
    const interval = steps[t]! - steps[t - 1]!;
    if (interval === 0) continue;
    for (let i = 0; crossing + i < length && t - i >= 0; i++)
      result[t - i] = result[t - i]! - strength * interval * (response[crossing + i]! - 1);
  }
  return result;
}

function vibratoOf(notes: readonly Note[], frames: number, options: SungF0Options['vibrato'] = {}): Float32Array {
  const { rate = 5.5, onset = 0.3, shortestNote = 0.4 } = options;
  const ease = Math.max(0.02, Math.min(0.3, onset));
  const vibrato = new Float32Array(frames);
  for (const { start, end } of notes) {
    if (end - start <= shortestNote) continue;
    const first = Math.max(0, Math.ceil((start + onset) * FRAME_RATE));
    for (let t = first; t < Math.min(frames, end * FRAME_RATE); t++) {
      const time = frameTime(t) - start - onset;
      const left = end - frameTime(t);
      const weight = Math.min(1, time / ease, left / 0.08);
      vibrato[t] = weight * Math.sin(2 * Math.PI * rate * time);
    }
  }
  return vibrato;
}

/** White noise below 10 Hz, of unit variance. */
function fineFluctuation(frames: number, random: Random): Float32Array {
  const white = Float32Array.from({ length: frames }, () => random.normal());
  // a Gaussian of this width falls to half its amplitude at 10 Hz
  const sigma = (Math.sqrt(2 * Math.LN2) / (2 * Math.PI * 10)) * FRAME_RATE;
  const smooth = gaussianFilter(white, sigma);
  // variance of white noise after a Gaussian filter: 1/(2σ√π)
  const scale = Math.sqrt(2 * sigma * Math.sqrt(Math.PI));
  return smooth.map((value) => value * scale);
}

function centsToHertz(cents: Cents): Hertz {
  return midiToHertz(cents / 100);
}
