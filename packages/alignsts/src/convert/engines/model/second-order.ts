/**
 * The second-order system H(s) = Ω² / (s² + 2ζΩs + Ω²) with unit gain at zero frequency (Saitou, Unoki and Akagi 2005, F0 control model; spec B8), run
 * in discrete time exactly for an input that holds its value within each step: the state moves by the matrix exponential.
 *
 * Spec B8 lists k = Ω, whose gain at zero frequency would be 1/Ω; here k = Ω², so that a held note is reached.
 */
export type SecondOrder = {
  /** Radians a second. */
  omega: number;
  /** Below 1 it overshoots by exp(-πζ/√(1 - ζ²)) of a step. */
  zeta: number;
};

/**
 * @param dt seconds a step
 * @returns a function from input [n] to output [n]: output[i] is the state at the beginning of step i, so it begins at input[0], at rest
 * @throws Error when the system does not oscillate (ζ ≥ 1) or does not settle (ζ ≤ 0)
 * @example createSecondOrder({ omega: 34.8, zeta: 0.5422 }, 1e-3)(stepFrom0To1) // rises to 1.13, settles at 1
 */
export function createSecondOrder({ omega, zeta }: SecondOrder, dt: number): (input: Float64Array) => Float64Array {
  if (!(zeta > 0 && zeta < 1 && omega > 0))
    throw new Error(`damping is ${zeta} and frequency ${omega}; between 0 and 1, and above 0, are allowed`);
  const decay = Math.exp(-zeta * omega * dt);
  const damped = omega * Math.sqrt(1 - zeta * zeta);
  const cos = decay * Math.cos(damped * dt);
  const sin = (decay * Math.sin(damped * dt)) / damped;
  // state: distance from the input and its velocity; both decay freely while the input holds
  const a = cos + zeta * omega * sin;
  const b = sin;
  const c = -omega * omega * sin;
  const d = cos - zeta * omega * sin;
  return (input) => {
    const output = new Float64Array(input.length);
    let value = input[0] ?? 0;
    let velocity = 0;
    for (let i = 0; i < input.length; i++) {
      output[i] = value;
      const distance = value - input[i]!;
      value = input[i]! + a * distance + b * velocity;
      velocity = c * distance + d * velocity;
    }
    return output;
  };
}
