import type { Audio, Random, Seconds } from '@alignsts/signal';
import type { Melody } from '../melody/melody.ts';

/**
 * The port behind which every way to sing stands (design.md, decision 4): speech and melody in, song out.
 * Engines work at 24 kHz mono; convert.ts does the reading and resampling at the door.
 */
export type SingingEngine = {
  readonly name: EngineName;
  sing(request: SingRequest): Promise<Song>;
};

export type EngineName = 'alignsts' | 'warp' | 'template' | 'model';

export type SingRequest = {
  /** 24 kHz mono. */
  speech: Audio;
  melody: Melody;
  /** The sung recording the melody was tracked from, 24 kHz mono; engine `template` needs it. */
  reference?: Audio;
  random: Random;
  onProgress?: (progress: Progress) => void;
};

export type Progress = { stage: string; done: number; of: number };

export type Song = {
  /** 24 kHz mono, exactly as long as the melody. */
  audio: Audio;
  /** The F0 that was sung, Hz, 0 = unvoiced. */
  f0: Float32Array; // [T]
  /** For each sung frame, the time in the speech it was taken from. */
  alignment: Float32Array; // [T] seconds
  /** What was sung when, as far as the engine knows. */
  segments: SungSegment[];
  /** Plain sentences for the user: what was guessed, moved or left out. */
  remarks: string[];
};

/** A piece of speech and where it went in the song. */
export type SungSegment = {
  kind: 'consonant' | 'vowel' | 'silence';
  label?: string;
  speechStart: Seconds;
  speechEnd: Seconds;
  start: Seconds;
  end: Seconds;
};
