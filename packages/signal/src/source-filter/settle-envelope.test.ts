import { describe, expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { settleEnvelope } from './settle-envelope.ts';

const FRAMES = 60;
const BINS = 64;

function make(value: (t: number, k: number) => number): Float32Array {
  return Float32Array.from({ length: FRAMES * BINS }, (_, i) => value(Math.floor(i / BINS), i % BINS));
}

describe('settleEnvelope', () => {
  test('leaves what stands still as it is', () => {
    const envelope = make((_, k) => 2 ** -(k % 20));
    for (const pitch of [0, 200])
      expect(settleEnvelope(envelope, new Float32Array(FRAMES).fill(pitch))).toBeAllClose(envelope, { atol: 0, rtol: 1e-6 });
  });

  test('takes more than half of the variance out of noise and keeps its mean', () => {
    const random = createRandom(4);
    // exponential, as the power of noise is
    const envelope = make(() => -Math.log(1 - random.uniform()));
    const settled = settleEnvelope(envelope, new Float32Array(FRAMES));
    const mean = (values: Float32Array): number => values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = (values: Float32Array): number => mean(values.map((x) => (x - mean(values)) ** 2));
    expect(variance(settled)).toBeLessThan(0.5 * variance(envelope));
    // 3840 values of standard deviation 1
    expect(Math.abs(mean(settled) - mean(envelope))).toBeLessThan(0.05);
  });

  test('keeps an onset of 20 dB in its frame', () => {
    const envelope = make((t) => (t < 30 ? 0.01 : 1));
    expect(settleEnvelope(envelope, new Float32Array(FRAMES))).toBeAllClose(envelope, { atol: 0, rtol: 1e-6 });
  });

  test('mixes no voiced frame with an unvoiced one', () => {
    const envelope = make((t) => (t < 30 ? 1 : 1.2));
    const f0 = Float32Array.from({ length: FRAMES }, (_, t) => (t < 30 ? 0 : 150));
    expect(settleEnvelope(envelope, f0)).toBeAllClose(envelope, { atol: 0, rtol: 1e-6 });
  });

  test('with no reach changes nothing, and no frames are no frames', () => {
    const random = createRandom(9);
    const envelope = make(() => random.uniform());
    expect(settleEnvelope(envelope, new Float32Array(FRAMES), { voicedReach: 0, unvoicedReach: 0 })).toEqual(envelope);
    expect(settleEnvelope(new Float32Array(0), new Float32Array(0))).toEqual(new Float32Array(0));
  });
});
