/** Sound files as commands read and write them: the ending tells the format, `-` is WAV on standard output. */
import { extname } from 'node:path';
import { type Audio, decodeMono, encodeFlac, encodeWav, InputError } from '@alignsts/signal';
import { LONGEST_RECORDING, prepareRecording } from 'alignsts';
import { type InputFile, readInput } from './input-file.ts';
import type { Io } from './io.ts';

/** @throws InputError when the ending is none that can be written */
export function checkSoundPath(path: string): void {
  soundEncoder(path);
}

/** @param path tells the format */
export function encodeSound(audio: Audio, path: string, bits: 16 | 24): Uint8Array {
  return soundEncoder(path)(audio, bits);
}

function soundEncoder(path: string): (audio: Audio, bits: 16 | 24) => Uint8Array {
  const ending = path === '-' ? '.wav' : extname(path).toLowerCase();
  if (ending === '.wav') return (audio, bits) => encodeWav(audio, { sampleFormat: bits });
  if (ending === '.flac') return (audio, bits) => encodeFlac(audio, { bitsPerSample: bits });
  throw new InputError(
    `${path} ends in '${ending}', and sound is written as .wav or .flac. Name it so, and convert it with another program afterwards.`,
  );
}

export type Recording = {
  file: InputFile;
  /** 24 kHz mono. */
  audio: Audio;
  remarks: string[];
};

/**
 * Reads a recording and takes it through the door.
 * @param name how messages call it, such as 'the speech'
 */
export async function readRecording(io: Io, path: string, name: string): Promise<Recording> {
  const file = await readInput(io, path);
  const { audio, remarks } = await decodeRecording(file, name);
  return { file, audio, remarks };
}

/** @throws InputError that begins with the file's name */
export async function decodeRecording(file: InputFile, name: string): Promise<{ audio: Audio; remarks: string[] }> {
  const decoded = await named(file.name, () => decodeMono(file.bytes, { maxSeconds: LONGEST_RECORDING }));
  const prepared = prepareRecording({ channels: [decoded.audio.samples], sampleRate: decoded.audio.sampleRate }, `${name} (${file.name})`);
  return { audio: prepared.audio, remarks: [...decoded.remarks, ...prepared.remarks] };
}

/** Puts the file's name before what a reader says about it, where it does not name the file itself. */
export async function named<T>(name: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof InputError && !error.message.includes(name) ? new InputError(`${name}: ${error.message}`) : error;
  }
}
