/**
 * The second-order system H(s) = Ω² / (s² + 2ζΩs + Ω²) with unit gain at zero frequency (F0 control model of Saitou, Unoki and Akagi 2005; spec B8), run
 * in discrete time exactly for an input that holds its value within each step: the state moves by the matrix exponential.
 *
 * B8 lists k = Ω, whose gain at zero frequency would be 1/Ω; here k = Ω², so that a held note is reached.
 */
export type SecondOrder = {
  /** Radians a second. */
  omega: number;
  /** Between 0 and 1, both excluded. A step is overshot by exp(-πζ/√(1 - ζ²)) of itself. */
  zeta: number;
};

/**
 * @param dt seconds a step
 * @returns a function from input [n] to output [n]: output[i] is the state when step i begins. It begins at rest, at `start` (default: the first input).
 * @throws Error when the system does not oscillate or does not settle
 * @example createSecondOrder({ omega: 34.8, zeta: 0.5422 }, 0.001)(new Float64Array(1000).fill(1), 0) // rises to 1.13, settles at 1
 */
export function createSecondOrder({ omega, zeta }: SecondOrder, dt: number): (input: Float64Array, start?: number) => Float64Array {
  if (!(zeta > 0 && zeta < 1 && omega > 0)) throw new Error(`damping ${zeta} must lie between 0 and 1, frequency ${omega} above 0`);
  const damped = omega * Math.sqrt(1 - zeta * zeta);
  const decay = Math.exp(-zeta * omega * dt);
  const cos = decay * Math.cos(damped * dt);
  const sin = (decay * Math.sin(damped * dt)) / damped;
  return (input, start = input[0] ?? 0) => {
    const output = new Float64Array(input.length);
    // the distance from the input and its velocity decay freely while the input holds
    let value = start;
    let velocity = 0;
    for (let i = 0; i < input.length; i++) {
      output[i] = value;
      const distance = value - input[i]!;
      value = input[i]! + (cos + zeta * omega * sin) * distance + sin * velocity;
      velocity = -omega * omega * sin * distance + (cos - zeta * omega * sin) * velocity;
    }
    return output;
  };
}
