import { describe, expect, test } from 'vitest';
import { createSecondOrder } from './second-order.ts';
import { OVERSHOOT, PREPARATION } from './sung-f0.ts';

const FRAME = 128 / 24000;

/** 1 - e^{-ζΩt} (cos ω_d t + ζ/√(1-ζ²) sin ω_d t), the step response of H(s) = Ω²/(s² + 2ζΩs + Ω²). */
function stepResponse({ omega, zeta }: typeof OVERSHOOT, time: number): number {
  const damped = omega * Math.sqrt(1 - zeta * zeta);
  return 1 - Math.exp(-zeta * omega * time) * (Math.cos(damped * time) + (zeta / Math.sqrt(1 - zeta * zeta)) * Math.sin(damped * time));
}

describe.each([
  ['overshoot', OVERSHOOT],
  ['preparation', PREPARATION],
])('the system of the %s', (_, system) => {
  test('answers a step as its closed form, at the frame rate and at any other', () => {
    for (const dt of [FRAME, 0.001, 0.02]) {
      const answer = createSecondOrder(system, dt)(new Float64Array(80).fill(1), 0);
      // exact for inputs that hold between steps: what remains is rounding in 80 multiplications
      answer.forEach((value, i) => {
        expect(Math.abs(value - stepResponse(system, i * dt))).toBeLessThan(1e-12);
      });
    }
  });

  test('has unit gain: a held input is reached', () => {
    const answer = createSecondOrder(system, FRAME)(new Float64Array(400).fill(-3.7), 12);
    expect(answer.at(-1)).toBeCloseTo(-3.7, 9);
  });

  test('overshoots a step by exp(-πζ/√(1-ζ²)) of it', () => {
    const { zeta } = system;
    const answer = createSecondOrder(system, 1e-4)(new Float64Array(4000).fill(1), 0);
    // the top of the curve is flat: a step of 0.1 ms misses it by less than 1e-5
    expect(Math.max(...answer) - 1).toBeCloseTo(Math.exp((-Math.PI * zeta) / Math.sqrt(1 - zeta * zeta)), 5);
  });
});

test('ζ = 0.5422 overshoots by 13 %', () => {
  const answer = createSecondOrder(OVERSHOOT, 1e-3)(new Float64Array(400).fill(1), 0);
  expect(Math.max(...answer)).toBeGreaterThan(1.13);
  expect(Math.max(...answer)).toBeLessThan(1.14);
});

test('begins at rest at its first input', () => {
  expect([...createSecondOrder(OVERSHOOT, FRAME)(new Float64Array(50).fill(6900))]).toEqual(new Array(50).fill(6900));
  expect(createSecondOrder(OVERSHOOT, FRAME)(new Float64Array(0))).toEqual(new Float64Array(0));
});

test('a system that does not settle is refused', () => {
  expect(() => createSecondOrder({ omega: 34.5, zeta: 0 }, FRAME)).toThrow('damping 0 must lie between 0 and 1');
  expect(() => createSecondOrder({ omega: 34.5, zeta: 1 }, FRAME)).toThrow('damping 1');
});
