import '../../../test/support/one-thread.ts';
import type { Tensor } from '@alignsts/torch';
import * as torch from '@alignsts/torch';
import {
  cropWindows,
  discriminator,
  type FloatArray,
  generatorLoss,
  initDiscriminator,
  mapTree,
  namedLeaves,
  windowStarts,
} from 'alignsts/model';
import { describe, expect, test } from 'vitest';
import { readReference, referenceNoise, referenceWeights } from '../../../test/support/alignsts-reference.ts';
import { createLibtorchOps } from './ops-libtorch.ts';

/** The multi-window discriminator against fixtures/make/alignsts-reference.py: two items, three windows, without dropout. */
type Values = { starts: number[][]; scores: number[]; loss: number; gradients: Record<string, [number, number]> };

const ops = createLibtorchOps();
const windows = [32, 64, 128];

describe.skipIf(!torch.hasTorch())('the multi-window discriminator', () => {
  test('has the scores, the loss and the gradients of the reference', () => {
    const { starts, scores, loss, gradients } = readReference<Values>('multi-window-discriminator');
    const params = mapTree(referenceWeights(initDiscriminator({ windows, hidden: 8 }, 80)), ({ data, shape }: FloatArray): Tensor => {
      const leaf = torch.fromTypedArray(data, shape);
      leaf.requiresGrad = true;
      return leaf;
    });
    const mels = new Float32Array(2 * 150 * 80);
    for (const b of [0, 1])
      mels.set(
        referenceNoise(`crop${b}`, 150 * 80).map((value) => 2 * value - 3),
        b * 150 * 80,
      );
    const places = Int32Array.from([0, 1].flatMap((b) => starts.map((row) => row[b]!)));
    const crops = cropWindows(ops, torch.fromTypedArray(mels, [2, 150, 80]), torch.fromTypedArray(places, [2, 3]), windows);
    const found = discriminator(ops, params, crops);
    expect(torch.toFloat32Array(found)).toBeAllClose(scores, { atol: 1e-5, rtol: 1e-4 });
    const value = generatorLoss(ops, found);
    expect(value.item()).toBeCloseTo(loss, 5);
    torch.backward(value);
    const largest = Math.max(...Object.values(gradients).map(([norm]) => norm));
    for (const { name, leaf } of namedLeaves<Tensor>(params)) {
      const gradient = torch.toFloat32Array(leaf.grad!);
      const direction = referenceNoise(`direction ${name}`, gradient.length);
      const norm = Math.sqrt(gradient.reduce((sum, entry) => sum + entry ** 2, 0));
      const along = gradient.reduce((sum, entry, i) => sum + entry * direction[i]!, 0);
      expect([norm, along], name).toBeAllClose(gradients[name]!, { atol: 1e-6 * largest, rtol: 1e-3 });
    }
  });

  test('cuts each window inside its item where the item is long enough, and at its start otherwise', () => {
    const lengths = torch.fromTypedArray(Int32Array.of(150, 40), [2]);
    for (const draw of [0, 0.5, 0.999999]) {
      const starts = torch.toTypedArray(windowStarts(ops, torch.full([2, 3], draw), lengths, windows));
      Array.from(starts, Number).forEach((start, i) => {
        const length = i < 3 ? 150 : 40;
        expect(start).toBeGreaterThanOrEqual(0);
        if (length >= windows[i % 3]!) expect(start + windows[i % 3]!).toBeLessThanOrEqual(length);
        else expect(start).toBe(0);
      });
    }
  });
});
