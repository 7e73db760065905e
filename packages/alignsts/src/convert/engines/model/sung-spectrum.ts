/**
 * The spectrum of the song: its level, the singer's formant in voiced frames (Sundberg 1974, "Articulatory interpretation of the singing formant"; raised by 12 dB
 * in Saitou et al. 2007, spec B8), and nothing low in unvoiced ones.
 */
import { type Decibels, gaussianFilter, type Hertz, type VoiceFrames } from '@alignsts/signal';
import { FRAME_RATE } from '../../../grid.ts';

export type SungSpectrumOptions = {
  /** Strength of the singer's formant: 1 raises the peak near 3 kHz by 12 dB, 0 leaves it. Default 0.3. */
  formant?: number;
};

const FULL_RAISE: Decibels = 12;
/** Sigma of the raised region. */
const WIDTH: Hertz = 400;
const LOWEST: Hertz = 2400;
const HIGHEST: Hertz = 3800;
/** The peak wanders with the vowels, not with the frames: smoothed over (sigma) 50 ms. */
const SMOOTHING = 0.05 * FRAME_RATE;
/** Noise below this is no consonant but the end of a vowel or the room, and drawn out it rumbles. */
const RUMBLE: Hertz = 500;

/**
 * @param level [T] factor on the amplitude
 * @returns frames with an envelope of their own, everything else shared
 */
export function sungSpectrum(frames: VoiceFrames, level: Float32Array, options: SungSpectrumOptions = {}): VoiceFrames {
  const { formant = 0.3 } = options;
  const { bins, fftSize, sampleRate, f0 } = frames;
  const envelope = frames.envelope.slice();
  const centres = formantCentres(frames);
  const hertz = sampleRate / fftSize;
  const highPass = Float64Array.from({ length: bins }, (_, k) => 1 / (1 + (RUMBLE / (hertz * Math.max(k, 1e-3))) ** 4));
  for (let t = 0; t < frames.frames; t++) {
    const row = t * bins;
    const power = level[t]! ** 2;
    const voiced = f0[t]! > 0;
    for (let k = 0; k < bins; k++) envelope[row + k] = envelope[row + k]! * power * (voiced ? 1 : highPass[k]!);
    if (!voiced || formant === 0) continue;
    const first = Math.max(0, Math.ceil((centres[t]! - 3 * WIDTH) / hertz));
    const last = Math.min(bins - 1, Math.floor((centres[t]! + 3 * WIDTH) / hertz));
    for (let k = first; k <= last; k++) {
      const raise = formant * FULL_RAISE * Math.exp(-0.5 * ((k * hertz - centres[t]!) / WIDTH) ** 2);
      envelope[row + k] = envelope[row + k]! * 10 ** (raise / 10);
    }
  }
  return { ...frames, envelope };
}

/** Where the spectrum is strongest from 2.4 to 3.8 kHz once its general fall is taken off. */
function formantCentres({ frames, bins, fftSize, sampleRate, envelope }: VoiceFrames): Float32Array /* [T] Hz */ {
  const first = Math.round((LOWEST * fftSize) / sampleRate);
  const last = Math.min(bins - 1, Math.round((HIGHEST * fftSize) / sampleRate));
  const centres = new Float32Array(frames);
  for (let t = 0; t < frames; t++) {
    let weight = 0;
    let sum = 0;
    for (let k = first; k <= last; k++) {
      // a spoken vowel falls by about 9 dB an octave here; squared, so that the peak counts rather than the region's middle
      const power = (envelope[t * bins + k]! * (k / first) ** 3) ** 2;
      weight += power;
      sum += power * k;
    }
    centres[t] = weight > 0 ? ((sum / weight) * sampleRate) / fftSize : (LOWEST + HIGHEST) / 2;
  }
  return gaussianFilter(centres, SMOOTHING);
}
