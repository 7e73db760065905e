import { readFileSync } from 'node:fs';
import { InputError } from '@alignsts/signal';
import { dataToFloat32, ptTensors, readPt } from '@alignsts/torch';
import { expect, test } from 'vitest';
import { repackCheckpoint } from './repack-checkpoint.ts';

/** Written by PyTorch 2.13 with `_use_new_zipfile_serialization=False`: {"step": 7, "state": {"a": [[0, 1, 2], [3, 4, 5]], "b": a.T[1:], "c": [-1.5]}}. */
const old = (): Uint8Array => new Uint8Array(readFileSync(new URL('../../../../fixtures/timbre/before-1.6.pt', import.meta.url)));

test('tensors of an old checkpoint come out as they went in, views too', () => {
  const value = readPt(repackCheckpoint(old())) as { step: number };
  expect(value.step).toBe(7);
  const tensors = ptTensors(value as never);
  expect(Object.fromEntries(Object.entries(tensors).map(([name, data]) => [name, [data.shape, ...dataToFloat32(data)]]))).toEqual({
    'state.a': [[2, 3], 0, 1, 2, 3, 4, 5],
    'state.b': [[2, 2], 1, 4, 2, 5],
    'state.c': [[1], -1.5],
  });
});

test('a file of today is left as it is', () => {
  const zip = Uint8Array.of(0x50, 0x4b, 3, 4);
  expect(repackCheckpoint(zip)).toBe(zip);
});

test('a file that ends early or goes on too long is refused', () => {
  const file = old();
  for (let length = 15; length < file.length; length += 3) expect(() => repackCheckpoint(file.subarray(0, length))).toThrow(InputError);
  expect(() => repackCheckpoint(Uint8Array.from([...file, 0]))).toThrow(/1 bytes follow/);
});
