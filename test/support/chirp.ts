/** The formula signal of fixtures/make/mel.py: a rising tone with a slow swell and a steady low one. */
export function chirp(length: number, rate: number): Float32Array {
  return Float32Array.from({ length }, (_, n) => {
    const t = n / rate;
    const swell = 0.5 - 0.5 * Math.cos(2 * Math.PI * 3 * t);
    return 0.4 * swell * Math.sin(2 * Math.PI * (80 * t + 40000 * t ** 2)) + 0.1 * Math.sin(2 * Math.PI * 180 * t);
  });
}
