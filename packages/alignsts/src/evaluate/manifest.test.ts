import { InputError } from '@alignsts/signal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ManifestItem, parseManifest } from './manifest.ts';

describe('parseManifest', () => {
  test('reads a table by its header, whatever the order and the extra columns', () => {
    const text =
      '\uFEFFoutput\tid\tlang\tlyrics\ttarget\tgroup\r\nours/1.wav\tone\ten\tla “la” <la>\tsong 1.flac\tanna\r\n\r\nours/2.wav\ttwo\t\t\tsong 2.flac\r\n';
    expect(parseManifest(text)).toEqual([
      { id: 'one', output: 'ours/1.wav', target: 'song 1.flac', lyrics: 'la “la” <la>', group: 'anna' },
      { id: 'two', output: 'ours/2.wav', target: 'song 2.flac' },
    ]);
  });

  test('reads JSON Lines', () => {
    const text = '{"id":"a","target":"t.wav","output":"o.wav","speech":"s.wav"}\n\n{"id":"b","target":"t.wav","output":"p.wav"}';
    expect(parseManifest(text)).toEqual([
      { id: 'a', target: 't.wav', output: 'o.wav', speech: 's.wav' },
      { id: 'b', target: 't.wav', output: 'p.wav' },
    ]);
  });

  test.each([
    ['', /empty.*tab-separated/],
    ['\n \n', /empty/],
    ['id\ttarget\toutput\n', /lists no item/],
    ['id\tsong\toutput\na\tb\tc\n', /line 1.*'id', 'song', 'output' but no 'target'/],
    ['id\ttarget\toutput\tid\na\tb\tc\td\n', /'id' twice/],
    ['id\ttarget\toutput\na\tb\tc\nd\te\t \n', /Line 3 of the manifest: output: must not be empty/],
    ['id\ttarget\toutput\na\tb\tc\td\n', /Line 2 .*4 columns where the header has 3/],
    ['id\ttarget\toutput\na\tb\tc\n\na\te\tf\n', /Line 4 .*repeats the id 'a' of line 2/],
    ['{"id":"a","target":"t","output":"o"}\nnonsense\n', /Line 2 .*'nonsense'/],
    ['{"id":"a","target":"t","output":"o"}\n[1]\n', /Line 2/],
    ['{"id":"a","target":"t"}\n', /Line 1 of the manifest: output/],
    ['{"id":7,"target":"t","output":"o"}\n', /Line 1 of the manifest: id.*string/],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => parseManifest(text)).toThrow(InputError);
    expect(() => parseManifest(text)).toThrow(message);
  });

  test('a long line is quoted only in part', () => {
    const text = `{"id":"a","target":"t","output":"o"}\n${'x'.repeat(100_000)}`;
    expect(() => parseManifest(text)).toThrow(/^.{0,200}$/);
  });

  test('reads back what was written, in both forms', () => {
    const word = fc
      .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
      .map((s) => s.replace(/\s/gu, '').replace(/^\uFEFF/, '') || 'x');
    const item = fc.record({
      target: word,
      output: word,
      speech: fc.option(word, { nil: undefined }),
      group: fc.option(word, { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 6 }), (items) => {
        const list = items.map((rest, i) => ({ id: `item ${i}`, ...rest }));
        const clean = JSON.parse(JSON.stringify(list)) as ManifestItem[];
        const table = [
          'id\ttarget\toutput\tspeech\tgroup',
          ...list.map((x) => [x.id, x.target, x.output, x.speech ?? '', x.group ?? ''].join('\t')),
        ];
        expect(parseManifest(table.join('\n'))).toEqual(clean);
        expect(parseManifest(list.map((x) => JSON.stringify(x)).join('\n'))).toEqual(clean);
      }),
    );
  });

  test('any text at all is either read or refused as an input error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((s) => `id\ttarget\toutput\n${s}`),
          fc.json().map((s) => `{"id":1}\n${s}`),
        ),
        (text) => {
          try {
            parseManifest(text);
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        },
      ),
    );
  });
});
