/** docs/paper-map.md is a map: every place on it exists, and every file of the paper's rooms is on it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const map = readFileSync(resolve(root, 'docs/paper-map.md'), 'utf8');
const paths = [...map.matchAll(/`((?:packages|test|docs)\/[^`]+\.\w+)`/g)].map(([, path]) => path!);

test('every path on the map exists', () => {
  expect(paths.length).toBeGreaterThan(40);
  expect(paths.filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
});

test.each(['model', 'losses'])('every file of %s/ is on the map', (room) => {
  const folder = `packages/alignsts/src/${room}`;
  const files = readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  expect(files.filter((file) => !paths.includes(file))).toEqual([]);
});
