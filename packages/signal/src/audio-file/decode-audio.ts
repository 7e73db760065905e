import type { Audio } from '../audio.ts';
import { cancellationRemark } from '../mixdown.ts';
import { readAdts } from './adts-read.ts';
import type { AudioFormat, DecodedAudio } from './audio-format.ts';
import { type AudioLimits, defaultAudioLimits } from './audio-limits.ts';
import { readFlac } from './flac-read.ts';
import { readMp3 } from './mp3-read.ts';
import { readMp4 } from './mp4-read.ts';
import { readOgg } from './ogg-read.ts';
import { type CollectedSamples, createSampleCollector, type SampleCollector } from './sample-collector.ts';
import { type SniffedAudio, sniffAudio } from './sniff-audio.ts';
import { readWav } from './wav-read.ts';

/**
 * Decodes a sound file: WAV, FLAC, MP3, Ogg Vorbis, Ogg Opus, M4A or ADTS. The format is found in the bytes. Decoders are loaded when a file needs
 * them, so that readers of WAV and FLAC load nothing else.
 *
 * What can be read of a cut or damaged file is read, and a remark tells what is missing. No allocation follows a size that a header declares.
 *
 * @returns channels with full scale 1, the format, and remarks for the user
 * @throws InputError when the bytes are empty, no accepted format, beyond the limits, without samples, or hold samples that are not finite
 * @example (await decodeAudio(encodeWav({ samples: Float32Array.of(0, 0.5), sampleRate: 8000 }))).audio.channels[0] // [0, 0.5]
 */
export async function decodeAudio(bytes: Uint8Array, limits: Partial<AudioLimits> = {}): Promise<DecodedAudio> {
  const { format, channels, remarks } = await collect(bytes, limits, 'channels');
  return { audio: { channels, sampleRate: format.sampleRate }, format, remarks };
}

export type DecodedMono = { audio: Audio; format: AudioFormat; remarks: string[] };

/**
 * Like decodeAudio, mixed to one channel while decoding: a long stereo file then needs half the memory or less.
 *
 * @example (await decodeMono(wavBytes)).audio.samples
 */
export async function decodeMono(bytes: Uint8Array, limits: Partial<AudioLimits> = {}): Promise<DecodedMono> {
  const { format, channels, channelPower, remarks } = await collect(bytes, limits, 'mean');
  const cancelled = cancellationRemark(channels[0]!, channelPower, format.channelCount);
  if (cancelled !== undefined) remarks.push(cancelled);
  return { audio: { samples: channels[0]!, sampleRate: format.sampleRate }, format, remarks };
}

async function collect(bytes: Uint8Array, limits: Partial<AudioLimits>, keep: 'channels' | 'mean'): Promise<CollectedSamples> {
  const { container, offset } = sniffAudio(bytes);
  const collector = createSampleCollector(bytes.length, { ...defaultAudioLimits, ...limits }, keep);
  await read(container, bytes.subarray(offset), collector);
  return collector.finish();
}

async function read(container: SniffedAudio['container'], bytes: Uint8Array, collector: SampleCollector): Promise<void> {
  if (container === 'wav') return readWav(bytes, collector);
  if (container === 'flac') return readFlac(bytes, collector);
  if (container === 'ogg') return readOgg(bytes, collector);
  if (container === 'mp4') return readMp4(bytes, collector);
  if (container === 'adts') return readAdts(bytes, collector);
  return readMp3(bytes, collector);
}
