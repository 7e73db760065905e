import { readFileSync } from 'node:fs';
import { encodeWav, InputError } from '@alignsts/signal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { melodyToCsv } from './melody-csv.ts';
import { melodyToMidi } from './midi/midi-write.ts';
import { playAsTone } from './play-as-tone.ts';
import { melodyFormatOf, openMelody, readMelody } from './read-melody.ts';
import { parseTune } from './tune.ts';

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8');

describe('readMelody', () => {
  test.each([
    ['examples/tunes/twinkle.txt', 'tune', 42],
    ['examples/tunes/happy-birthday.txt', 'tune', 25],
    ['examples/tunes/ode-to-joy.mid', 'midi', 62],
    ['examples/tunes/auld-lang-syne.mid', 'midi', 28],
    ['examples/tunes/amazing-grace.musicxml', 'musicxml', 32],
    ['examples/tunes/greensleeves.musicxml', 'musicxml', 72],
    ['examples/tunes/frere-jacques.mxl', 'musicxml', 32],
  ])('%s is read by its content, whatever it is called', async (path, kind, noteCount) => {
    const melody = await readMelody(readFileSync(path), { name: 'thing.wav' });
    expect(melody.source.kind).toBe(kind);
    expect(melody.notes!.length).toBe(noteCount);
    // in every example all notes have words but those that a slur or a rest of a word covers
    expect(melody.notes!.filter((note) => note.lyric).length).toBeGreaterThan(0.8 * noteCount);
  });

  test.each([
    ['fixtures/melody/long.PitchTier', 'pitch-tier'],
    ['fixtures/melody/binary.PitchTier', 'pitch-tier'],
  ])('%s is a PitchTier', async (path, format) => {
    expect(melodyFormatOf(readFileSync(path))).toBe(format);
    expect((await readMelody(readFileSync(path))).duration).toBe(1.6);
  });

  test('tables in CSV and JSON are told from tunes', async () => {
    const tune = parseTune('@60 A4:1 C5:1');
    expect((await readMelody(bytesOf(melodyToCsv(tune)))).f0).toBeAllClose(tune.f0, { atol: 0.0006 });
    expect((await readMelody(bytesOf('220\n220\n220'), { table: { hop: 0.1 } })).duration).toBeCloseTo(0.25, 12);
    expect(melodyFormatOf(bytesOf('time F0\n0 1'))).toBe('f0-csv');
    expect(melodyFormatOf(bytesOf(' [ [0,220], [1,220] ]'))).toBe('f0-json');
    expect(melodyFormatOf(bytesOf('F0 G4'))).toBe('tune');
  });

  test('a recording is tracked, segmented into its notes, and kept as the reference', async () => {
    const tune = parseTune('@60 A3:0.6 R:0.2 C4:0.5 E4:0.7');
    const { melody, reference } = await openMelody(encodeWav(playAsTone(tune, { sampleRate: 44100 })), { name: 'hum.wav' });
    expect(melody.source).toEqual({ kind: 'recording', name: 'hum.wav' });
    expect(reference!.sampleRate).toBe(24000);
    expect(melody.f0.length).toBe(tune.f0.length);
    expect(melody.confidence!.length).toBe(melody.f0.length);
    // notes begin and end where the tone is eased in and out
    expect(melody.notes!.flatMap(({ start, end, pitch }) => [start, end, pitch])).toBeAllClose([0, 0.6, 57, 0.8, 1.3, 60, 1.3, 2, 64], {
      atol: 0.04,
      rtol: 0,
    });
    const inside = Array.from(tune.f0.keys()).filter((m) => m > 10 && m < 100);
    for (const m of inside) expect(Math.abs(1200 * Math.log2(melody.f0[m]! / 220))).toBeLessThan(2);
  });

  test('an octave jump in a recording is named, and repaired on request', async () => {
    // a voice at 220 Hz that creaks for a tenth of a second: every other pulse is weaker, so the sound really repeats at 110 Hz there
    const samples = Float32Array.from({ length: 41_000 }, (_, n) => {
      const creaks = n >= 19_200 && n < 21_600;
      let value = 0;
      for (let h = 1; h <= 8; h++) value += (0.1 * Math.sin((2 * Math.PI * 220 * h * n) / 24000)) / h;
      for (let h = 1; creaks && h <= 15; h += 2) value += 0.05 * Math.sin((2 * Math.PI * 110 * h * n) / 24000);
      return value;
    });
    const bytes = encodeWav({ samples, sampleRate: 24000 });
    const marked = await readMelody(bytes);
    expect(marked.remarks).toEqual([
      'One octave jump of the pitch tracker (at 0.79 s) was found and left as it is; ask for octave repair to correct it.',
    ]);
    expect(marked.f0.filter((hertz) => hertz > 0 && hertz < 150).length).toBeGreaterThan(15);
    const repaired = await readMelody(bytes, { recording: { repairOctaves: true } });
    expect(repaired.remarks).toEqual(['One octave jump of the pitch tracker (at 0.79 s) was repaired.']);
    expect(repaired.f0.every((hertz) => hertz === 0 || (hertz > 200 && hertz < 240))).toBe(true);
    expect(repaired.notes!.map(({ pitch }) => Math.round(pitch))).toEqual([57]);
  });

  test('transposition and tempo are applied before the range is checked', async () => {
    const piccolo = bytesOf('@60 C8:1 D8:1');
    await expect(readMelody(piccolo)).rejects.toThrow('too high to be sung');
    const melody = await readMelody(piccolo, { transpose: -36, tempo: 2 });
    expect(melody.duration).toBe(1);
    expect(melody.f0[0]).toBeCloseTo(523.25, 2);
    expect((await readMelody(piccolo, { range: 'any' })).f0[0]).toBeGreaterThan(4000);
  });

  test('options of the score and the MIDI file reach their readers', async () => {
    expect(
      (await readMelody(readFileSync('examples/tunes/amazing-grace.musicxml'), { musicXml: { verse: 2 } })).notes![0]!.lyric!.text,
    ).toBe("'Twas");
    expect((await readMelody(readFileSync('examples/tunes/ode-to-joy.mid'), { midi: { track: 'Piano' } })).source.name).toBe('Piano');
  });

  test.each([
    ['nothing', '', 'the melody file "x" is empty (0 bytes). Give a sung or hummed recording'],
    ['prose', 'Once upon a time there was no melody.', 'the melody file "x" is a text that is no melody. Give'],
    ['noise', '\x00\x01\x02\x03 binary rubbish \xff\xfe\x00', 'the melody "x" cannot be read: The file is not audio in a known format'],
    ['a web page', '<!DOCTYPE html><html><body></body></html>', 'holds <html>, not a score'],
    ['rests only', 'R:4', 'has no notes'],
    ['silence', encodeWav({ samples: new Float32Array(24000), sampleRate: 24000 }), 'has no voiced frame: nothing in it has a pitch'],
    ['50 ms', encodeWav(playAsTone(parseTune('@60 A4:0.05'))), 'lasts 0.050 s; at least 0.2 s'],
    ['a PDF', '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00', 'a PDF document'],
  ])('%s is refused in a sentence or two', async (_, content, message) => {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
    await expect(readMelody(bytes, { name: 'x' })).rejects.toThrow(InputError);
    await expect(readMelody(bytes, { name: 'x' })).rejects.toThrow(message);
  });

  test('any bytes are read or refused with an InputError', async () => {
    const heads = [
      '',
      'MThd',
      'PK\x03\x04',
      '<?xml version="1.0"?><score-partwise>',
      '{"f0":',
      'ooBinaryFile\x09PitchTier',
      '"ooTextFile"\n"PitchTier"\n',
      'C4:1 ',
      '0,220\n',
      'RIFF\0\0\0\0WAVE',
      'fLaC',
      'OggS',
      'ID3',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 400 }), async (head, tail) => {
        try {
          await readMelody(Buffer.concat([Buffer.from(head, 'latin1'), tail]));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 300, seed: 8 },
    );
  });
});

test('what is read from a MIDI file and written again sounds the same', async () => {
  const melody = await readMelody(readFileSync('examples/tunes/ode-to-joy.mid'));
  const again = await readMelody(melodyToMidi(melody));
  expect(again.f0.length).toBe(melody.f0.length);
  // ticks are rounded, so at most the first frame of a note may differ
  expect(again.f0.filter((hertz, m) => Math.abs(hertz - melody.f0[m]!) > 0.01).length).toBeLessThanOrEqual(melody.notes!.length);
});
