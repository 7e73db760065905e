import { readFileSync } from 'node:fs';
import { InputError } from '@alignsts/signal';
import fc from 'fast-check';
import { parseMidi as parseWithMidiFile } from 'midi-file';
import { describe, expect, test } from 'vitest';
import { framesOf } from '../../grid.ts';
import type { Melody, Note } from '../melody.ts';
import { hertzToMidi } from '../pitch-scale.ts';
import { parseTune } from '../tune.ts';
import { listMidiVoices, melodyFromMidi } from './midi.ts';
import { parseMidi } from './midi-file.ts';
import { melodyToMidi } from './midi-write.ts';

type Row = [start: number, end: number, pitch: number];
const expected = JSON.parse(readFileSync('fixtures/melody/expected.json', 'utf8')) as {
  midi: Record<string, { mido: Row[]; pretty_midi: Row[] }>;
};
const fixture = (name: string): Uint8Array => readFileSync(`fixtures/melody/${name}`);
const rowsOf = ({ notes }: Melody): Row[] => notes!.map(({ start, end, pitch }) => [start, end, pitch]);
const wordsOf = ({ notes }: Melody): string =>
  notes!
    .map(({ lyric }) =>
      lyric ? lyric.text + (lyric.extend ? '_' : '') + (lyric.syllabic === 'begin' || lyric.syllabic === 'middle' ? '-' : ' ') : '',
    )
    .join('')
    .trim();

describe('melodyFromMidi', () => {
  test.each(Object.keys(expected.midi))('reads the notes of %s as mido and pretty_midi do', (path) => {
    const melody = melodyFromMidi(readFileSync(path));
    for (const rows of Object.values(expected.midi[path]!)) {
      // the values are written down to a microsecond
      expect(rowsOf(melody).flat()).toBeAllClose(rows.flat(), { atol: 1e-6, rtol: 0 });
    }
  });

  test('of several tracks the one with words is sung, and the choice is told', () => {
    const melody = melodyFromMidi(readFileSync('examples/tunes/ode-to-joy.mid'));
    expect(melody.source).toEqual({ kind: 'midi', name: 'Gesang', tempo: 116 });
    expect(melody.remarks).toEqual([
      'The melody was taken from track 2 "Gesang" channel 1 (62 notes, A3 to A4); there are also track 3 "Piano" channel 2 (48 notes, C#3 to F#4).',
    ]);
    expect(wordsOf(melody)).toMatch(/^Freu-de, schö-ner Göt-ter-fun-ken, Toch-ter aus E-ly-si-um, .* wo dein sanf-ter Flü-gel weilt\.$/);
    expect(wordsOf(melody)).toContain('bin-den_ wie-der');
  });

  test('karaoke texts: "/" and "\\" begin lines, a space begins a word, headers are no words', () => {
    expect(wordsOf(melodyFromMidi(readFileSync('examples/tunes/auld-lang-syne.mid')))).toBe(
      'Should auld ac-quain-tance be for-got, and nev-er brought to mind? Should auld ac-quain-tance be for-got, and days of auld lang syne?',
    );
  });

  test.each(['utf-8', 'latin-1', 'shift_jis'])('words in %s are recognised', (charset) => {
    expect(wordsOf(melodyFromMidi(fixture(`words-${charset}.mid`)))).toBe(charset === 'shift_jis' ? 'さ くら' : 'schö-ner');
  });

  test('a named encoding is obeyed, an unknown one refused', () => {
    expect(wordsOf(melodyFromMidi(fixture('words-latin-1.mid'), { encoding: 'windows-1251' }))).toBe('schц-ner');
    expect(() => melodyFromMidi(fixture('words-utf-8.mid'), { encoding: 'klingon' })).toThrow('text encoding "klingon" is unknown');
  });

  test('tracks are chosen by number, by name and by channel; what is not there is answered with what is', () => {
    const bytes = readFileSync('examples/tunes/ode-to-joy.mid');
    expect(melodyFromMidi(bytes, { track: 3, overlap: 'highest' }).notes!.length).toBe(16);
    expect(melodyFromMidi(bytes, { track: 'PIANO' }).source.name).toBe('Piano');
    expect(melodyFromMidi(bytes, { channel: 2 }).source.name).toBe('Piano');
    expect(() => melodyFromMidi(bytes, { track: 'Flute' })).toThrow('no notes on track "Flute"; there are track 2 "Gesang" channel 1');
    expect(() => melodyFromMidi(bytes, { track: 1 })).toThrow(InputError);
    expect(() => melodyFromMidi(bytes, { channel: 16 })).toThrow('no notes on channel 16');
    expect(listMidiVoices(bytes)).toEqual([
      { track: 2, channel: 1, name: 'Gesang', noteCount: 62, lowest: 57, highest: 69, lyricCount: 60 },
      { track: 3, channel: 2, name: 'Piano', noteCount: 48, lowest: 49, highest: 66, lyricCount: 0 },
    ]);
  });

  test('SMPTE division counts frames: 25·40 ticks a second, whatever the tempo event says', () => {
    expect(rowsOf(melodyFromMidi(fixture('smpte.mid')))).toEqual([
      [0, 1, 60],
      [1, 2, 64],
    ]);
  });

  test('the patterns of a format 2 file keep their own tempos', () => {
    expect(rowsOf(melodyFromMidi(fixture('patterns.mid'), { track: 'slow' }))).toEqual([
      [0, 1, 60],
      [1, 3, 62],
    ]);
    expect(rowsOf(melodyFromMidi(fixture('patterns.mid'), { track: 'fast' }))).toEqual([
      [0, 0.25, 72],
      [0.25, 0.75, 74],
    ]);
  });

  test('of overlapping notes the last one is heard, or the highest', () => {
    const last = melodyFromMidi(fixture('piano.mid'));
    expect(rowsOf(last)).toEqual([
      [0, 0.5, 72],
      [0.5, 1, 74],
      [1, 2, 76],
    ]);
    expect(last.remarks[0]).toMatch(/^\d of 5 notes overlapped others; of sounding notes the one that began last was kept\./);
    expect(rowsOf(melodyFromMidi(fixture('piano.mid'), { overlap: 'highest' }))).toEqual(rowsOf(last));
  });

  test('bends: a slide of 12.5 semitones, vibrato around the key, and a note held a quarter of a semitone sharp', () => {
    const melody = melodyFromMidi(fixture('bends.mid'));
    const at = (time: number): number => hertzToMidi(melody.f0[framesOf(time) - 1]!);
    const tick = 0.5 / 96; // 120 beats a minute, 96 ticks a beat
    // 8 steps of 1024 units out of 8192 from -12.5 semitones, one every 12 ticks
    for (let step = 0; step <= 8; step++) expect(at((12 * step + 6) * tick)).toBeCloseTo(57 - 12.5 * (1 - step / 8), 4);
    expect(melody.notes!.map((note) => note.pitch)).toBeAllClose([57, 60 - (200 / 8192) * 12.5, 64 + (328 / 8192) * 12.5], {
      atol: 1e-9,
      rtol: 0,
    });
    expect(at((216 + 192 + 96 + 6) * tick)).toBeCloseTo(64.5, 2);
  });

  test.each([
    ['nothing', '', 'does not begin with "MThd"'],
    ['a header alone', '4d546864000000060000000100600000', 'holds no track'],
    ['format 9', '4d54686400000006000900010060', 'has format 9; 0, 1 and 2 are allowed'],
    ['no ticks', '4d54686400000006000000010000', '0 ticks a quarter note'],
    ['a strange frame rate', '4d5468640000000600000001f101', 'counts 15 frames a second'],
    ['a cut header', '4d546864000000', 'damaged at byte 7'],
    ['a cut track', '4d546864000000060000000100604d54726b0000001000903c', 'track 1 of the MIDI file is damaged at byte 25'],
    ['an endless number', '4d546864000000060000000100604d54726b00000006ffffffffff7f', 'longer than four bytes'],
    ['data without status', '4d546864000000060000000100604d54726b000000040040407f', 'byte 0x40 stands where an event should begin'],
    ['a status as data', '4d546864000000060000000100604d54726b0000000400908040', 'byte 0x80 stands where data should be'],
    [
      'a text of 2 MB in 3 bytes',
      '4d546864000000060000000100604d54726b0000000700ff05ffff7f41',
      'an event declares 2097151 bytes but 1 are left',
    ],
    ['a system event', '4d546864000000060000000100604d54726b0000000400f1f1f1', 'byte 0xf1 is no event'],
    ['no notes', '4d546864000000060000000100604d54726b0000000400ff2f00', 'has no notes'],
    ['a note of no length', '4d546864000000060000000100604d54726b0000000c00903c4000803c4000ff2f00', 'has no notes'],
  ])('%s is refused in one sentence', (_, hex, message) => {
    const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
    expect(() => melodyFromMidi(bytes)).toThrow(InputError);
    expect(() => melodyFromMidi(bytes)).toThrow(message);
  });

  test('a note that lasts for years is refused before memory is taken for it', () => {
    const bytes = Uint8Array.from(Buffer.from('4d546864000000060000000100014d54726b0000000f00903c40ffffff7f803c4000ff2f00', 'hex'));
    expect(() => melodyFromMidi(bytes)).toThrow('minutes long; at most 30 minutes');
  });
});

describe('a MIDI file with very many events', () => {
  /** `count` notes on and off in two bytes each (running status). */
  function manyEvents(events: number, makeEvent: (i: number) => number[]): Uint8Array {
    const body: number[] = [0, 0x90, 60, 1];
    for (let i = 1; i < events; i++) for (const byte of makeEvent(i)) body.push(byte);
    body.push(0, 0xff, 0x2f, 0);
    const head = Buffer.from('4d54686400000006000000017fff4d54726b', 'hex');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Uint8Array.from(Buffer.concat([head, length, Uint8Array.from(body)]));
  }

  test('999,000 notes on and off are read within seconds', () => {
    const bytes = manyEvents(999_000, (i) => [1, 60, i % 2]);
    const before = performance.now();
    const melody = melodyFromMidi(bytes);
    expect(melody.notes!.length).toBe(499_500);
    expect(performance.now() - before).toBeLessThan(10_000); // about 1.5 s when the machine is idle
  });

  test('more than a million are refused', () => {
    expect(() => melodyFromMidi(manyEvents(1_000_001, (i) => [1, 60, i % 2]))).toThrow('more than 1000000 events');
  });

  test('half a million words are read within seconds', () => {
    const bytes = manyEvents(500_000, (i) => (i % 2 ? [0, 0xff, 5, 2, 0x61, 0x2d] : [1, 0x90, 60 + (i % 4), 1]));
    const before = performance.now();
    expect(melodyFromMidi(bytes).notes!.length).toBeGreaterThan(1000);
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  test('a long row of hyphens in a word does not slow the reading down', () => {
    const text = [...new Array(200_000).fill(0x2d), 0x61];
    const bytes = manyEvents(3, (i) => (i === 1 ? [0, 0xff, 5, 0x8c, 0x9a, 0x41, ...text] : [96, 0x80, 60, 0]));
    const before = performance.now();
    expect(melodyFromMidi(bytes).notes!.length).toBe(1);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('melodyToMidi', () => {
  test('what is written is read back: notes to half a tick, words, tempo and name', () => {
    const melody = parseTune('@77 C4:1=A- D4:1/3=maz- E4=_ F#4:2/3=ing R:1 Bb3:1.25=gräce', { name: 'Ämazing' });
    const back = melodyFromMidi(melodyToMidi(melody));
    // a tick at 77 beats a minute and 960 a beat lasts 0.81 ms; tempo is kept in whole microseconds
    expect(rowsOf(back).flat()).toBeAllClose(rowsOf(melody).flat(), { atol: 0.00041, rtol: 1e-6 });
    expect(back.notes!.map((note) => note.lyric)).toEqual(melody.notes!.map((note) => note.lyric));
    expect(back.source.name).toBe('Ämazing');
    expect(back.source.tempo).toBeCloseTo(77, 3);
  });

  test('midi-file, another reader, finds the same notes and words in what is written', () => {
    const file = parseWithMidiFile(melodyToMidi(parseTune('C4:1=la D4:2=le @60')));
    expect(file.header).toMatchObject({ format: 0, numTracks: 1, ticksPerBeat: 960 });
    expect(
      file.tracks[0]!.map((event) => [
        event.deltaTime,
        event.type,
        'noteNumber' in event ? event.noteNumber : 'text' in event ? event.text : 0,
      ]),
    ).toEqual([
      [0, 'setTempo', 0],
      [0, 'lyrics', 'la '],
      [0, 'noteOn', 60],
      [960, 'noteOff', 60],
      [0, 'lyrics', 'le '],
      [0, 'noteOn', 62],
      [1920, 'noteOff', 62],
      [0, 'endOfTrack', 0],
    ]);
  });

  test('random notes survive the round trip', () => {
    const part = fc.record({
      rest: fc.integer({ min: 0, max: 500 }),
      length: fc.integer({ min: 5, max: 900 }),
      pitch: fc.integer({ min: 0, max: 127 }),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 30 }), (parts) => {
        let time = 0;
        const notes: Note[] = parts.map(({ rest, length, pitch }) => {
          const start = time + rest / 1000;
          time = start + length / 1000;
          return { start, end: time, pitch };
        });
        const melody: Melody = { f0: new Float32Array(framesOf(time)), duration: time, notes, source: { kind: 'tune' }, remarks: [] };
        // half a tick at the 120 beats a minute of a melody without tempo
        expect(rowsOf(melodyFromMidi(melodyToMidi(melody))).flat()).toBeAllClose(rowsOf(melody).flat(), { atol: 0.00027, rtol: 1e-9 });
      }),
      { numRuns: 50 },
    );
  });

  test('with bends the F0 curve survives to a cent', () => {
    const duration = 2;
    const f0 = Float32Array.from(
      { length: framesOf(duration) },
      (_, m) => 220 * 2 ** ((3 * Math.sin(m / 40) + 0.5 * Math.sin(m / 5)) / 12),
    );
    const notes: Note[] = [
      { start: 0, end: 1, pitch: 57 },
      { start: 1, end: 2, pitch: 60 },
    ];
    const back = melodyFromMidi(melodyToMidi({ f0, duration, notes, source: { kind: 'recording' }, remarks: [] }, { bends: 'f0' }));
    expect(back.f0.length).toBe(f0.length);
    const cents = back.f0.map((hertz, m) => (hertz === 0 ? 0 : 1200 * Math.log2(hertz / f0[m]!)));
    // range 7 semitones over 8192 steps: half a step is 0.043 cents; the last frame, at 2 s, lies behind the last note
    expect(cents).toBeAllClose(new Float32Array(f0.length), { atol: 0.05, rtol: 0 });
    expect(back.f0.indexOf(0)).toBe(f0.length - 1);
  });

  test('a curve without notes is segmented first', () => {
    const curve = parseTune('@60 A4:1 R:1/2 C5:1');
    const { notes: _, ...bare } = curve;
    const rows = rowsOf(melodyFromMidi(melodyToMidi(bare)));
    // the segmentation may place an edge a few frames off
    expect(rows.flat()).toBeAllClose([0, 1, 69, 1.5, 2.5, 72], { atol: 0.03, rtol: 0 });
  });

  test('what MIDI cannot hold is refused', () => {
    const melody = parseTune('A4:1');
    expect(() => melodyToMidi({ ...melody, notes: [] })).toThrow('no notes to write as MIDI');
    expect(() => melodyToMidi({ ...melody, notes: [{ start: 0, end: 1, pitch: 140 }] })).toThrow('MIDI has the keys 0 to 127');
    expect(() => melodyToMidi(melody, { tempo: 0 })).toThrow('4 to 10000');
  });
});

describe('parseMidi', () => {
  test('any bytes, and any change to a good file, are read or refused with an InputError', () => {
    const good = readFileSync('examples/tunes/ode-to-joy.mid');
    const tryRead = (bytes: Uint8Array): void => {
      try {
        melodyFromMidi(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => tryRead(Buffer.concat([good.subarray(0, 14), bytes]))),
      { numRuns: 300, seed: 1 },
    );
    const change = fc.record({ at: fc.nat(good.length - 1), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(good.length), (changes, length) => {
        const bytes = Uint8Array.from(good);
        for (const { at, value } of changes) bytes[at] = value;
        tryRead(bytes);
        tryRead(bytes.subarray(0, length));
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  test('agrees with midi-file on the events of a good file', () => {
    const bytes = readFileSync('examples/tunes/ode-to-joy.mid');
    const ours = parseMidi(bytes).tracks.map(({ events }) =>
      events.filter((event) => event.kind === 'note-on').map((event) => [event.tick, event.key]),
    );
    const theirs = parseWithMidiFile(bytes).tracks.map((track) => {
      let tick = 0;
      return track.flatMap((event) => {
        tick += event.deltaTime;
        return event.type === 'noteOn' ? [[tick, event.noteNumber]] : [];
      });
    });
    expect(ours).toEqual(theirs);
  });

  test('a MIDI file wrapped in RIFF is read', () => {
    const midi = fixture('smpte.mid');
    const riff = Buffer.concat([Buffer.from('RIFF\0\0\0\0RMIDdata\0\0\0\0', 'latin1'), midi]);
    expect(parseMidi(riff)).toEqual(parseMidi(midi));
  });
});
