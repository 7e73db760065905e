/** The program itself, as a process: exit codes, pipes that close early, Ctrl-C in the middle of the work. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder } from './call.ts';

const program = resolve(import.meta.dirname, '../../packages/cli/bin/alignsts.mjs');
const sung = resolve(import.meta.dirname, '../../examples/audio/sung-lobo.flac');

type Ending = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

function start(
  words: string[],
  cwd: string,
  { whenStderr, readNothing = false }: { whenStderr?: (text: string, kill: () => void) => void; readNothing?: boolean } = {},
): Promise<Ending> {
  // its own process group, as a shell gives it, so that Ctrl-C can be sent to all of it
  const child = spawn(process.execPath, [program, ...words], { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const ending = { stdout: '', stderr: '' };
  if (readNothing) child.stdout.destroy();
  else child.stdout.on('data', (data) => (ending.stdout += data));
  child.stderr.on('data', (data) => {
    ending.stderr += data;
    whenStderr?.(ending.stderr, () => process.kill(-child.pid!, 'SIGINT'));
  });
  return new Promise((done) => child.on('close', (code, signal) => done({ ...ending, code, signal })));
}

test('the exit code tells good from bad input', async () => {
  const cwd = emptyFolder();
  const good = await start(['melody', '@60 A4:1', '--json'], cwd);
  expect(good).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(good.stdout)).toMatchObject({ duration: 1 });
  const bad = await start(['melody', 'none.mid'], cwd);
  expect(bad).toMatchObject({ code: 2, stdout: '', stderr: 'alignsts: There is no file none.mid. Check the name and the folder.\n' });
});

test('a reader that closes the pipe ends the program in peace', async () => {
  const ending = await start(['features', sung, '--json'], emptyFolder(), { readNothing: true });
  expect(ending).toMatchObject({ code: 0, stderr: '' });
});

test('Ctrl-C in the middle of the work ends it and leaves no file', async () => {
  const cwd = emptyFolder();
  const ending = await start(['sing', sung, '-m', sung, '-o', 'song.wav', '--json'], cwd, {
    whenStderr: (_, kill) => kill(),
  });
  // a shell reports both as 130
  expect(ending.signal === 'SIGINT' || ending.code === 130).toBe(true);
  expect(readdirSync(cwd)).toEqual([]);
});
