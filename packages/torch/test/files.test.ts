import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dataToFloat32,
  loadPt,
  loadSafetensors,
  ptTensors,
  readPt,
  readSafetensors,
  saveSafetensors,
  type TensorData,
  tensor,
  toNestedArray,
  toTensor,
  writeSafetensors,
} from '../src/index.ts';
import { torchTest } from './support/torch-test.ts';

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../../fixtures/torch/${name}`, import.meta.url)));
/** 3 × 4 eighths, which every floating dtype holds exactly. */
const ramp = Float32Array.from({ length: 12 }, (_, i) => i / 8 - 0.5);

describe('safetensors', () => {
  const file = fixture('every-dtype.safetensors');

  test('reads every dtype that the Python library writes', () => {
    const { tensors, metadata } = readSafetensors(file);
    expect(metadata).toEqual({ 'made by': 'safetensors', ä: '✓' });
    for (const dtype of ['float64', 'float32', 'float16', 'bfloat16'] as const) {
      expect(tensors[dtype]).toMatchObject({ dtype, shape: [3, 4] });
      expect(dataToFloat32(tensors[dtype]!)).toEqual(ramp);
    }
    const values = (name: string): number[] => [...dataToFloat32(tensors[name]!)];
    expect(values('int64')).toEqual([-(2 ** 53), 0, 2 ** 53]);
    expect(values('int32')).toEqual([-(2 ** 31), Math.fround(2 ** 31 - 1)]);
    expect([values('int16'), values('int8'), values('uint8'), values('bool')]).toEqual([
      [-32768, 32767],
      [-128, 127],
      [0, 255],
      [1, 0, 1],
    ]);
    expect([tensors['scalar']!.shape, values('scalar')]).toEqual([[], [2.5]]);
    expect([tensors['empty']!.shape, values('empty')]).toEqual([[0, 3], []]);
  });

  test('writes what the Python library writes, to the byte: so that library reads it', () => {
    const { tensors, metadata } = readSafetensors(file);
    // the library orders its metadata by hash, so the order comes from the file
    expect(Buffer.from(writeSafetensors(tensors, metadata)).equals(Buffer.from(file))).toBe(true);
  });

  torchTest('carries tensors through libtorch unchanged', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'safetensors-'));
    try {
      const path = join(folder, 'a.safetensors');
      const { tensors } = readSafetensors(file);
      await saveSafetensors(path, Object.fromEntries(Object.entries(tensors).map(([name, data]) => [name, toTensor(data)])), { step: '3' });
      const again = await loadSafetensors(path);
      expect(again.metadata).toEqual({ step: '3' });
      for (const [name, data] of Object.entries(readSafetensors(new Uint8Array(readFileSync(path))).tensors))
        expect(data).toEqual(tensors[name]);
      expect(again.tensors['bfloat16']!.dtype).toBe('bfloat16');
      expect(readdirSync(folder)).toEqual(['a.safetensors']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  torchTest('any tensors come back from a file', () => {
    const names = fc.uniqueArray(fc.string(), { maxLength: 5 }).filter((list) => !list.includes('__metadata__'));
    fc.assert(
      fc.property(names, fc.dictionary(fc.string(), fc.string()), (list, metadata) => {
        const tensors = Object.fromEntries(list.map((name, i) => [name, tensor([[i, i + 0.5]])]));
        const again = readSafetensors(writeSafetensors(tensors, metadata));
        expect(again.metadata).toEqual({ ...metadata });
        expect(Object.keys(again.tensors).sort()).toEqual([...list].sort());
        for (const [i, name] of list.entries()) expect(toNestedArray(toTensor(again.tensors[name]!))).toEqual([[i, i + 0.5]]);
      }),
      { numRuns: 100 },
    );
  });

  const withHeader = (header: unknown, dataBytes = 0, claimed?: number): Uint8Array => {
    const json = typeof header === 'string' ? Buffer.from(header) : Buffer.from(JSON.stringify(header));
    const bytes = new Uint8Array(8 + json.length + dataBytes);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(claimed ?? json.length), true);
    bytes.set(json, 8);
    return bytes;
  };

  test('says what is wrong with a file', () => {
    const entry = (data_offsets: unknown, shape: unknown = [2], dtype: unknown = 'F32'): Record<string, unknown> => ({
      dtype,
      shape,
      data_offsets,
    });
    const wrong: [Uint8Array, string][] = [
      [new Uint8Array(3), 'it has 3 bytes'],
      [withHeader({}, 0, 2 ** 40), 'its header claims 1099511627776 bytes; at most 100000000 are read'],
      [withHeader({}, 0, 99), 'it is cut short'],
      [withHeader('{"a":'), 'its header is no JSON'],
      [withHeader('\xff\xfe'), 'its header is no JSON'],
      [withHeader([]), 'its header is no JSON object'],
      [withHeader({ a: 3 }), "the entry of tensor 'a' is no object"],
      [withHeader({ __metadata__: { a: 1 } }), 'its __metadata__ is not a map of strings'],
      [withHeader({ a: entry([0, 8], [2], 'F33') }, 8), `tensor 'a' has the dtype "F33"`],
      [withHeader({ a: entry([0, 8], [2], 'constructor') }, 8), `tensor 'a' has the dtype "constructor"`],
      [withHeader({ a: entry([0, 8], [-2]) }, 8), "tensor 'a' has the shape [-2]"],
      [withHeader({ a: entry([0, 8], 2) }, 8), "tensor 'a' has the shape 2"],
      [withHeader({ a: entry([0]) }, 8), "tensor 'a' has the data_offsets [0]"],
      [withHeader({ a: entry([8, 0]) }, 8), 'claims the bytes 8 to 0 of 8'],
      [withHeader({ a: entry([0, 16]) }, 8), 'claims the bytes 0 to 16 of 8'],
      [withHeader({ a: entry([0, 8], [3]) }, 8), 'takes 12 bytes, but has 8'],
      [withHeader({ a: entry([0, 8], [2 ** 40, 2 ** 40]) }, 8), 'but has 8'],
      [withHeader({ a: entry([4, 12]) }, 12), "tensor 'a' begins at byte 4, but the one before it ends at 0"],
      [withHeader({ a: entry([0, 8]), b: entry([4, 12]) }, 12), 'begins at byte 4, but the one before it ends at 8'],
      [withHeader({ a: entry([0, 8]) }, 9), 'its tensors take 8 bytes, but 9 follow the header'],
    ];
    for (const [bytes, message] of wrong) expect(() => readSafetensors(bytes)).toThrow(message);
  });

  test('refuses to write what the format cannot hold', () => {
    const data: TensorData = { dtype: 'float32', shape: [2], bytes: new Uint8Array(4) };
    expect(() => writeSafetensors({ a: data })).toThrow("tensor 'a' has 4 bytes, its shape takes 8");
    expect(() => writeSafetensors({ a: { ...data, dtype: 'complex128', bytes: new Uint8Array(32) } })).toThrow(
      'which safetensors cannot hold',
    );
    expect(() => writeSafetensors({ __metadata__: data })).toThrow("cannot be called '__metadata__'");
  });

  test('a damaged file gives an error or tensors, nothing else', () => {
    damage(file, (bytes) => readSafetensors(bytes));
  });
});

describe('.pt files', () => {
  test('hold tensors of every kind and plain values', async () => {
    const value = (await loadPt(new URL('../../../fixtures/torch/checkpoint.pt', import.meta.url).pathname)) as Record<string, never>;
    const tensors = ptTensors(value);
    expect(Object.keys(tensors)).toEqual([
      'model.weight',
      'model.transposed',
      'model.part',
      'model.whole',
      'half',
      'bfloat16',
      'long',
      'flags',
      'scalar',
      'parameter',
    ]);
    for (const name of ['model.weight', 'half', 'bfloat16', 'parameter']) expect(dataToFloat32(tensors[name]!)).toEqual(ramp);
    expect(tensors['model.transposed']!.shape).toEqual([4, 3]);
    expect([...dataToFloat32(tensors['model.transposed']!)].slice(0, 4)).toEqual([-0.5, 0, 0.5, -0.375]);
    expect([...dataToFloat32(tensors['model.part']!)]).toEqual([3, 5, 7, 9]);
    expect([...dataToFloat32(tensors['long']!)]).toEqual([1, -2, 3]);
    expect([...dataToFloat32(tensors['flags']!)]).toEqual([1, 0]);
    expect([tensors['scalar']!.shape, dataToFloat32(tensors['scalar']!)[0]]).toEqual([[], 7.5]);
    expect(value['step']).toBe(1234);
    expect(value['big']).toBe(2n ** 70n);
    expect(value['rates']).toEqual([0.1, [1, 2], null, true]);
    expect(value['shape']).toEqual([3, 4]);
    expect(value['dtype']).toBe('torch.float16');
    expect(value['name']).toBe('Ünïcode');
  });

  test('a state dict of a layer comes with its names', () => {
    const tensors = ptTensors(readPt(fixture('lstm-state.pt')));
    expect(Object.entries(tensors).map(([name, { shape }]) => [name, shape])).toEqual([
      ['weight_ih_l0', [12, 2]],
      ['weight_hh_l0', [12, 3]],
      ['bias_ih_l0', [12]],
      ['bias_hh_l0', [12]],
    ]);
    expect(dataToFloat32(tensors['bias_hh_l0']!)[1]).toBeCloseTo(3.01, 6);
  });

  test('the smallest archive made by hand is read', () => {
    expect(readPt(fixture('by-hand.pt'))).toEqual({ dtype: 'float32', shape: [2, 2], bytes: new Uint8Array(16) });
  });

  test('a pickle that wants to call anything is refused by name, and nothing happens', () => {
    rmSync('/tmp/owned', { force: true });
    const refused: [string, RegExp][] = [
      ['hostile-system.pt', /wants to call (posix|nt|os)\.system\. Only data are read/],
      ['hostile-eval.pt', /wants to call (builtins|__builtin__)\.eval/],
      ['hostile-import.pt', /wants to call (builtins|__builtin__)\.__import__/],
    ];
    for (const [name, message] of refused) expect(() => readPt(fixture(name))).toThrow(message);
    expect(existsSync('/tmp/owned')).toBe(false);
  });

  test('sizes, places and structures that lie are refused', () => {
    const refused: [string, string][] = [
      ['hostile-beyond.pt', 'a tensor reaches beyond its storage'],
      ['hostile-offset.pt', 'a tensor reaches beyond its storage'],
      ['hostile-negative.pt', 'a size in its pickle is no whole number'],
      ['hostile-huge-view.pt', 'take more than maxBytes'],
      ['hostile-count.pt', "the storage '0' has 16 bytes, its pickle says 1099511627776"],
      ['hostile-path.pt', "the storage '../../../etc/passwd' is missing"],
      ['hostile-loop.pt', 'its data contain themselves'],
      ['old-format.pt', 'files written before PyTorch 1.6 are bare pickles'],
    ];
    for (const [name, message] of refused) expect(() => readPt(fixture(name))).toThrow(message);
    expect(() => readPt(fixture('checkpoint.pt'), { maxBytes: 100 })).toThrow('take more than maxBytes');
    expect(() => readPt(fixture('checkpoint.pt').subarray(0, 3000))).toThrow('this archive cannot be read');
    expect(() => readPt(new Uint8Array(0))).toThrow('this is no .pt archive');
  });

  test('lists that share lists stay small, and cannot be unfolded', () => {
    const value = readPt(fixture('hostile-laughs.pt'));
    expect(() => ptTensors(value)).toThrow('it holds too many tensors');
  });

  test('a damaged file gives an error or data, nothing else', () => {
    damage(fixture('checkpoint.pt'), (bytes) => readPt(bytes));
    damage(fixture('by-hand.pt'), (bytes) => readPt(bytes));
  });

  test('a missing file is the file system’s error', async () => {
    await expect(loadPt(join(tmpdir(), 'no-such-file.pt'))).rejects.toThrow('ENOENT');
    const path = join(mkdtempSync(join(tmpdir(), 'pt-')), 'text.pt');
    writeFileSync(path, 'PKnot a zip');
    await expect(loadPt(path)).rejects.toThrow('it is no ZIP archive');
  });
});

/** Changes, drops or repeats bytes at seeded places: each result must be an Error or a value, in bounded time. */
function damage(file: Uint8Array, read: (bytes: Uint8Array) => unknown): void {
  let errors = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(file.byteLength - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.nat(file.byteLength),
      fc.nat(3),
      (changes, cut, how) => {
        let bytes = Uint8Array.from(file);
        for (const [place, value] of changes) bytes[place] = value;
        if (how === 0) bytes = bytes.subarray(0, cut);
        if (how === 1) bytes = Uint8Array.from([...bytes.subarray(0, cut), ...bytes.subarray(Math.floor(cut / 2))]);
        try {
          read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          errors++;
        }
      },
    ),
    { numRuns: 1500, seed: 4 },
  );
  expect(errors).toBeGreaterThan(300);
}
