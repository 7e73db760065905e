import type { MultichannelAudio } from '../audio.ts';
import type { Hertz } from '../units.ts';

export type AudioContainer = 'wav' | 'flac' | 'mp3' | 'ogg' | 'mp4' | 'adts';
export type AudioCodec = 'pcm' | 'float' | 'flac' | 'mpeg' | 'vorbis' | 'opus' | 'aac';

/** What a file is, found in its bytes: the name's extension is never asked. */
export type AudioFormat = {
  container: AudioContainer;
  codec: AudioCodec;
  sampleRate: Hertz;
  channelCount: number;
  /** Bits a sample of a lossless codec; lossy codecs have none. */
  bitsPerSample?: number;
};

export type DecodedAudio = {
  audio: MultichannelAudio;
  format: AudioFormat;
  /** Sentences for the user about what was odd in the file and what was done about it; empty for a sound file. */
  remarks: string[];
};

/** The formats every refusal names. */
export const acceptedFormats = 'WAV, FLAC, MP3, Ogg Vorbis, Ogg Opus, and M4A or ADTS with AAC-LC';
