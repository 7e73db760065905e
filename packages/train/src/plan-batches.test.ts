import { createRandom } from '@alignsts/signal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planBatches } from './plan-batches.ts';

const config = { items: 4, frames: 1000, longest: 600, bucket: 64 };
const size = (frames: number) => ({ frames, contentFrames: Math.ceil(frames / 4), speechFrames: frames });

test('every item that is not too long is in the epoch, padded to its length or more, and no batch exceeds items or frames', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 60 }), fc.integer(), (lengths, seed) => {
      fc.pre(lengths.some((length) => length <= config.longest));
      const batches = planBatches(lengths.map(size), config, createRandom(seed));
      const seen = new Set(batches.flatMap((batch) => batch.items));
      expect([...seen].sort((a, b) => a - b)).toEqual([...lengths.keys()].filter((i) => lengths[i]! <= config.longest));
      for (const { items, frames, contentFrames, speechFrames } of batches) {
        expect(items.length).toBeLessThanOrEqual(config.items);
        expect(items.length * frames <= config.frames || items.length === 1).toBe(true);
        for (const item of items) {
          expect(lengths[item]).toBeLessThanOrEqual(frames);
          expect(Math.ceil(lengths[item]! / 4)).toBeLessThanOrEqual(contentFrames);
          expect(lengths[item]).toBeLessThanOrEqual(speechFrames);
        }
      }
    }),
    { numRuns: 100, seed: 5 },
  );
});

test('batches of one length have one shape in every epoch', () => {
  const random = createRandom(1);
  const sizes = Array.from({ length: 50 }, () => size(1 + random.integer(600)));
  const shapes = new Map<number, string>();
  for (let epoch = 0; epoch < 5; epoch++) {
    for (const batch of planBatches(sizes, config, random)) {
      const shape = `${batch.items.length} ${batch.contentFrames} ${batch.speechFrames}`;
      expect(shapes.get(batch.frames) ?? shape).toBe(shape);
      shapes.set(batch.frames, shape);
    }
  }
});

test('each epoch puts other items together', () => {
  const random = createRandom(2);
  const sizes = Array.from({ length: 40 }, () => size(100));
  const mates = () =>
    planBatches(sizes, config, random)
      .map((batch) => [...batch.items].sort((a, b) => a - b).join())
      .sort();
  expect(mates()).not.toEqual(mates());
});

test('says so when every item is too long', () => {
  expect(() => planBatches([size(601)], config, createRandom(1))).toThrow('None of the 1 items is at most 600 frames long');
});
