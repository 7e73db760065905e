/** `test` for what needs libtorch, and `gpuTest` for what needs a GPU too. Where it is missing these tests are skipped, with one line that says so. */
import { type TestAPI, test } from 'vitest';
import { cuda, describeTorch, hasTorch, setThreads } from '../../src/index.ts';

const present = hasTorch();
if (!present) process.stderr.write(`SKIPPED: the tests of packages/torch, for ${(await describeTorch()).missing}\n`);

// tensors of a few dozen numbers: more threads would only wait for each other
if (present) setThreads(1);

/** What this run's libtorch is, as numbers: [2, 13]. */
export const version: readonly [number, number] = present
  ? ((await describeTorch()).version!.split('.').slice(0, 2).map(Number) as [number, number])
  : [0, 0];

export const torchTest: TestAPI = test.skipIf(!present) as TestAPI;

export const gpuTest: TestAPI = test.skipIf(!present || cuda.deviceCount() === 0) as TestAPI;

/** Whether the libtorch is at least of this version. */
export function since(text: string | undefined): boolean {
  if (text === undefined) return true;
  const [major = 0, minor = 0] = text.split('.').map(Number);
  return version[0] > major || (version[0] === major && version[1] >= minor);
}
