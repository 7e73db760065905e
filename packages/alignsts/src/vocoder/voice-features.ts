import { InputError, type VoiceFrames } from '@alignsts/signal';
import { SAMPLE_RATE } from '../grid.ts';
import { APERIODICITY_FREQUENCIES, bandMeans, ENVELOPE_BANDS } from './feature-bands.ts';
import { HOP } from './stft-grid.ts';

/** Channels of the envelope head: log power in 80 bands, then the log aperiodicity at 5 frequencies. */
export const VOICE_CHANNELS: number = ENVELOPE_BANDS + APERIODICITY_FREQUENCIES.length;

/** Powers below 1e-11 (−110 dB) and noise ratios below −60 dB are all the same. */
const QUIETEST = 1e-11;
const PUREST = 1e-3;

/**
 * What the envelope head is given: [T, 85] frame-major, natural log of the mean power in each mel band of the spectral envelope, then of the amplitude
 * ratio of noise at 0, 3, 6, 9 and 12 kHz. No trace of the harmonics is left, so the voice can be sung at any pitch.
 *
 * @throws InputError unless the frames are on the product's grid: 24 kHz, hop 128
 */
export function createVoiceFeatures(bins = 513): (frames: VoiceFrames) => Float32Array /* [T, 85] */ {
  const { first, weights } = bandMeans(bins);
  const bands = APERIODICITY_FREQUENCIES.length;
  return (frames) => {
    const { envelope, aperiodicity, sampleRate, hop } = frames;
    if (sampleRate !== SAMPLE_RATE || hop !== HOP || frames.bins !== bins || frames.bandFrequencies.length !== bands) {
      throw new InputError(
        `the voice was analysed at ${sampleRate} Hz with hop ${hop} into ${frames.bins} bins and ${frames.bandFrequencies.length} bands, but the vocoder ` +
          `needs ${SAMPLE_RATE} Hz, hop ${HOP}, ${bins} bins and ${bands} bands. Resample to ${SAMPLE_RATE} Hz before analyzeVoice.`,
      );
    }
    const features = new Float32Array(frames.frames * VOICE_CHANNELS);
    for (let t = 0; t < frames.frames; t++) {
      const row = t * VOICE_CHANNELS;
      for (let b = 0; b < ENVELOPE_BANDS; b++) {
        const from = t * bins + first[b]!;
        const shares = weights[b]!;
        let power = 0;
        for (let k = 0; k < shares.length; k++) power += shares[k]! * envelope[from + k]!;
        features[row + b] = Math.log(Math.max(QUIETEST, power));
      }
      for (let b = 0; b < bands; b++) {
        features[row + ENVELOPE_BANDS + b] = Math.log(Math.min(1, Math.max(PUREST, aperiodicity[t * bands + b]!)));
      }
    }
    return features;
  };
}
