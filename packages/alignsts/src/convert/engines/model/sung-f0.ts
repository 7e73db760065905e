/**
 * The pitch of a singing voice from notes (Saitou, Unoki and Akagi 2005, "Development of an F0 control model based on F0 dynamic characteristics for singing-voice
 * synthesis"; Saitou et al. 2007; spec B8): steps from note to note that overshoot, a small move the other way before them (preparation), vibrato on long notes, and a
 * fine irregular fluctuation. All but the last in cents, so that the parts simply add.
 */
import { type Cents, gaussianFilter, type Hertz, type Random, type Seconds } from '@alignsts/signal';
import { FRAME_RATE, frameTime } from '../../../grid.ts';
import type { Melody, Note } from '../../../melody/melody.ts';
import { hertzToMidi, midiToHertz } from '../../../melody/pitch-scale.ts';
import { createSecondOrder, type SecondOrder } from './second-order.ts';

export type SungF0Options = {
  vibrato?: {
    /** Greatest deviation to either side. Default 50. */
    depth?: Cents;
    /** Default 5.5. */
    rate?: Hertz;
    /** When in the note it begins; eased in over the same time again, at most 0.3 s. Default 0.3. */
    onset?: Seconds;
    /** Shorter notes have none. Default 0.4. */
    shortestNote?: Seconds;
  };
  /** Strength of the overshoot: 1 by 13 % of the interval, 0 none. Default 1. */
  overshoot?: number;
  /** Strength of the preparation: 1 by 6 % of the interval, 0 none. Default 1. */
  preparation?: number;
  /** Bound of the fine fluctuation, three standard deviations. Default 5. */
  fluctuation?: Hertz;
};

export type SungF0 = {
  /** [T] Hz in every frame, rests included: voicing is decided by what is sung. */
  f0: Float32Array;
  /** [T] -1 … 1: the vibrato's swing over its depth, 0 where there is none. */
  vibrato: Float32Array;
};

export type Span = { start: Seconds; end: Seconds };

/** Spec B8. */
export const OVERSHOOT: SecondOrder = { omega: 34.8, zeta: 0.5422 };
export const PREPARATION: SecondOrder = { omega: 29.2, zeta: 0.6681 };
/** The overshooting step is half way up after so long. Steps begin this much before their beat, so that the glide is half way on it. */
export const GLIDE_LEAD: Seconds = 0.038;

/**
 * A melody that was tracked from a voice or given as a curve is sung as it is, its unvoiced gaps closed: it has its own expression. Notes of a score, with
 * the bends of a MIDI file, are given one.
 *
 * @param melody with notes
 * @param held what is sung on one vowel and one pitch: the notes, or their parts where several syllables share one
 * @param frames T
 */
export function sungF0(
  { notes = [], f0, source }: Melody,
  held: readonly Span[],
  frames: number,
  random: Random,
  options: SungF0Options = {},
): SungF0 {
  if (source.kind === 'recording' || source.kind === 'f0-table') return { f0: withoutGaps(f0, frames), vibrato: new Float32Array(frames) };
  const { overshoot = 1, preparation = 1, fluctuation = 5 } = options;
  const steps = noteSteps(notes, frames);
  const glide = gliding(steps, overshoot);
  const before = preparing(steps, preparation);
  const bends = bendsOf(notes, f0, frames);
  const vibrato = vibratoOf(held, frames, options.vibrato);
  const depth = options.vibrato?.depth ?? 50;
  const noise = fineFluctuation(frames, random);
  const sung = Float32Array.from(vibrato, (swing, t) => {
    const cents = glide[t]! + before[t]! + bends[t]! + depth * swing;
    return midiToHertz(cents / 100) + (fluctuation / 3) * Math.max(-3, Math.min(3, noise[t]!));
  });
  return { f0: sung, vibrato };
}

/** Cents above MIDI note 0. Within a rest nothing is heard, so the pitch moves in its middle. */
function noteSteps(notes: readonly Note[], frames: number): Float64Array /* [T] */ {
  const steps = new Float64Array(frames);
  let filled = 0;
  notes.forEach(({ start, pitch }, i) => {
    const previous = notes[i - 1];
    if (previous) {
      const from = start - previous.end > 2 * GLIDE_LEAD ? (previous.end + start) / 2 : start - GLIDE_LEAD;
      const first = Math.min(frames, Math.max(filled, Math.round(from * FRAME_RATE)));
      steps.fill(100 * previous.pitch, filled, first);
      filled = first;
    }
    if (i + 1 === notes.length) steps.fill(100 * pitch, filled);
  });
  return steps;
}

/** The steps through the overshooting system, or through one that is as fast and hardly overshoots, or between the two. */
function gliding(steps: Float64Array, strength: number): Float64Array {
  const full = createSecondOrder(OVERSHOOT, frameTime(1))(steps);
  if (strength === 1) return full;
  const none = createSecondOrder({ ...OVERSHOOT, zeta: 0.99 }, frameTime(1))(steps);
  return full.map((value, t) => none[t]! + strength * (value - none[t]!));
}

/**
 * The move the other way before a step: the overshoot of the preparation system, mirrored in time. Only its part beyond the step counts, so that the
 * glide itself is not slowed.
 */
function preparing(steps: Float64Array, strength: number): Float64Array {
  const moves = new Float64Array(steps.length);
  const response = createSecondOrder(PREPARATION, frameTime(1))(new Float64Array(Math.round(0.5 * FRAME_RATE)).fill(1), 0);
  const beyond = response.subarray(response.findIndex((value) => value > 1)).map((value) => value - 1);
  for (let t = 1; t < steps.length; t++) {
    const interval = steps[t]! - steps[t - 1]!;
    if (interval === 0) continue;
    for (let i = 0; i < Math.min(beyond.length, t); i++) moves[t - 1 - i] = moves[t - 1 - i]! - strength * interval * beyond[i]!;
  }
  return moves;
}

/** What the melody's own curve adds to its notes, cents: the bends of a MIDI file; 0 for other scores. */
function bendsOf(notes: readonly Note[], f0: Float32Array, frames: number): Float32Array /* [T] */ {
  const bends = new Float32Array(frames);
  for (const { start, end, pitch } of notes) {
    for (let t = Math.ceil(start * FRAME_RATE - 1e-6); t < Math.min(frames, f0.length, end * FRAME_RATE - 1e-6); t++) {
      if (f0[t]! > 0) bends[t] = 100 * (hertzToMidi(f0[t]!) - pitch);
    }
  }
  return bends;
}

function vibratoOf(held: readonly Span[], frames: number, options: SungF0Options['vibrato'] = {}): Float32Array /* [T] */ {
  const { rate = 5.5, onset = 0.3, shortestNote = 0.4 } = options;
  const ease = Math.max(0.02, Math.min(0.3, onset));
  const vibrato = new Float32Array(frames);
  for (const { start, end } of held) {
    if (end - start <= shortestNote) continue;
    for (let t = Math.max(0, Math.ceil((start + onset) * FRAME_RATE)); t < Math.min(frames, end * FRAME_RATE); t++) {
      const time = frameTime(t) - start - onset;
      const left = end - frameTime(t);
      vibrato[t] = Math.min(1, time / ease, left / VIBRATO_END) * Math.sin(2 * Math.PI * rate * time);
    }
  }
  return vibrato;
}

/** A vibrato fades within this before the next note. */
const VIBRATO_END: Seconds = 0.08;

/** White noise below 10 Hz, of unit variance. */
function fineFluctuation(frames: number, random: Random): Float32Array /* [T] */ {
  const white = Float32Array.from({ length: frames }, () => random.normal());
  // this Gaussian falls to half its amplitude at 10 Hz
  const sigma = (Math.sqrt(2 * Math.LN2) / (2 * Math.PI * 10)) * FRAME_RATE;
  // and leaves 1/(2σ√π) of the variance of white noise
  const scale = Math.sqrt(2 * sigma * Math.sqrt(Math.PI));
  return gaussianFilter(white, sigma).map((value) => value * scale);
}

/** The curve with its unvoiced frames filled, straight in logarithm; its first and last pitch hold to the ends. */
function withoutGaps(f0: Float32Array, frames: number): Float32Array /* [T] */ {
  const full = new Float32Array(frames);
  let last = -1;
  for (let t = 0; t <= frames; t++) {
    const pitch = t < frames ? (f0[t] ?? 0) : 0;
    if (pitch === 0 && t < frames) continue;
    const before = last < 0 ? pitch : full[last]!;
    const after = t < frames ? pitch : before;
    for (let i = last + 1; i < t; i++) full[i] = before * (after / before) ** ((i - last) / (t - last));
    if (t < frames) full[t] = pitch;
    last = t;
  }
  return full;
}
