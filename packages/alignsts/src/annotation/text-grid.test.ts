import { readFileSync } from 'node:fs';
import { InputError } from '@alignsts/signal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { songTextGrid } from './song-text-grid.ts';
import { formatTextGrid, type TextGrid } from './text-grid.ts';
import { readTextGrid } from './text-grid-reader.ts';

const folder = new URL('../../../../fixtures/annotation/', import.meta.url);

const anyText = fc.oneof(
  fc.string(),
  fc.constantFrom('"', '""', 'a "b" c', 'line\nline', '! no comment', '<exists>', '12', 'ʃə', '月', '\u{1F3B5}'),
);

/** Grids whose interval tiers have no gaps, as Praat itself keeps them. */
const grids: fc.Arbitrary<TextGrid> = fc
  .record({ start: fc.constantFrom(0, -1.5, 10), length: fc.double({ min: 0.5, max: 1e4, noNaN: true }) })
  .chain(({ start, length }) => {
    const end = start + length;
    const cuts = fc
      .uniqueArray(fc.integer({ min: 1, max: 999 }), { maxLength: 8 })
      .map((list) => list.sort((a, b) => a - b).map((c) => start + (c / 1000) * length));
    const interval = fc.tuple(anyText, cuts, fc.array(anyText, { minLength: 9, maxLength: 9 })).map(([name, times, labels]) => {
      const edges = [start, ...times, end];
      return {
        kind: 'interval' as const,
        name,
        intervals: edges.slice(1).map((stop, i) => ({ start: edges[i]!, end: stop, label: labels[i]! })),
      };
    });
    const point = fc.tuple(anyText, cuts, fc.array(anyText, { minLength: 9, maxLength: 9 })).map(([name, times, labels]) => ({
      kind: 'point' as const,
      name,
      points: times.map((time, i) => ({ time, label: labels[i]! })),
    }));
    return fc.array(fc.oneof(interval, point), { maxLength: 4 }).map((tiers) => ({ start, end, tiers }));
  });

const words: TextGrid = {
  start: 0,
  end: 2.5,
  tiers: [
    {
      kind: 'interval',
      name: 'words',
      intervals: [
        { start: 0.25, end: 1, label: 'say "ah"' },
        { start: 1, end: 1.75, label: '' },
      ],
    },
    {
      kind: 'point',
      name: 'beats',
      points: [
        { time: 0.5, label: '1' },
        { time: 1.5, label: 'zwei\ndrei' },
      ],
    },
  ],
};

describe('formatTextGrid and readTextGrid', () => {
  test.each(['long', 'short'] as const)('what is written in the %s form reads back the same', (format) => {
    fc.assert(
      fc.property(grids, (grid) => {
        expect(readTextGrid(formatTextGrid(grid, { format }))).toEqual(grid);
      }),
    );
  });

  test('gaps are filled with empty intervals', () => {
    const read = readTextGrid(formatTextGrid(words));
    expect(read.tiers[0]).toEqual({
      kind: 'interval',
      name: 'words',
      intervals: [
        { start: 0, end: 0.25, label: '' },
        { start: 0.25, end: 1, label: 'say "ah"' },
        { start: 1, end: 1.75, label: '' },
        { start: 1.75, end: 2.5, label: '' },
      ],
    });
    expect(read.tiers[1]).toEqual(words.tiers[1]);
  });

  test('neighbours that a rounding parts are joined', () => {
    const intervals = [
      { start: 0, end: 0.1 + 0.2, label: 'a' },
      { start: 0.3, end: 1, label: 'b' },
    ];
    const read = readTextGrid(formatTextGrid({ start: 0, end: 1 + 1e-12, tiers: [{ kind: 'interval', name: 't', intervals }] }));
    expect(read.tiers[0]).toMatchObject({ intervals: [{ end: 0.1 + 0.2 }, { start: 0.1 + 0.2, end: 1 + 1e-12 }] });
  });
});

describe('against Praat', () => {
  const expected = JSON.parse(readFileSync(new URL('praat.json', folder), 'utf8')) as TextGrid;

  test.each(['praat-long.TextGrid', 'praat-short.TextGrid', 'praat-utf16.TextGrid'])('%s reads as Praat meant it', (name) => {
    expect(readTextGrid(readFileSync(new URL(name, folder)))).toEqual(expected);
  });

  test('the long and short forms are written as Praat writes them', () => {
    // Praat ends lines of the long form with a blank
    const lines = (text: string): string[] => text.split('\n').map((line) => line.trimEnd());
    expect(lines(formatTextGrid(expected))).toEqual(lines(readFileSync(new URL('praat-long.TextGrid', folder), 'utf8')));
    expect(lines(formatTextGrid(expected, { format: 'short' }))).toEqual(
      lines(readFileSync(new URL('praat-short.TextGrid', folder), 'utf8')),
    );
  });

  test('comments, decoration and a file from another program are understood', () => {
    const text =
      'File type = "ooTextFile" ! made by hand\r\n"TextGrid"\r\n0\r\nxmax= 2 seconds\r\n<exists> 1 tier\r\n"IntervalTier" called "t" from 0 to 2 with 1 interval\r\n0 2.0e0 "a"';
    expect(readTextGrid(text)).toEqual({
      start: 0,
      end: 2,
      tiers: [{ kind: 'interval', name: 't', intervals: [{ start: 0, end: 2, label: 'a' }] }],
    });
  });

  test('a grid without tiers', () => {
    expect(readTextGrid('"ooTextFile" "TextGrid" 0 1 <absent>')).toEqual({ start: 0, end: 1, tiers: [] });
  });
});

describe('bad files', () => {
  const good = formatTextGrid(words);
  test.each([
    ['', /Line 1 .*ends where the file type/],
    ['"ooTextFile"\n"Pitch"', /Line 2 .*object class is "Pitch"/],
    ['"ooTextFile" "TextGrid" 1 0', /runs from 1 to 0/],
    [good.replace('"IntervalTier"', '"WordTier"'), /tier 1 of 2 is of class "WordTier"/],
    [good.replace('size = 4', 'size = 5'), /stands where the start of interval 5 of 5 in tier 1 \("words"\) should/],
    [good.replace('size = 4', 'size = -1'), /size of tier 1 \("words"\) is -1/],
    [good.replace('size = 4', 'size = 1.5'), /is 1.5, not a count/],
    [good.replace('size = 2\n        points [1]', 'size = 999999999999\n        points [1]'), /file ends where the time of point 3/],
    [good.slice(0, -30), /Line 42 .*file ends where the mark of point 2 of 2/],
    [good.replace('xmax = 1.75', 'xmax = 0.5'), /interval 3 of 4 .* ends at 0.5 s before it starts at 1 s/],
  ])('%#: says the line and what is wrong', (text, message) => {
    expect(() => readTextGrid(text)).toThrow(InputError);
    expect(() => readTextGrid(text)).toThrow(message);
  });

  test('a binary file is named as such', () => {
    expect(() => readTextGrid(Buffer.from('ooBinaryFile\x08TextGrid'))).toThrow(/Save it in Praat as a text file/);
  });

  test('cut or overwritten anywhere, a file is read or refused as an input error, in time that grows with its length', () => {
    fc.assert(
      fc.property(fc.nat(good.length), fc.string({ maxLength: 5 }), fc.boolean(), (at, insert, cut) => {
        try {
          readTextGrid(good.slice(0, at) + insert + (cut ? '' : good.slice(at + insert.length)));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
    const begun = performance.now();
    expect(() => readTextGrid(`"ooTextFile" "TextGrid" 0 1 <exists> 1 "TextTier" "${'""'.repeat(500_000)}`)).toThrow(/never ends/);
    expect(() => readTextGrid(`"ooTextFile" ${'x '.repeat(500_000)}`)).toThrow(/file ends/);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  test.each([
    [
      {
        intervals: [
          { start: 0, end: 1, label: '' },
          { start: 0.5, end: 2, label: '' },
        ],
      },
      /Interval 2 of tier 't'.*between 1 s/,
    ],
    [{ intervals: [{ start: 1, end: 1, label: '' }] }, /must end after it starts/],
    [{ intervals: [{ start: 1, end: Number.NaN, label: '' }] }, /must end after/],
    [{ intervals: [{ start: 1, end: 3, label: '' }] }, /and 2.5 s/],
  ])('a tier that cannot be is not written: %j', (tier, message) => {
    expect(() => formatTextGrid({ ...words, tiers: [{ kind: 'interval', name: 't', ...tier }] })).toThrow(message);
  });

  test('points out of order or outside and a grid without length are not written', () => {
    const points = (times: number[]): TextGrid => ({
      ...words,
      tiers: [{ kind: 'point', name: 'p', points: times.map((time) => ({ time, label: '' })) }],
    });
    expect(() => formatTextGrid(points([1, 1]))).toThrow(/Point 2 of tier 'p'/);
    expect(() => formatTextGrid(points([3]))).toThrow(/not after 2.5 s/);
    expect(() => formatTextGrid({ start: 1, end: 1, tiers: [] })).toThrow(InputError);
  });
});

describe('songTextGrid', () => {
  const audio = { samples: new Float32Array(48000), sampleRate: 24000 };
  const segment = (start: number, end: number, kind: 'vowel' | 'consonant' | 'silence', label?: string) => ({
    kind,
    start,
    end,
    speechStart: 0,
    speechEnd: 1,
    ...(label !== undefined && { label }),
  });

  test('holds segments, notes and lyrics, and can be written', () => {
    const grid = songTextGrid(
      { audio, segments: [segment(0.1, 0.3, 'consonant', 's'), segment(0.3, 1.2, 'vowel'), segment(1.1, 2.4, 'silence')] },
      {
        notes: [
          { start: 0.3, end: 1, pitch: 69, lyric: { text: 'so', syllabic: 'single', extend: true } },
          { start: 1, end: 2, pitch: 71 },
        ],
      },
    );
    expect(grid.tiers).toEqual([
      {
        kind: 'interval',
        name: 'segments',
        intervals: [
          { start: 0.1, end: 0.3, label: 's' },
          { start: 0.3, end: 1.1, label: 'vowel' },
          { start: 1.1, end: 2, label: '' },
        ],
      },
      {
        kind: 'interval',
        name: 'notes',
        intervals: [
          { start: 0.3, end: 1, label: 'A4' },
          { start: 1, end: 2, label: 'B4' },
        ],
      },
      { kind: 'interval', name: 'lyrics', intervals: [{ start: 0.3, end: 1, label: 'so' }] },
    ]);
    expect(readTextGrid(formatTextGrid(grid)).tiers.length).toBe(3);
  });

  test('a song of which nothing is known has no tiers', () => {
    expect(songTextGrid({ audio, segments: [] })).toEqual({ start: 0, end: 2, tiers: [] });
  });
});
