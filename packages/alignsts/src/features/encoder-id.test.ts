import { expect, test } from 'vitest';
import { encoderId, requireEncoder } from './encoder-id.ts';

const hash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

test('an id names network, format and weights', () => {
  expect(encoderId('whisper-base-6', 'int8', hash)).toBe('whisper-base-6/int8/9f86d081884c');
  expect(() => encoderId('whisper-base-6', 'int8', hash.toUpperCase())).toThrow(/is no SHA-256/);
});

test('features of another encoder are refused by both names', () => {
  expect(() => requireEncoder('a', 'a', 'The cache x')).not.toThrow();
  expect(() => requireEncoder('a', 'b', 'The cache x')).toThrow('The cache x was made with the encoder a, but b is in use.');
  expect(() => requireEncoder('', 'b', 'The cache x')).toThrow(/\(none named\)/);
});
