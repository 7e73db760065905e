/**
 * Rhythm: where each moment of the song is taken from in the speech (duration control of Saitou et al. 2007, "Speech-to-singing synthesis"; spec B8).
 *
 * A vowel begins on its beat. The consonants before it sound before the beat, at the end of the note before, at their natural length times a factor of
 * their class; consonants before a rest or the end stay inside their note. Around the border of consonant and vowel, from 10 ms before to 30 ms after,
 * time runs as in the speech, and the steady part of the vowel takes up what is left of the note.
 *
 * Every frame of speech is given the length it is to have in the song, and the map from song to speech is the inverse of their running sum: it can only rise.
 */
import type { Frames, Seconds } from '@alignsts/signal';
import { FRAME_RATE } from '../../../grid.ts';
import type { SungSegment } from '../../engine.ts';
import type { SungSyllable } from './assign-syllables.ts';
import type { SpeechAcoustics } from './speech-acoustics.ts';
import type { Nucleus, SegmentClass, SpeechSegment, Syllables } from './syllable-nuclei.ts';

export type PlaceOptions = {
  /** How much longer than spoken the consonants of each class are sung. Defaults: B8. */
  factors?: Partial<Record<SegmentClass, number>>;
  /** The share of the time from beat to beat that consonants may take when they are longer than spoken. Default 0.5. */
  consonantShare?: number;
  /** The share they may take at the length they were spoken: beyond it they are spoken faster. Default 0.75. */
  spokenShare?: number;
};

export type Placement = {
  /** [T] frames of the speech, never falling. */
  sourceTime: Float32Array;
  /** [T] what sounds: an index into SOUNDING. */
  sounding: Uint8Array;
  /** [T] song frames a speech frame: how far time is drawn out. */
  stretch: Float32Array;
  segments: SungSegment[];
  remarks: string[];
};

/** What a song frame carries, by its code in Placement.sounding. */
export const SOUNDING = { silence: 0, consonant: 1, vowel: 2 } as const;

const FACTORS: Record<SegmentClass, number> = { silence: 1, vowel: 1, nasal: 1.77, approximant: 2.07, fricative: 1.58, plosive: 1.13 };
/** The border of consonant and vowel is natural from 10 ms before it to 30 ms after. */
const BORDER_BEFORE: Frames = 2;
const BORDER_AFTER: Frames = 6;
/** So is the end of a vowel, 50 ms, but each of the two at most 30 % of the vowel. */
const VOWEL_RELEASE: Frames = 9;
const NATURAL_SHARE = 0.3;
/** A gap between notes of up to 50 ms is an articulation rather than a rest. */
const SHORTEST_REST: Frames = 10;
/** Noise farther than this from its vowel, 250 ms, is a breath. */
const FARTHEST: Frames = 47;

/** A stretch of speech and of song: speech frames [start, end), each with its relative length, become song frames [from, to). */
type Stretch = {
  kind: SungSegment['kind'];
  label?: SegmentClass;
  start: Frames;
  end: Frames;
  lengths: Float64Array;
  from: number;
  to: number;
};

/** @param frames of the song */
export function placeOnBeat(
  sung: readonly SungSyllable[],
  { nuclei, segments, acoustics }: Syllables & { acoustics: SpeechAcoustics },
  frames: Frames,
  options: PlaceOptions = {},
): Placement {
  const { consonantShare = 0.5, spokenShare = 0.75 } = options;
  const factors = { ...FACTORS, ...options.factors };
  const stretches: Stretch[] = [];
  const remarks: string[] = [];
  const beat = (time: Seconds): number => Math.min(frames, Math.max(0, time * FRAME_RATE));
  const consonants = (pieces: readonly SpeechSegment[], from: number, to: number): void => {
    stretches.push(...consonantStretches(pieces, from, to, factors));
  };
  const silence = (start: Frames, end: Frames, from: number, to: number): void => {
    if (to > from) stretches.push({ kind: 'silence', start, end, lengths: heldLengths(end - start, to - from, () => 1), from, to });
  };
  const vowel = (nucleus: Nucleus, from: number, to: number): void => {
    const { start, end } = nucleus;
    if (to > from)
      stretches.push({ kind: 'vowel', start, end, lengths: heldLengths(end - start, to - from, elasticity(nucleus, acoustics)), from, to });
  };

  /** How long consonants are sung that have so many frames of song for themselves and a vowel. */
  const fitted = (pieces: readonly SpeechSegment[], span: number): number =>
    Math.min(sungLength(pieces, factors), Math.max(consonantShare * span, Math.min(spokenLength(pieces), spokenShare * span)));

  /** Song frames that are filled, and speech frames that are used up. */
  let filled = 0;
  sung.forEach(({ syllable, start, end }, i) => {
    const nucleus = nuclei[syllable]!;
    if (i === 0) {
      const { onset } = consonantsBetween(segments, 0, nucleus.start, 'beginning');
      const { from, to } = firstOnset(onset, beat(start), beat(end), factors, consonantShare);
      if (to > beat(start) + 1) remarks.push(lateRemark((to - beat(start)) / FRAME_RATE));
      silence(0, onset[0]?.start ?? nucleus.start, 0, from);
      consonants(onset, from, to);
      filled = to;
    }
    const next = sung[i + 1];
    if (!next) {
      const { coda } = consonantsBetween(segments, nucleus.end, acoustics.frames, 'end');
      const stop = Math.max(filled, beat(end));
      const border = stop - fitted(coda, stop - filled);
      vowel(nucleus, filled, border);
      consonants(coda, border, stop);
      silence(coda.at(-1)?.end ?? nucleus.end, acoustics.frames, stop, frames);
      return;
    }
    const nextBeat = beat(next.start);
    const nextStart = nuclei[next.syllable]!.start;
    const stop = Math.max(filled, Math.min(beat(end), nextBeat));
    const apart = consonantsBetween(segments, nucleus.end, nextStart, 'rest');
    const onsetLength = sungLength(apart.onset, factors);
    if (nextBeat - stop <= Math.max(SHORTEST_REST, onsetLength)) {
      // no rest, or one that the consonants fill: the voice goes on to them
      const { onset } = consonantsBetween(segments, nucleus.end, nextStart, 'joined');
      const border = nextBeat - fitted(onset, Math.max(0, nextBeat - filled));
      vowel(nucleus, filled, border);
      consonants(onset, border, nextBeat);
    } else {
      const border = stop - fitted(apart.coda, stop - filled);
      vowel(nucleus, filled, border);
      consonants(apart.coda, border, stop);
      silence(apart.coda.at(-1)?.end ?? nucleus.end, apart.onset[0]?.start ?? nextStart, stop, nextBeat - onsetLength);
      consonants(apart.onset, nextBeat - onsetLength, nextBeat);
    }
    filled = Math.max(filled, nextBeat);
  });
  return { ...timeMap(stretches, frames), segments: stretches.map(sungSegment), remarks };
}

/**
 * Where the consonants before the first vowel go: before its beat. Where the song begins with less than half the time they take in speech, they come
 * first all the same and the vowel is late: without them the first word would not be understood.
 */
function firstOnset(
  onset: readonly SpeechSegment[],
  beat: number,
  end: number,
  factors: Record<SegmentClass, number>,
  share: number,
): { from: number; to: number } {
  const spoken = spokenLength(onset);
  const from = Math.max(0, beat - sungLength(onset, factors));
  if (beat >= spoken / 2) return { from, to: beat };
  return { from, to: Math.max(beat, Math.min(spoken, share * end)) };
}

function lateRemark(seconds: Seconds): string {
  return `The first note begins with the song, which leaves no room for the consonants before its vowel: the vowel comes ${seconds.toFixed(2)} s late. Begin the tune with a rest to have it on the beat.`;
}

/**
 * The consonants between two vowels, as those that end the first syllable and those that begin the second.
 * - Those before a pause of the speech end the first, those after it begin the second; what is farther from its vowel than 250 ms is left out.
 * - joined: all of them begin the second. rest: where the speech makes no pause but the tune rests, half of them stay with the first.
 */
function consonantsBetween(
  segments: readonly SpeechSegment[],
  from: Frames,
  to: Frames,
  place: 'beginning' | 'joined' | 'rest' | 'end',
): { coda: SpeechSegment[]; onset: SpeechSegment[] } {
  const between = segments
    .filter((segment) => segment.start < to && segment.end > from && segment.kind !== 'vowel')
    .map(({ kind, start, end }) => ({ kind, start: Math.max(from, start), end: Math.min(to, end) }));
  const firstPause = between.findIndex(({ kind }) => kind === 'silence');
  const paused = firstPause >= 0;
  const lastPause = between.findLastIndex(({ kind }) => kind === 'silence');
  const half = place === 'beginning' ? 0 : place === 'end' ? between.length : between.length >> 1;
  const coda = between
    .slice(0, paused ? firstPause : half)
    .map((piece) => ({ ...piece, end: Math.min(piece.end, from + FARTHEST) }))
    .filter(({ start, end }) => end > start);
  const onset = between
    .slice(paused ? lastPause + 1 : half)
    .map((piece) => ({ ...piece, start: Math.max(piece.start, to - FARTHEST) }))
    .filter(({ start, end }) => end > start);
  if (place === 'joined') return { coda: [], onset: paused ? [...coda, ...onset] : between };
  return { coda: place === 'beginning' ? [] : coda, onset: place === 'end' ? [] : onset };
}

function spokenLength(pieces: readonly SpeechSegment[]): Frames {
  return pieces.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** How long consonants are sung, in frames, where there is room for them. */
function sungLength(pieces: readonly SpeechSegment[], factors: Record<SegmentClass, number>): number {
  return consonantLengths(pieces, factors).reduce((sum, lengths) => sum + lengths.reduce((a, b) => a + b, 0), 0);
}

/** For each piece, the length of each of its frames: the factor of its class, but natural just before the vowel. */
function consonantLengths(pieces: readonly SpeechSegment[], factors: Record<SegmentClass, number>): Float64Array[] {
  const border = (pieces.at(-1)?.end ?? 0) - BORDER_BEFORE;
  return pieces.map(({ kind, start, end }) =>
    Float64Array.from({ length: end - start }, (_, k) => (start + k < border ? factors[kind] : 1)),
  );
}

/** Consonants one after the other in song frames [from, to), longer or shorter in proportion. */
function consonantStretches(pieces: readonly SpeechSegment[], from: number, to: number, factors: Record<SegmentClass, number>): Stretch[] {
  const wanted = sungLength(pieces, factors);
  if (wanted === 0 || to <= from) return [];
  let time = 0;
  return consonantLengths(pieces, factors).map((lengths, i) => {
    const begin = time;
    time += lengths.reduce((a, b) => a + b, 0);
    const at = (length: number): number => from + ((to - from) * length) / wanted;
    const { kind, start, end } = pieces[i]!;
    const last = i + 1 === pieces.length;
    return { kind: 'consonant', label: kind, start, end, lengths, from: at(begin), to: last ? to : at(time) };
  });
}

/**
 * The length of each of `count` frames that are to fill `length` frames. Longer: every frame keeps its own time and more is given by elasticity.
 * Shorter: what is elastic is cut first, down to a fifth, then everything.
 */
function heldLengths(count: Frames, length: number, elasticity: (frame: number) => number): Float64Array {
  const elastic = Float64Array.from({ length: count }, (_, k) => elasticity(k));
  const sum = elastic.reduce((a, b) => a + b, 0);
  const most = elastic.reduce((a, b) => Math.max(a, b), 0);
  if (sum === 0) return new Float64Array(count).fill(1);
  if (length >= count) return elastic.map((value) => 1 + ((length - count) * value) / sum);
  const cut = Math.min((count - length) / sum, 0.8 / most);
  return elastic.map((value) => 1 - cut * value);
}

/** How readily each frame of a vowel is held: hardly in its natural beginning and end, most where it is loud and its spectrum stands still. */
function elasticity({ start, end, peak }: Nucleus, { change, sonority, noisiness }: SpeechAcoustics): (frame: number) => number {
  const count = end - start;
  const before = Math.min(BORDER_AFTER, NATURAL_SHARE * count);
  const after = Math.min(VOWEL_RELEASE, NATURAL_SHARE * count);
  let calmest = Number.POSITIVE_INFINITY;
  for (let t = start; t < end; t++) calmest = Math.min(calmest, change[t]!);
  const top = sonority[peak]!;
  return (k) => {
    const t = start + k;
    const inside = smoothStep((k + 0.5) / Math.max(1, before) - 0.5) * smoothStep((count - k - 0.5) / Math.max(1, after) - 0.5);
    const steady = Math.exp(-(change[t]! - calmest) / STEADY_CHANGE);
    const loud = 10 ** ((sonority[t]! - top) / 20);
    return LEAST_ELASTICITY + inside * steady * loud * (1 - noisiness[t]!);
  };
}

/** Decibels of change above the calmest frame at which a frame is held 1/e as long. */
const STEADY_CHANGE = 1.5;
/** Something must give even where the whole vowel moves. */
const LEAST_ELASTICITY = 1e-3;

function smoothStep(x: number): number {
  const clipped = Math.min(1, Math.max(0, x));
  return clipped * clipped * (3 - 2 * clipped);
}

function timeMap(stretches: readonly Stretch[], frames: Frames): Pick<Placement, 'sourceTime' | 'sounding' | 'stretch'> {
  const sourceTime = new Float32Array(frames);
  const sounding = new Uint8Array(frames);
  const stretch = new Float32Array(frames).fill(1);
  let t = 0;
  for (const { kind, start, end, lengths, from, to } of stretches) {
    const scale =
      (to - from) /
      Math.max(
        1e-9,
        lengths.reduce((a, b) => a + b, 0),
      );
    let k = 0;
    let begin = from;
    for (; t < Math.min(frames, to); t++) {
      while (k < lengths.length && begin + scale * lengths[k]! <= t) begin += scale * lengths[k++]!;
      const fraction = k < lengths.length ? Math.max(0, t - begin) / (scale * lengths[k]!) : 0;
      sourceTime[t] = Math.min(end, start + k + fraction);
      sounding[t] = SOUNDING[kind];
      stretch[t] = k < lengths.length ? scale * lengths[k]! : 1;
    }
  }
  // a frame that begins with the very end of the song
  for (; t < frames; t++) sourceTime[t] = t > 0 ? sourceTime[t - 1]! : 0;
  return { sourceTime, sounding, stretch };
}

function sungSegment({ kind, label, start, end, from, to }: Stretch): SungSegment {
  return {
    kind,
    ...(label && { label }),
    speechStart: start / FRAME_RATE,
    speechEnd: end / FRAME_RATE,
    start: from / FRAME_RATE,
    end: to / FRAME_RATE,
  };
}
