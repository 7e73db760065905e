import { describe, expect, test } from 'vitest';
import { vowel } from '../../../../test/support/vowel.ts';
import { createRandom } from '../random.ts';
import { analyzeVoice } from './analyze-voice.ts';
import { settleAperiodicity } from './settle-aperiodicity.ts';

const RATE = 24000;
const FRAMES = 188;

describe('settleAperiodicity', () => {
  test.each([-30, -20, -10, -6, -3, 0])(
    'with all of the bias taken back, noise of %f dB in steady pulses is found to 1 dB on average',
    (mixed) => {
      const random = createRandom(2);
      const ratio = 10 ** (mixed / 20);
      const pulses = vowel({ f0: 180, length: RATE, rate: RATE });
      const samples = pulses.map((x) => Math.sqrt(1 - ratio * ratio) * x + ratio * random.normal());
      const f0 = new Float32Array(FRAMES).fill(180);
      const { aperiodicity } = analyzeVoice({ samples, sampleRate: RATE }, f0, { biasTakenBack: 1, voicingThreshold: 0 });
      for (let b = 1; b <= 3; b++) {
        let sum = 0;
        for (let t = 10; t < FRAMES - 10; t++) sum += (20 * Math.log10(aperiodicity[5 * t + b]!)) / (FRAMES - 20);
        expect(Math.abs(sum - mixed)).toBeLessThan(1);
      }
    },
  );

  test('averages voiced neighbours in decibels and leaves noise, ends and other frames alone', () => {
    const rows = [
      [0.001, 0.1, 1],
      [0.001, 0.4, 1],
      [1, 1, 1],
      [0.001, 0.2, 1],
    ];
    const settled = settleAperiodicity(Float32Array.from(rows.flat()), 3, { aperiodicityReach: 1, biasTakenBack: 0 });
    const expected = [0.001, (0.1 ** 2 * 0.4) ** (1 / 3), 1, 0.001, (0.1 * 0.4 ** 2) ** (1 / 3), 1, 1, 1, 1, 0.001, 0.2, 1];
    expect(settled).toBeAllClose(Float32Array.from(expected), { atol: 0, rtol: 1e-6 });
  });

  test('the more bias is taken back, the noisier, and never beyond 1', () => {
    const ratios = Float32Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 0.001 : i % 3 === 2 ? 1 : 0.001 ** (1 - i / 60)));
    const none = settleAperiodicity(ratios, 3, { aperiodicityReach: 0, biasTakenBack: 0 });
    expect(none).toBeAllClose(ratios, { atol: 0, rtol: 1e-6 });
    const [half, all] = [0.5, 1].map((biasTakenBack) => settleAperiodicity(ratios, 3, { aperiodicityReach: 0, biasTakenBack }));
    for (let i = 1; i < 60; i += 3) {
      expect(half![i]!).toBeGreaterThan(none[i]!);
      expect(all![i]!).toBeGreaterThan(half![i]!);
      expect(all![i]!).toBeLessThanOrEqual(1);
    }
  });
});
