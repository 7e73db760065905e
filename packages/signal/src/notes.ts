import { InputError } from './input-error.ts';
import type { Hertz, MidiPitch, Seconds } from './units.ts';

/**
 * Note segmentation of a pitch curve: the cheapest explanation of the curve by held notes and rests, found by dynamic programming over
 * states a third of a semitone apart (the idea of pYIN's note model, Mauch et al. 2015, with costs in place of probabilities and an
 * explicit shortest note). A note explains a voiced frame at the square of its distance, but never at more than `deviationCap`, so
 * vibrato and glides cost little, and every new note costs `noteCost`, so it has to explain something to be worth it.
 */
export type NoteSegment = {
  start: Seconds;
  end: Seconds;
  /** Median of the note's voiced frames, glides at its ends left out: the centre of a vibrato. */
  pitch: MidiPitch;
};

export type NoteOptions = {
  /** No note is shorter. */
  shortest: Seconds;
  /** Price of a new note, in semitones² · seconds: a detour of a semitone or more is two new notes, so it counts from 0.12 s on. */
  noteCost: number;
  /** A frame costs at most this, in semitones², however far from the note it is. Frames of low confidence cost in proportion less. */
  deviationCap: number;
  /** An unvoiced gap longer than this ends a note; a shorter one (a stopped consonant, a drop-out) is sung over. */
  longestGap: Seconds;
  /** Neighbouring notes without a rest between them that lie closer than this are one note. */
  smallestStep: number;
};

export const NOTE_DEFAULTS: NoteOptions = { shortest: 0.1, noteCost: 0.06, deviationCap: 1, longestGap: 0.05, smallestStep: 0.6 };

// states a semitone: fine enough that no tuning lies between two of them
const STEPS = 3;

/**
 * Cuts a pitch curve into notes, in time order, not overlapping. An unvoiced or empty curve has none.
 * @param frameRate frames a second; frame m is at m/frameRate.
 * @throws InputError when an option is not a positive number.
 * @example segmentNotes({ f0: Float32Array.from({ length: 100 }, () => 440) }, 100) // [{ start: 0, end: 1, pitch: 69 }]
 */
export function segmentNotes(
  track: { f0: Float32Array /* [T] Hz, 0 = unvoiced */; confidence?: Float32Array /* [T] 0 … 1 */ },
  frameRate: Hertz,
  options: Partial<NoteOptions> = {},
): NoteSegment[] {
  const full = { ...NOTE_DEFAULTS, ...options };
  for (const [name, value] of Object.entries(full)) {
    if (!(value > 0)) throw new InputError(`note segmentation's ${name} is ${value} but must be above 0.`);
  }
  const { f0 } = track;
  const semitones = Float64Array.from(f0, (f) => (f > 0 ? 69 + 12 * Math.log2(f / 440) : Number.NaN));
  const spans = mergeNeighbours(cheapestSpans(semitones, track.confidence, frameRate, full), semitones, full.smallestStep);
  return spans.map(({ from, to }) => ({ start: from / frameRate, end: to / frameRate, pitch: heldPitch(semitones, from, to) }));
}

/** Frames from … to-1 of one note. */
type Span = { from: number; to: number };

/**
 * Dynamic programming over time. State 0 is the rest, state s a note at `lowest + (s-1)/STEPS`. A note is entered as a whole block of the
 * shortest length, then held frame by frame; a rest is entered and left frame by frame.
 */
function cheapestSpans(
  semitones: Float64Array,
  confidence: Float32Array | undefined,
  frameRate: Hertz,
  { shortest, noteCost, deviationCap, longestGap }: NoteOptions,
): Span[] {
  const frames = semitones.length;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const pitch of semitones) {
    if (pitch < lowest) lowest = pitch;
    if (pitch > highest) highest = pitch;
  }
  if (lowest > highest) return [];
  lowest = Math.floor(lowest * STEPS) / STEPS;
  const states = 2 + Math.ceil((highest - lowest) * STEPS);
  const block = Math.max(1, Math.round(shortest * frameRate));
  const gapCost = noteCost / longestGap;
  // a voiced frame may also be given up as no note at all (a blip, a breath), at more than the worst deviation from one
  const voicedRestCost = 1.5 * deviationCap;

  const frameCost = (t: number, state: number): number => {
    const pitch = semitones[t]!;
    const voiced = !Number.isNaN(pitch);
    if (state === 0) return voiced ? voicedRestCost / frameRate : 0;
    if (!voiced) return gapCost / frameRate;
    const distance = pitch - lowest - (state - 1) / STEPS;
    const weight = confidence === undefined ? 1 : Math.max(0.2, Math.min(1, confidence[t]!));
    return (weight * Math.min(deviationCap, distance * distance)) / frameRate;
  };

  // rows of the last `block`+1 frames: sums[·, s] = cost of holding s from the start to here
  const rows = block + 1;
  const sums = new Float64Array(rows * states);
  const cost = new Float64Array(states).fill(Number.POSITIVE_INFINITY); // best explanation of frames … t that ends in s
  cost[0] = 0;
  const best = new Float64Array(frames + 1); // best explanation of the first t frames, whatever it ends in
  const bestState = new Uint16Array(frames + 1);
  // 1 where frame t is the last of a newly entered block (or the first of a rest): before it stands bestState of an earlier frame
  const entered = new Uint8Array(frames * states);

  for (let t = 0; t < frames; t++) {
    const row = ((t + 1) % rows) * states;
    const previousRow = (t % rows) * states;
    const blockStart = t + 1 - block;
    const blockRow = (Math.max(0, blockStart) % rows) * states;
    for (let s = 0; s < states; s++) {
      const here = frameCost(t, s);
      sums[row + s] = sums[previousRow + s]! + here;
      const held = cost[s]! + here;
      let fresh = Number.POSITIVE_INFINITY;
      if (s === 0) fresh = best[t]! + here;
      else if (blockStart >= 0) fresh = best[blockStart]! + noteCost + sums[row + s]! - sums[blockRow + s]!;
      if (fresh < held) entered[t * states + s] = 1;
      cost[s] = Math.min(held, fresh);
    }
    let winner = 0;
    for (let s = 1; s < states; s++) if (cost[s]! < cost[winner]!) winner = s;
    best[t + 1] = cost[winner]!;
    bestState[t + 1] = winner;
  }

  const spans: Span[] = [];
  let t = frames;
  let state = bestState[frames]!;
  let end = frames;
  while (t > 0) {
    if (entered[(t - 1) * states + state] === 0) {
      t--;
      if (t === 0 && state > 0) spans.push({ from: 0, to: end });
      continue;
    }
    t -= state === 0 ? 1 : block;
    if (state > 0) spans.push({ from: t, to: end });
    state = bestState[t]!;
    end = t;
  }
  return spans.reverse();
}

/** Joins touching spans whose pitches differ by less than a step: a drift, or a slow vibrato, cut in two. */
function mergeNeighbours(spans: Span[], semitones: Float64Array, smallestStep: number): Span[] {
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    const near =
      last !== undefined &&
      last.to === span.from &&
      Math.abs(heldPitch(semitones, last.from, last.to) - heldPitch(semitones, span.from, span.to)) < smallestStep;
    if (near) last.to = span.to;
    else merged.push({ ...span });
  }
  return merged;
}

function heldPitch(semitones: Float64Array, from: number, to: number): MidiPitch {
  const trim = Math.floor(0.15 * (to - from));
  const held = semitones.subarray(from + trim, to - trim).filter((pitch) => !Number.isNaN(pitch));
  const voiced = held.length > 0 ? held : semitones.subarray(from, to).filter((pitch) => !Number.isNaN(pitch));
  voiced.sort();
  const middle = (voiced.length - 1) / 2;
  return 0.5 * (voiced[Math.floor(middle)]! + voiced[Math.ceil(middle)]!);
}
