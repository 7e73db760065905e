import type { Audio } from '../audio.ts';
import { InputError } from '../input-error.ts';
import type { Random } from '../random.ts';
import type { Hertz, Samples } from '../units.ts';
import { analyzeVoice } from './analyze-voice.ts';
import { highPass } from './high-pass.ts';
import { synthesizeVoice } from './synthesis.ts';

/**
 * Speech on one note: the words without their melody, as AlignSTS's content encoder hears them (specification A1.6, steps 2 to 5; after
 * SpeechSplit2, Chan et al. 2022). Step 4's mean over all files of a speaker is the caller's to give; a single recording has its own mean only.
 */
export type FlattenPitchOptions = {
  /** Note for all voiced frames. Default: the mean of the voiced F0. */
  target?: Hertz;
  /** Source of the tiny noise and of the synthesis noise. */
  random: Random;
  /** Samples between the frames of f0. */
  hop?: Samples;
};

const HIGH_PASS = { cutoff: 30, order: 5 };
const GAIN = 0.96;
const NOISE = 0.5e-6;

/**
 * The same sound, as long and as loud (times 0.96), with every voiced frame at one F0.
 *
 * @param f0 [T] Hz at sample hop·t, 0 = unvoiced
 * @example flattenPitch(speech, f0, { random: createRandom(1) }) // voiced frames at the mean of f0
 */
export function flattenPitch(audio: Audio, f0: Float32Array, options: FlattenPitchOptions): Audio {
  const { random, hop = 128 } = options;
  const target = options.target ?? meanOfVoiced(f0);
  if (!(target >= 0 && target < audio.sampleRate / 2)) {
    throw new InputError(`The flat pitch is ${target} Hz but must lie between 0 and half the sample rate, ${audio.sampleRate / 2} Hz.`);
  }
  const samples = highPass(audio.samples, audio.sampleRate, HIGH_PASS);
  for (let n = 0; n < samples.length; n++) samples[n] = GAIN * samples[n]! + NOISE * (2 * random.uniform() - 1);
  const frames = analyzeVoice({ samples, sampleRate: audio.sampleRate }, f0, { hop });
  const flat = f0.map((pitch) => (pitch > 0 ? target : 0));
  return { samples: synthesizeVoice({ ...frames, f0: flat }, { length: samples.length, random }), sampleRate: audio.sampleRate };
}

function meanOfVoiced(f0: Float32Array): Hertz {
  let sum = 0;
  let count = 0;
  for (const pitch of f0) {
    if (pitch > 0) {
      sum += pitch;
      count++;
    }
  }
  return count > 0 ? sum / count : 0;
}
