/** The options of `alignsts sing`: those that shape the song, which a side-car keeps, and those that say what goes where. */
import { melodyOptions } from './melody-input.ts';
import { choice, flag, number, type Option, text } from './options.ts';

/** What shapes the song. Everything here is kept in the side-car. */
export const songOptions: {
  engine: Option<'auto' | 'template' | 'model'>;
  transpose: Option<number>;
  tempo: Option<number>;
  fit: Option<'auto' | 'on' | 'off'>;
  seed: Option<number>;
  bits: Option<'16' | '24'>;
} & typeof melodyOptions = {
  engine: choice(
    ['auto', 'template', 'model'],
    'template follows a sung recording of the same words, model sings notes; auto takes template for recordings and model for the rest',
    { default: 'auto' },
  ),
  transpose: number('SEMITONES', 'sing higher, or lower below 0', { short: 'k', min: -48, max: 48, default: 0 }),
  tempo: number('FACTOR', 'sing faster; 2 is twice as fast', { min: 0.1, max: 10, default: 1 }),
  fit: choice(
    ['auto', 'on', 'off'],
    "move the melody by octaves into the speaker's range; auto does so with notes that --transpose leaves alone",
    { default: 'auto' },
  ),
  ...melodyOptions,
  seed: number('N', 'where randomness starts; the same seed gives the same bytes', { min: 0, max: 2 ** 32 - 1, whole: true, default: 1 }),
  bits: choice(['16', '24'], 'bits a sample of the song', { default: '16' }),
};

/** What is read and written. */
export const fileOptions: {
  melody: Option<string | undefined>;
  input: Option<string | undefined>;
  out: Option<string | undefined>;
  picture: Option<string | undefined>;
  midi: Option<string | undefined>;
  textgrid: Option<string | undefined>;
  sidecar: Option<string | undefined>;
  replay: Option<string | undefined>;
  overwrite: Option<boolean>;
} = {
  melody: text(
    'FILE|TUNE',
    'the melody: a sung or hummed recording, MIDI, MusicXML or .mxl, an F0 table (.csv, .json, .PitchTier), or a tune, in a text file or typed here',
    { short: 'm' },
  ),
  input: text('FILE', 'the speech, in place of the operand', { short: 'i' }),
  out: text('FILE', 'where the song goes: .wav, .flac, or - for WAV on standard output; otherwise SPEECH-sung.wav in this folder', {
    short: 'o',
  }),
  picture: text('FILE', 'draw song, pitch and alignment: .svg or .png'),
  midi: text('FILE', 'write the melody as it is sung, as MIDI with pitch bends'),
  textgrid: text('FILE', 'write what is sung when, for Praat'),
  sidecar: text('FILE', 'write how the song was made, as JSON, for --replay'),
  replay: text('FILE', 'make the song of a side-car again, bit for bit; all else comes from there'),
  overwrite: flag('overwrite files that exist', { short: 'y' }),
};
