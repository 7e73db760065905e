import type { Frames, Samples } from '@alignsts/signal';
import { PARTIAL } from './speaker-encoder.ts';

/** Samples between two mel frames: 10 ms at 16 kHz. */
export const TIMBRE_HOP: Samples = 160;

/** Frames between two partial utterances: 1.3 a second, round(16000/1.3/160). */
const STEP: Frames = 77;
/** The last partial utterance stays when at least this share of it is sound. */
const COVERAGE = 0.75;

/**
 * The frames at which partial utterances of 1.6 s begin (Resemblyzer `compute_partial_slices`; spec B5). One at least, however short the sound.
 * @example partialUtterances(48000) // [0, 77, 154]
 */
export function partialUtterances(samples: Samples): Frames[] {
  const frames = Math.ceil((samples + 1) / TIMBRE_HOP);
  const starts: Frames[] = [];
  for (let start = 0; start < Math.max(1, frames - PARTIAL + STEP + 1); start += STEP) starts.push(start);
  const covered = (samples - starts.at(-1)! * TIMBRE_HOP) / (PARTIAL * TIMBRE_HOP);
  if (covered < COVERAGE && starts.length > 1) starts.pop();
  return starts;
}
