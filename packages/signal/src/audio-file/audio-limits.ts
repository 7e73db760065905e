import type { Hertz, Seconds } from '../units.ts';

/** What a decoder accepts. Each limit holds while decoding, on what was really found, never on what a header says. */
export type AudioLimits = {
  maxSeconds: Seconds;
  maxChannels: number;
  minSampleRate: Hertz;
  maxSampleRate: Hertz;
  /** Bytes that the file and its decoded samples may occupy together at the worst moment of the decoding. */
  maxBytes: number;
};

/**
 * An hour, eight channels, 4 to 192 kHz, 900 MB: with the runtime's own 50 to 80 MB a process stays below 1 GB.
 * 900 MB hold 30 minutes of stereo WAV at 48 kHz and 16 bits read with decodeMono (346 MB of file, 346 MB of samples).
 */
export const defaultAudioLimits: AudioLimits = {
  maxSeconds: 3600,
  maxChannels: 8,
  minSampleRate: 4000,
  maxSampleRate: 192000,
  maxBytes: 900e6,
};
