import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder } from '../../../test/cli/call.ts';
import { readInput, sha256 } from './input-file.ts';
import type { Io } from './io.ts';

const sink = { isTerminal: false, columns: 80, write: async () => undefined };
const ioIn = (cwd: string, stdin?: Uint8Array[]): Io => ({
  cwd,
  stdin: {
    isTerminal: stdin === undefined,
    async *chunks() {
      yield* stdin ?? [];
    },
  },
  stdout: sink,
  stderr: sink,
});

test('a file and a pipe give the same bytes and hash', async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'tune.txt'), 'abc');
  const file = await readInput(ioIn(cwd), 'tune.txt');
  const pipe = await readInput(ioIn(cwd, [new Uint8Array([97]), new Uint8Array([98, 99])]), '-');
  expect(file.bytes).toEqual(pipe.bytes);
  // FIPS 180-4, example for "abc"
  expect(file.sha256).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(pipe.sha256).toBe(sha256(pipe.bytes));
  expect([file.name, pipe.name]).toEqual(['tune.txt', 'standard input']);
});

test('what cannot be read is said in one sentence', async () => {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, 'folder'));
  writeFileSync(join(cwd, 'empty.wav'), '');
  writeFileSync(join(cwd, 'large.wav'), new Uint8Array(3_000_000));
  const io = ioIn(cwd);
  await expect(readInput(io, 'none.wav')).rejects.toThrow('There is no file none.wav. Check the name and the folder.');
  await expect(readInput(io, 'folder')).rejects.toThrow('folder is a folder. Give a file in it.');
  await expect(readInput(io, 'empty.wav')).rejects.toThrow('empty.wav is empty (0 bytes). Give a file with content.');
  await expect(readInput(io, 'large.wav', { limit: 2 ** 20 })).rejects.toThrow('large.wav has 3 MB or more, and at most 1 MB are read.');
  await expect(readInput(io, '-')).rejects.toThrow("'-' reads standard input, but nothing is piped in.");
  await expect(readInput(ioIn(cwd, [new Uint8Array(9)]), '-', { limit: 8 })).rejects.toThrow('standard input has');
});
