/**
 * The singer's formant: the peak near 3 kHz raised in voiced frames (Sundberg 1974, "Articulatory interpretation of the singing formant"; by 12 dB in Saitou et al.
 * 2007, spec B8).
 */
import { type Decibels, gaussianFilter, type Hertz, type VoiceFrames } from '@alignsts/signal';
import { FRAME_RATE } from '../../../grid.ts';

const FULL_RAISE: Decibels = 12;
/** Sigma of the raised region. */
const WIDTH: Hertz = 400;
const LOWEST: Hertz = 2400;
const HIGHEST: Hertz = 3800;
/** The peak wanders with the vowels, not with the frames: smoothed over (sigma) 50 ms. */
const SMOOTHING = 0.05 * FRAME_RATE;

/**
 * @param strength 1 raises the peak by 12 dB, 0 leaves all as it is
 * @returns frames with another envelope, everything else shared
 */
export function withSingersFormant(frames: VoiceFrames, strength: number): VoiceFrames {
  if (strength === 0) return frames;
  const { bins, fftSize, sampleRate, f0 } = frames;
  const envelope = frames.envelope.slice();
  const centres = formantCentres(frames);
  const binsAHertz = fftSize / sampleRate;
  for (let t = 0; t < frames.frames; t++) {
    if (f0[t] === 0) continue;
    const centre = centres[t]!;
    const first = Math.max(0, Math.ceil((centre - 3 * WIDTH) * binsAHertz));
    const last = Math.min(bins - 1, Math.floor((centre + 3 * WIDTH) * binsAHertz));
    for (let k = first; k <= last; k++) {
      const distance = (k / binsAHertz - centre) / WIDTH;
      const raise = strength * FULL_RAISE * Math.exp(-0.5 * distance * distance);
      envelope[t * bins + k] = envelope[t * bins + k]! * 10 ** (raise / 10);
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
