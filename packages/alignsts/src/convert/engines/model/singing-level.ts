/**
 * How loud each moment of the song is. The energy of speech rises and falls within every vowel and differs from syllable to syllable by 20 dB; drawn out to
 * notes this would swell and die away. So a vowel is held at one level, the levels of vowels are drawn towards the 70th percentile of the voiced level, and
 * both changes are smoothed over 70 ms. Consonants keep their own shape.
 */
import { type Decibels, type Frames, gaussianFilter } from '@alignsts/signal';
import { FRAME_RATE } from '../../../grid.ts';
import { percentile } from './percentile.ts';
import { type Placement, SOUNDING } from './place-on-beat.ts';
import type { SpeechAcoustics } from './speech-acoustics.ts';
import type { Nucleus } from './syllable-nuclei.ts';

export type SingingLevelOptions = {
  /** Most that a vowel is raised, and lowered. Defaults 8 and 6 dB. */
  raise?: Decibels;
  lower?: Decibels;
  /** How far the level of each vowel is drawn to that of all: 0 not at all, 1 all sound alike. Default 0.4. */
  evenness?: number;
  /** Share of its vowel's change that a consonant follows. Default 0.3. */
  consonants?: number;
  /** Swing with the vibrato to either side. Default 1.5 dB. */
  tremolo?: Decibels;
};

const SMOOTHING = 0.035 * FRAME_RATE; // sigma of a window of about 70 ms
const EDGE = 0.006 * FRAME_RATE; // sigma of the edges of sound and silence
const RELEASE: Frames = Math.round(0.08 * FRAME_RATE);

/** @returns [T] factor on the amplitude of every song frame */
export function singingLevel(
  { sourceTime, sounding }: Pick<Placement, 'sourceTime' | 'sounding'>,
  vibrato: Float32Array,
  speech: { acoustics: SpeechAcoustics; nuclei: readonly Nucleus[] },
  options: SingingLevelOptions = {},
): Float32Array {
  const { consonants = 0.3, tremolo = 1.5 } = options;
  const count = sourceTime.length;
  const held = heldGains(speech, options);
  const gains = new Float32Array(count);
  let coming = 0; // gain of the vowel that follows
  for (let t = count - 1; t >= 0; t--) {
    if (sounding[t] === SOUNDING.vowel) {
      coming = held[Math.min(held.length - 1, Math.round(sourceTime[t]!))]!;
      gains[t] = coming;
    } else gains[t] = sounding[t] === SOUNDING.consonant ? consonants * coming : 0;
    if (sounding[t] === SOUNDING.silence) coming = 0;
  }
  const smooth = gaussianFilter(gains, SMOOTHING);
  const open = gaussianFilter(
    Float32Array.from(sounding, (kind) => (kind === SOUNDING.silence ? 0 : 1)),
    EDGE,
  );
  const release = releases(sounding);
  return smooth.map((gain, t) => 10 ** ((gain + tremolo * vibrato[t]!) / 20) * open[t]! * release[t]!);
}

/** [T of the speech] decibels that bring every frame of a vowel to the level the vowel is held at; 0 elsewhere. */
function heldGains(
  { acoustics, nuclei }: { acoustics: SpeechAcoustics; nuclei: readonly Nucleus[] },
  options: SingingLevelOptions,
): Float32Array {
  const { raise = 8, lower = 6, evenness = 0.4 } = options;
  const { level, voiced } = acoustics;
  const common = percentile(
    level.filter((_, t) => voiced[t] === 1),
    0.7,
  );
  const gains = new Float32Array(level.length);
  for (const { start, end } of nuclei) {
    const own = percentile(level.subarray(start, end), 0.9);
    const target = own + evenness * (common - own);
    for (let t = start; t < end; t++) gains[t] = Math.max(-lower, Math.min(raise, target - level[t]!));
  }
  return gains;
}

/** A vowel that ends in silence dies away over 80 ms instead of being cut. */
function releases(sounding: Uint8Array): Float32Array {
  const factors = new Float32Array(sounding.length).fill(1);
  for (let t = 1; t <= sounding.length; t++) {
    if (sounding[t - 1] !== SOUNDING.vowel || (sounding[t] ?? SOUNDING.silence) !== SOUNDING.silence) continue;
    for (let i = 0; i < RELEASE && t - 1 - i >= 0 && sounding[t - 1 - i] === SOUNDING.vowel; i++) {
      factors[t - 1 - i] = 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / RELEASE);
    }
  }
  return factors;
}
