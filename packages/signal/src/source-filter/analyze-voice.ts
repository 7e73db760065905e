import type { Audio } from '../audio.ts';
import { InputError } from '../input-error.ts';
import type { Samples } from '../units.ts';
import { type BandAperiodicityOptions, createBandAperiodicity } from './aperiodicity.ts';
import { type SettleAperiodicityOptions, settleAperiodicity } from './settle-aperiodicity.ts';
import { type SettleEnvelopeOptions, settleEnvelope } from './settle-envelope.ts';
import { createSpectralEnvelope, type SpectralEnvelopeOptions } from './spectral-envelope.ts';
import type { VoiceFrames } from './voice-frames.ts';

export type AnalyzeVoiceOptions = BandAperiodicityOptions &
  SpectralEnvelopeOptions &
  SettleEnvelopeOptions &
  SettleAperiodicityOptions & {
    /** Samples between frames; frame t is centred on sample hop·t. */
    hop?: Samples;
  };

/**
 * Takes a voice apart into F0 (as given), spectral envelope (CheapTrick, moved to the harmonics and settled over neighbouring frames) and band
 * aperiodicity (D4C, averaged and with half of its bias taken back).
 *
 * f0 is [T] Hz at sample hop·t, 0 = unvoiced; T is free (frames past the end of the sound see silence). Throws InputError for an F0 that is
 * negative, infinite or not a number.
 *
 * @example analyzeVoice({ samples: new Float32Array(24000), sampleRate: 24000 }, new Float32Array(188)).bins // 513
 */
export function analyzeVoice(audio: Audio, f0: Float32Array /* [T] Hz */, options: AnalyzeVoiceOptions = {}): VoiceFrames {
  const { hop = 128 } = options;
  const { samples, sampleRate } = audio;
  const frames = f0.length;
  const envelopeOf = createSpectralEnvelope(sampleRate, options);
  const aperiodicityOf = createBandAperiodicity(sampleRate, options);
  const bins = envelopeOf.fftSize / 2 + 1;
  const bands = aperiodicityOf.bandFrequencies.length;
  const envelope = new Float32Array(frames * bins);
  const aperiodicity = new Float32Array(frames * bands);
  for (let t = 0; t < frames; t++) {
    const pitch = f0[t]!;
    if (!(pitch >= 0 && pitch < Number.POSITIVE_INFINITY)) {
      throw new InputError(
        `F0 at frame ${t} is ${pitch} but must be 0 (unvoiced) or a positive number of hertz. Repair the F0 curve first.`,
      );
    }
    envelopeOf.frame(samples, hop * t, pitch, envelope, t * bins);
    aperiodicityOf.frame(samples, hop * t, pitch, aperiodicity, t * bands);
  }
  return {
    frames,
    bins,
    sampleRate,
    hop,
    fftSize: envelopeOf.fftSize,
    f0: f0.slice(),
    envelope: settleEnvelope(envelope, f0, options),
    aperiodicity: settleAperiodicity(aperiodicity, bands, options),
    bandFrequencies: aperiodicityOf.bandFrequencies,
  };
}
