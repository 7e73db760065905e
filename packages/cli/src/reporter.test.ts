import { expect, test } from 'vitest';
import { createReporter, progressBar } from './reporter.ts';

function recorded(isTerminal: boolean, mode: { json: boolean; quiet: boolean }): string {
  let written = '';
  const write = async (data: string | Uint8Array): Promise<void> => {
    written += data;
  };
  const reporter = createReporter({ isTerminal, columns: 60, write }, mode);
  reporter.progress({ stage: 'align', done: 1, of: 2 });
  reporter.note('The tune was moved down an octave.');
  reporter.close();
  return written;
}

test('a terminal gets a bar that a note wipes away', () => {
  expect(recorded(true, { json: false, quiet: false })).toBe(
    `\r\x1b[K${progressBar('align', 0.5, 60)}\r\x1b[KThe tune was moved down an octave.\n`,
  );
});

test('a file or pipe gets the notes alone', () => {
  expect(recorded(false, { json: false, quiet: false })).toBe('The tune was moved down an octave.\n');
});

test('--json gives one object a line', () => {
  const lines = recorded(true, { json: true, quiet: false })
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    { type: 'progress', stage: 'align', done: 1, of: 2 },
    { type: 'note', text: 'The tune was moved down an octave.' },
  ]);
});

test('--quiet says nothing', () => {
  expect(recorded(true, { json: false, quiet: true })).toBe('');
  expect(recorded(true, { json: true, quiet: true })).toBe('');
});

test('the bar grows with the share and keeps its width', () => {
  expect(progressBar('align', 0.5, 32)).toBe('align            ████░░░░  50 %');
  expect(progressBar('align', 0, 32)).toBe('align            ░░░░░░░░   0 %');
  expect(progressBar('align', 1, 32)).toBe('align            ████████ 100 %');
  expect(progressBar('a stage with a long name', 7, 20)).toBe('a stage with a l ████ 100 %');
});
