import { type Audio, decodeMono, InputError, resample } from '@alignsts/signal';
import { SAMPLE_RATE } from '../grid.ts';
import { checkMelody, LONGEST_MELODY } from './check-melody.ts';
import { decodeText } from './decode-text.ts';
import { type F0TableOptions, looksLikeF0Csv, melodyFromF0Csv, melodyFromF0Json } from './f0-table.ts';
import type { Melody } from './melody.ts';
import { type MidiOptions, melodyFromMidi } from './midi/midi.ts';
import { type MusicXmlOptions, melodyFromMusicXml } from './musicxml/musicxml.ts';
import { looksLikePraat, melodyFromPitchTier, type PitchTierOptions } from './pitch-tier.ts';
import { melodyFromRecording, type RecordingOptions } from './recording.ts';
import { scaleTempo } from './scale-tempo.ts';
import { transpose } from './transpose.ts';
import { looksLikeTune, parseTune } from './tune.ts';

/** One door for every kind of melody: what a file is, is found in its bytes; its name only helps where a text could be two things. */

export type MelodyFormat = 'midi' | 'musicxml' | 'pitch-tier' | 'f0-json' | 'f0-csv' | 'tune' | 'audio';

export type ReadMelodyOptions = {
  /** File name, for messages, for the melody's source and to tell .csv from a tune. */
  name?: string;
  /** Semitones, applied before the range is checked. */
  transpose?: number;
  /** 2 is twice as fast. */
  tempo?: number;
  /** 'any' leaves the check of the range (40 to 1500 Hz) to a later checkMelody, for a melody that is yet to be fitted to a voice. */
  range?: 'singable' | 'any';
  midi?: MidiOptions;
  musicXml?: MusicXmlOptions;
  table?: Omit<F0TableOptions, 'name'>;
  pitchTier?: Omit<PitchTierOptions, 'name'>;
  recording?: Omit<RecordingOptions, 'name'>;
};

export const ACCEPTED_MELODIES =
  'a sung or hummed recording (WAV, FLAC, MP3, Ogg, M4A), MIDI, MusicXML (.musicxml, .mxl), an F0 table (CSV, JSON, Praat PitchTier) or a text tune (C4:1 D4:1 @90)';

const LONGEST_TEXT = 64 * 1024 * 1024; // bytes of a text or MIDI file; recordings have limits of their own

/**
 * Reads a melody from the bytes of a file, checks that it can be sung and brings it to the grid.
 * @throws InputError in one or two sentences: what is wrong, what is allowed, what to do.
 * @example (await readMelody(new TextEncoder().encode('A4:1 @60'))).duration // 1
 */
export async function readMelody(bytes: Uint8Array, options: ReadMelodyOptions = {}): Promise<Melody> {
  return (await openMelody(bytes, options)).melody;
}

/** The same, and for a recording also its sound (24 kHz mono), which engine `template` needs as its reference. */
export async function openMelody(bytes: Uint8Array, options: ReadMelodyOptions = {}): Promise<{ melody: Melody; reference?: Audio }> {
  const { melody, reference } = await decode(bytes, options);
  const faster = options.tempo === undefined || options.tempo === 1 ? melody : scaleTempo(melody, options.tempo);
  const moved = options.transpose === undefined || options.transpose === 0 ? faster : transpose(faster, options.transpose);
  checkMelody(moved, { range: options.range ?? 'singable' });
  return { melody: moved, ...(reference ? { reference } : {}) };
}

/** What the bytes are, as far as they tell; 'audio' is what is left. @throws InputError for an empty file or a text of no known kind. */
export function melodyFormatOf(bytes: Uint8Array, name = ''): MelodyFormat {
  if (bytes.length === 0) throw new InputError(`the melody file${named(name)} is empty (0 bytes). Give ${ACCEPTED_MELODIES}.`);
  const tag = String.fromCharCode(...bytes.subarray(0, 4));
  if (tag === 'MThd' || (tag === 'RIFF' && String.fromCharCode(...bytes.subarray(8, 12)) === 'RMID')) return 'midi';
  if (tag === 'PK\x03\x04') return 'musicxml';
  if (looksLikePraat(bytes)) return 'pitch-tier';
  if (!looksLikeText(bytes)) return 'audio';
  const text = decodeText(bytes.subarray(0, 4096)).replace(/^\uFEFF/, '');
  const first = text.trimStart()[0];
  if (first === '<') return 'musicxml';
  if (first === '{' || first === '[') return 'f0-json';
  if (looksLikeF0Csv(text) || /\.[ct]sv$/i.test(name)) return 'f0-csv';
  if (looksLikeTune(text)) return 'tune';
  throw new InputError(`the melody file${named(name)} is a text that is no melody. Give ${ACCEPTED_MELODIES}.`);
}

async function decode(bytes: Uint8Array, options: ReadMelodyOptions): Promise<{ melody: Melody; reference?: Audio }> {
  const format = melodyFormatOf(bytes, options.name);
  const name = options.name === undefined ? {} : { name: options.name };
  if (format === 'audio') return decodeRecording(bytes, options);
  if (bytes.length > LONGEST_TEXT) {
    throw new InputError(
      `the melody file${named(options.name)} has ${bytes.length} bytes; at most ${LONGEST_TEXT} are allowed. Cut it into parts.`,
    );
  }
  switch (format) {
    case 'midi':
      return { melody: melodyFromMidi(bytes, options.midi) };
    case 'musicxml':
      return { melody: melodyFromMusicXml(bytes, options.musicXml) };
    case 'pitch-tier':
      return { melody: melodyFromPitchTier(bytes, { ...options.pitchTier, ...name }) };
    case 'f0-json':
      return { melody: melodyFromF0Json(decodeText(bytes), { ...options.table, ...name }) };
    case 'f0-csv':
      return { melody: melodyFromF0Csv(decodeText(bytes), { ...options.table, ...name }) };
    case 'tune':
      return { melody: parseTune(decodeText(bytes), name) };
  }
}

async function decodeRecording(bytes: Uint8Array, { name, recording }: ReadMelodyOptions): Promise<{ melody: Melody; reference: Audio }> {
  let decoded: Awaited<ReturnType<typeof decodeMono>>;
  try {
    decoded = await decodeMono(bytes, { maxSeconds: LONGEST_MELODY });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`the melody${named(name)} cannot be read: ${error.message} A melody is ${ACCEPTED_MELODIES}.`);
  }
  const reference = resample(decoded.audio, SAMPLE_RATE);
  const melody = melodyFromRecording(reference, { ...recording, ...(name === undefined ? {} : { name }) });
  return { melody: { ...melody, remarks: [...decoded.remarks, ...melody.remarks] }, reference };
}

/** Text has no control characters but white space, in UTF-8, Latin-1 or marked UTF-16. */
function looksLikeText(bytes: Uint8Array): boolean {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    // an MPEG frame may begin with ff fe, but its next bytes are not a letter and a zero
    return bytes[0] === 0xff ? bytes[3] === 0 : bytes[2] === 0;
  }
  return bytes.subarray(0, 4096).every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));
}

function named(name: string | undefined): string {
  return name ? ` "${name}"` : '';
}
