import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder } from '../../../test/cli/call.ts';
import { Interrupted } from './exit-code.ts';
import type { Io } from './io.ts';
import { checkOutputs, writeTogether } from './output-files.ts';

const sink = { isTerminal: false, columns: 80, write: async () => undefined };
const ioIn = (cwd: string): Io => ({ cwd, stdin: { isTerminal: true, async *chunks() {} }, stdout: sink, stderr: sink });

test('a set of files is written whole and nothing else is left in the folder', async () => {
  const cwd = emptyFolder();
  await writeTogether(
    ioIn(cwd),
    [
      { path: 'a.wav', content: new Uint8Array([1, 2]) },
      { path: 'b.json', content: '{}' },
    ],
    { overwrite: false },
  );
  expect(readdirSync(cwd).sort()).toEqual(['a.wav', 'b.json']);
  expect([...readFileSync(join(cwd, 'a.wav'))]).toEqual([1, 2]);
});

test('when one of the set cannot be written, none is', async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'b.json'), 'old');
  const files = [
    { path: 'a.wav', content: 'new' },
    { path: 'b.json', content: 'new' },
  ];
  await expect(writeTogether(ioIn(cwd), files, { overwrite: false })).rejects.toThrow('b.json exists already. Add -y to overwrite it');
  expect(readdirSync(cwd)).toEqual(['b.json']);
  expect(readFileSync(join(cwd, 'b.json'), 'utf8')).toBe('old');
  await writeTogether(ioIn(cwd), files, { overwrite: true });
  expect(readFileSync(join(cwd, 'b.json'), 'utf8')).toBe('new');
});

test('Ctrl-C while writing leaves the folder as it was', async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'a.wav'), 'old');
  const listeners = process.listenerCount('SIGINT');
  const files = [
    { path: 'a.wav', content: 'new' },
    { path: 'b.wav', content: new Uint8Array(4_000_000) },
  ];
  const writing = writeTogether(ioIn(cwd), files, { overwrite: true });
  while (process.listenerCount('SIGINT') === listeners) await new Promise(setImmediate);
  process.emit('SIGINT', 'SIGINT');
  await expect(writing).rejects.toThrow(Interrupted);
  expect(readdirSync(cwd)).toEqual(['a.wav']);
  expect(readFileSync(join(cwd, 'a.wav'), 'utf8')).toBe('old');
  expect(process.listenerCount('SIGINT')).toBe(listeners);
});

test('a link stays a link, and a device is written into', async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'real.wav'), 'old');
  symlinkSync('real.wav', join(cwd, 'link.wav'));
  await writeTogether(ioIn(cwd), [{ path: 'link.wav', content: 'new' }], { overwrite: true });
  expect(readFileSync(join(cwd, 'real.wav'), 'utf8')).toBe('new');
  await writeTogether(ioIn(cwd), [{ path: '/dev/null', content: 'gone' }], { overwrite: false });
  expect(readFileSync('/dev/null', 'utf8')).toBe('');
});

test('places that cannot work are refused before any work is done', async () => {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, 'folder'));
  writeFileSync(join(cwd, 'speech.wav'), 'x');
  const check = (paths: string[]) => checkOutputs(ioIn(cwd), paths, { overwrite: true, inputs: ['speech.wav', '-'] });
  await expect(check(['new.wav', '-'])).resolves.toBeUndefined();
  await expect(check(['-', '-'])).rejects.toThrow("Only one output can go to standard output ('-')");
  await expect(check(['folder'])).rejects.toThrow('folder is a folder. Name a file in it.');
  await expect(check(['none/a.wav'])).rejects.toThrow('There is no folder none to write a.wav into. Make it first.');
  await expect(check(['a.wav', './a.wav'])).rejects.toThrow('./a.wav is named for two outputs');
  await expect(check(['./speech.wav'])).rejects.toThrow('./speech.wav is an input and would be overwritten');
});
