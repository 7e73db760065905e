import type { MidiPitch, Seconds } from '@alignsts/signal';

/**
 * A melody: the pitch to be sung, on the product's grid (187.5 frames a second, see grid.ts), whatever it was read from.
 * Scores, MIDI files and text tunes also give notes; recordings and F0 tables give notes only when they are segmented.
 */
export type Melody = {
  /** Hz at frame m·128/24000 s, 0 = unvoiced or rest. Length framesOf(duration). */
  f0: Float32Array; // [T]
  duration: Seconds;
  /** In time order, not overlapping. A note's `start` is where its vowel begins (the beat). */
  notes?: Note[];
  /** Trust in f0, 0 … 1, for tracked melodies. */
  confidence?: Float32Array; // [T]
  source: MelodySource;
  /** Plain sentences about what was changed or guessed while reading, to be shown to the user. */
  remarks: string[];
};

export type MelodySource = {
  kind: 'recording' | 'f0-table' | 'midi' | 'musicxml' | 'tune';
  /** Track, part or file name, as far as the source tells. */
  name?: string;
  /** Beats a minute at the start, where the source has a tempo. */
  tempo?: number;
};

export type Note = {
  start: Seconds;
  end: Seconds;
  /** 69 = A4 = 440 Hz; fractional values allowed. */
  pitch: MidiPitch;
  lyric?: Lyric;
};

/** What a note sings. A note without a lyric, after one with `extend`, continues the syllable (melisma). */
export type Lyric = {
  text: string;
  /** Where the syllable stands in its word, as in MusicXML. */
  syllabic: 'single' | 'begin' | 'middle' | 'end';
  /** The syllable is held over the following notes that have no lyric of their own. */
  extend: boolean;
};
