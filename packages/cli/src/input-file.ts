/** Reading what the user named: a file, or standard input as `-`, whole but never beyond a limit. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { InputError } from '@alignsts/signal';
import type { Io } from './io.ts';

export type InputFile = {
  /** As the user wrote it; `-` is standard input. */
  path: string;
  /** For messages and for formats that are told by the ending. */
  name: string;
  bytes: Uint8Array;
  /** SHA-256 in hexadecimal. */
  sha256: string;
};

/** Bytes. Five minutes of 48 kHz stereo float is 115 MB; beyond this a file cannot be worked on in 1 GB of memory. */
export const INPUT_LIMIT: number = 256 * 2 ** 20;

/** @throws InputError when there is no such file, it is a folder, may not be read, is empty or is larger than the limit */
export async function readInput(io: Io, path: string, { limit = INPUT_LIMIT }: { limit?: number } = {}): Promise<InputFile> {
  const name = path === '-' ? 'standard input' : basename(path);
  const bytes = path === '-' ? await readStandardInput(io, limit) : await readFile(resolve(io.cwd, path), path, limit);
  if (bytes.length === 0) throw new InputError(`${name} is empty (0 bytes). Give a file with content.`);
  return { path, name, bytes, sha256: sha256(bytes) };
}

/** @example sha256(new Uint8Array()).slice(0, 8) // 'e3b0c442' */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function readFile(absolute: string, path: string, limit: number): Promise<Uint8Array> {
  try {
    const file = await open(absolute, 'r');
    try {
      const status = await file.stat();
      if (status.isDirectory()) throw new InputError(`${path} is a folder. Give a file in it.`);
      // a pipe or device (/dev/stdin, <(command)) has no size and is read until it ends
      if (!status.isFile()) return await collect(file.createReadStream({ autoClose: false }), path, limit);
      if (status.size > limit) throw tooLarge(path, status.size, limit);
      return plain(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readable(error, path);
  }
}

async function readStandardInput({ stdin }: Io, limit: number): Promise<Uint8Array> {
  if (stdin.isTerminal) throw new InputError("'-' reads standard input, but nothing is piped in. Pipe a file in, or give its name.");
  return collect(stdin.chunks(), 'standard input', limit);
}

async function collect(chunks: AsyncIterable<Uint8Array>, path: string, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limit) throw tooLarge(path, size, limit);
    parts.push(chunk);
  }
  return plain(Buffer.concat(parts));
}

/** The same bytes without Node's Buffer around them, whose slice() and toString() differ. */
function plain({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

function tooLarge(path: string, size: number, limit: number): InputError {
  const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
  return new InputError(`${path} has ${megabytes(size)} MB or more, and at most ${megabytes(limit)} MB are read. Cut it into phrases.`);
}

function readable(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new InputError(`There is no file ${path}. Check the name and the folder.`);
  if (code === 'EACCES' || code === 'EPERM')
    return new InputError(`${path} may not be read (permission denied). Change its rights or copy it.`);
  if (code === 'EIO' || code === 'EISDIR' || code === 'ELOOP' || code === 'ENAMETOOLONG')
    return new InputError(`${path} cannot be read (${code}).`);
  return error;
}
