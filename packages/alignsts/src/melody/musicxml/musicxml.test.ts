import { readFileSync } from 'node:fs';
import { InputError } from '@alignsts/signal';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { Melody } from '../melody.ts';
import { listScoreParts, melodyFromMusicXml } from './musicxml.ts';
import { unpackMxl } from './mxl.ts';

type Row = [start: number, end: number, pitch: number, verse1: string | null, verse2: string | null];
const expected = JSON.parse(readFileSync('fixtures/melody/expected.json', 'utf8')) as { scores: Record<string, Row[]> };
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const wordsOf = ({ notes }: Melody): string =>
  notes!
    .map(({ lyric }) =>
      lyric ? lyric.text + (lyric.extend ? '_' : '') + (lyric.syllabic === 'begin' || lyric.syllabic === 'middle' ? '-' : ' ') : '',
    )
    .join('')
    .trim();

/** A score of one part with the measures given; a measure is XML, or notes such as "C4 D4:2" in quarters. */
function score(measures: string[], { attributes = '', head = '' }: { attributes?: string; head?: string } = {}): Uint8Array {
  const xml = measures.map((measure, i) => {
    const notes = measure.startsWith('<') ? measure : measure.split(' ').map((text) => note(text)).join(''); // biome-ignore format: short
    return `<measure number="${i + 1}">${i === 0 ? `<attributes><divisions>4</divisions>${attributes}</attributes><sound tempo="60"/>` : ''}${notes}</measure>`;
  });
  return bytesOf(
    `<?xml version="1.0"?>${head}<score-partwise><part-list><score-part id="P1"><part-name>Voice</part-name></score-part></part-list><part id="P1">${xml.join('')}</part></score-partwise>`,
  );
}

function note(text: string, inner = ''): string {
  const [, step, octave, beats = '1'] = /^([A-G])(\d)(?::([\d.]+))?$/.exec(text)!;
  return `<note><pitch><step>${step}</step><octave>${octave}</octave></pitch><duration>${4 * Number(beats)}</duration>${inner}</note>`;
}
const lyric = (text: string, number = 1, syllabic = 'single', more = ''): string =>
  `<lyric number="${number}"><syllabic>${syllabic}</syllabic><text>${text}</text>${more}</lyric>`;
const barline = (inner: string): string => `<barline>${inner}</barline>`;
const pitchesOf = ({ notes }: Melody): number[] => notes!.map(({ pitch }) => pitch);

describe('melodyFromMusicXml', () => {
  test.each(Object.keys(expected.scores))('reads the notes of %s as music21 does', (path) => {
    const notes = melodyFromMusicXml(readFileSync(path)).notes!;
    const rows = expected.scores[path]!;
    expect(notes.map(({ pitch }) => pitch)).toEqual(rows.map((row) => row[2]));
    // the values are written down to a microsecond
    expect(notes.map(({ start }) => start)).toBeAllClose(rows.map((row) => row[0]), { atol: 1e-6, rtol: 0 }); // biome-ignore format: short
    expect(notes.map(({ end }) => end)).toBeAllClose(rows.map((row) => row[1]), { atol: 1e-6, rtol: 0 }); // biome-ignore format: short
  });

  test('each verse has the words that music21 finds, and slurs hold their syllables', () => {
    const path = 'examples/tunes/amazing-grace.musicxml';
    const rows = expected.scores[path]!;
    for (const verse of [1, 2] as const) {
      const { notes } = melodyFromMusicXml(readFileSync(path), { verse });
      expect(notes!.map((note) => note.lyric?.text ?? null)).toEqual(rows.map((row) => row[verse + 2]));
    }
    expect(wordsOf(melodyFromMusicXml(readFileSync(path)))).toBe(
      'A-maz-ing_ grace how sweet the sound that saved a_ wretch like me I once was_ lost but now am found was blind but_ now I see.',
    );
    expect(() => melodyFromMusicXml(readFileSync(path), { verse: 3 })).toThrow('no verse 3; there are verses 1 to 2');
  });

  test('the second time through a repeat sings the second verse', () => {
    const melody = melodyFromMusicXml(readFileSync('examples/tunes/greensleeves.musicxml'));
    expect(wordsOf(melody)).toBe(
      'A-las my love_ you do me wrong_ to cast me off_ dis-cour-teous-ly for I have loved_ you well and long_ de-light-ing in your com-pa-ny. ' +
        'Green-sleeves_ was all_ my_ joy Green-sleeves was my de-light_ Green-sleeves_ was my_ heart_ of gold and who but my La-dy Green-sleeves.',
    );
    expect(melody.remarks).toContain('The part has 2 verses; sung are verses 1, 2.');
    expect(melody.source).toEqual({ kind: 'musicxml', name: 'Soprano', tempo: 84 });
  });

  test('a score with one verse sings it again at every repeat', () => {
    expect(wordsOf(melodyFromMusicXml(readFileSync('examples/tunes/frere-jacques.mxl')))).toMatch(
      /^Frè-re Jac-ques Frè-re Jac-ques dor-mez-vous\? dor-mez-vous\?/,
    );
  });

  test('repeats can be left out', () => {
    const melody = melodyFromMusicXml(readFileSync('examples/tunes/frere-jacques.mxl'), { repeats: false });
    expect(melody.duration).toBeCloseTo(8, 9); // 16 quarters at 120
  });

  test('a time-wise score and an archive written as a stream hold the same melody as the part-wise file', () => {
    const plain = melodyFromMusicXml(readFileSync('examples/tunes/amazing-grace.musicxml'));
    expect(melodyFromMusicXml(readFileSync('fixtures/melody/timewise.musicxml'))).toEqual(plain);
    expect(melodyFromMusicXml(readFileSync('fixtures/melody/streamed.mxl'))).toEqual(plain);
  });

  test('parts are chosen by number, id and name, voices by their number', () => {
    const bytes = readFileSync('fixtures/melody/choir.musicxml');
    expect(pitchesOf(melodyFromMusicXml(bytes, { part: 'bass' }))).toEqual([48, 48]);
    expect(pitchesOf(melodyFromMusicXml(bytes, { part: 2 }))).toEqual([48, 48]);
    expect(pitchesOf(melodyFromMusicXml(bytes, { part: 'P2' }))).toEqual([48, 48]);
    const low = melodyFromMusicXml(bytes, { part: 'P1', voice: '2' });
    expect(low.notes!.map(({ start, end, pitch }) => [start, end, pitch])).toEqual([
      [0, 1, 64],
      [1, 2, 65],
      [3, 4, 64], // after a <forward> of two quarters
    ]);
    expect(() => melodyFromMusicXml(bytes, { part: 'Tuba' })).toThrow(
      'no part "Tuba"; its parts are 1 "Women" (8 notes), 2 "Bass" (2 notes)',
    );
    expect(() => melodyFromMusicXml(bytes, { part: 3 })).toThrow('no part 3');
    expect(() => melodyFromMusicXml(bytes, { voice: '9' })).toThrow('no voice "9"; its voices are 1, 2');
    expect(listScoreParts(bytes)).toEqual([
      { number: 1, id: 'P1', name: 'Women', voices: ['1', '2'], noteCount: 8, verses: ['1'] },
      { number: 2, id: 'P2', name: 'Bass', voices: ['1'], noteCount: 2, verses: [] },
    ]);
  });

  test('chords give their top note, grace notes none, elided syllables one text; all of it is told', () => {
    const melody = melodyFromMusicXml(readFileSync('fixtures/melody/choir.musicxml'));
    expect(wordsOf(melody)).toBe('Sing low and soft-ly');
    expect(melody.remarks.slice(1)).toEqual([
      'Of the voices 1, 2 of the part, voice 1 was taken.',
      'The top note was taken of 1 chord.',
      '1 grace note was left out.',
    ]);
  });

  test('a written-out melisma: an extender or a hyphen carries over notes without words, a plain word does not', () => {
    const words = (inner: string): string =>
      wordsOf(melodyFromMusicXml(score([note('C4', inner) + note('D4') + note('E4', lyric('end'))])));
    expect(words(lyric('Ah', 1, 'single', '<extend/>'))).toBe('Ah_ end');
    expect(words(lyric('A', 1, 'begin'))).toBe('A_-end');
    expect(words(lyric('Ah'))).toBe('Ah end');
    expect(words(`<notations><slur type="start"/></notations>${lyric('Ah')}`)).toBe('Ah_ end');
  });

  test('ties join over bar lines and repeats, but not over another note', () => {
    const tied = (text: string, type: string): string => note(text, `<tie type="${type}"/>`);
    const melody = melodyFromMusicXml(
      score([tied('C4', 'start'), tied('C4', 'stop') + tied('C4', 'start'), `${tied('D4', 'stop')}`, tied('C4', 'stop')]),
    );
    expect(melody.notes!.map(({ start, end, pitch }) => [start, end, pitch])).toEqual([
      [0, 2, 60],
      [2, 3, 60], // the second note of the bar begins a tie of its own, which the D does not take up
      [3, 4, 62],
      [4, 5, 60],
    ]);
  });

  test('a tie of which only one end is written joins notes without words, not words', () => {
    const start = '<tie type="start"/>';
    const spans = (second: string): number[] =>
      melodyFromMusicXml(score([note('C4', start + lyric('Ah')) + note('C4', second)])).notes!.map(({ end }) => end);
    expect(spans('')).toEqual([2]);
    expect(spans(lyric('men'))).toEqual([1, 2]);
  });

  test('a measure that is too full in another part does not push the chosen part out of time', () => {
    const part = (id: string, measures: string[]): string =>
      `<part id="${id}">${measures.map((inner) => `<measure><attributes><divisions>4</divisions></attributes>${inner}</measure>`).join('')}</part>`;
    const voice = part('P1', [note('A4:4'), note('B4:2'), note('C5')]);
    const piano = part('P2', [note('A2:4') + note('A2:0.25'), note('B2:4'), note('C2:4')]);
    const melody = melodyFromMusicXml(bytesOf(`<score-partwise>${voice}${piano}</score-partwise>`), { part: 'P1' });
    // the second measure of the voice is incomplete, so it lasts as long as the piano's
    expect(melody.notes!.map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [2, 3],
      [4, 4.5],
    ]);
  });

  test('without words the highest voice that is no mere filling is the tune', () => {
    const inVoice = (text: string, voice: number): string => note(text, `<voice>${voice}</voice>`);
    const left = ['C3', 'G3', 'E3', 'G3', 'C3', 'G3'].map((text) => inVoice(`${text}:0.5`, 5)).join('');
    const measure = `${inVoice('C5', 1)}${inVoice('D5:2', 1)}<backup><duration>12</duration></backup>${left}<backup><duration>4</duration></backup>${inVoice('C7', 2)}`;
    expect(pitchesOf(melodyFromMusicXml(score([measure])))).toEqual([72, 74]);
  });

  test('a key that is sounding an octave lower and quarter tones are read as they sound', () => {
    const transpose = '<transpose><chromatic>0</chromatic><octave-change>-1</octave-change></transpose>';
    const quarterTone = '<note><pitch><step>D</step><alter>-0.5</alter><octave>4</octave></pitch><duration>4</duration></note>';
    expect(pitchesOf(melodyFromMusicXml(score([`${note('C5')}${quarterTone}`], { attributes: transpose })))).toEqual([60, 49.5]);
  });

  test('a score at concert pitch is not transposed again', () => {
    const transposing = '<transpose><chromatic>-2</chromatic></transpose>';
    const text = Buffer.from(score([note('D5')], { attributes: transposing })).toString();
    expect(pitchesOf(melodyFromMusicXml(bytesOf(text)))).toEqual([72]);
    expect(pitchesOf(melodyFromMusicXml(bytesOf(text.replace('<part-list>', '<defaults><concert-score/></defaults><part-list>'))))).toEqual(
      [74],
    );
  });

  test('an empty measure lasts as long as its time signature says, also 3+2/8', () => {
    const time = '<time><beats>3+2</beats><beat-type>8</beat-type></time>';
    const melody = melodyFromMusicXml(score([note('C4:2.5'), '<print/>', note('D4')], { attributes: time }));
    expect(melody.notes!.map(({ start }) => start)).toEqual([0, 5]);
  });

  test('a jump back takes up the tempo that stood there', () => {
    const melody = melodyFromMusicXml(score([note('C4'), `<sound tempo="120"/>${note('D4')}${barline('<repeat direction="backward"/>')}`]));
    // 1 s at 60, 0.5 s at 120, and the same again
    expect(melody.notes!.map(({ start }) => start)).toEqual([0, 1, 1.5, 2.5]);
  });

  test('a score without tempo says that 120 was taken', () => {
    const text = Buffer.from(score([note('A4')]))
      .toString()
      .replace('<sound tempo="60"/>', '');
    const melody = melodyFromMusicXml(bytesOf(text));
    expect(melody.duration).toBe(0.5);
    expect(melody.remarks).toEqual(['The score gives no tempo, so 120 quarter notes a minute were taken.']);
  });

  test('UTF-16 and Latin-1 files are read by their mark or their declaration', () => {
    const text = Buffer.from(score([note('C4', lyric('schön'))])).toString();
    const utf16 = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(text.replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-16"?>'), 'utf16le'),
    ]);
    const latin1 = Buffer.from(text.replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="ISO-8859-1"?>'), 'latin1');
    expect(wordsOf(melodyFromMusicXml(utf16))).toBe('schön');
    expect(wordsOf(melodyFromMusicXml(latin1))).toBe('schön');
  });
});

describe('nasty scores', () => {
  test('an external DTD is ignored; an internal subset, and so every entity bomb, is refused', () => {
    expect(
      pitchesOf(melodyFromMusicXml(score(['A4'], { head: '<!DOCTYPE score-partwise PUBLIC "-//X" "http://localhost:1/never.dtd">' }))),
    ).toEqual([69]);
    const laughs =
      '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;"><!ENTITY lol2 "&lol1;&lol1;&lol1;&lol1;">]>';
    expect(() => melodyFromMusicXml(score(['A4'], { head: laughs }))).toThrow('declares entities or elements of its own');
    const file = '<!DOCTYPE a SYSTEM "x" [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>';
    expect(() => melodyFromMusicXml(score(['A4'], { head: file }))).toThrow(InputError);
    expect(() => melodyFromMusicXml(score([note('A4', lyric('&xxe;'))]))).toThrow('the XML is damaged');
  });

  test.each([
    ['no XML', 'hello', 'the XML is damaged at line 1'],
    ['a page', '<html><body>Not found</body></html>', 'holds <html>, not a score'],
    [
      'a cut file',
      Buffer.from(score(['A4']))
        .toString()
        .slice(0, -20),
      'damaged',
    ],
    ['no measures', '<score-partwise><part-list/></score-partwise>', 'no measure'],
    [
      'only rests',
      '<score-partwise><part id="P1"><measure><note><rest/><duration>4</duration></note></measure></part></score-partwise>',
      'no notes with a pitch',
    ],
    ['a very long note', Buffer.from(score([note('A4:100000')])).toString(), 'a duration of 100000 quarter notes; 0 to 10000'],
    [
      'a negative note',
      Buffer.from(score([note('A4')]))
        .toString()
        .replace('<duration>4<', '<duration>-4<'),
      'a duration of -1 quarter notes',
    ],
    ['an hour', Buffer.from(score([note('A4:9000')])).toString(), '150 minutes long; at most 30'],
    ['depth', `<score-partwise>${'<a>'.repeat(100)}`, 'nested deeper than 64 levels'],
  ])('%s is refused in one sentence', (_, text, message) => {
    expect(() => melodyFromMusicXml(bytesOf(text))).toThrow(InputError);
    expect(() => melodyFromMusicXml(bytesOf(text))).toThrow(message);
  });

  test('repeats that multiply for ever are refused', () => {
    const measure = `<barline location="left"><repeat direction="forward"/></barline>${note('A4:0.25')}${barline('<repeat direction="backward" times="100"/>')}`;
    expect(() => melodyFromMusicXml(score(new Array(300).fill(measure)))).toThrow('more than 20000 measures');
  });

  test('names of object members are no notes', () => {
    const text = Buffer.from(
      score([`${note('A4')}<note><pitch><step>constructor</step><octave>4</octave></pitch><duration>4</duration></note>`]),
    ).toString();
    expect(pitchesOf(melodyFromMusicXml(bytesOf(text)))).toEqual([69]);
  });

  test('a score of 6 MB is read within seconds', () => {
    const measure = Array.from({ length: 16 }, () =>
      note('A4:0.25', '<voice>1</voice><type>16th</type><stem>up</stem><staff>1</staff>'),
    ).join('');
    const bytes = score(new Array(2500).fill(measure));
    expect(bytes.length).toBeGreaterThan(5.5e6);
    const before = performance.now();
    expect(() => melodyFromMusicXml(bytes)).toThrow('minutes long'); // 10000 s
    expect(performance.now() - before).toBeLessThan(10_000); // about 1.3 s when the machine is idle
  });

  test('any change to a good score is read or refused with an InputError', () => {
    const good = readFileSync('fixtures/melody/da-capo.musicxml');
    const splice = fc.record({
      at: fc.nat(good.length),
      remove: fc.nat(60),
      insert: fc.oneof(
        fc.string({ maxLength: 20 }),
        fc.constantFrom('</note>', '<note>', '&amp;', '<![CDATA[', '<!--', '-1', '1e400', '<repeat direction="backward"/>'),
      ),
    });
    fc.assert(
      fc.property(fc.array(splice, { minLength: 1, maxLength: 4 }), (splices) => {
        let text = good.toString('latin1');
        for (const { at, remove, insert } of splices) text = text.slice(0, at) + insert + text.slice(at + remove);
        try {
          melodyFromMusicXml(Buffer.from(text, 'latin1'));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});

describe('unpackMxl', () => {
  const container = (path: string): Uint8Array => bytesOf(`<container><rootfiles><rootfile full-path="${path}"/></rootfiles></container>`);

  test('a bomb is refused after a few megabytes', () => {
    const bomb = zipSync({ 'META-INF/container.xml': container('a.xml'), 'a.xml': new Uint8Array(20e6) }, { level: 9 });
    expect(bomb.length).toBeLessThan(30_000);
    const before = performance.now();
    expect(() => unpackMxl(bomb)).toThrow(/"a\.xml" in the \.mxl archive unpacks to more than \d+ KiB, which no score needs/);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  test('a bomb beside the score is never opened', () => {
    const good = readFileSync('fixtures/melody/da-capo.musicxml');
    const archive = zipSync({ 'bomb.xml': new Uint8Array(10e6), 'META-INF/container.xml': container('a.xml'), 'a.xml': good });
    expect(unpackMxl(archive)).toEqual(new Uint8Array(good));
  });

  test.each([
    ['no container', { 'a.xml': new Uint8Array(3) }, 'no META-INF/container.xml'],
    ['no root file', { 'META-INF/container.xml': bytesOf('<container/>') }, 'names no score'],
    ['a missing score', { 'META-INF/container.xml': container('../../etc/passwd') }, 'does not hold "../../etc/passwd"'],
    ['a container that is a bomb', { 'META-INF/container.xml': new Uint8Array(1e6).fill(32) }, 'unpacks to more than'],
    ['entities in the container', { 'META-INF/container.xml': bytesOf('<!DOCTYPE a [<!ENTITY b "c">]><container/>') }, 'declares entities'],
  ] as [string, Record<string, Uint8Array>, string][])('%s is refused in one sentence', (_, files, message) => {
    expect(() => unpackMxl(zipSync(files))).toThrow(InputError);
    expect(() => unpackMxl(zipSync(files))).toThrow(message);
  });

  test('very many entries are refused', () => {
    const files = Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`${i}`, new Uint8Array(1)]));
    expect(() => unpackMxl(zipSync(files))).toThrow('more than 1000 entries');
  });

  test('any change to a good archive is read or refused with an InputError', () => {
    const good = readFileSync('examples/tunes/frere-jacques.mxl');
    const streamed = readFileSync('fixtures/melody/streamed.mxl');
    const change = fc.record({ at: fc.nat(1272), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.boolean(), fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(1400), (which, changes, length) => {
        const bytes = Uint8Array.from(which ? good : streamed);
        for (const { at, value } of changes) bytes[at] = value;
        for (const candidate of [bytes, bytes.subarray(0, length)]) {
          try {
            melodyFromMusicXml(candidate);
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        }
      }),
      { numRuns: 400, seed: 4 },
    );
  });
});
