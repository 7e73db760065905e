/** The melody as the user named it: a file, standard input, or a tune typed on the command line, and the options that choose within a score. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { looksLikeTune, type PrepareMelodyOptions } from 'alignsts';
import { type InputFile, readInput, sha256 } from './input-file.ts';
import type { Io } from './io.ts';
import { choice, flag, number, type Option, text, type Values } from './options.ts';

export type MelodyInput = InputFile & {
  /** The tune was typed, and `path` is its text. */
  typed: boolean;
};

export async function readMelodyInput(io: Io, source: string): Promise<MelodyInput> {
  const isFile = source === '-' || (await stat(resolve(io.cwd, source)).catch(() => undefined)) !== undefined;
  return isFile || !looksLikeTune(source) ? { ...(await readInput(io, source)), typed: false } : typedTune(source);
}

export function typedTune(tune: string): MelodyInput {
  const bytes = new TextEncoder().encode(tune);
  return { path: tune, name: 'the typed tune', bytes, sha256: sha256(bytes), typed: true };
}

export const melodyOptions: {
  track: Option<string | undefined>;
  channel: Option<number | undefined>;
  overlap: Option<'last' | 'highest'>;
  part: Option<string | undefined>;
  voice: Option<string | undefined>;
  verse: Option<number | undefined>;
  noRepeats: Option<boolean>;
  encoding: Option<string | undefined>;
  repairOctaves: Option<boolean>;
} = {
  track: text('N|NAME', 'MIDI: which track is the melody, by number or name; otherwise the one that looks most like one'),
  channel: number('N', 'MIDI: which channel of the track', { min: 1, max: 16, whole: true }),
  overlap: choice(['last', 'highest'], 'MIDI: of notes that overlap, keep the last or the highest', { default: 'last' }),
  part: text('N|NAME', 'MusicXML: which part is the melody, by number, id or name; otherwise the one with words'),
  voice: text('NAME', 'MusicXML: which voice of the part'),
  verse: number('N', 'MusicXML: which verse; otherwise each repeat takes the next', { min: 1, max: 99, whole: true }),
  noRepeats: flag('MusicXML: read the score once from left to right, without repeats and jumps'),
  encoding: text('NAME', 'MIDI: encoding of the words, such as shift_jis; otherwise found out'),
  repairOctaves: flag('recordings: move stretches that the pitch tracker surely heard an octave off'),
};

export function readOptionsOf({ name, typed }: MelodyInput, values: Values<typeof melodyOptions>): PrepareMelodyOptions {
  const { track, channel, overlap, part, voice, verse, noRepeats, encoding, repairOctaves } = values;
  return {
    ...(!typed && { name }),
    midi: {
      ...(track !== undefined && { track: numberOrName(track) }),
      ...(channel !== undefined && { channel }),
      ...(encoding !== undefined && { encoding }),
      overlap,
    },
    musicXml: {
      ...(part !== undefined && { part: numberOrName(part) }),
      ...(voice !== undefined && { voice }),
      ...(verse !== undefined && { verse }),
      repeats: !noRepeats,
    },
    recording: { repairOctaves },
  };
}

function numberOrName(word: string): number | string {
  return /^\d+$/.test(word) ? Number(word) : word;
}
