import { createRealFft, InputError } from '@alignsts/signal';
import { describe, expect, test } from 'vitest';
import { framesOf } from '../grid.ts';
import { drawTerminal } from './draw-terminal.ts';
import type { Melody } from './melody.ts';
import { notesToCsv } from './melody-csv.ts';
import { noteName, parseNoteName } from './note-name.ts';
import { playAsTone } from './play-as-tone.ts';
import { parseTune } from './tune.ts';

describe('note names', () => {
  test('A4 is 69, C4 is 60, and the distance from the nearest note is told in cents', () => {
    expect(noteName(69)).toBe('A4');
    expect(noteName(60)).toBe('C4');
    expect(noteName(60.31)).toBe('C4+31c');
    expect(noteName(59.6)).toBe('C4-40c');
    expect(noteName(-1)).toBe('B-2');
    for (let pitch = 0; pitch < 132; pitch++) expect(parseNoteName(noteName(pitch))).toBe(pitch);
    expect(['Cb4', 'B#3', 'Fbb4', 'C##4'].map(parseNoteName)).toEqual([59, 60, 63, 62]);
    expect(['H4', 'C', 'C10', '4', 'C#b4', 'C###4', ''].map(parseNoteName)).toEqual(new Array(7).fill(undefined));
  });
});

describe('drawTerminal', () => {
  test('a tune is a piano roll with note names, seconds and words', () => {
    expect(drawTerminal(parseTune('@60 C4:2=Do E4:1=re D4:1=mi R:1 C4:1=fa'), { width: 42, ascii: true })).toBe(
      [
        '  E4 |            [=====',
        ' D#4 |',
        '  D4 |                  [=====',
        ' C#4 |',
        '  C4 |[===========                  [=====',
        '     ++-----------+-----------+-----------',
        '      0s          2s          4s',
        '      Do          re    mi          fa',
      ].join('\n'),
    );
  });

  test('a curve without notes is a line of dots, and a wide one shares rows', () => {
    const f0 = Float32Array.from({ length: framesOf(2) }, (_, m) => 110 * 2 ** ((m / framesOf(2)) * 2));
    const lines = drawTerminal({ f0, duration: 2, source: { kind: 'recording' }, remarks: [] }, { width: 30, height: 5 }).split('\n');
    expect(lines.length).toBe(5 + 2);
    expect(lines[0]).toMatch(/^ +[A-G]#?\d │ +•+$/);
    expect(lines[4]).toMatch(/^ {2}A2 │•+$/);
  });

  test.each([30, 80, 200])('no line is wider than %i columns, whatever is drawn', (width) => {
    const tune = parseTune('C2:1=supercalifragilistic C6:1/8=x D4:1/8=y R:1/8 E4:200=z');
    for (const line of drawTerminal(tune, { width }).split('\n')) expect([...line].length).toBeLessThanOrEqual(width);
    expect(drawTerminal(tune, { width, height: 10 }).split('\n').length).toBeLessThanOrEqual(13);
  });

  test('words cannot steer the terminal', () => {
    const melody = parseTune('C4:1=a');
    melody.notes![0]!.lyric!.text = '\u001b[2Ja\u0007';
    const drawn = drawTerminal(melody);
    expect(drawn.includes('\u001b') || drawn.includes('\u0007')).toBe(false);
    expect(drawn).toContain('?[2Ja?');
  });

  test('silence is said', () => {
    expect(drawTerminal({ ...parseTune('R:4'), notes: [] })).toBe('(nothing sounds)');
  });
});

describe('playAsTone', () => {
  test('lasts as long as the melody and has its pitch: A4 peaks at 440 Hz', () => {
    const { samples, sampleRate } = playAsTone(parseTune('A4:2'));
    expect([samples.length, sampleRate]).toEqual([24000, 24000]);
    const size = 8192;
    const re = new Float64Array(size / 2 + 1);
    const im = new Float64Array(size / 2 + 1);
    createRealFft(size).forward(Float64Array.from(samples.subarray(8000, 8000 + size)), re, im);
    const power = re.map((value, k) => value ** 2 + im[k]! ** 2);
    expect(power.indexOf(power.reduce((a, b) => Math.max(a, b)))).toBe(Math.round((440 * size) / 24000));
  });

  test('is silent in rests and nowhere clicks: neighbouring samples differ by no more than the tone itself makes them', () => {
    const { samples } = playAsTone(parseTune('@60 A4:0.5 A4:0.5 R:0.5 E3:0.5 R:0.2'));
    expect(samples.subarray(24000 + 480, 36000 - 480).every((value) => value === 0)).toBe(true);
    expect(Math.abs(samples[0]!)).toBeLessThan(1e-3);
    const steps = samples.map((value, n) => Math.abs(value - (n > 0 ? samples[n - 1]! : 0)));
    // slope of the steady tone at 440 Hz: level/peak · Σ 1/h · 2π·440/24000, about 0.06
    const steady = steps.subarray(4000, 8000).reduce((a, b) => Math.max(a, b));
    expect(steps.reduce((a, b) => Math.max(a, b))).toBeLessThan(1.1 * steady);
  });

  test('repeated notes are told apart by a dip, and the peak is the level asked for', () => {
    const { samples } = playAsTone(parseTune('@60 A4:1 A4:1'), { level: 0.5, sampleRate: 48000 });
    const peak = (from: number, to: number): number =>
      samples.subarray(from * 48000, to * 48000).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    expect(peak(0.3, 0.6)).toBeCloseTo(0.5, 3);
    expect(peak(0.983, 0.987)).toBeLessThan(0.05);
  });

  test('a glide is followed in phase, without steps at the frames', () => {
    const f0 = Float32Array.from({ length: framesOf(1) }, (_, m) => 200 * 2 ** (m / 187.5));
    const melody: Melody = { f0, duration: 1, source: { kind: 'f0-table' }, remarks: [] };
    const { samples } = playAsTone(melody);
    // zero crossings upwards = periods: the integral of 200·2^t from 0 to 1 is 200/ln 2
    let periods = 0;
    for (let n = 1; n < samples.length; n++) if (samples[n - 1]! <= 0 && samples[n]! > 0) periods++;
    expect(Math.abs(periods - 200 / Math.LN2)).toBeLessThanOrEqual(1.5);
  });

  test('a melody above the sample rate is refused', () => {
    expect(() => playAsTone(parseTune('C9:1'), { sampleRate: 8000 })).toThrow(InputError);
  });
});

test('notesToCsv quotes what needs it', () => {
  const tune = parseTune('@60 A4:1=he,"llo- C5:0.5=_ R:1 C4:1');
  expect(notesToCsv(tune)).toBe(
    'start,end,pitch,note,lyric,syllabic,extend\n0.000000,1.000000,69,A4,"he,""llo",begin,1\n1.000000,1.500000,72,C5,,,\n2.500000,3.500000,60,C4,,,\n',
  );
});
