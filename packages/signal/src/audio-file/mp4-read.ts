/** Reads the AAC sound of M4A, MP4 and QuickTime files. */
import { InputError } from '../input-error.ts';
import { parseAacConfig } from './aac-config.ts';
import { createAacStream } from './aac-stream.ts';
import { findMp4Track } from './mp4-track.ts';
import type { SampleCollector } from './sample-collector.ts';

const AAC_OBJECT_TYPES = new Set([0x40, 0x66, 0x67, 0x68]);

const CODEC_NAMES: Record<string, string> = {
  alac: 'Apple Lossless (ALAC)',
  enca: 'a protected (DRM) codec',
  drms: 'a protected (DRM) codec',
  'ac-3': 'Dolby AC-3',
  'ec-3': 'Dolby E-AC-3',
  Opus: 'Opus',
  fLaC: 'FLAC',
  '.mp3': 'MP3',
  sowt: 'plain PCM',
  twos: 'plain PCM',
  lpcm: 'plain PCM',
};

export function readMp4(bytes: Uint8Array, collector: SampleCollector): void {
  const track = findMp4Track(bytes);
  if (track.codec !== 'mp4a' || !AAC_OBJECT_TYPES.has(track.objectType)) {
    const name =
      CODEC_NAMES[track.codec] ?? `"${track.codec}"${track.codec === 'mp4a' ? ` of type 0x${track.objectType.toString(16)}` : ''}`;
    throw new InputError(`The M4A file holds sound coded as ${name} but in M4A only AAC is read. Convert it to WAV or FLAC first.`);
  }
  const { sampleRate, rateIndex } = parseAacConfig(track.decoderConfig);
  const skip = Math.round(track.skip * sampleRate);
  const length = track.duration === undefined ? {} : { length: Math.round(track.duration * sampleRate) };
  const stream = createAacStream({ container: 'mp4', sampleRate, rateIndex, skip, ...length }, collector);
  for (let i = 0; i < track.packets.length; i += 2) {
    const at = track.packets[i]!;
    stream.take(bytes, at, at + track.packets[i + 1]!);
  }
  stream.finish();
  if (track.missingPackets > 0) {
    const seconds = ((track.missingPackets * 1024) / sampleRate).toFixed(2);
    collector.remark(`The M4A file is cut short: the last ${seconds} s that its index names are missing. What it holds was read.`);
  }
}
