import type { Hertz } from '@alignsts/signal';
import type { PitchBinsConfig } from '../config/config.ts';

/**
 * F0 as the model reads it (§3.3, spec A1.3): one of `levels` bins, 1 … levels, uniform on the mel scale 1127·ln(1 + f/700) between `low`
 * and `high` (or in hertz, the paper's words). Unvoiced frames get index 0 of their own; the release gives them level 1, which they share
 * with everything up to 50 Hz (A7 5).
 *
 * @example pitchBin(440, { scale: 'mel', levels: 255, low: 50, high: 1100, unvoiced: 'own', rows: 300 }) // 122
 */
export function pitchBin(f0: Hertz, config: PitchBinsConfig): number {
  if (!(f0 > 0)) return config.unvoiced === 'own' ? 0 : 1;
  const scale = config.scale === 'mel' ? mel : (hertz: Hertz): number => hertz;
  const low = scale(config.low);
  const position = ((scale(f0) - low) * (config.levels - 1)) / (scale(config.high) - low) + 1;
  return Math.floor(Math.min(Math.max(position, 1), config.levels) + 0.5);
}

/** The bins of a whole contour. */
export function pitchBins(f0: Float32Array /* [T] Hz, 0 = unvoiced */, config: PitchBinsConfig): Int32Array /* [T] */ {
  return Int32Array.from(f0, (value) => pitchBin(value, config));
}

/** The frequency in the middle of a bin, Hz; 0 for the unvoiced bin. The inverse of `pitchBin` up to half a bin. */
export function pitchOfBin(bin: number, config: PitchBinsConfig): Hertz {
  if (bin === 0) return 0;
  const share = (bin - 1) / (config.levels - 1);
  if (config.scale === 'hertz') return config.low + share * (config.high - config.low);
  const low = mel(config.low);
  return 700 * (Math.exp((low + share * (mel(config.high) - low)) / 1127) - 1);
}

function mel(hertz: Hertz): number {
  return 1127 * Math.log(1 + hertz / 700);
}
