import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBitReader, EndOfBits } from './bit-reader.ts';
import { createBitWriter } from './bit-writer.ts';

test('what the writer wrote the reader reads, field by field', () => {
  const field = fc.oneof(
    fc
      .integer({ min: 1, max: 32 })
      .chain((count) => fc.record({ count: fc.constant(count), value: fc.integer({ min: 0, max: 2 ** count - 1 }) })),
    fc.record({ count: fc.constant('unary' as const), value: fc.integer({ min: 0, max: 200 }) }),
  );
  fc.assert(
    fc.property(fc.array(field, { maxLength: 60 }), (fields) => {
      const writer = createBitWriter();
      for (const { count, value } of fields) {
        if (count === 'unary') writer.writeUnary(value);
        else writer.write(value, count);
      }
      writer.alignToByte();
      const reader = createBitReader(writer.bytes());
      for (const { count, value } of fields) expect(count === 'unary' ? reader.readUnary() : reader.read(count)).toBe(value);
    }),
  );
});

test('signed fields come back with their sign', () => {
  const writer = createBitWriter();
  for (const [value, count] of [
    [-1, 1],
    [-5, 4],
    [7, 4],
    [-8388608, 24],
    [-2147483648, 32],
    [2147483647, 32],
  ] as const)
    writer.write(value, count);
  writer.alignToByte();
  const reader = createBitReader(writer.bytes());
  expect([1, 4, 4, 24, 32, 32].map((count) => reader.readSigned(count))).toEqual([-1, -5, 7, -8388608, -2147483648, 2147483647]);
});

test('reading beyond the end throws, peeking there sees zeros', () => {
  const reader = createBitReader(Uint8Array.of(0, 0xff, 0xff), 1, 2);
  expect(reader.length).toBe(8);
  expect(reader.peek(12)).toBe(0xff0);
  expect(reader.read(8)).toBe(255);
  expect(() => reader.read(1)).toThrow(EndOfBits);
  expect(() => reader.readUnary()).toThrow(EndOfBits);
  expect(() => createBitReader(new Uint8Array(9)).readUnary()).toThrow(EndOfBits);
});
