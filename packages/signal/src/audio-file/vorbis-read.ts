/** Reads Ogg Vorbis (Vorbis I specification) through libvorbis as WebAssembly; the Ogg layer is ours. */
import { InputError } from '../input-error.ts';
import { inWavOrder } from './channel-order.ts';
import { loadOptional } from './load-optional.ts';
import { oggPages } from './ogg-pages.ts';
import { createOggTimeline, type OggTimeline } from './ogg-timeline.ts';
import { releaseDecoder, stoppedRemark } from './release-decoder.ts';
import type { SampleCollector } from './sample-collector.ts';

/** libvorbis is given packets in a buffer of this size; setup headers have 3 to 10 KB, sound packets below 2 KB. */
const MOST_PACKET_BYTES = 128 * 1024;

export function isVorbisHead(packet: Uint8Array): boolean {
  return packet.length >= 30 && isHeader(packet, 1);
}

/** @param bytes from the first "OggS" on */
export async function readVorbis(bytes: Uint8Array, collector: SampleCollector): Promise<void> {
  const { OggVorbisDecoder } = await loadOptional(
    () => import('@wasm-audio-decoders/ogg-vorbis'),
    'Ogg Vorbis',
    '@wasm-audio-decoders/ogg-vorbis',
  );
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  try {
    await readPages(bytes, decoder, collector);
  } finally {
    releaseDecoder(decoder);
  }
}

/** What is used of the library: its packet level, fed with plain objects instead of the pages that its own parser makes. */
type PacketDecoder = {
  decodeOggPages(pages: never[]): Promise<Decoded>;
};

type Decoded = { channelData: Float32Array[]; samplesDecoded: number };

async function readPages(bytes: Uint8Array, decoder: PacketDecoder, collector: SampleCollector): Promise<void> {
  const headers: Uint8Array[] = [];
  let stream: { channelCount: number; sampleRate: number; timeline: OggTimeline } | undefined;
  let seconds = 0;
  let gaps = 0;
  let ended = false;
  let stopped = false;
  for (const page of oggPages(bytes, isVorbisHead)) {
    const sound = page.packets.filter((packet) => {
      if (headers.length === 3) return packet.length < MOST_PACKET_BYTES;
      // identification, comment and setup header, in this order
      if (isHeader(packet, 2 * headers.length + 1)) headers.push(packet);
      return false;
    });
    if (headers.length < 3) continue;
    if (stream === undefined) {
      const head = headers[0]!;
      const sampleRate = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(12, true);
      const channelCount = head[11]!;
      collector.open({ container: 'ogg', codec: 'vorbis', channelCount, sampleRate });
      stream = { channelCount, sampleRate, timeline: createOggTimeline(0, sampleRate) };
    }
    if (page.afterGap) gaps++;
    if (page.last) ended = true;
    if (sound.length === 0) continue;
    const decoded = await decode(decoder, headers, sound);
    if (decoded === undefined) {
      stopped = true;
      break;
    }
    const { channelData, samplesDecoded } = decoded;
    const { silence, start, end } = stream.timeline(samplesDecoded, page);
    if (silence > 0) collector.appendSilence(silence);
    if (end > start && channelData.length === stream.channelCount) collector.append(inWavOrder(channelData, 'vorbis'), start, end);
    seconds = collector.length / stream.sampleRate;
  }
  if (stream === undefined || collector.length === 0) throw damaged();
  if (gaps > 0) collector.remark(`The Ogg file is damaged in ${gaps === 1 ? 'one place' : `${gaps} places`}, which became silence.`);
  if (stopped) collector.remark(stoppedRemark('Ogg Vorbis', seconds));
  else if (!ended) collector.remark('The Ogg file has no end mark: it may be cut short. What it holds was read.');
}

/** Undefined when libvorbis trapped. */
async function decode(decoder: PacketDecoder, [head, , setup]: Uint8Array[], packets: Uint8Array[]): Promise<Decoded | undefined> {
  if (setup!.length >= MOST_PACKET_BYTES) throw damaged();
  try {
    // the library takes the two headers from the first page it sees and ignores them on later ones
    const codecFrames = packets.map((data) => ({ data, header: { vorbisSetup: setup } }));
    return await decoder.decodeOggPages([{ data: head, codecFrames }] as never[]);
  } catch {
    return undefined;
  }
}

function damaged(): InputError {
  return new InputError('The Ogg Vorbis file is damaged or cut off and holds no sound that can be decoded. Export the recording again.');
}

function isHeader(packet: Uint8Array, type: number): boolean {
  return packet.length >= 7 && packet[0] === type && String.fromCharCode(...packet.subarray(1, 7)) === 'vorbis';
}
