import { spawnSync } from 'node:child_process';
import { describe, expect } from 'vitest';
import { torchTest } from './support/torch-test.ts';

describe('call with wrong arguments', () => {
  // in a process of its own: a crash must not take the test run with it, and must be seen
  torchTest(
    'throws or answers, and never takes the process down',
    () => {
      const worker = new URL('./support/fuzz-worker.ts', import.meta.url).pathname;
      const { status, signal, stdout, stderr } = spawnSync(
        process.execPath,
        ['--import', 'tsx', '--conditions=source', worker, '1', '20000'],
        {
          encoding: 'utf8',
          timeout: 240_000,
        },
      );
      expect({ status, signal, stderr: status === 0 ? '' : stderr.slice(-2000) + stdout.slice(-500) }).toEqual({
        status: 0,
        signal: null,
        stderr: '',
      });
      const { calls, answers, errors } = JSON.parse(stdout.trim().split('\n').at(-1)!) as {
        calls: number;
        answers: number;
        errors: number;
      };
      expect(calls).toBe(20_000);
      // both happen often, else the arguments are not worth much
      expect(answers).toBeGreaterThan(500);
      expect(errors).toBeGreaterThan(10_000);
    },
    300_000,
  );
});
