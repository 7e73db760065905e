import { describe, expect, test } from 'vitest';
import { pulseTrain } from './pulse-train.ts';

const RATE = 24000;

describe('a pulse train', () => {
  test('holds every harmonic below half the sample rate with amplitude 2/√P in cosine phase, and nothing else', () => {
    const pitch = 210; // 210 whole periods a second; harmonic 57 is at 11970 Hz
    const pulses = pulseTrain(new Float32Array(RATE / 128 + 2).fill(pitch), { sampleRate: RATE, length: RATE });
    const amplitude = 2 / Math.sqrt(RATE / pitch);
    for (const harmonic of [1, 2, 13, 56, 57]) {
      let cosine = 0;
      let sine = 0;
      for (let n = 0; n < RATE; n++) {
        const angle = 2 * Math.PI * ((harmonic * pitch * n) / RATE);
        cosine += pulses[n]! * Math.cos(angle);
        sine += pulses[n]! * Math.sin(angle);
      }
      // samples are float32
      expect((2 * cosine) / RATE).toBeCloseTo(amplitude, 6);
      expect((2 * sine) / RATE).toBeCloseTo(0, 6);
    }
    const power = pulses.reduce((sum, value) => sum + value * value, 0) / RATE;
    expect(power).toBeCloseTo((57 * amplitude ** 2) / 2, 5);
  });

  test('has as many pulses as the integral of a gliding F0 has periods', () => {
    // 100 Hz to 300 Hz in a second: φ = 100t + 100t²
    const f0 = Float32Array.from({ length: 190 }, (_, m) => 100 + (200 * 128 * m) / RATE);
    const pulses = pulseTrain(f0, { sampleRate: RATE, length: RATE });
    // heights are √P, 15 to 9, and 0.64 of it between two samples; ripples stay below 2
    const found: number[] = [];
    for (let n = 0; n < RATE - 1; n++) {
      const height = pulses[n]!;
      if (height > 4 && height >= (pulses[n - 1] ?? 0) && height > pulses[n + 1]! && n - (found.at(-1) ?? -100) > 20) found.push(n);
    }
    const expected = Array.from({ length: 200 }, (_, k) => RATE * (Math.sqrt(0.25 + k / 100) - 0.5));
    expect(found.length).toBe(200);
    // to the nearest sample, and one more for a sum in steps in place of an integral
    found.forEach((n, k) => {
      expect(Math.abs(n - expected[k]!)).toBeLessThan(1.6);
    });
  });

  test('is silent where unvoiced and begins with a pulse half way into the voiced frame', () => {
    const pulses = pulseTrain(Float32Array.of(0, 0, 100, 100, 100, 0, 0), { sampleRate: RATE, length: 7 * 128 });
    expect(pulses.findIndex((value) => value !== 0)).toBe(192);
    expect(pulses[192]).toBe(Math.max(...pulses));
    expect(pulses.findLastIndex((value) => value !== 0)).toBe(4 * 128 + 63);
  });
});
