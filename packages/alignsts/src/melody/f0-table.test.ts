import { InputError } from '@alignsts/signal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FRAME_RATE, framesOf, frameTime } from '../grid.ts';
import { melodyFromF0Csv, melodyFromF0Json } from './f0-table.ts';
import { melodyToCsv } from './melody-csv.ts';
import { parseTune } from './tune.ts';

describe('melodyFromF0Csv', () => {
  test('between voiced rows the pitch runs straight in log F0; on a row it is the row', () => {
    // rows every 16 ms fall on every third frame
    const { f0, duration } = melodyFromF0Csv('0,220\n0.016,440\n0.032,440');
    expect(f0).toBeAllClose([220, 220 * 2 ** (1 / 3), 220 * 2 ** (2 / 3), 440, 440, 440, 440, 440], { atol: 1e-4, rtol: 0 });
    expect(duration).toBeCloseTo(0.04, 12); // the last row stands for 8 ms more
  });

  test('voicing changes half way between rows, and no frame gets a pitch nobody wrote', () => {
    const { f0 } = melodyFromF0Csv('0,0\n0.016,300\n0.032,--\n0.048,-200\n0.064,nan\n0.08,200');
    expect(f0).toBeAllClose([0, 0, 300, 300, 300, 0, 0, 0, 0, 0, 0, 0, 0, 0, 200, 200, 200], { atol: 1e-4, rtol: 0 });
  });

  test('where rows are left out, as trackers do in pauses, nothing sounds', () => {
    const rows = [0, 0.01, 0.02, 0.03, 0.5, 0.51, 0.52].map((time) => `${time} 200`).join('\n');
    const { f0 } = melodyFromF0Csv(rows);
    const voiced = Array.from(f0.keys()).filter((m) => f0[m]! > 0);
    // half a step, 5 ms, is sung after 0.03 s and before 0.5 s
    expect(voiced.map(frameTime).every((time) => time <= 0.0351 || time >= 0.4949)).toBe(true);
    expect(voiced.length).toBe(7 + 6);
  });

  test.each([
    ['a header', 'time,f0\n0,220\n0.01,220'],
    ['swapped columns', 'frequency;time\n220;0\n220;0.01'],
    ['milliseconds', 'time (ms)\tpitch\n0\t220\n10\t220'],
    ['MIDI numbers', 'time,midi\n0,57\n0.01,57'],
    ['decimal commas', '0,00;220,0\n0,01;220,0'],
    ['spaces and comments', '# made by hand\n\n 0.00   220\n 0.01   220\n'],
    ['quotes and CRLF', '"Time","F0"\r\n"0","220"\r\n"0.01","220"\r\n'],
    ["Praat's listing", 'Time_s   F0_Hz\n0.00   220.0\n0.01   220.0\n'],
    ['a byte order mark', '\uFEFFtime,f0\n0,220\n0.01,220'],
  ])('reads a table with %s', (_, text) => {
    expect(melodyFromF0Csv(text.replace(/^\uFEFF/, '')).f0).toBeAllClose([220, 220, 220], { atol: 1e-4 });
  });

  test('one column needs the step', () => {
    expect(melodyFromF0Csv('220\n220\n220', { hop: 128 / 24000 }).f0).toEqual(Float32Array.of(220, 220, 220));
    expect(() => melodyFromF0Csv('220\n220')).toThrow('the time between its rows must be given (hop, in seconds)');
  });

  test('confidence is kept; where it is the only sign of voicing, rows below 0.5 are unvoiced', () => {
    const crepe = melodyFromF0Csv('time,frequency,confidence\n0,220,0.9\n0.016,220,0.9\n0.032,900,0.2\n0.048,900,0.1');
    expect(crepe.f0).toBeAllClose([220, 220, 220, 220, 220, 0, 0, 0, 0, 0, 0], { atol: 1e-4 });
    expect(crepe.remarks).toEqual([
      'The table marks no row as unvoiced, so the 2 of 4 rows with a confidence below 0.5 were taken as unvoiced.',
    ]);
    const marked = melodyFromF0Csv('time,frequency,confidence\n0,220,0.9\n0.016,220,0.3\n0.032,0,0');
    expect(marked.f0[3]).toBe(220);
    expect(marked.confidence!.subarray(0, 7)).toBeAllClose([0.9, 0.7, 0.5, 0.3, 0.2, 0.1, 0], { atol: 1e-6 });
  });

  test('a stray value becomes unvoiced and is told', () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${i * 0.016},${i === 50 ? 6000 : 220}`).join('\n');
    const melody = melodyFromF0Csv(rows);
    expect(melody.f0[150]).toBe(0);
    expect(melody.remarks[0]).toContain('1 of 100 voiced rows lay outside 40 to 1500 Hz');
  });

  test.each([
    ['0,220', 'has 1 row; at least 2'],
    ['', 'has 0 rows'],
    ['0,220\n0.01,abc', 'line 2 of the F0 table has "abc" where a frequency'],
    ['0,220\n0,220', 'line 2 of the F0 table has time 0 s, which does not come after the 0 s before it'],
    ['0,220\n-1,220', 'line 2 of the F0 table has no time that can be used (-1)'],
    ['0,220\nx,220', 'no time that can be used (NaN)'],
    ['0,220\n9999,220', 'goes to 9999 s; at most 1800 s'],
    ['a,b\n0,220', 'has the columns "a", "b"; "time" and "f0" are needed'],
    ['0,220\n0.1,Infinity', 'has "Infinity" where a frequency'],
  ])('%j is refused', (text, message) => {
    expect(() => melodyFromF0Csv(text)).toThrow(InputError);
    expect(() => melodyFromF0Csv(text)).toThrow(message);
  });

  test('what melodyToCsv writes is read back frame by frame', () => {
    const melody = parseTune('@60 A4:0.3 R:0.11 C5:0.2 R:0.1');
    const back = melodyFromF0Csv(melodyToCsv(melody));
    expect(back.f0).toBeAllClose(melody.f0, { atol: 0.0006, rtol: 0 }); // three decimals
    const tracked = { ...melody, confidence: melody.f0.map((hertz) => (hertz > 0 ? 0.75 : 0.125)) };
    expect(melodyFromF0Csv(melodyToCsv(tracked)).confidence).toBeAllClose(tracked.confidence, { atol: 1e-3, rtol: 0 });
  });

  test('any text is read or refused with an InputError', () => {
    const cell = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.double().map(String),
      fc.constantFrom('time', 'f0', '0', '0.01', '220', 'nan', '"', ';', '\t'),
    );
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 8 }), fc.constantFrom(',', ';', ' ', '\t'), (rows, separator) => {
        try {
          melodyFromF0Csv(rows.map((row) => row.join(separator)).join('\n'));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 500, seed: 5 },
    );
  });
});

describe('melodyFromF0Json', () => {
  const curve = [220, 220, 0, 0, 247, 247];
  const times = curve.map((_, m) => frameTime(m));
  test.each([
    ['times and f0', { times, f0: curve }],
    ['hop and f0', { hop: 128 / 24000, f0: curve.map((hertz) => hertz || null) }],
    ['entries', curve.map((f0, m) => ({ time: times[m], f0 }))],
    ['pairs', curve.map((f0, m) => [times[m], f0])],
  ])('reads %s', (_, value) => {
    expect(melodyFromF0Json(JSON.stringify(value)).f0).toBeAllClose(curve, { atol: 1e-4, rtol: 0 });
  });

  test('start moves the first frame', () => {
    const melody = melodyFromF0Json(JSON.stringify({ hop: 128 / 24000, start: 1.001, f0: curve }));
    expect(melody.f0.length).toBe(framesOf(1.001 + 5.5 / FRAME_RATE));
    expect(melody.f0.findIndex((hertz) => hertz > 0)).toBe(188); // at 1.0027 s; frame 187 is more than half a step before 1.001 s
  });

  test.each([
    ['{', 'no valid JSON'],
    ['3', 'the JSON holds 3, not an F0 table'],
    ['{"a":1}', 'the JSON holds no list "f0"'],
    ['{"f0":[1,2]}', 'neither "times" nor a "hop" above 0'],
    ['{"f0":[1,2],"times":[0]}', 'has 1 times but 2 values'],
    ['{"f0":[1,2],"hop":-1}', 'neither "times" nor a "hop" above 0'],
    ['{"f0":["x",2],"hop":0.01}', 'entry 1 of the F0 table has "x" where a frequency'],
    ['[{"time":0,"f0":220},7]', 'entry 2 of the F0 table is 7'],
    ['[[0,220],[0,220]]', 'entry 2 of the F0 table has time 0 s'],
    ['{"f0":[220,220],"times":[0,"1"]}', 'entry 2 of the F0 table has no time that can be used'],
  ])('%s is refused', (text, message) => {
    expect(() => melodyFromF0Json(text)).toThrow(InputError);
    expect(() => melodyFromF0Json(text)).toThrow(message);
  });

  test('any JSON is read or refused with an InputError', () => {
    const hertz = fc.oneof(fc.double(), fc.constant(null), fc.string());
    const value = fc.oneof(
      fc.jsonValue(),
      fc.record({ hop: fc.jsonValue(), f0: fc.array(hertz) }),
      fc.array(fc.array(hertz)),
      fc.record({ times: fc.array(hertz), f0: fc.array(hertz) }),
    );
    fc.assert(
      fc.property(value, (json) => {
        try {
          melodyFromF0Json(JSON.stringify(json));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 500, seed: 6 },
    );
    expect(() => melodyFromF0Json('['.repeat(100_000))).toThrow(InputError);
  });
});
