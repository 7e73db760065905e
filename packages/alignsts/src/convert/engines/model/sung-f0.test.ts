import { createRandom } from '@alignsts/signal';
import { describe, expect, test } from 'vitest';
import { FRAME_RATE } from '../../../grid.ts';
import type { Melody } from '../../../melody/melody.ts';
import { parseTune } from '../../../melody/tune.ts';
import { type SungF0Options, sungF0 } from './sung-f0.ts';

const PLAIN = { overshoot: 0, preparation: 0, fluctuation: 0, vibrato: { depth: 0 } };

function sung(melody: Melody, options: SungF0Options = {}, seed = 1) {
  const { f0, vibrato } = sungF0(melody, melody.notes ?? [], melody.f0.length, createRandom(seed), options);
  return { f0, vibrato, cents: Float64Array.from(f0, (hertz) => 6900 + 1200 * Math.log2(hertz / 440)) };
}

const at = (seconds: number): number => Math.round(seconds * FRAME_RATE);

describe('steps', () => {
  const melody = parseTune('@60 A3:1 E4:1');

  test('overshoot by 13 % of the interval and settle on the note', () => {
    const { cents } = sung(melody, { ...PLAIN, overshoot: 1 });
    const top = Math.max(...cents);
    // 0.5422 gives 13.15 %; frames of 5.3 ms miss the top by less than half a per cent of the interval
    expect((top - 6400) / 700).toBeGreaterThan(0.127);
    expect((top - 6400) / 700).toBeLessThan(0.132);
    expect(cents[at(0.5)]).toBeCloseTo(5700, 3);
    expect(cents[at(1.95)]).toBeCloseTo(6400, 3);
  });

  test('are half way on the beat', () => {
    const { cents } = sung(melody, { ...PLAIN, overshoot: 1 });
    // a frame moves by up to 60 cents here, and the step begins on a whole frame
    expect(Math.abs(cents[at(1)]! - 6050)).toBeLessThan(60);
  });

  test('are prepared by a move the other way, of 6 % of the interval', () => {
    const { cents } = sung(melody, { ...PLAIN, overshoot: 1, preparation: 1 });
    const lowest = Math.min(...cents);
    expect((5700 - lowest) / 700).toBeGreaterThan(0.05);
    expect((5700 - lowest) / 700).toBeLessThan(0.062);
    const down = sung(parseTune('@60 E4:1 A3:1'), { ...PLAIN, overshoot: 1, preparation: 1 }).cents;
    expect(Math.max(...down)).toBeCloseTo(6400 + (5700 - lowest), 3);
  });

  test('without overshoot they never leave the interval by more than a cent', () => {
    const { cents } = sung(melody, PLAIN);
    expect(Math.max(...cents)).toBeLessThan(6401);
    expect(Math.min(...cents)).toBeGreaterThan(5699);
  });

  test('in a rest the pitch has moved before the next note begins', () => {
    const { cents } = sung(parseTune('@60 A3:1 R:1 E4:1'), { ...PLAIN, overshoot: 1 });
    expect(cents[at(1)]).toBeCloseTo(5700, 3);
    expect(cents[at(1.9)]).toBeCloseTo(6400, 0);
  });
});

describe('vibrato', () => {
  test('has the depth and the rate that are asked for, from 0.3 s into the note', () => {
    const { cents, vibrato } = sung(parseTune('@60 A4:3'), { ...PLAIN, vibrato: { depth: 70, rate: 6 } });
    expect(vibrato.subarray(0, at(0.3))).toEqual(new Float32Array(at(0.3)));
    const steady = cents.subarray(at(1), at(2.5));
    // sampled 31 times a period, the top of a sine is missed by 0.5 % at most
    expect(Math.max(...steady)).toBeGreaterThan(6900 + 69.6);
    expect(Math.max(...steady)).toBeLessThanOrEqual(6900 + 70.01);
    expect(Math.min(...steady)).toBeLessThan(6900 - 69.6);
    let crossings = 0;
    for (let t = 1; t < steady.length; t++) if (steady[t - 1]! < 6900 && steady[t]! >= 6900) crossings++;
    expect(crossings).toBe(9); // 1.5 s at 6 Hz
  });

  test('short notes have none', () => {
    const { vibrato } = sung(parseTune('@60 A4:0.4 B4:0.4 C5:0.41'));
    expect(vibrato.subarray(0, at(0.8)).every((value) => value === 0)).toBe(true);
    expect(vibrato.subarray(at(0.8)).some((value) => value !== 0)).toBe(true);
  });

  test('a long note that several syllables share has none', () => {
    const melody = parseTune('@60 A4:1');
    const halves = [0, 0.35, 0.7].map((start) => ({ start, end: start + 0.35 }));
    expect(sungF0(melody, halves, melody.f0.length, createRandom(1)).vibrato.every((value) => value === 0)).toBe(true);
  });

  test('is over when the next note begins', () => {
    const { vibrato } = sung(parseTune('@60 A4:1 B4:1'));
    expect(Math.abs(vibrato[at(1)]!)).toBe(0);
    expect(Math.abs(vibrato[at(1) - 1]!)).toBeLessThan(0.1);
  });
});

describe('fine fluctuation', () => {
  const held = parseTune('@60 A3:20');
  const noiseOf = (seed: number): Float32Array => sung(held, { ...PLAIN, fluctuation: 6 }, seed).f0.map((hertz) => hertz - 220);

  test('stays within its bound, which is three standard deviations', () => {
    const noise = noiseOf(1);
    const deviation = Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / noise.length);
    expect(Math.max(...noise.map(Math.abs))).toBeLessThanOrEqual(6.0001);
    // 20 s hold about 400 independent values: the deviation of 2 Hz is known to 4 %
    expect(deviation).toBeGreaterThan(1.8);
    expect(deviation).toBeLessThan(2.2);
  });

  test('is slow: a frame lies near the middle of its neighbours', () => {
    const noise = noiseOf(2);
    // the second difference of a sine of f Hz is 4·sin²(πf/187.5) of it: 0.01 in power at 10 Hz, 16 at half the frame rate
    let power = 0;
    let fast = 0;
    for (let t = 2; t < noise.length; t++) {
      power += noise[t]! ** 2;
      fast += (noise[t]! - 2 * noise[t - 1]! + noise[t - 2]!) ** 2;
    }
    expect(fast / power).toBeLessThan(0.02);
  });

  test('is the same for the same seed only', () => {
    expect(noiseOf(3)).toEqual(noiseOf(3));
    expect(noiseOf(3)).not.toEqual(noiseOf(4));
  });
});

describe('what the melody itself brings', () => {
  test('bends of a MIDI file are sung', () => {
    const melody = parseTune('@60 A3:2');
    const bent = { ...melody, f0: melody.f0.map((hertz, t) => (t >= at(1) ? hertz * 2 ** (1 / 12) : hertz)) };
    const { cents } = sung(bent, PLAIN);
    expect(cents[at(0.9)]).toBeCloseTo(5700, 2);
    expect(cents[at(1.5)]).toBeCloseTo(5800, 2);
  });

  test('a curve that was drawn or sung is followed as it is, its gaps closed', () => {
    const f0 = Float32Array.of(0, 200, 210, 0, 0, 0, 210 * 2 ** (4 / 12), 300, 0);
    const curve: Melody = {
      f0,
      duration: 8 / FRAME_RATE,
      source: { kind: 'f0-table' },
      remarks: [],
      notes: [{ start: 0, end: 0.04, pitch: 56 }],
    };
    const { f0: followed, vibrato } = sung(curve);
    const expected = [200, 200, 210, 210 * 2 ** (1 / 12), 210 * 2 ** (2 / 12), 210 * 2 ** (3 / 12), 210 * 2 ** (4 / 12), 300, 300];
    expect(followed).toBeAllClose(Float32Array.from(expected), { rtol: 1e-6, atol: 0 });
    expect(vibrato.every((value) => value === 0)).toBe(true);
  });
});
