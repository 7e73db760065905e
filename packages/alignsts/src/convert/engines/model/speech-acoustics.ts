/**
 * What the syllable finder sees of a speech recording, frame by frame: levels in bands of the pitch-free envelope, and how fast the spectrum changes.
 * All of it comes from the source-filter analysis that the engine needs anyway; nothing here is trained.
 */
import { type Decibels, gaussianFilter, type Hertz, type VoiceFrames } from '@alignsts/signal';
import { percentile } from './percentile.ts';

export type SpeechAcoustics = {
  /** T frames on the product's grid. */
  frames: number;
  /** [T] 1 where there is a pitch. */
  voiced: Uint8Array;
  /** [T] dB, all frequencies. */
  level: Float32Array;
  /** Below this level nobody speaks. */
  quiet: Decibels;
  /** [T] dB, 300 to 3000 Hz: high in vowels, lower in nasals and approximants, lowest in obstruents. Sharp in time, for edges. */
  sonority: Float32Array;
  /** [T] dB, the same smoothed so far that a syllable has one peak. */
  smoothSonority: Float32Array;
  /** [T] dB, energy above 3.5 kHz over the energy from 300 to 3000 Hz: above 0 in sibilants. */
  sibilance: Float32Array;
  /** [T] dB, energy from 800 to 3000 Hz over the energy below 600 Hz: lowest in nasals and voice bars. */
  openness: Float32Array;
  /** [T] 0 … 1, share of noise in the amplitude below 3 kHz. */
  noisiness: Float32Array;
  /** [T] dB over two frames (10.7 ms): mean change of the envelope's shape, 200 to 5000 Hz. Low in the steady part of a vowel. */
  change: Float32Array;
};

/** Frames of smoothing (sigma). Sonority: 16 ms, so that glottal pulses of low voices and clicks make no peaks. */
const SONORITY_SIGMA = 3;
const EDGE_SIGMA = 0.7;
const CHANGE_SIGMA = 2;
/** Keeps logarithms finite: -120 dB of full scale. */
const FLOOR_POWER = 1e-12;

export function speechAcoustics(frames: VoiceFrames): SpeechAcoustics {
  const level = gaussianFilter(bandLevel(frames, 50, frames.sampleRate / 2), EDGE_SIGMA);
  const middle = bandLevel(frames, 300, 3000);
  const high = bandLevel(frames, 3500, 10000);
  const low = bandLevel(frames, 50, 600);
  const upper = bandLevel(frames, 800, 3000);
  return {
    frames: frames.frames,
    voiced: Uint8Array.from(frames.f0, (hertz) => (hertz > 0 ? 1 : 0)),
    level,
    quiet: silenceLevel(level),
    sonority: gaussianFilter(middle, EDGE_SIGMA),
    smoothSonority: gaussianFilter(middle, SONORITY_SIGMA),
    sibilance: high.map((value, t) => value - middle[t]!),
    openness: upper.map((value, t) => value - low[t]!),
    noisiness: gaussianFilter(noisiness(frames), EDGE_SIGMA),
    change: gaussianFilter(spectralChange(frames), CHANGE_SIGMA),
  };
}

/** Speech below -75 dB of full scale is lost in any recording. */
const FAINTEST: Decibels = -75;

/** A little above the background, and 42 dB below the loudest frames at most. */
function silenceLevel(level: Float32Array): Decibels {
  const loud = percentile(level, 0.95);
  const background = percentile(level, 0.05);
  return Math.max(FAINTEST, loud - 42, Math.min(background + 6, loud - 24));
}

/** Energy of a band in every frame, dB. */
function bandLevel({ frames, bins, fftSize, sampleRate, envelope }: VoiceFrames, from: Hertz, to: Hertz): Float32Array /* [T] */ {
  const first = Math.ceil((from * fftSize) / sampleRate);
  const last = Math.min(bins - 1, Math.floor((to * fftSize) / sampleRate));
  const levels = new Float32Array(frames);
  for (let t = 0; t < frames; t++) {
    let sum = 0;
    for (let k = first; k <= last; k++) sum += envelope[t * bins + k]!;
    levels[t] = 10 * Math.log10(sum / bins + FLOOR_POWER);
  }
  return levels;
}

function noisiness({ frames, aperiodicity, bandFrequencies }: VoiceFrames): Float32Array /* [T] */ {
  const bands = bandFrequencies.length;
  const used = Math.max(1, bandFrequencies.filter((frequency) => frequency <= 3000).length);
  return Float32Array.from({ length: frames }, (_, t) => {
    let sum = 0;
    for (let b = 0; b < used; b++) sum += aperiodicity[t * bands + b]! / used;
    return sum;
  });
}

/** Bands of the shape: a third of an octave wide, 200 to 5000 Hz. */
const SHAPE_EDGES: Hertz[] = Array.from({ length: 15 }, (_, i) => 200 * 2 ** (i / 3));

/** Mean absolute change of the band levels between the frames before and after, their common change in loudness taken off. */
function spectralChange(frames: VoiceFrames): Float32Array /* [T] dB */ {
  const bands: Float32Array[] = [];
  for (let i = 0; i + 1 < SHAPE_EDGES.length; i++) bands.push(bandLevel(frames, SHAPE_EDGES[i]!, SHAPE_EDGES[i + 1]!));
  const count = frames.frames;
  const change = new Float32Array(count);
  for (let t = 0; t < count; t++) {
    const before = Math.max(0, t - 1);
    const after = Math.min(count - 1, t + 1);
    let common: Decibels = 0;
    for (const band of bands) common += (band[after]! - band[before]!) / bands.length;
    let sum = 0;
    for (const band of bands) sum += Math.abs(band[after]! - band[before]! - common);
    change[t] = sum / bands.length;
  }
  return change;
}
