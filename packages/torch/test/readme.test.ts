import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import * as torch from '../src/index.ts';
import { torchTest } from './support/torch-test.ts';

const readme = readFileSync(resolve(import.meta.dirname, '../README.md'), 'utf8');

describe('the README', () => {
  torchTest('opens with a program that prints what it says', async () => {
    const code = /```ts\n([\s\S]*?)```/.exec(readme)![1]!;
    const said = /\/\/ prints: (.*)\n/.exec(code)![1]!;
    // inside the package, so that its name resolves
    const folder = mkdtempSync(resolve(import.meta.dirname, '../build/readme-'));
    try {
      writeFileSync(join(folder, 'example.mts'), code);
      const words = ['--import', import.meta.resolve('tsx'), '--conditions=source', join(folder, 'example.mts')];
      const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: folder, env: { ...process.env, OMP_NUM_THREADS: '1' } });
      expect(stdout.trim().split('\n').at(-1)).toBe(said);
      expect(existsSync(join(folder, 'model.safetensors'))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('names only functions that exist', () => {
    const table = readme.slice(readme.indexOf('## API'), readme.indexOf('Readers and writers'));
    const names = [...table.matchAll(/`([a-zA-Z_]\w*)(?=[`(])/g)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(50);
    const known = new Set([...Object.keys(torch), 'broadcast', 'averageGradients', 'allReduce', 'allGather', 'barrier', 'close']);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});
