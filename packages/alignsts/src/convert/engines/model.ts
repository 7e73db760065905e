/**
 * Engine `model`: speech is sung to notes by rule, with no trained weights and no sung reference (Saitou, Goto, Unoki and Akagi 2007, "Speech-to-singing synthesis:
 * converting speaking voices to singing voices by controlling acoustic features unique to singing voices"; spec B8). The paper is given the phonemes and
 * their times by hand; here the vowels are found in the speech (syllable-nuclei.ts) and matched with the notes (assign-syllables.ts).
 */
import { type Audio, analyzeVoice, InputError, synthesizeVoice, trackF0, warpFrames } from '@alignsts/signal';
import { FRAME_RATE, framesOf, frameTime, SAMPLE_RATE } from '../../grid.ts';
import type { Note } from '../../melody/melody.ts';
import type { SingingEngine, SingRequest, Song } from '../engine.ts';
import { assignSyllables, lyricGroups, type SpokenSyllable, type SungSyllable } from './model/assign-syllables.ts';
import { closeVoicingHoles } from './model/close-voicing-holes.ts';
import { type PlaceOptions, placeOnBeat, SOUNDING } from './model/place-on-beat.ts';
import { type SingingLevelOptions, singingLevel } from './model/singing-level.ts';
import { type SpeechAcoustics, speechAcoustics } from './model/speech-acoustics.ts';
import { expectedBetween } from './model/spelled-sounds.ts';
import { steadyVowels } from './model/steady-vowels.ts';
import { type Span, type SungF0Options, sungF0 } from './model/sung-f0.ts';
import { type SungSpectrumOptions, sungSpectrum } from './model/sung-spectrum.ts';
import { findSyllables, type Syllables } from './model/syllable-nuclei.ts';
import { voicedCreak } from './model/voiced-creak.ts';
import { wander } from './model/wander.ts';

export type ModelEngineOptions = {
  f0?: SungF0Options;
  rhythm?: PlaceOptions;
  level?: SingingLevelOptions;
  spectrum?: SungSpectrumOptions;
};

/** @example const song = await createModelEngine({ f0: { vibrato: { depth: 30 } } }).sing({ speech, melody, random }) */
export function createModelEngine(options: ModelEngineOptions = {}): SingingEngine {
  return { name: 'model', sing: async (request) => sing(request, options) };
}

async function sing({ speech, melody, random, onProgress }: SingRequest, options: ModelEngineOptions): Promise<Song> {
  const { notes } = melody;
  if (!notes || notes.length === 0) {
    throw new InputError("Engine 'model' needs notes, and the melody has none. Give a score, a MIDI file or a tune.");
  }
  const stage = (name: string, done: number): void => onProgress?.({ stage: name, done, of: 4 });

  stage('analyse the voice', 0);
  const spoken = analyzeVoice(speech, speechF0(speech), SPEECH_NOISE);
  stage('find the syllables', 1);
  const acoustics = speechAcoustics(spoken);
  const syllables = syllablesFor(notes, acoustics);
  const { nuclei } = syllables;
  if (nuclei.length === 0) {
    throw new InputError(
      'no vowel was found in the speech, so there is nothing to sing. Give a recording of somebody speaking, louder or with less noise.',
    );
  }
  const assignment = assignSyllables(spokenSyllables(syllables), notes);
  stage('place them on the notes', 2);
  const frames = framesOf(melody.duration);
  const placement = placeOnBeat(assignment.sung, { ...syllables, acoustics }, frames, options.rhythm);
  const pitch = sungF0(melody, heldParts(assignment.sung, notes), frames, random, options.f0);
  const f0 = pitch.f0.map((hertz, t) => (isVoiced(t) ? hertz : 0));
  const level = singingLevel(placement, pitch.vibrato, { acoustics, nuclei }, options.level);
  stage('sing', 3);
  const warped = warpFrames(steadyVowels(spoken, nuclei), wander(placement, random), f0);
  const sung = sungSpectrum(warped, level, options.spectrum);
  const samples = synthesizeVoice(sung, { length: Math.round(melody.duration * SAMPLE_RATE), random });
  stage('sing', 4);
  return {
    audio: { samples, sampleRate: SAMPLE_RATE },
    f0,
    alignment: placement.sourceTime.map((time) => time / FRAME_RATE),
    segments: placement.segments,
    remarks: [...assignment.remarks, ...placement.remarks],
  };

  /** A consonant is sung with a pitch where it was spoken with one: an /s/ stays an /s/, an /m/ follows the melody. */
  function isVoiced(t: number): boolean {
    const kind = placement.sounding[t];
    if (kind !== SOUNDING.consonant) return kind === SOUNDING.vowel;
    return acoustics.voiced[Math.min(acoustics.frames - 1, Math.round(placement.sourceTime[t]!))] === 1;
  }
}

/** What is sung on one vowel and one pitch. */
function heldParts(sung: readonly SungSyllable[], notes: readonly Note[]): Span[] {
  return sung.flatMap(({ start, end, first, last }) =>
    notes.slice(first, last + 1).map((note) => ({ start: Math.max(start, note.start), end: Math.min(end, note.end) })),
  );
}

/** Speech is tracked a little more readily than singing: Praat's own threshold, and a voice that creaks is still a voice. */
const SPEECH_F0 = { floor: 70, voicingThreshold: 0.45 };
/** A loud vowel may have much of its energy above 4 kHz: it is not to be taken for noise, as at the usual 0.85. */
const SPEECH_NOISE = { voicingThreshold: 0.6 };

function speechF0(speech: Audio): Float32Array /* [T] Hz */ {
  return voicedCreak(speech, closeVoicingHoles(trackF0(speech, SPEECH_F0).f0));
}

/** Lyrics with more than half as many syllables again as were found, or fewer than two thirds, belong to other words. */
const NEAREST_COUNT = 2 / 3;

/** The syllables of the speech: those of the lyrics where these seem to be what is said. */
function syllablesFor(notes: readonly Note[], acoustics: SpeechAcoustics): Syllables {
  const free = findSyllables(acoustics);
  const lyrics = lyricGroups(notes);
  const found = free.nuclei.length;
  if (!lyrics || Math.min(lyrics.length, found) < NEAREST_COUNT * Math.max(lyrics.length, found)) return free;
  const asked = findSyllables(acoustics, { expected: expectedBetween(lyrics.map(({ text }) => ({ text }))) });
  return asked.nuclei.length === lyrics.length ? asked : free;
}

function spokenSyllables({ nuclei, segments }: Syllables): SpokenSyllable[] {
  const levels = nuclei.map(({ level }) => level);
  const low = Math.min(...levels);
  const high = Math.max(...levels);
  return nuclei.map(({ start, end, level }, i) => {
    const next = nuclei[i + 1]?.start;
    const pauses = segments.filter(
      (segment) => segment.kind === 'silence' && segment.start >= end && (next === undefined || segment.end <= next),
    );
    const pause = pauses.reduce((longest, segment) => Math.max(longest, segment.end - segment.start), 0);
    return {
      vowel: frameTime(end - start),
      sonority: high > low ? (level - low) / (high - low) : 0.5,
      pauseAfter: next === undefined ? Number.POSITIVE_INFINITY : frameTime(pause),
    };
  });
}
