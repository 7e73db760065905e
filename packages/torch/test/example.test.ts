import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { torchTest } from './support/torch-test.ts';

torchTest(
  'examples/torch-mnist-like.ts learns what it says',
  async () => {
    const example = resolve(import.meta.dirname, '../../../examples/torch-mnist-like.ts');
    const said = /\/\/ prints: (.*)\n$/.exec(readFileSync(example, 'utf8'))![1]!;
    // one thread: the pictures are small, and other tests run beside this one
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--conditions=source', example], {
      env: { ...process.env, OMP_NUM_THREADS: '1' },
      timeout: 120_000,
    });
    expect(stdout.trim().split('\n').at(-1)).toBe(said);
  },
  150_000,
);
