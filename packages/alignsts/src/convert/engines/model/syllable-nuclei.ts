/**
 * Where the vowels of speech are, without any trained model: peaks of the level from 300 to 3000 Hz that are voiced and stand out from the dips beside
 * them (de Jong and Wempe 2009, "Praat script to detect syllable nuclei and measure speech rate automatically"), and what lies between them, classed by
 * its acoustics.
 *
 * Differences from the paper: the level is that of the pitch-free envelope in the band of the first formants, not of the whole sound, so that
 * sibilants make no peaks; and where the number of syllables is known (lyrics), the likeliest peaks are taken (choose-nuclei.ts)
 * instead of all above a threshold.
 */
import type { Decibels, Frames } from '@alignsts/signal';
import { chooseNuclei, type Peak } from './choose-nuclei.ts';
import { percentile } from './percentile.ts';
import type { SpeechAcoustics } from './speech-acoustics.ts';
import type { ExpectedSounds } from './spelled-sounds.ts';

/** A vowel: frames [start, end), all voiced, with its most sonorous frame. */
export type Nucleus = {
  start: Frames;
  peak: Frames;
  end: Frames;
  /** How far the peak stands above the higher of the two dips that part it from higher peaks. */
  prominence: Decibels;
  /** Sonority at the peak. */
  level: Decibels;
};

export type SegmentClass = 'silence' | 'vowel' | 'nasal' | 'approximant' | 'fricative' | 'plosive';

/** Frames [start, end) of one class. Segments follow each other without gaps from the first frame to the last. */
export type SpeechSegment = { kind: SegmentClass; start: Frames; end: Frames };

export type Syllables = { nuclei: Nucleus[]; segments: SpeechSegment[] };

export type NucleusOptions = {
  /**
   * What lies between each two syllables, where the words are known: as many nuclei and one more are returned, or fewer if the speech has not so
   * many peaks.
   */
  expected?: readonly (ExpectedSounds | undefined)[];
  /** Least dip beside a nucleus. De Jong and Wempe: 2 dB. */
  dip?: Decibels;
  /** How far below the loudest peaks a nucleus may lie. De Jong and Wempe: 25 dB. */
  range?: Decibels;
};

/** @example findSyllables(speechAcoustics(analyzeVoice(speech, f0))).nuclei.length // 7 for "Kids are talking by the door" */
export function findSyllables(acoustics: SpeechAcoustics, options: NucleusOptions = {}): Syllables {
  const nuclei = findNuclei(acoustics, options);
  return { nuclei, segments: findSegments(acoustics, nuclei) };
}

function findNuclei(acoustics: SpeechAcoustics, { expected, dip = 2, range = 25 }: NucleusOptions): Nucleus[] {
  const { smoothSonority } = acoustics;
  const peaks = peaksOf(acoustics);
  if (peaks.length === 0) return [];
  const top = percentile(
    peaks.map(({ frame }) => smoothSonority[frame]!),
    0.95,
  );
  const loudEnough = peaks.filter(({ frame }) => smoothSonority[frame]! >= top - range);
  const chosen = expected
    ? chooseNuclei(loudEnough, acoustics, expected)
    : loudEnough.filter(({ prominence, salience }) => prominence >= dip && salience > 0);
  return chosen.map((peak, i) => nucleusAt(peak, acoustics, chosen[i - 1]?.frame, chosen[i + 1]?.frame));
}

/** Every voiced local maximum of the smoothed sonority. */
function peaksOf(acoustics: SpeechAcoustics): Peak[] {
  const { smoothSonority, voiced } = acoustics;
  const peaks: Peak[] = [];
  for (let t = 0; t < smoothSonority.length; t++) {
    if (voiced[t] === 0) continue;
    const value = smoothSonority[t]!;
    if ((t > 0 && smoothSonority[t - 1]! >= value) || (t + 1 < smoothSonority.length && smoothSonority[t + 1]! > value)) continue;
    peaks.push({ frame: t, prominence: prominenceOf(smoothSonority, t), salience: 0 });
  }
  const median = percentile(
    peaks.filter(({ prominence }) => prominence >= 2).map(({ frame }) => smoothSonority[frame]!),
    0.5,
  );
  return peaks.map((peak) => ({ ...peak, salience: salienceOf(peak, acoustics, median) }));
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
  return Math.min(LARGEST_PROMINENCE, height - Math.max(saddle(-1), saddle(1)));
}

const LARGEST_PROMINENCE: Decibels = 100;
/** More than this parts no syllable better. */
const ENOUGH_PROMINENCE: Decibels = 10;
/** A vowel so much weaker than the others is less likely one. */
const WEAK: Decibels = 10;
/** A voiced sound of up to 110 ms alone between pauses is a click, a sob or the release of a consonant. */
const SHORTEST_ISLAND: Frames = 20;
const ISLAND_GAP: Frames = 28;
const ALONE: Decibels = 8;

/** How much a peak looks like a syllable, in decibels of prominence. */
function salienceOf({ frame, prominence }: Peak, { smoothSonority, voiced }: SpeechAcoustics, median: Decibels): number {
  const weakness = Math.max(0, median - WEAK - smoothSonority[frame]!);
  const before = run(voiced, frame, -1);
  const after = run(voiced, frame, 1);
  const alone =
    after - before - 1 <= SHORTEST_ISLAND && unvoicedRun(voiced, before, -1) >= ISLAND_GAP && unvoicedRun(voiced, after, 1) >= ISLAND_GAP;
  return (
    Math.min(ENOUGH_PROMINENCE, prominence) - weakness - (alone ? ALONE + weakness + Math.max(0, median - 3 - smoothSonority[frame]!) : 0)
  );
}

/** The first frame from `frame` on that is not voiced. */
function run(voiced: Uint8Array, frame: Frames, step: 1 | -1): Frames {
  let t = frame;
  while (voiced[t] === 1) t += step;
  return t;
}

function unvoicedRun(voiced: Uint8Array, frame: Frames, step: 1 | -1): Frames {
  let t = frame;
  while (voiced[t] === 0) t += step;
  return t < 0 || t >= voiced.length ? voiced.length : Math.abs(t - frame);
}

/** The vowel's edge lies half way down to the dip beside it, but at most so far below the peak. */
const EDGE_DROP: Decibels = 9;
/** A peak is at least so long: 16 ms to either side as far as it is voiced. */
const LEAST_HALF: Frames = 3;
/** Voicing that sets in this shortly before the edge, after an unvoiced consonant, is the beginning of the vowel: 45 ms. */
const LONGEST_RISE: Frames = 8;

function nucleusAt(
  { frame, prominence }: Peak,
  acoustics: SpeechAcoustics,
  previous: Frames | undefined,
  next: Frames | undefined,
): Nucleus {
  const { sonority, smoothSonority, voiced } = acoustics;
  const height = smoothSonority[frame]!;
  const dipBefore = previous === undefined ? -1 : lowest(smoothSonority, previous, frame);
  const dipAfter = next === undefined ? sonority.length : lowest(smoothSonority, frame, next);
  const threshold = (dip: Frames): Decibels =>
    Math.max(height - EDGE_DROP, (height + (smoothSonority[dip] ?? Number.NEGATIVE_INFINITY)) / 2);
  const walk = (step: 1 | -1, limit: Frames, least: Decibels): Frames => {
    let t = frame;
    while (t + step !== limit && voiced[t + step] === 1 && (sonority[t + step]! >= least || Math.abs(t - frame) < LEAST_HALF)) t += step;
    return t;
  };
  let start = walk(-1, dipBefore, threshold(dipBefore));
  const onset = run(voiced, start, -1) + 1;
  if (onset - 1 > dipBefore && start - onset <= LONGEST_RISE) start = onset;
  const end = walk(1, dipAfter, threshold(dipAfter)) + 1;
  return { start, peak: frame, end, prominence, level: height };
}

/** The frame of the least value between two frames. */
function lowest(curve: Float32Array, from: Frames, to: Frames): Frames {
  let best = from;
  for (let t = from + 1; t < to; t++) if (curve[t]! < curve[best]!) best = t;
  return best;
}

/** A silence of 150 ms is a pause; shorter ones are the closures of plosives. */
const SHORTEST_PAUSE: Frames = 28;
/** Runs of up to 10 ms join their neighbour. */
const SHORTEST_SEGMENT: Frames = 3;
/** An unvoiced noise of up to 60 ms after a closure is its burst and aspiration. */
const LONGEST_BURST: Frames = 11;
/** A voiced consonant of up to 40 ms is a flap or a voiced plosive, unless it is nasal. */
const LONGEST_FLAP: Frames = 7;
/** Noise above 3.5 kHz beats the formants by this much in sibilants, voiced and unvoiced. */
const SIBILANT: Decibels = 0;
/** Voiced closures lie this far below the vowels; nasals have so little above 800 Hz. */
const CLOSURE_DROP: Decibels = 16;
const NASAL_OPENNESS: Decibels = -14;

function findSegments(acoustics: SpeechAcoustics, nuclei: readonly Nucleus[]): SpeechSegment[] {
  const { frames, level, quiet, voiced, sibilance, openness } = acoustics;
  const vowelLevel = percentile(
    nuclei.map(({ peak }) => level[peak]!),
    0.5,
  );
  const classes: SegmentClass[] = Array.from({ length: frames }, (_, t) => {
    if (level[t]! < quiet) return 'silence';
    if (voiced[t] === 0 || sibilance[t]! > SIBILANT) return 'fricative';
    if (level[t]! < vowelLevel - CLOSURE_DROP) return 'plosive';
    return openness[t]! < NASAL_OPENNESS ? 'nasal' : 'approximant';
  });
  for (const { start, end } of nuclei) classes.fill('vowel', start, end);
  return joined(joined(runs(classes)).map(refined));
}

/** What a run of frames is by its length and its place: closures, bursts and flaps are plosives. */
function refined(segment: SpeechSegment, index: number, all: readonly SpeechSegment[]): SpeechSegment {
  const { kind, start, end } = segment;
  const length = end - start;
  const before = all[index - 1]?.kind;
  const inside = index > 0 && index + 1 < all.length;
  const closure = kind === 'silence' && inside && length < SHORTEST_PAUSE;
  const burst = kind === 'fricative' && length <= LONGEST_BURST && (before === 'plosive' || before === 'silence');
  const flap = kind === 'approximant' && length <= LONGEST_FLAP;
  return closure || burst || flap ? { ...segment, kind: 'plosive' } : segment;
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

/** Neighbours of one class become one segment and crumbs join their neighbour. Vowels are never touched: two of them may be neighbours. */
function joined(segments: readonly SpeechSegment[]): SpeechSegment[] {
  const result: SpeechSegment[] = [];
  for (const segment of segments) {
    const last = result.at(-1);
    const free = last && last.kind !== 'vowel' && segment.kind !== 'vowel';
    if (free && (last.kind === segment.kind || segment.end - segment.start < SHORTEST_SEGMENT)) last.end = segment.end;
    else if (free && last.end - last.start < SHORTEST_SEGMENT) {
      last.kind = segment.kind;
      last.end = segment.end;
    } else result.push({ ...segment });
  }
  return result;
}
