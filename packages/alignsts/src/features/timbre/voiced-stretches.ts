import type { Samples } from '@alignsts/signal';
import type { SpeechDetector } from './speech-detector.ts';

/**
 * What the speaker encoder hears of a recording (Resemblyzer `preprocess_wav`; spec B5): raised to −30 dBFS when it is quieter, and long
 * silences left out, which a detector finds in windows of 30 ms. A window stays when more than half of the eight around it are speech, or one such window lies
 * within three.
 */
export type VoicedOptions = { detector: SpeechDetector };

/** 30 ms at 16 kHz. */
export const DETECTION_WINDOW: Samples = 480;

const TARGET = 10 ** (-30 / 20);
const AVERAGED = 8;
const REACH = 3;
const FULL_SCALE = 32767;

/** Raises to −30 dBFS RMS; never lowers. Silence stays silence. */
export function raiseLevel(samples: Float32Array): Float32Array {
  let power = 0;
  for (const sample of samples) power += sample * sample;
  const level = Math.sqrt(power / samples.length);
  return level === 0 || level >= TARGET || samples.length === 0 ? samples : samples.map((sample) => sample * (TARGET / level));
}

/** The sound without its long silences. What is left after the last whole window is dropped, as in the original. */
export function voicedStretches(samples: Float32Array /* 16 kHz */, { detector }: VoicedOptions): Float32Array {
  const windows = Math.floor(samples.length / DETECTION_WINDOW);
  const flags = new Uint8Array(windows);
  detector.reset();
  const pcm = new Int16Array(DETECTION_WINDOW);
  for (let w = 0; w < windows; w++) {
    // halves round to even and what is beyond 16 bits wraps around, as NumPy's conversion does
    for (let i = 0; i < DETECTION_WINDOW; i++) pcm[i] = roundHalfToEven(Math.fround(samples[w * DETECTION_WINDOW + i]! * FULL_SCALE));
    flags[w] = detector.isSpeech(pcm) ? 1 : 0;
  }
  const kept = dilated(averaged(flags));
  const result = new Float32Array(kept.reduce((sum, keep) => sum + keep, 0) * DETECTION_WINDOW);
  let at = 0;
  for (let w = 0; w < windows; w++) {
    if (kept[w] === 0) continue;
    result.set(samples.subarray(w * DETECTION_WINDOW, (w + 1) * DETECTION_WINDOW), at);
    at += DETECTION_WINDOW;
  }
  return result;
}

/** 1 where more than half of the windows from 3 before to 4 behind are 1; exactly half rounds to even, that is 0. */
function averaged(flags: Uint8Array): Uint8Array {
  return flags.map((_, w) => {
    let sum = 0;
    for (let k = w - 3; k < w - 3 + AVERAGED; k++) sum += flags[k] ?? 0;
    return sum > AVERAGED / 2 ? 1 : 0;
  });
}

function dilated(flags: Uint8Array): Uint8Array {
  return flags.map((_, w) => (flags.subarray(Math.max(0, w - REACH), w + REACH + 1).includes(1) ? 1 : 0));
}

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
