import type { Frames, Hertz, Samples } from '../units.ts';

/**
 * A voice taken apart into source and filter, frame by frame: the parametrisation of WORLD (Morise, Yokomori and Ozawa 2016).
 * Frame t is centred on sample hop·t. Any field may be edited (or frames copied, see warpFrames) before synthesizeVoice reads it.
 */
export type VoiceFrames = {
  /** T. */
  frames: Frames;
  /** K = fftSize/2 + 1 frequencies from 0 to half the sample rate. */
  bins: number;
  sampleRate: Hertz;
  hop: Samples;
  fftSize: number;
  /** [T] Hz, 0 = unvoiced: such a frame is excited by noise alone, whatever its aperiodicity says. */
  f0: Float32Array;
  /** [T, K] frame-major POWER spectrum of the vocal tract, free of harmonics; white noise of variance v has v in every bin. */
  envelope: Float32Array;
  /** [T, bands] frame-major AMPLITUDE ratio of noise to everything, 0 (pulses only) … 1 (noise only), at bandFrequencies; 1 in unvoiced frames. */
  aperiodicity: Float32Array;
  /** [bands] Hz, from 0 to half the sample rate; between them aperiodicity is straight in decibels. */
  bandFrequencies: Float32Array;
};
