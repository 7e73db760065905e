/**
 * Rhythm: where each moment of the song is taken from in the speech (Saitou et al. 2007, "Speech-to-singing synthesis", duration control; spec B8).
 *
 * A vowel begins on its beat. The consonants before it sound before the beat, at the end of the note before, at their natural length times a factor
 * of their class; consonants before a pause stay inside the note. Around the border of consonant and vowel, from 10 ms before to 30 ms after, time runs
 * as in the speech, and the steady part of the vowel takes up the rest of the note.
 *
 * Every frame of speech is given the length it is to have in the song, and the map from song to speech is the inverse of their running sum: it can only rise.
 */
import type { Frames, Seconds } from '@alignsts/signal';
import { FRAME_RATE } from '../../../grid.ts';
import type { SungSegment } from '../../engine.ts';
import type { SungSyllable } from './assign-syllables.ts';
import type { SpeechAcoustics } from './speech-acoustics.ts';
import type { Nucleus, SegmentClass, SpeechSegment } from './syllable-nuclei.ts';

export type Placement = {
  /** [T] frames of the speech, never falling. */
  sourceTime: Float32Array;
  /** [T] what sounds: 0 silence, 1 consonant, 2 vowel. */
  sounding: Uint8Array;
  /** [T] how far the vowel is held here, song frames a speech frame; 1 elsewhere. */
  stretch: Float32Array;
  segments: SungSegment[];
  remarks: string[];
};

export type PlaceOptions = {
  /** How much longer than spoken consonants of each class are sung (B8). */
  factors?: Partial<Record<SegmentClass, number>>;
  /** The share of the time between two beats that consonants may take. */
  consonantShare?: number;
};

const FACTORS: Record<SegmentClass, number> = { silence: 1, vowel: 1, nasal: 1.77, approximant: 2.07, fricative: 1.58, plosive: 1.13 };
/** Border of consonant and vowel: natural from 10 ms before to 30 ms after. */
const BORDER_BEFORE: Frames = 2;
const BORDER_AFTER: Frames = 6;
/** The natural end of a vowel, at most a quarter of it: 50 ms. */
const VOWEL_RELEASE: Frames = 9;

export function placeOnBeat(
  sung: readonly SungSyllable[],
  speech: { nuclei: readonly Nucleus[]; segments: readonly SpeechSegment[]; acoustics: SpeechAcoustics },
  duration: { frames: Frames },
  options: PlaceOptions = {},
): Placement {
  const { nuclei, segments, acoustics } = speech;
  const factors = { ...FACTORS, ...options.factors };
  const { consonantShare = 0.5 } = options;
  const total = duration.frames;
  const timeline = createTimeline(total);
  const remarks: string[] = [];
  const beat = (time: Seconds): number => Math.min(total, Math.max(0, time * FRAME_RATE));

  let cursor = 0; // song frames already filled
  for (let i = 0; i < sung.length; i++) {
    const { syllable, start, end } = sung[i]!;
    const nucleus = nuclei[syllable]!;
    const next = sung[i + 1];
    if (i === 0) {
      // consonants before the first beat
      const onset = splitCluster(segments, 0, nucleus.start).onset;
      const wanted = lengthOf(onset, factors);
      let from = beat(start) - wanted;
      let to = beat(start);
      if (from < 0) {
        const natural = onset.reduce((sum, piece) => sum + piece.end - piece.start, 0);
        const least = Math.min(natural, beat(end) * consonantShare);
        from = 0;
        to = Math.max(beat(start), least);
        if (to > beat(start) + 1) {
          remarks.push(
            `The first note begins with the song, which leaves no room for the consonant before its vowel: it is late by ${((to - beat(start)) / FRAME_RATE).toFixed(2)} s. Begin the tune with a rest to have it on the beat.`,
          );
        }
      }
      timeline.silence(from, 0, nucleus.start);
      timeline.consonants(onset, from, to, factors);
      cursor = to;
    }
    const gap = next ? beat(next.start) - beat(end) : total - beat(end);
    const follows = next ? nuclei[next.syllable]!.start : acoustics.frames;
    const cluster = splitCluster(segments, nucleus.end, follows, next === undefined, gap > REST);
    const room = beat(next ? Math.min(end, next.start) : end) - cursor;
    if (next && gap <= REST) {
      // no rest: all consonants between the vowels sound before the next beat
      const all = [...cluster.coda, ...cluster.onset];
      const span = beat(next.start) - cursor;
      const length = Math.min(lengthOf(all, factors), consonantShare * span);
      const border = beat(next.start) - length;
      timeline.vowel(nucleus, acoustics, cursor, border);
      timeline.consonants(all, border, beat(next.start), factors);
      cursor = beat(next.start);
      continue;
    }
    const coda = Math.min(lengthOf(cluster.coda, factors), consonantShare * Math.max(0, room));
    const stop = Math.max(cursor, beat(end));
    timeline.vowel(nucleus, acoustics, cursor, stop - coda);
    timeline.consonants(cluster.coda, stop - coda, stop, factors);
    cursor = stop;
    if (next) {
      const onset = Math.min(lengthOf(cluster.onset, factors), 0.9 * gap);
      const from = beat(next.start) - onset;
      timeline.silence(from, cluster.coda.at(-1)?.end ?? nucleus.end, cluster.onset[0]?.start ?? follows);
      timeline.consonants(cluster.onset, from, beat(next.start), factors);
      cursor = beat(next.start);
    } else timeline.silence(total, cluster.coda.at(-1)?.end ?? nucleus.end, acoustics.frames);
  }
  return { ...timeline.finish(), remarks };
}

/** A gap between notes below 50 ms is no rest. */
const REST: Frames = 10;
/** Consonants this far from their vowel are breath or noise: 350 ms. */
const FARTHEST: Frames = 66;

/**
 * The consonants between two vowels: those before a pause end the first syllable, the others begin the second. Without a pause in the speech but
 * with a rest in the tune, the first of several consonants stays with the first syllable.
 */
function splitCluster(
  segments: readonly SpeechSegment[],
  from: Frames,
  to: Frames,
  last = false,
  rest = false,
): { coda: SpeechSegment[]; onset: SpeechSegment[] } {
  const between = segments
    .filter((segment) => segment.start < to && segment.end > from && segment.kind !== 'vowel')
    .map((segment) => ({ ...segment, start: Math.max(from, segment.start), end: Math.min(to, segment.end) }));
  const firstPause = between.findIndex(({ kind }) => kind === 'silence');
  const lastPause = between.findLastIndex(({ kind }) => kind === 'silence');
  if (firstPause >= 0) {
    return {
      coda: between.slice(0, firstPause).filter(({ end }) => end - from <= FARTHEST),
      onset: between.slice(lastPause + 1).filter(({ start }) => to - start <= FARTHEST),
    };
  }
  if (last) return { coda: between.filter(({ end }) => end - from <= FARTHEST), onset: [] };
  const middle = rest && from > 0 ? between.length >> 1 : 0;
  return { coda: between.slice(0, middle), onset: between.slice(middle) };
}

function lengthOf(pieces: readonly SpeechSegment[], factors: Record<SegmentClass, number>): number {
  let sum = 0;
  for (const { kind, start, end } of pieces) sum += factors[kind] * (end - start);
  const natural = Math.min(BORDER_BEFORE, sum);
  const lastKind = pieces.at(-1)?.kind ?? 'silence';
  return sum - (factors[lastKind] - 1) * natural;
}

function createTimeline(total: Frames) {
  const sourceTime = new Float32Array(total);
  const sounding = new Uint8Array(total);
  const stretch = new Float32Array(total).fill(1);
  const segments: SungSegment[] = [];
  let filled = 0; // whole song frames written
  let source = 0; // speech frames reached

  /** Writes song frames up to `until` from cumulated lengths: speech frame starts[k] begins at song time times[k]. */
  const write = (until: number, kind: SungSegment['kind'], times: readonly number[], starts: readonly number[]): void => {
    const code = kind === 'silence' ? 0 : kind === 'consonant' ? 1 : 2;
    let k = 0;
    for (; filled < Math.min(total, Math.ceil(until - 1e-6)); filled++) {
      while (k + 2 < times.length && times[k + 1]! <= filled) k++;
      const span = times[k + 1]! - times[k]!;
      const fraction = span > 0 ? Math.min(1, Math.max(0, (filled - times[k]!) / span)) : 0;
      const time = starts[k]! + fraction * (starts[k + 1]! - starts[k]!);
      source = Math.max(source, time);
      sourceTime[filled] = source;
      sounding[filled] = code;
      if (code === 2) stretch[filled] = span / Math.max(1e-6, starts[k + 1]! - starts[k]!);
    }
  };
  const segment = (kind: SungSegment['kind'], speechStart: Frames, speechEnd: Frames, start: number, end: number, label?: string): void => {
    if (end - start < 1e-6) return;
    segments.push({
      kind,
      ...(label !== undefined && { label }),
      speechStart: speechStart / FRAME_RATE,
      speechEnd: speechEnd / FRAME_RATE,
      start: start / FRAME_RATE,
      end: end / FRAME_RATE,
    });
  };
  let reached = 0;
  return {
    silence(until: number, speechStart: Frames, speechEnd: Frames): void {
      if (until <= reached) return;
      // natural speed at both ends of the pause, so that what is heard of it is not smeared
      const span = until - reached;
      const length = Math.min(speechEnd - speechStart, span);
      const edgeLength = length / 2;
      write(
        until,
        'silence',
        [reached, reached + edgeLength, until - edgeLength, until],
        [speechStart, speechStart + edgeLength, speechEnd - edgeLength, speechEnd],
      );
      segment('silence', speechStart, speechEnd, reached, until);
      reached = until;
    },
    consonants(pieces: readonly SpeechSegment[], from: number, to: number, factors: Record<SegmentClass, number>): void {
      const wanted = lengthOf(pieces, factors);
      if (pieces.length === 0 || wanted <= 0) return;
      const scale = (to - from) / wanted;
      const last = pieces.at(-1)!;
      const natural = Math.max(last.start, last.end - BORDER_BEFORE);
      let time = from;
      for (const { kind, start, end } of pieces) {
        const times = [time];
        const starts = [start];
        const inner = end === last.end ? natural : end;
        if (inner > start) {
          time += scale * factors[kind] * (inner - start);
          times.push(time);
          starts.push(inner);
        }
        if (end > inner) {
          time += scale * (end - inner);
          times.push(time);
          starts.push(end);
        }
        if (end === last.end) times[times.length - 1] = to;
        write(times.at(-1)!, 'consonant', times, starts);
        segment('consonant', start, end, times[0]!, times.at(-1)!, kind);
      }
      reached = to;
    },
    vowel(nucleus: Nucleus, acoustics: SpeechAcoustics, from: number, to: number): void {
      if (to <= from) return;
      const { start, end } = nucleus;
      const lengths = vowelLengths(nucleus, acoustics, to - from);
      const times = [from];
      const starts = [start];
      let time = from;
      for (let k = 0; k < lengths.length; k++) {
        time += lengths[k]!;
        times.push(time);
        starts.push(start + k + 1);
      }
      times[times.length - 1] = to;
      write(to, 'vowel', times, starts);
      segment('vowel', start, end, from, to);
      reached = to;
    },
    finish: () => ({ sourceTime, sounding, stretch, segments }),
  };
}

/** How long each frame of the vowel is sung, in frames; their sum is `length`. */
function vowelLengths(nucleus: Nucleus, acoustics: SpeechAcoustics, length: number): Float64Array {
  const { start, end } = nucleus;
  const count = end - start;
  const lengths = new Float64Array(count).fill(1);
  if (length <= count) {
    // too short for the vowel: its middle gives way first, then all of it
    const elastic = elasticity(nucleus, acoustics);
    const sum = elastic.reduce((total, value) => total + value, 0);
    const spare = 0.8 * sum;
    const cut = Math.min(count - length, spare);
    for (let k = 0; k < count; k++) lengths[k] = 1 - (cut / sum) * elastic[k]!;
    const now = count - cut;
    return lengths.map((value) => (value * length) / now);
  }
  const elastic = elasticity(nucleus, acoustics);
  const sum = elastic.reduce((total, value) => total + value, 0);
  for (let k = 0; k < count; k++) lengths[k] = 1 + ((length - count) * elastic[k]!) / sum;
  return lengths;
}

/** How readily each frame of a vowel is held: 0 in its natural beginning and end, most where it is loud and its spectrum stands still. */
function elasticity({ start, end, peak }: Nucleus, { change, sonority }: SpeechAcoustics): Float64Array {
  const count = end - start;
  const before = Math.min(BORDER_AFTER, 0.3 * count);
  const after = Math.min(VOWEL_RELEASE, 0.3 * count);
  let least = Number.POSITIVE_INFINITY;
  for (let t = start; t < end; t++) least = Math.min(least, change[t]!);
  const top = sonority[peak]!;
  return Float64Array.from({ length: count }, (_, k) => {
    const t = start + k;
    const rise = smoothStep((k + 0.5 - before / 2) / Math.max(1, before));
    const fall = smoothStep((count - k - 0.5 - after / 2) / Math.max(1, after));
    const steady = Math.exp(-(change[t]! - least) / 1.5);
    const loud = 10 ** ((sonority[t]! - top) / 20);
    return 1e-3 + rise * fall * steady * loud;
  });
}

function smoothStep(x: number): number {
  const clipped = Math.min(1, Math.max(0, x));
  return clipped * clipped * (3 - 2 * clipped);
}
