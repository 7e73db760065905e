/** The numbered lessons in examples/ run, print what they say they print, and stay short. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const lessons = readdirSync(resolve(root, 'examples')).filter((name) => /^\d.*\.ts$/.test(name));

test('the lessons are numbered in order', () => {
  expect(lessons.map((name) => Number.parseInt(name, 10))).toEqual(lessons.map((_, i) => i + 1));
});

test.each(lessons)('%s prints what it says', async (name) => {
  const source = readFileSync(resolve(root, 'examples', name), 'utf8');
  expect(source.split('\n').length).toBeLessThanOrEqual(41);
  const said = /\/\/ prints: (.*)\n$/.exec(source)?.[1];
  expect(said).toBeDefined();
  const words = ['--conditions=source', '--import', import.meta.resolve('tsx'), resolve(root, 'examples', name)];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: root });
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(said);
});
