import { expect, test } from 'vitest';
import { energyContour } from './energy.ts';

test('the energy of a frame is the norm of its row', () => {
  expect(Array.from(energyContour(Float32Array.of(3, 4, 0, 0, -5, 12), 2))).toEqual([5, 0, 13]);
  expect(energyContour(new Float32Array(0), 4)).toHaveLength(0);
});
