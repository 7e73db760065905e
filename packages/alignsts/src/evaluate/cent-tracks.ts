import { type Hertz, InputError, type Seconds } from '@alignsts/signal';

/**
 * Two F0 curves made comparable: one time base, cents above 10 Hz, voicing apart (B6; Salamon et al. 2014, as implemented in mir_eval,
 * to whose values every measure on these tracks is equal).
 */
export type CentTracks = {
  /** 1 where the reference is voiced. */
  referenceVoicing: Float64Array; // [T]
  /** 1200·log2(|f|/10), 0 = no pitch. A frequency of exactly 10 Hz has 0 cents and so counts as no pitch. */
  referenceCents: Float64Array; // [T]
  estimateVoicing: Float64Array; // [T]
  estimateCents: Float64Array; // [T]
};

/** F0 with its own time base. 0 Hz = unvoiced; a negative value = unvoiced, with |f| as the guess of the pitch. */
export type TimedF0 = {
  times: ArrayLike<Seconds>; // [T] non-negative, ascending
  f0: ArrayLike<Hertz>; // [T]
};

const BASE: Hertz = 10; // mir_eval's base frequency; all pitches of voice are positive above it

/**
 * Pairs two F0 curves that lie on the same frames; the longer one is cropped.
 *
 * @example pairFrames([440], [880]).estimateCents[0] - pairFrames([440], [880]).referenceCents[0] // 1200
 */
export function pairFrames(reference: ArrayLike<Hertz>, estimate: ArrayLike<Hertz>): CentTracks {
  const count = Math.min(reference.length, estimate.length);
  const [referenceTrack, estimateTrack] = [voicedCents(reference, count), voicedCents(estimate, count)];
  return {
    referenceVoicing: referenceTrack.voicing,
    referenceCents: referenceTrack.cents,
    estimateVoicing: estimateTrack.voicing,
    estimateCents: estimateTrack.cents,
  };
}

/**
 * Pairs two F0 curves on time bases of their own. The estimate is resampled to the reference's times: its cents linearly, unvoiced
 * stretches bridged with their last pitch and then cut out again by zero-order hold; its voicing by zero-order hold.
 * A track that starts after 0 s is begun with a copy of its first value at 0 s; where the reference goes on longer, the estimate is unvoiced.
 */
export function pairTracks(reference: TimedF0, estimate: TimedF0): CentTracks {
  checkTrack(reference, 'reference');
  checkTrack(estimate, 'estimate');
  if (reference.f0.length === 0 || estimate.f0.length === 0) return pairFrames([], []);
  const from = startAtZero(reference);
  const to = startAtZero(estimate);
  const referenceTrack = voicedCents(from.f0, from.f0.length);
  const estimateTrack = resampleToTimes(to.times, voicedCents(to.f0, to.f0.length), from.times);
  return {
    referenceVoicing: referenceTrack.voicing,
    referenceCents: referenceTrack.cents,
    estimateVoicing: estimateTrack.voicing,
    estimateCents: estimateTrack.cents,
  };
}

type VoicedCents = { voicing: Float64Array; cents: Float64Array };

function voicedCents(f0: ArrayLike<Hertz>, count: number): VoicedCents {
  const voicing = new Float64Array(count);
  const cents = new Float64Array(count);
  for (let t = 0; t < count; t++) {
    const f = f0[t]!;
    if (f > 0) voicing[t] = 1;
    if (f !== 0) cents[t] = 1200 * Math.log2(Math.abs(f) / BASE);
  }
  return { voicing, cents };
}

function checkTrack({ times, f0 }: TimedF0, name: string): void {
  if (times.length !== f0.length) {
    throw new InputError(`The ${name} F0 track has ${times.length} times but ${f0.length} frequencies. Give one time for each frequency.`);
  }
  for (let t = 0; t < times.length; t++) {
    const previous = t === 0 ? 0 : times[t - 1]!;
    if (!(times[t]! >= previous && Number.isFinite(times[t]!))) {
      throw new InputError(
        `Time ${t} of the ${name} F0 track is ${times[t]} s after ${previous} s. Times must be finite, not negative and in ascending order.`,
      );
    }
    if (!Number.isFinite(f0[t]!)) {
      throw new InputError(`The ${name} F0 at ${times[t]} s is ${f0[t]}. Write 0 for unvoiced frames.`);
    }
  }
}

function startAtZero({ times, f0 }: TimedF0): { times: number[]; f0: number[] } {
  const copy = { times: Array.from(times), f0: Array.from(f0) };
  if (copy.times[0]! > 0) {
    copy.times.unshift(0);
    copy.f0.unshift(copy.f0[0]!);
  }
  return copy;
}

function resampleToTimes(times: number[], track: VoicedCents, newTimes: number[]): VoicedCents {
  if (areSameTimes(times, newTimes)) return track;
  // ten decimals, as the reference implementation, so that hops which differ in the last bit fall together
  const x = times.map(roundTime);
  const at = newTimes.map(roundTime);
  const cents = Array.from(track.cents);
  const voicing = Array.from(track.voicing);
  if (at.at(-1)! > x.at(-1)!) {
    x.push(at.at(-1)!);
    cents.push(0);
    voicing.push(0);
  }
  const held = cents.slice();
  for (let i = 1; i < held.length; i++) if (cents[i] === 0) held[i] = held[i - 1]!;

  const result = { voicing: new Float64Array(at.length), cents: new Float64Array(at.length) };
  let i = 0; // the last sample at or before the new time
  for (let t = 0; t < at.length; t++) {
    while (i + 1 < x.length && x[i + 1]! <= at[t]!) i++;
    result.voicing[t] = voicing[i]!;
    if (cents[i] === 0) continue;
    const next = Math.min(i + 1, x.length - 1);
    const span = x[next]! - x[i]!;
    result.cents[t] = span > 0 ? held[i]! + ((held[next]! - held[i]!) / span) * (at[t]! - x[i]!) : held[i]!;
  }
  return result;
}

/** NumPy's allclose at its default tolerances, which decides in the reference implementation whether to resample at all. */
function areSameTimes(a: number[], b: number[]): boolean {
  return a.length === b.length && a.every((time, i) => Math.abs(time - b[i]!) <= 1e-8 + 1e-5 * Math.abs(b[i]!));
}

/** Ten decimals, halves to even, as NumPy rounds. */
function roundTime(time: number): number {
  const scaled = time * 1e10;
  const below = Math.floor(scaled);
  const rest = scaled - below;
  const rounded = rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
  return rounded / 1e10;
}
