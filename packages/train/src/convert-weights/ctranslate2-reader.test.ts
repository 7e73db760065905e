import { InputError } from '@alignsts/signal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ctranslate2Floats, readCTranslate2 } from './ctranslate2-reader.ts';

type Entry = { name: string; shape: number[]; type: number; bytes: number[] };

/** The format written by hand from its description, independently of the reader. */
function file(entries: Entry[], aliases: [string, string][] = [], version = 6): Uint8Array {
  const out: number[] = [];
  const u32 = (value: number): void => void out.push(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255);
  const text = (value: string): void => {
    out.push((value.length + 1) & 255, (value.length + 1) >> 8, ...new TextEncoder().encode(value), 0);
  };
  u32(version);
  text('WhisperSpec');
  u32(3);
  u32(entries.length);
  for (const { name, shape, type, bytes } of entries) {
    text(name);
    out.push(shape.length);
    for (const size of shape) u32(size);
    out.push(type);
    u32(bytes.length);
    out.push(...bytes);
  }
  u32(aliases.length);
  for (const [alias, target] of aliases) {
    text(alias);
    text(target);
  }
  return Uint8Array.from(out);
}

const halves: Entry = { name: 'a/weight', shape: [1, 3], type: 4, bytes: [0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00] };
const count: Entry = { name: 'a/heads', shape: [], type: 2, bytes: [8, 0] };

test('variables come out with their shapes and numbers, aliases under both names', () => {
  const model = readCTranslate2(file([halves, count], [['b/weight', 'a/weight']]));
  expect([model.specification, model.revision, [...model.variables.keys()]]).toEqual([
    'WhisperSpec',
    3,
    ['a/weight', 'a/heads', 'b/weight'],
  ]);
  // 0x3c00 = 1, 0xc000 = -2, 0x0001 = 2^-24
  expect([...ctranslate2Floats(model, 'b/weight', [1, 3])]).toEqual([1, -2, 2 ** -24]);
  expect([...ctranslate2Floats(model, 'a/heads', [])]).toEqual([8]);
});

test('a file that ends early is refused wherever it ends', () => {
  const whole = file([halves, count], [['b/weight', 'a/weight']]);
  for (let length = 0; length < whole.length; length++) expect(() => readCTranslate2(whole.subarray(0, length))).toThrow(InputError);
});

test('foreign and damaged files are refused with a sentence that says why', () => {
  expect(() => readCTranslate2(new TextEncoder().encode('PK\u0003\u0004 and more'))).toThrow(/no CTranslate2 model of binary version 6/);
  expect(() => readCTranslate2(file([], [], 5))).toThrow(/first number is 5/);
  expect(() => readCTranslate2(file([{ ...halves, bytes: [0, 0] }]))).toThrow(/has 2 bytes but \[1,3\] of float16 takes 6/);
  expect(() => readCTranslate2(file([{ ...halves, type: 9 }]))).toThrow(/unknown element type 9/);
  expect(() => readCTranslate2(file([halves, halves]))).toThrow(/a\/weight twice/);
  expect(() => readCTranslate2(file([halves], [['b', 'c']]))).toThrow(/stands for c, which is not there/);
  expect(() => readCTranslate2(Uint8Array.from([...file([halves]), 0]))).toThrow(/1 bytes follow/);
  expect(() => readCTranslate2(file([{ ...halves, shape: [2 ** 31, 2 ** 31, 2 ** 31] }]))).toThrow(InputError);
});

test('a variable that is absent or of another shape is named', () => {
  const model = readCTranslate2(file([halves]));
  expect(() => ctranslate2Floats(model, 'c', [1])).toThrow(/has no variable c/);
  expect(() => ctranslate2Floats(model, 'a/weight', [3, 1])).toThrow(/\[1,3\], \[3,1\] is needed/);
});

test('no bytes make it fail in any other way', () => {
  const whole = file([halves, count], [['b/weight', 'a/weight']]);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (place, value) => {
      try {
        readCTranslate2(whole.with(place, value));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
  );
});
