import { createMelSpectrogram, createStft, energyContour, gaussianFilter, InputError } from '@alignsts/signal';
import { HOP } from '../grid.ts';

/**
 * Rhythm representation (§3.3, Eq. 3): e[t] = L2 norm of frame t's spectrum, z = (e - mean e)/(std e + 1e-8),
 * r[t] = sigmoid(β·z[t]), then a Gaussian filter. High where there is voice, low in pauses and closures, and free of loudness.
 * The paper leaves open which spectrum, which β and how the release differs; the presets below name the readings (spec A1.4).
 */
export type RhythmConfig = {
  /** linear: the magnitude STFT (512/128, 257 bins), as the paper says. mel: the log10-mel, as the release does. */
  source: 'linear' | 'mel';
  /** Base that undoes the log10-mel: 10 gives amplitude; e gives amplitude^0.434, the release's compressed energy. Unused for linear. */
  expBase: 10 | 'e';
  /** Steepness of the sigmoid. */
  beta: number;
  /** Standard deviation of the Gaussian filter in frames; 0 = none. */
  sigma: number;
};

export type RhythmPreset = 'paper' | 'release' | 'evaluation';

/**
 * paper: the definition of §3.3 with the released β. release: what the released training code computes. evaluation: what the released
 * evaluation script uses for RRD, nearly binary like the paper's Fig. 2.
 */
export const RHYTHM_PRESETS: Record<RhythmPreset, RhythmConfig> = {
  paper: { source: 'linear', expBase: 10, beta: 35, sigma: 1 },
  release: { source: 'mel', expBase: 'e', beta: 35, sigma: 0 },
  evaluation: { source: 'mel', expBase: 'e', beta: 400, sigma: 1.5 },
};

/**
 * A function from samples (24 kHz) to their rhythm curve, T = 1 + floor(n/128). A sound of even energy (silence, one frame) gives ½.
 * @throws InputError when beta or sigma is out of range.
 * @example createRhythm(RHYTHM_PRESETS.paper)(new Float32Array(24000)) // 188 times 0.5
 */
export function createRhythm(config: RhythmConfig): (samples: Float32Array /* [n] 24 kHz */) => Float32Array /* [T] in (0, 1) */ {
  checked(config);
  if (config.source === 'mel') {
    const melOf = createMelSpectrogram();
    return (samples) => rhythmOfMel(melOf(samples).values, config);
  }
  const stft = createStft({ size: 512, hop: HOP });
  return (samples) => {
    const { magnitude, bins } = stft(samples);
    return rhythmOfEnergy(energyContour(magnitude, bins), config);
  };
}

/** The curve of a log10-mel that is already there (source 'mel'). */
export function rhythmOfMel(mel: Float32Array /* [T, M] log10 amplitude */, config: RhythmConfig, bins = 80): Float32Array /* [T] */ {
  const { expBase } = checked(config);
  const amplitude = mel.map((value) => (expBase === 10 ? 10 ** value : Math.exp(value)));
  return rhythmOfEnergy(energyContour(amplitude, bins), config);
}

/** Eq. 3 from the energy on. The deviation is the sample's, over T - 1, as PyTorch's std; of one frame it is 0. */
export function rhythmOfEnergy(energy: Float32Array /* [T] */, config: Pick<RhythmConfig, 'beta' | 'sigma'>): Float32Array /* [T] */ {
  const frames = energy.length;
  let sum = 0;
  for (const e of energy) sum += e;
  const mean = sum / Math.max(1, frames);
  let squares = 0;
  for (const e of energy) squares += (e - mean) ** 2;
  const deviation = Math.sqrt(squares / Math.max(1, frames - 1));
  const curve = energy.map((e) => 1 / (1 + Math.exp((-config.beta * (e - mean)) / (deviation + 1e-8))));
  return gaussianFilter(curve, config.sigma);
}

function checked(config: RhythmConfig): RhythmConfig {
  if (!(config.beta > 0 && Number.isFinite(config.beta))) throw new InputError(`rhythm beta is ${config.beta} but must be above 0.`);
  if (!(config.sigma >= 0 && Number.isFinite(config.sigma))) {
    throw new InputError(`rhythm sigma is ${config.sigma} frames but must be at least 0.`);
  }
  return config;
}
