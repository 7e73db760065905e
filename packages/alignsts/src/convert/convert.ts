/**
 * One conversion: prepared speech and melody in, song out (design.md, "One conversion"). Reading and checking stand before it (prepare-recording.ts,
 * prepare-melody.ts), the singing itself behind the port (engine.ts).
 */
import { type Audio, createRandom, durationOf, InputError, type MidiPitch, segmentNotes, trackF0 } from '@alignsts/signal';
import { FRAME_RATE, framesOf } from '../grid.ts';
import { checkMelody } from '../melody/check-melody.ts';
import { comfortableRange } from '../melody/comfortable-range.ts';
import { fitToVoice } from '../melody/fit-to-voice.ts';
import type { Melody } from '../melody/melody.ts';
import { scaleTempo } from '../melody/scale-tempo.ts';
import { transpose } from '../melody/transpose.ts';
import type { EngineName, Progress, SingingEngine, Song } from './engine.ts';
import { createEngine } from './engines.ts';
import { LONGEST_RECORDING } from './prepare-recording.ts';
import { stretchRecording } from './stretch-recording.ts';

export type ConvertRequest = {
  /** 24 kHz mono, from prepareRecording. */
  speech: Audio;
  /** From prepareMelody. */
  melody: Melody;
  /** The recording the melody was tracked from, 24 kHz mono. */
  reference?: Audio;
};

export type ConvertOptions = {
  /** auto: `template` for a sung recording, `model` for notes. */
  engine?: EngineName | 'auto';
  /** Moves the melody before it is fitted. */
  semitones?: MidiPitch;
  /** 2 is twice as fast. */
  tempo?: number;
  /** Move the melody by octaves into the speaker's range; by default only a melody of notes that `semitones` does not move. */
  fit?: boolean;
  seed?: number;
  onProgress?: (progress: Progress) => void;
  /** In place of the engines of this package, for those who bring their own. */
  engineOf?: (name: EngineName) => SingingEngine;
};

export type Conversion = {
  song: Song;
  /** As it was sung: in its tempo and key, with notes where the engine needed them. */
  melody: Melody;
  engine: EngineName;
  /** What was guessed, moved or left out, in the order in which it happened. */
  remarks: string[];
};

/** @throws InputError when melody and speech do not fit together, or the engine asked for cannot sing this kind of melody */
export async function convert(request: ConvertRequest, options: ConvertOptions = {}): Promise<Conversion> {
  const { engine: wanted = 'auto', seed = 1, onProgress, engineOf = createEngine } = options;
  const moved = moveMelody(request, options);
  checkProportion(request.speech, moved.melody);
  const { engine, melody, remarks } = chooseEngine(wanted, moved);
  const song = await engineOf(engine).sing({
    speech: request.speech,
    melody,
    ...(moved.reference && { reference: moved.reference }),
    random: createRandom(seed),
    ...(onProgress && { onProgress }),
  });
  const finished = withinFullScale(song);
  return { song: finished, melody, engine, remarks: [...melody.remarks, ...remarks, ...finished.remarks] };
}

/** Tempo, key and range, in this order; a sung reference keeps pace with its melody. */
function moveMelody({ speech, melody, reference }: ConvertRequest, { semitones = 0, tempo = 1, fit }: ConvertOptions) {
  let moved = tempo === 1 ? melody : scaleTempo(melody, tempo);
  if (semitones !== 0) moved = transpose(moved, semitones);
  if (fit ?? (hasScore(melody) && semitones === 0)) moved = fitToVoice(moved, comfortableRange(trackF0(speech).f0)).melody;
  checkMelody(moved);
  const paced = reference && tempo !== 1 ? stretchRecording(reference, 1 / tempo) : reference;
  return { melody: moved, ...(paced && { reference: paced }) };
}

/** Notes from a score, a MIDI file or a typed tune, as opposed to a tracked curve. */
function hasScore({ source, notes }: Melody): boolean {
  return notes !== undefined && source.kind !== 'recording' && source.kind !== 'f0-table';
}

/** With speech of the same length an engine then holds about 0.8 GB (npm run bench:memory). */
const LONGEST_SONG = LONGEST_RECORDING;
/** Slower than this, a syllable lasts for many seconds; faster, no word can be understood. */
const LONGEST_STRETCH = 30;
const SHORTEST_STRETCH = 0.25;

function checkProportion(speech: Audio, melody: Melody): void {
  if (melody.duration > LONGEST_SONG) {
    const minutes = (melody.duration / 60).toFixed(1);
    throw new InputError(
      `The melody lasts ${minutes} minutes, and at most ${LONGEST_SONG / 60} minutes are sung at once. Cut it into verses.`,
    );
  }
  const voiced = melody.f0.reduce((count, f0) => count + (f0 > 0 ? 1 : 0), 0) / FRAME_RATE;
  const spoken = durationOf(speech);
  const stretch = voiced / spoken;
  const lengths = `The melody sounds for ${voiced.toFixed(1)} s and the speech lasts ${spoken.toFixed(1)} s`;
  if (stretch > LONGEST_STRETCH) {
    throw new InputError(`${lengths}: more than ${LONGEST_STRETCH} times as long. Give more words, or fewer notes, or a faster tempo.`);
  }
  if (stretch < SHORTEST_STRETCH) {
    throw new InputError(`${lengths}: less than a quarter. Give fewer words, or more notes, or a slower tempo.`);
  }
}

function chooseEngine(wanted: EngineName | 'auto', { melody, reference }: { melody: Melody; reference?: Audio }) {
  const engine = wanted === 'auto' ? (reference && !hasScore(melody) ? 'template' : 'model') : wanted;
  if (engine === 'template' && !reference) {
    throw new InputError("Engine 'template' needs a sung recording as melody. Give one, or let engine 'model' sing these notes.");
  }
  if (engine !== 'model' || melody.notes) return { engine, melody, remarks: [] };
  const notes = segmentNotes(melody, FRAME_RATE);
  if (notes.length === 0) {
    throw new InputError(
      "No note was found in the melody's pitch, and engine 'model' needs notes. Give a tune that holds its pitches longer.",
    );
  }
  return { engine, melody: { ...melody, notes }, remarks: [`${notes.length} notes were found in the melody's pitch.`] };
}

/** What goes beyond full scale is turned down as a whole: clipping a voice is heard at once. */
function withinFullScale(song: Song): Song {
  const { samples, sampleRate } = song.audio;
  let peak = 0;
  for (let n = 0; n < samples.length; n++) {
    const level = Math.abs(samples[n]!);
    if (!(level < Number.POSITIVE_INFINITY)) throw new Error(`the song has the sample ${samples[n]} at ${(n / sampleRate).toFixed(3)} s`);
    if (level > peak) peak = level;
  }
  if (song.f0.length !== framesOf(durationOf(song.audio))) {
    throw new Error(`the song has ${song.f0.length} frames of F0 for ${durationOf(song.audio).toFixed(3)} s`);
  }
  if (peak <= CEILING) return song;
  const gain = CEILING / peak;
  const remark = `The song was turned down by ${(-20 * Math.log10(gain)).toFixed(1)} dB, so that nothing clips.`;
  return { ...song, audio: { samples: samples.map((value) => gain * value), sampleRate }, remarks: [...song.remarks, remark] };
}

/** A hair below full scale: rounding to 16 bits then never wraps or limits. */
const CEILING = 0.999;
