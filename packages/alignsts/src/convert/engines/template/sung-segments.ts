/** What was sung when, as far as level and voicing tell: vowels (and sonorants as loud), consonants, silence. */
import type { Decibels, Frames } from '@alignsts/signal';
import { frameTime } from '../../../grid.ts';
import type { SungSegment } from '../../engine.ts';
import { loudestOf } from './frame-levels.ts';

export type SegmentSources = {
  speech: { f0: Float32Array; level: Float32Array }; // [N] Hz, 0 = unvoiced; [N] dB
  sourceTime: Float32Array; // [T] frames of the speech
  rests: Uint8Array; // [T] 1 where the reference rests
};

const SILENCE: Decibels = 40;
/** A vowel is within so many decibels of the loudest frame of its surroundings, 0.15 s to either side. */
const VOWEL_RANGE: Decibels = 10;
const SURROUNDINGS: Frames = 28;
/** Shorter pieces (21 ms) belong to the one before. */
const SHORTEST: Frames = 4;

export function sungSegments({ speech, sourceTime, rests }: SegmentSources): SungSegment[] {
  const kinds = speechKinds(speech);
  const last = kinds.length - 1;
  const clamped = sourceTime.map((time) => Math.min(last, Math.max(0, time)));
  const kindAt = (t: number): SungSegment['kind'] => {
    const n = Math.round(sourceTime[t]!);
    return rests[t] === 1 || n < 0 || n > last ? 'silence' : kinds[n]!;
  };
  const pieces: { kind: SungSegment['kind']; start: Frames; end: Frames }[] = [];
  for (let t = 0; t < sourceTime.length; t++) {
    const piece = pieces[pieces.length - 1];
    if (piece && piece.kind === kindAt(t)) piece.end = t + 1;
    else pieces.push({ kind: kindAt(t), start: t, end: t + 1 });
  }
  const kept: typeof pieces = [];
  for (const piece of pieces) {
    const before = kept[kept.length - 1];
    if (before && (before.kind === piece.kind || piece.end - piece.start < SHORTEST)) before.end = piece.end;
    else kept.push(piece);
  }
  const end = sourceTime.length - 1;
  return kept.map(({ kind, start, end: stop }) => ({
    kind,
    speechStart: frameTime(clamped[start]!),
    speechEnd: frameTime(clamped[Math.min(end, stop)]!),
    start: frameTime(start),
    end: frameTime(Math.min(end, stop)),
  }));
}

function speechKinds({ f0, level }: SegmentSources['speech']): SungSegment['kind'][] {
  const threshold = loudestOf(level) - SILENCE;
  return Array.from(level, (value, n) => {
    if (value < threshold) return 'silence';
    const around = loudestOf(level.subarray(Math.max(0, n - SURROUNDINGS), n + SURROUNDINGS + 1));
    return f0[n]! > 0 && value > around - VOWEL_RANGE ? 'vowel' : 'consonant';
  });
}
