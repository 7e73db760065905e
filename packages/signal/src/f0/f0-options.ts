import type { Audio } from '../audio.ts';
import { InputError } from '../input-error.ts';
import type { Hertz, Samples } from '../units.ts';

/** What the pitch tracker can be told. The defaults are AlignSTS's: Praat's, but floor, ceiling and voicing threshold (spec A1.2). */
export type F0Options = {
  /** Distance of frames in samples. */
  hop: Samples;
  /** Lowest pitch that is looked for; it sets the window: 6/floor seconds when veryAccurate, else 3/floor. */
  floor: Hertz;
  /** Highest pitch that counts as voiced. */
  ceiling: Hertz;
  /** A frame is voiced when its periodicity (0 … 1) beats this. Praat's default is 0.45. */
  voicingThreshold: number;
  /** Frames whose peak is below this share of the sound's peak tend to be unvoiced. */
  silenceThreshold: number;
  /** Reward of higher pitches an octave: of two perfect periods the shorter one wins. */
  octaveCost: number;
  /** Costs of moving between frames, for steps of 10 ms: an octave up or down, and a change of voicing. */
  octaveJumpCost: number;
  voicedUnvoicedCost: number;
  /** Most candidates a frame, the unvoiced one included. */
  candidates: number;
  /** Gaussian window of 6 longest periods instead of a Hann window of 3. */
  veryAccurate: boolean;
  /**
   * mel: frame m centred on sample hop·m of the sound continued by zeros, T = 1 + floor(n/hop), as mel.ts.
   * praat: only frames whose window lies inside the sound, centred as a block, as Praat places them.
   */
  frames: 'mel' | 'praat';
};

export const F0_DEFAULTS: F0Options = {
  hop: 128,
  floor: 80,
  ceiling: 750,
  voicingThreshold: 0.6,
  silenceThreshold: 0.03,
  octaveCost: 0.01,
  octaveJumpCost: 0.35,
  voicedUnvoicedCost: 0.14,
  candidates: 15,
  veryAccurate: true,
  frames: 'mel',
};

/** @throws InputError naming the first option that makes no sense for this sound. */
export function checkF0Options(options: F0Options, { sampleRate }: Audio): void {
  if (!Number.isSafeInteger(options.hop) || options.hop < 1) {
    throw new InputError(`hop is ${options.hop} samples but must be a whole number of at least 1.`);
  }
  // three samples of the longest period are the least in which a maximum can lie
  if (!(options.floor >= 1 && options.floor <= sampleRate / 8)) {
    throw new InputError(
      `pitch floor is ${options.floor} Hz but must be between 1 and ${sampleRate / 8} Hz at a rate of ${sampleRate} Hz.`,
    );
  }
  if (!(options.ceiling > options.floor)) {
    throw new InputError(`pitch ceiling is ${options.ceiling} Hz but must be above the floor of ${options.floor} Hz.`);
  }
  if (!Number.isSafeInteger(options.candidates) || options.candidates < 2) {
    throw new InputError(`candidates is ${options.candidates} but must be a whole number of at least 2: one unvoiced and one voiced.`);
  }
  for (const name of ['voicingThreshold', 'silenceThreshold', 'octaveCost', 'octaveJumpCost', 'voicedUnvoicedCost'] as const) {
    if (!(options[name] >= 0)) throw new InputError(`${name} is ${options[name]} but must be a number of at least 0.`);
  }
}
