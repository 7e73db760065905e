import type { Ops } from '../model/ops.ts';
import { maskedMean } from './l1.ts';

/**
 * Structural similarity (Wang et al. 2004) of two mels as images of one channel, as a loss 1 − SSIM (spec A3): 11 × 11 Gaussian window,
 * σ = 1.5, zeros beyond the edges, C1 = 0.01², C2 = 0.03², both mels raised by `offset`; the map is averaged over the real frames.
 * The window is separable, so it runs along bins, then along frames. Padded frames count as zeros, so that an item's edge looks the
 * same alone and in a batch (docs/decisions/020).
 */
const WINDOW = 11;
const SIGMA = 1.5;
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

export function ssimLoss<T>(
  ops: Ops<T>,
  predicted: T, // [B, T, M] log10
  target: T, // [B, T, M]
  mask: T, // [B, T, 1]
  options: { melBins: number; offset: number },
): T {
  const x = ops.mul(ops.add(predicted, options.offset), mask);
  const y = ops.mul(ops.add(target, options.offset), mask);
  // SSIM needs only the sum of the two variances: four maps instead of five
  const maps = [x, y, ops.add(ops.mul(x, x), ops.mul(y, y)), ops.mul(x, y)];
  const blurred = blur(ops, ops.cat(maps, 0), options.melBins);
  const [meanX, meanY, power, cross] = ops.chunk(blurred, 4, 0) as [T, T, T, T];
  const meanProduct = ops.mul(meanX, meanY);
  const meanPower = ops.add(ops.mul(meanX, meanX), ops.mul(meanY, meanY));
  const luminance = ops.div(ops.add(ops.mul(meanProduct, 2), C1), ops.add(meanPower, C1));
  const structure = ops.div(ops.add(ops.mul(ops.sub(cross, meanProduct), 2), C2), ops.add(ops.sub(power, meanPower), C2));
  const similarity = maskedMean(ops, ops.mul(luminance, structure), mask);
  return ops.add(ops.mul(similarity, -1), 1);
}

/** [B, T, M] through the Gaussian window along both axes, zeros outside. */
function blur<T>(ops: Ops<T>, x: T, bins: number): T {
  const weights = gaussianWindow();
  const half = (WINDOW - 1) / 2;
  const band = new Float32Array(bins * bins);
  for (let from = 0; from < bins; from++) {
    for (let to = Math.max(0, from - half); to <= Math.min(bins - 1, from + half); to++)
      band[from * bins + to] = weights[to - from + half]!;
  }
  const alongBins = ops.matmul(x, ops.constant(band, [bins, bins]));
  const kernel = new Float32Array(bins * WINDOW);
  for (let bin = 0; bin < bins; bin++) kernel.set(weights, bin * WINDOW);
  return ops.conv1d(alongBins, ops.constant(kernel, [bins, 1, WINDOW]), undefined, { padding: half, groups: bins });
}

function gaussianWindow(): Float64Array {
  const weights = Float64Array.from({ length: WINDOW }, (_, i) => Math.exp(-((i - (WINDOW - 1) / 2) ** 2) / (2 * SIGMA ** 2)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
