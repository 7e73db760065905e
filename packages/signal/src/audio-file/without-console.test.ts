// biome-ignore-all lint/suspicious/noConsole: the console is the subject
import { expect, test } from 'vitest';
import { withoutConsole } from './without-console.ts';

test('gives what the call gives, lets its error through, and puts the console back', () => {
  // a print that gets through fails the test (test/support/setup.ts)
  const before = console.error;
  expect(
    withoutConsole(() => {
      console.error('not seen');
      return 7;
    }),
  ).toBe(7);
  expect(() =>
    withoutConsole(() => {
      throw new Error('seen');
    }),
  ).toThrow('seen');
  expect(console.error).toBe(before);
});
