/**
 * What singing does to the sound of a voice (Saitou et al. 2007, spectral control; spec B8; recipes): held vowels keep their level where speech falls off, the
 * peak near 3 kHz is raised (the singer's formant, Sundberg 1974), and the level swings with the vibrato. Frames are changed in place of a copy.
 */
import { type Decibels, gaussianFilter, type Hertz, type VoiceFrames } from '@alignsts/signal';
import { FRAME_RATE } from '../../../grid.ts';
import { percentile } from './syllable-nuclei.ts';

export type SingingSpectrumOptions = {
  /** Of the singer's formant: 1 raises the peak by 12 dB (B8), 0 leaves it. Default 0.5. */
  formant?: number;
  /** Swing of the level with the vibrato, to either side. Default 1.5 dB. */
  tremolo?: Decibels;
  /** Most that a fading vowel is raised. Default 12 dB. */
  hold?: Decibels;
};

export type SungFrames = {
  /** [T] 0 silence, 1 consonant, 2 vowel. */
  sounding: Uint8Array;
  /** [T] -1 … 1. */
  vibrato: Float32Array;
  /** Voiced level of the whole speech that held vowels are raised to. */
  heldLevel: Decibels;
};

const FORMANT_RAISE: Decibels = 12;
const FORMANT_WIDTH: Hertz = 400;
/** Smoothing (sigma) of the energy hold: 70 ms. */
const HOLD_SIGMA = 0.07 * FRAME_RATE * 0.5;
/** Edges of what sounds: 20 ms. */
const EDGE_SIGMA = 0.01 * FRAME_RATE;

export function singingSpectrum(frames: VoiceFrames, sung: SungFrames, options: SingingSpectrumOptions = {}): VoiceFrames {
  const { formant = 0.5, tremolo = 1.5, hold = 12 } = options;
  const { sounding, vibrato, heldLevel } = sung;
  const count = frames.frames;
  const level = levels(frames);
  const raise = new Float32Array(count);
  for (let t = 0; t < count; t++) if (sounding[t] === 2) raise[t] = Math.min(hold, Math.max(0, heldLevel - level[t]!));
  const held = gaussianFilter(raise, HOLD_SIGMA);
  const open = gaussianFilter(
    Float32Array.from(sounding, (kind) => (kind > 0 ? 1 : 0)),
    EDGE_SIGMA,
  );
  const envelope = frames.envelope.slice();
  const bump = formantBump(frames);
  const centres = formantCentres(frames);
  for (let t = 0; t < count; t++) {
    const inVowel =
      sounding[t] === 2 ? held[t]! + tremolo * vibrato[t]! : Math.min(held[t]!, sounding[t] === 1 && frames.f0[t]! > 0 ? held[t]! : 0);
    const gain = 10 ** (inVowel / 10) * open[t]! ** 2;
    const strength = frames.f0[t]! > 0 ? formant : 0;
    const row = t * frames.bins;
    for (let k = 0; k < frames.bins; k++) envelope[row + k] = envelope[row + k]! * gain;
    if (strength > 0) bump(envelope, row, centres[t]!, strength * FORMANT_RAISE);
  }
  return { ...frames, envelope };
}

/** The level that held vowels keep: the 70th percentile of the voiced frames. */
export function heldLevelOf(frames: VoiceFrames): Decibels {
  const voiced = Array.from(levels(frames)).filter((_, t) => frames.f0[t]! > 0);
  return voiced.length === 0 ? -60 : percentile(voiced, 0.7);
}

function levels({ frames, bins, envelope }: VoiceFrames): Float32Array {
  const result = new Float32Array(frames);
  for (let t = 0; t < frames; t++) {
    let sum = 0;
    for (let k = t * bins; k < (t + 1) * bins; k++) sum += envelope[k]!;
    result[t] = 10 * Math.log10(sum / bins + 1e-12);
  }
  return result;
}

/** The strongest frequency from 2.4 to 3.8 kHz once the general fall of the spectrum is taken off, smoothed over 100 ms. */
function formantCentres({ frames, bins, fftSize, sampleRate, envelope }: VoiceFrames): Float32Array /* [T] Hz */ {
  const first = Math.round((2400 * fftSize) / sampleRate);
  const last = Math.round((3800 * fftSize) / sampleRate);
  const centres = new Float32Array(frames);
  for (let t = 0; t < frames; t++) {
    let weight = 0;
    let sum = 0;
    for (let k = first; k <= last; k++) {
      // 9 dB an octave is the fall of a spoken vowel's spectrum in this region
      const power = envelope[t * bins + k]! * (k / first) ** 3;
      weight += power * power;
      sum += power * power * k;
    }
    centres[t] = weight > 0 ? ((sum / weight) * sampleRate) / fftSize : 3000;
  }
  return gaussianFilter(centres, 0.05 * FRAME_RATE);
}

function formantBump({
  bins,
  fftSize,
  sampleRate,
}: VoiceFrames): (envelope: Float32Array, row: number, centre: Hertz, raise: Decibels) => void {
  const reach = 3 * FORMANT_WIDTH;
  return (envelope, row, centre, raise) => {
    const from = Math.max(0, Math.ceil(((centre - reach) * fftSize) / sampleRate));
    const to = Math.min(bins - 1, Math.floor(((centre + reach) * fftSize) / sampleRate));
    for (let k = from; k <= to; k++) {
      const distance = ((k * sampleRate) / fftSize - centre) / FORMANT_WIDTH;
      envelope[row + k] = envelope[row + k]! * 10 ** ((raise * Math.exp(-0.5 * distance * distance)) / 10);
    }
  };
}
