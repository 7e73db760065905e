/**
 * Where the vowels of speech are, without any trained model: peaks of the level from 300 to 3000 Hz that are voiced and stand out from the dips beside
 * them (de Jong and Wempe 2009, "Praat script to detect syllable nuclei and measure speech rate automatically"), and what lies between them, classed by
 * its acoustics.
 *
 * Differences from the paper: the level is that of the pitch-free envelope in the band of the first formants, not of the whole sound, so that
 * sibilants make no peaks; and where the number of syllables is known (lyrics), the most prominent peaks are taken instead of all above a threshold.
 */
import type { Decibels, Frames } from '@alignsts/signal';
import type { SpeechAcoustics } from './speech-acoustics.ts';

/** A vowel: frames [start, end) with its most sonorous frame. */
export type Nucleus = {
  start: Frames;
  peak: Frames;
  end: Frames;
  /** How far the peak stands above the higher of the dips that part it from higher peaks. */
  prominence: Decibels;
  /** Sonority at the peak. */
  level: Decibels;
};

export type SegmentClass = 'silence' | 'vowel' | 'nasal' | 'approximant' | 'fricative' | 'plosive';

/** Frames [start, end) of one class. Segments follow each other without gaps from the first frame to the last. */
export type SpeechSegment = { kind: SegmentClass; start: Frames; end: Frames };

export type Syllables = { nuclei: Nucleus[]; segments: SpeechSegment[] };

export type NucleusOptions = {
  /** The number of syllables, where it is known. As many nuclei are returned if the speech has so many peaks at all. */
  count?: number;
  /** Least dip beside a nucleus. De Jong and Wempe: 2 dB. */
  dip?: Decibels;
  /** How far below the loudest peaks a nucleus may lie. De Jong and Wempe: 25 dB. */
  range?: Decibels;
};

/** The vowel's edge lies half way down to the dip beside it, but at most so far below the peak. */
const EDGE_DROP: Decibels = 9;
/** A known count may reach down to peaks of this prominence. */
const LEAST_DIP: Decibels = 0.2;
/** Frames that a vowel has at least: 27 ms. */
const SHORTEST_VOWEL = 5;

export function findSyllables(acoustics: SpeechAcoustics, options: NucleusOptions = {}): Syllables {
  const nuclei = findNuclei(acoustics, options);
  return { nuclei, segments: findSegments(acoustics, nuclei) };
}

/** A peak with its dips: the lowest frame on each side before a peak that was chosen. */
type Peak = { frame: Frames; prominence: Decibels };

export function findNuclei(acoustics: SpeechAcoustics, { count, dip = 2, range = 25 }: NucleusOptions = {}): Nucleus[] {
  const { sonority, voiced } = acoustics;
  const candidates = peaksOf(acoustics);
  if (candidates.length === 0) return [];
  const top = percentile(
    candidates.map(({ frame }) => sonority[frame]!),
    0.95,
  );
  const chosen =
    count === undefined
      ? candidates.filter(({ frame, prominence }) => prominence >= dip && sonority[frame]! >= top - range)
      : mostProminent(
          candidates.filter(({ frame, prominence }) => prominence >= LEAST_DIP && sonority[frame]! >= top - range - 10),
          count,
        );
  return chosen
    .map(({ frame, prominence }, i) => {
      const before = i === 0 ? 0 : lowest(sonority, chosen[i - 1]!.frame, frame);
      const after = i + 1 === chosen.length ? sonority.length - 1 : lowest(sonority, frame, chosen[i + 1]!.frame);
      const peak = sonority[frame]!;
      const start = edge(acoustics, frame, i === 0 ? -1 : before - 1, -1, Math.max((peak + sonority[before]!) / 2, peak - EDGE_DROP));
      const end = edge(
        acoustics,
        frame,
        i + 1 === chosen.length ? sonority.length : after + 1,
        1,
        Math.max((peak + sonority[after]!) / 2, peak - EDGE_DROP),
      );
      return { start, peak: frame, end: end + 1, prominence, level: peak };
    })
    .filter(({ start, end }, i, all) => voiced[all[i]!.peak] === 1 && end > start);
}

/** Every voiced local maximum of the sonority, with its prominence. */
function peaksOf({ sonority, voiced }: SpeechAcoustics): Peak[] {
  const peaks: Peak[] = [];
  for (let t = 0; t < sonority.length; t++) {
    if (voiced[t] === 0) continue;
    const value = sonority[t]!;
    if ((t > 0 && sonority[t - 1]! >= value) || (t + 1 < sonority.length && sonority[t + 1]! > value)) continue;
    peaks.push({ frame: t, prominence: prominenceOf(sonority, t) });
  }
  return peaks;
}

/** Topographic prominence: how far one must go down from a peak before one can go up to a higher one. */
function prominenceOf(curve: Float32Array, peak: Frames): Decibels {
  const height = curve[peak]!;
  const saddle = (step: 1 | -1): number => {
    let low = height;
    for (let t = peak + step; t >= 0 && t < curve.length; t += step) {
      if (curve[t]! > height) return low;
      low = Math.min(low, curve[t]!);
    }
    // beyond the recording lies silence
    return Number.NEGATIVE_INFINITY;
  };
  return Math.min(200, height - Math.max(saddle(-1), saddle(1)));
}

function mostProminent(peaks: Peak[], count: number): Peak[] {
  return peaks
    .toSorted((a, b) => b.prominence - a.prominence || a.frame - b.frame)
    .slice(0, count)
    .sort((a, b) => a.frame - b.frame);
}

/** The last frame from `peak` on towards `limit` (excluded) that is voiced and above `threshold`. */
function edge({ sonority, voiced }: SpeechAcoustics, peak: Frames, limit: Frames, step: 1 | -1, threshold: Decibels): Frames {
  let t = peak;
  while (t + step !== limit && voiced[t + step] === 1 && (sonority[t + step]! >= threshold || Math.abs(t - peak) < SHORTEST_VOWEL / 2))
    t += step;
  return t;
}

/** The frame of the least value strictly between two frames, or the first of them when they are neighbours. */
function lowest(curve: Float32Array, from: Frames, to: Frames): Frames {
  let best = from;
  for (let t = from + 1; t < to; t++) if (curve[t]! < curve[best]!) best = t;
  return best;
}

/** A silence as long as this is a pause; shorter ones are the closures of plosives. 150 ms, in frames. */
const SHORTEST_PAUSE = 28;
/** Runs below this many frames (16 ms) join their neighbour. */
const SHORTEST_SEGMENT = 3;
/** An unvoiced noise of up to 60 ms after a closure is its burst and aspiration. */
const LONGEST_BURST = 11;

export function findSegments(acoustics: SpeechAcoustics, nuclei: readonly Nucleus[]): SpeechSegment[] {
  const { frames, level, voiced, sibilance, openness, sonority } = acoustics;
  const quiet = silenceLevel(level);
  const classes: SegmentClass[] = new Array(frames);
  for (let t = 0; t < frames; t++) {
    if (level[t]! < quiet) classes[t] = 'silence';
    else if (sibilance[t]! > (voiced[t] === 1 ? 0 : -6)) classes[t] = 'fricative';
    else if (voiced[t] === 0) classes[t] = 'fricative';
    else classes[t] = 'approximant';
  }
  const loud =
    nuclei.length > 0
      ? percentile(
          nuclei.map((nucleus) => nucleus.level),
          0.5,
        )
      : 0;
  for (let t = 0; t < frames; t++) {
    if (classes[t] !== 'approximant') continue;
    if (sonority[t]! < loud - 22) classes[t] = 'plosive';
    else if (openness[t]! < -14) classes[t] = 'nasal';
  }
  for (const { start, end } of nuclei) classes.fill('vowel', start, end);
  let segments = runs(classes);
  segments = segments.map((segment, i) =>
    segment.kind === 'silence' && !isPause(segment, i, segments) ? { ...segment, kind: 'plosive' } : segment,
  );
  segments = segments.map((segment, i) =>
    segment.kind === 'fricative' &&
    segment.end - segment.start <= LONGEST_BURST &&
    (segments[i - 1]?.kind === 'plosive' || segments[i - 1]?.kind === 'silence')
      ? { ...segment, kind: 'plosive' }
      : segment,
  );
  return joined(segments);
}

/** Silence at either end of the recording is a pause however short. */
function isPause({ start, end }: SpeechSegment, index: number, segments: readonly SpeechSegment[]): boolean {
  return index === 0 || index === segments.length - 1 || end - start >= SHORTEST_PAUSE;
}

/** Below this level nobody speaks: above the background noise where there is some, and 42 dB below the loudest frames at most. */
function silenceLevel(level: Float32Array): Decibels {
  const loud = percentile(level, 0.95);
  const background = percentile(level, 0.05);
  return Math.max(loud - 42, Math.min(background + 6, loud - 24));
}

function runs(classes: readonly SegmentClass[]): SpeechSegment[] {
  const segments: SpeechSegment[] = [];
  for (let t = 0; t < classes.length; t++) {
    const last = segments.at(-1);
    if (last?.kind === classes[t]) last.end = t + 1;
    else segments.push({ kind: classes[t]!, start: t, end: t + 1 });
  }
  return segments;
}

/** Neighbours of one class become one segment, and crumbs join the segment before them (the first one the segment after). Vowels are never touched. */
function joined(segments: readonly SpeechSegment[]): SpeechSegment[] {
  const result: SpeechSegment[] = [];
  for (const segment of segments) {
    const last = result.at(-1);
    const crumb = segment.kind !== 'vowel' && segment.end - segment.start < SHORTEST_SEGMENT;
    if (last && last.kind !== 'vowel' && (last.kind === segment.kind || crumb)) last.end = segment.end;
    else if (last && last.kind !== 'vowel' && segment.kind !== 'vowel' && last.end - last.start < SHORTEST_SEGMENT) {
      last.kind = segment.kind;
      last.end = segment.end;
    } else result.push({ ...segment });
  }
  return result;
}

export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
