import { type Decibels, dtw, InputError } from '@alignsts/signal';
import type { LevelledMel } from './log-mel-distance.ts';

const COEFFICIENTS = 13; // c1 … c13; c0 is level, which the mel is already rid of
const STRIDE = 2; // every second frame (10.7 ms): cepstra change slowly, and the warping table is a quarter as large

/** Cells of the warping table, one byte each: 2 min against 2 min. Beyond, the path is kept near the diagonal. */
const MOST_CELLS = 1.5e8;

/**
 * Mel-cepstral distortion after dynamic time warping (Kubichek 1993): 10/ln 10·√(2·Σ_d (c_d - c'_d)²), mean over the path, where
 * c_d = 2/B·Σ_b ln(x_b)·cos(π·d·(b + ½)/B) of the B bands of a levelled mel spectrogram, d = 1 … 13. It tells timbre from timing: a sound that
 * is only late costs little.
 */
export function melCepstralDistortion(target: LevelledMel, output: LevelledMel): Decibels {
  if (target.frames === 0 || output.frames === 0)
    throw new InputError('A sound without a frame has no cepstrum. Give both sounds at least one sample.');
  const a = melCepstrum(output);
  const b = melCepstrum(target);
  const squaredDistance = (i: number, j: number): number => {
    let sum = 0;
    const [from, to] = [i * COEFFICIENTS, j * COEFFICIENTS];
    for (let d = 0; d < COEFFICIENTS; d++) {
      const difference = a[from + d]! - b[to + d]!;
      sum += difference * difference;
    }
    return sum;
  };
  const [rows, cols] = [a.length / COEFFICIENTS, b.length / COEFFICIENTS];
  const { path } = dtw({
    rows,
    cols,
    cost: (i, j) => Math.sqrt(squaredDistance(i, j)),
    ...(rows * cols > MOST_CELLS && { band: { radius: Math.floor(MOST_CELLS / (2 * cols)) } }),
  });
  let sum = 0;
  for (let n = 0; n < path.rows.length; n++) sum += Math.sqrt(2 * squaredDistance(path.rows[n]!, path.cols[n]!));
  return ((10 / Math.LN10) * sum) / path.rows.length;
}

function melCepstrum({ frames, bins, values }: LevelledMel): Float64Array /* [⌈T/2⌉, 13] */ {
  const basis = Float64Array.from({ length: COEFFICIENTS * bins }, (_, i) => {
    const d = 1 + Math.floor(i / bins);
    return (2 / bins) * Math.cos((Math.PI * d * ((i % bins) + 0.5)) / bins);
  });
  const count = Math.ceil(frames / STRIDE);
  const cepstra = new Float64Array(count * COEFFICIENTS);
  const logarithms = new Float64Array(bins);
  for (let t = 0; t < count; t++) {
    for (let b = 0; b < bins; b++) logarithms[b] = Math.log(values[t * STRIDE * bins + b]!);
    for (let d = 0; d < COEFFICIENTS; d++) {
      let sum = 0;
      for (let b = 0; b < bins; b++) sum += basis[d * bins + b]! * logarithms[b]!;
      cepstra[t * COEFFICIENTS + d] = sum;
    }
  }
  return cepstra;
}
