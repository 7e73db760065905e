/** Modified Bessel function of the first kind and order 0, by its series Σ ((x/2)^k / k!)²: the Kaiser window is made of it. @example besselI0(1) // 1.2660658777520084 */
export function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
