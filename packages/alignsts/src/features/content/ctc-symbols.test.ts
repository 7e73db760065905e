import { expect, test } from 'vitest';
import { CHARACTERS, characterIds, PHONES, phoneIds, textOf } from './ctc-symbols.ts';

test('characters stand in the order of wav2vec2-base-960h', () => {
  // the vocabulary's published ids
  const published = { '<pad>': 0, '|': 4, E: 5, T: 6, A: 7, O: 8, N: 9, I: 10, H: 11, S: 12, M: 17, "'": 27, X: 28, J: 29, Q: 30, Z: 31 };
  expect(CHARACTERS).toHaveLength(32);
  for (const [character, id] of Object.entries(published)) expect(CHARACTERS[id]).toBe(character);
});

test('text becomes upper-case letters with one gap between words', () => {
  expect(textOf(characterIds('  It’s — a  café! '), CHARACTERS)).toBe("IT'S A CAFE");
  expect(() => characterIds('at 5')).toThrow('"at 5" has digits. Write it in words');
  expect(() => characterIds('…')).toThrow('has no letters from A to Z');
});

test('phones are found longest first, without stress', () => {
  expect(new Set(PHONES).size).toBe(PHONES.length);
  expect(phoneIds('ɐmˈeɪzɪŋ ɡɹˈeɪs').map((id) => PHONES[id])).toEqual(['ɐ', 'm', 'eɪ', 'z', 'ɪ', 'ŋ', '|', 'ɡ', 'ɹ', 'eɪ', 's']);
  expect(phoneIds('tʃɜːtʃ').map((id) => PHONES[id])).toEqual(['tʃ', 'ɜː', 'tʃ']);
  expect(() => phoneIds('ʘ')).toThrow(/"ʘ" in "ʘ" is in no phone/);
});
