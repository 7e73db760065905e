import { expect, test } from 'vitest';
import { closestWord } from './closest-word.ts';

const words = ['sing', 'melody', 'features', 'align', 'evaluate', 'doctor'];

test('a misspelt word finds the one that was meant', () => {
  expect(closestWord('melodie', words)).toBe('melody');
  expect(closestWord('sign', words)).toBe('sing');
  expect(closestWord('Evalute', words)).toBe('evaluate');
  expect(closestWord('fetaures', words)).toBe('features');
});

test('nonsense gets no suggestion', () => {
  expect(closestWord('xylophone', words)).toBeUndefined();
  expect(closestWord('', words)).toBeUndefined();
});
