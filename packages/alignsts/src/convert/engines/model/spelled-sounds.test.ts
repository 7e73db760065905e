import { expect, test } from 'vitest';
import { expectedBetween } from './spelled-sounds.ts';

/** The sounds between two syllables as letters: S sibilant, P plosive, F weak fricative. */
function between(first: string, second: string): string | undefined {
  const sounds = expectedBetween([{ text: first }, { text: second }])[0];
  return sounds && `${sounds.sibilant ? 'S' : ''}${sounds.plosive ? 'P' : ''}${sounds.weakFricative ? 'F' : ''}`;
}

test.each([
  ['Kids', 'are', 'SP'],
  ['are', 'talk', 'P'],
  ['by', 'the', 'F'],
  ['see', 'you', ''],
  ['my', 'own', ''],
  ['lit', 'tle', 'P'],
  ['church', 'is', 'SP'],
  ['race', 'on', 'S'],
  ['ca', 'ke', 'P'],
  ['ac', 'tor', 'P'],
  ['high', 'er', ''],
  ['birth', 'day', 'PF'],
  ['box', 'es', 'SP'],
  ['Früh', 'ling', 'F'],
  ['né', 'e', ''],
])('between %s and %s: %s', (first, second, expected) => {
  expect(between(first, second)).toBe(expected);
});

test('other scripts and syllables without vowels tell nothing', () => {
  expect(between('空', 'が')).toBeUndefined();
  expect(between('hm', 'ah')).toBeUndefined();
  expect(expectedBetween([{ text: 'one' }])).toEqual([]);
});
