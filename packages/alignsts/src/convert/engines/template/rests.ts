import type { Decibels, Frames } from '@alignsts/signal';
import { loudestOf } from './frame-levels.ts';

/** Softer than this against the loudest frame, nobody sings. */
const SILENCE: Decibels = 45;
/** The closure of a plosive is silent for up to 0.15 s and no rest. */
const SHORTEST: Frames = 28;

/** Where the reference is silent: 1 in rests and before and after the singing, else 0. */
export function restsOf(level: Float32Array /* [T] dB */): Uint8Array /* [T] */ {
  const threshold = loudestOf(level) - SILENCE;
  const rests = new Uint8Array(level.length);
  for (let start = 0; start < level.length; start++) {
    if (level[start]! >= threshold) continue;
    let end = start;
    while (end < level.length && level[end]! < threshold) end++;
    if (end - start >= SHORTEST || start === 0 || end === level.length) rests.fill(1, start, end);
    start = end;
  }
  return rests;
}
