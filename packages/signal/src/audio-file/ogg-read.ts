/** Reads the first sound stream of an Ogg file: Opus, Vorbis or FLAC. */
import { InputError } from '../input-error.ts';
import { createFlacStream, type FlacStream, flacStreamInfo } from './flac-read.ts';
import { oggPages } from './ogg-pages.ts';
import { isOpusHead, readOpus } from './opus-read.ts';
import type { SampleCollector } from './sample-collector.ts';
import { isVorbisHead, readVorbis } from './vorbis-read.ts';

/** @param bytes from the first "OggS" on */
export async function readOgg(bytes: Uint8Array, collector: SampleCollector): Promise<void> {
  let read: ((bytes: Uint8Array, collector: SampleCollector) => void | Promise<void>) | undefined;
  const pages = oggPages(bytes, (packet) => {
    read = isOpusHead(packet) ? readOpus : isVorbisHead(packet) ? readVorbis : isFlacHead(packet) ? readOggFlac : undefined;
    return read !== undefined;
  });
  pages.next();
  if (read === undefined) {
    throw new InputError(
      'The Ogg file holds no Opus, Vorbis or FLAC sound, or is damaged at its start. Convert the recording to WAV or FLAC.',
    );
  }
  await read(bytes, collector);
}

function isFlacHead(packet: Uint8Array): boolean {
  return packet.length >= 51 && packet[0] === 0x7f && String.fromCharCode(...packet.subarray(1, 5)) === 'FLAC';
}

/** FLAC in Ogg (RFC 9639 §10.1): stream info in the first packet, then metadata, then one frame a packet. */
function readOggFlac(bytes: Uint8Array, collector: SampleCollector): void {
  let stream: FlacStream | undefined;
  for (const { packets } of oggPages(bytes, isFlacHead)) {
    for (const packet of packets) {
      // 5 bytes of mapping tag, 2 of version, 2 of packet count, 4 of "fLaC", 4 of block header
      if (stream === undefined) stream = createFlacStream('ogg', flacStreamInfo(packet.subarray(17)), collector);
      else if (packet[0] === 0xff) stream.takeFrame(packet, 0);
    }
  }
  stream?.finish();
}
