import type { MidiPitch } from '@alignsts/signal';

/** What a melody needs of a score: parts of measures of notes, positions in quarter notes from the start of the measure. */
export type Score = {
  title?: string;
  parts: ScorePart[];
  /** How the measures follow each other; one entry a measure, merged over all parts. */
  flow: MeasureFlow[];
  /** Length of each measure in quarter notes: what the fullest part has in it. */
  lengths: number[];
  tempos: ScoreTempo[];
};

export type ScorePart = {
  id: string;
  name: string;
  /** [measure][note], notes in the order of the file. */
  measures: ScoreNote[][];
  /** Quarter notes that stand in each measure of this part, and that its time signature asks for. */
  filled: number[];
  bars: number[];
};

export type ScoreNote = {
  /** Quarter notes from the start of the measure. */
  onset: number;
  /** Quarter notes. */
  duration: number;
  /** As it sounds: transposition is applied. */
  pitch: MidiPitch;
  voice: string;
  tieStart: boolean;
  tieStop: boolean;
  /** How many slurs begin and end on the note. */
  slurStarts: number;
  slurStops: number;
  lyrics: ScoreLyric[];
  /** Times through on which the note is played; every time if left out. */
  passes?: number[];
};

export type ScoreLyric = {
  verse: string;
  text: string;
  syllabic: 'single' | 'begin' | 'middle' | 'end';
  extend: boolean;
  passes?: number[];
};

/** From `offset` quarter notes into a measure on, a quarter note lasts 60/quartersPerMinute seconds. */
export type ScoreTempo = { measure: number; offset: number; quartersPerMinute: number };

export type MeasureFlow = {
  repeatForward: boolean;
  /** How often the section that ends here is played in all; undefined where no repeat ends. */
  repeatTimes?: number;
  /** A volta bracket that begins here: the times through on which it is played. */
  endingStart?: number[];
  endingStop: boolean;
  segno: string[];
  coda: string[];
  fine: boolean;
  daCapo: boolean;
  dalSegno?: string;
  toCoda?: string;
};

/** What carries over from measure to measure within a part. */
export type PartState = {
  part: ScorePart;
  divisions: number;
  /** Semitones from written to sounding, by staff number; '' for all staves. */
  transpose: Map<string, number>;
  /** Quarter notes a measure by its time signature: the length of a measure that holds nothing. */
  barLength: number;
};

/** What the reader met over the whole score and has to tell about. */
export type ScoreTally = { notes: number; graceNotes: number; unpitched: number; withoutDuration: number };

export function emptyFlow(): MeasureFlow {
  return { repeatForward: false, endingStop: false, segno: [], coda: [], fine: false, daCapo: false };
}
