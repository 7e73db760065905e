import { SAMPLE_RATE } from '../grid.ts';
import type { Ops } from '../model/ops.ts';
import { magnitude, spectrum, type Transform } from './transform.ts';

/**
 * Multi-resolution spectral loss (Yamamoto, Song and Kim 2020, Parallel WaveGAN, Eq. 5-7): for each transform the mean distance of log magnitudes and the
 * spectral convergence ‖|Y| − |Ŷ|‖/‖|Y|‖, both only below the frequency where each recording's content ends.
 */
export type SpectralLoss<T> = { logMagnitude: T; convergence: T };

/** Magnitudes below this are alike: −80 dB for white noise. */
const FLOOR = 1e-4;

export function spectralLoss<T>(
  f: Ops<T>,
  transforms: readonly Transform[],
  target: T, // [B, N]
  sound: T, // [B, N]
  limit: T, // [B, 1, 1] Hz
  length: number, // N
): SpectralLoss<T> {
  const terms = transforms.map((transform) => {
    const mask = bandMask(f, transform, limit);
    const real = magnitude(f, spectrum(f, transform, target, length), FLOOR);
    const fake = magnitude(f, spectrum(f, transform, sound, length), FLOOR);
    const distance = f.mul(f.abs(f.sub(f.log(real), f.log(fake))), mask);
    const share = f.mean(mask, [0, 1, 2], false);
    const difference = f.mul(f.sub(real, fake), mask);
    const norm = (x: T): T => f.sqrt(f.add(f.sum(f.mul(x, x), [1, 2], false), f.constant(Float32Array.of(1e-8), [1])));
    return {
      logMagnitude: f.div(f.mean(distance, [0, 1, 2], false), share),
      convergence: f.mean(f.div(norm(difference), norm(f.mul(real, mask))), [0], false),
    };
  });
  const mean = (name: keyof SpectralLoss<T>): T =>
    f.div(
      terms.map((term) => term[name]).reduce((sum, term) => f.add(sum, term)),
      transforms.length,
    );
  return { logMagnitude: mean('logMagnitude'), convergence: mean('convergence') };
}

/** [B, 1, bins]: 1 below each item's limit. */
export function bandMask<T>(f: Ops<T>, { size, bins }: Transform, limit: T /* [B, 1, 1] */): T {
  const frequencies = Float32Array.from({ length: bins }, (_, k) => (k * SAMPLE_RATE) / size);
  return f.toFloat(f.lt(f.constant(frequencies, [1, 1, bins]), limit));
}
