/** Reads Ogg Opus (RFC 7845) through libopus as WebAssembly. Packets are checked here first (RFC 6716 §3.4), so the library only sees sound ones. */
import { InputError } from '../input-error.ts';
import type { Samples } from '../units.ts';
import { inWavOrder } from './channel-order.ts';
import { oggPages } from './ogg-pages.ts';
import { createOggTimeline } from './ogg-timeline.ts';
import { releaseDecoder, stoppedRemark } from './release-decoder.ts';
import type { SampleCollector } from './sample-collector.ts';
import { withoutConsole } from './without-console.ts';

/** Opus always decodes to 48 kHz, whatever the sound was recorded at. */
const RATE = 48000;

export function isOpusHead(packet: Uint8Array): boolean {
  return packet.length >= 19 && ascii(packet, 8) === 'OpusHead';
}

/** @param bytes from the first "OggS" on */
export async function readOpus(bytes: Uint8Array, collector: SampleCollector): Promise<void> {
  let stream: OpusStream | undefined;
  let taggedAlready = false;
  let ended = false;
  let stopped = false;
  try {
    for (const page of oggPages(bytes, isOpusHead)) {
      let packets = page.packets;
      if (stream === undefined) {
        stream = await openOpusStream(parseOpusHead(packets[0]!), 'ogg', collector);
        continue;
      }
      if (!taggedAlready) {
        if (packets.length === 0) continue;
        taggedAlready = true;
        if (ascii(packets[0]!, 8) === 'OpusTags') packets = packets.slice(1);
      }
      if (page.last) ended = true;
      if (!stream.takePage({ ...page, packets })) {
        stopped = true;
        break;
      }
    }
    if (stream === undefined || collector.length === 0) throw damaged();
    stream.finish();
    if (stopped) collector.remark(stoppedRemark('Opus', collector.length / RATE));
    else if (!ended) collector.remark('The Ogg file has no end mark: it may be cut short. What it holds was read.');
  } finally {
    stream?.close();
  }
}

export type OpusHead = {
  channelCount: number;
  /** Samples at 48 kHz that the decoder gives before the sound begins. */
  preSkip: Samples;
  /** Amplitude factor from the header's output gain. */
  gain: number;
  streamCount: number;
  coupledCount: number;
  /** The channels have the places of Vorbis (mapping family 1); else they are only numbered. */
  ordered: boolean;
  /** Decoded channel of each output channel; 255 is silence. */
  mapping: number[];
};

/** Identification header (RFC 7845 §5.1). */
export function parseOpusHead(packet: Uint8Array): OpusHead {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const channelCount = packet[9]!;
  const family = packet[18]!;
  const common = {
    channelCount,
    preSkip: view.getUint16(10, true),
    gain: 10 ** (view.getInt16(16, true) / 256 / 20),
    ordered: family === 1,
  };
  if (packet[8]! > 15 || channelCount === 0 || (family === 0 && channelCount > 2)) throw damaged();
  if (family === 0) return { ...common, streamCount: 1, coupledCount: channelCount - 1, mapping: channelCount === 2 ? [0, 1] : [0] };
  if (family !== 1 && family !== 255) {
    throw new InputError(
      `The Opus file has channel mapping family ${family} (ambisonics) but plain channels are read. Convert it to stereo first.`,
    );
  }
  const streamCount = packet[19] ?? 0;
  const coupledCount = packet[20] ?? 0;
  const mapping = [...packet.subarray(21, 21 + channelCount)];
  const decoded = streamCount + coupledCount;
  if (streamCount < 1 || coupledCount > streamCount || decoded > 255 || mapping.length < channelCount) throw damaged();
  if (mapping.some((index) => index !== 255 && index >= decoded)) throw damaged();
  return { ...common, streamCount, coupledCount, mapping };
}

type OpusPage = { packets: Uint8Array[]; granule: number | undefined; first: boolean; last: boolean; afterGap: boolean };

type Decoded = { channelData: Float32Array[]; samplesDecoded: Samples };

type OpusStream = {
  /** False when the decoder broke on the page and cannot go on. */
  takePage(page: OpusPage): boolean;
  finish(): void;
  close(): void;
};

async function openOpusStream(head: OpusHead, container: 'ogg', collector: SampleCollector): Promise<OpusStream> {
  const { channelCount, streamCount, coupledCount, mapping } = head;
  collector.open({ container, codec: 'opus', channelCount, sampleRate: RATE });
  const { OpusDecoder } = await import('opus-decoder');
  const decoder = new OpusDecoder({
    channels: channelCount,
    streamCount,
    coupledStreamCount: coupledCount,
    channelMappingTable: mapping,
    preSkip: 0,
  });
  await decoder.ready;
  const timeline = createOggTimeline(head.preSkip, RATE);
  let damagedPackets = 0;
  let gaps = 0;
  let lastDuration: Samples = 960;

  const decode = (packet: Uint8Array): Decoded | 'broken' => {
    // the library's input buffer holds 3840 bytes a channel
    const duration = packet.length <= 3840 * channelCount ? opusPacketDuration(packet, streamCount) : undefined;
    if (duration !== undefined) {
      lastDuration = duration;
      try {
        const decoded = withoutConsole(() => decoder.decodeFrame(packet));
        if (decoded.samplesDecoded === duration) return decoded;
      } catch {
        return 'broken';
      }
    }
    damagedPackets++;
    return { channelData: Array.from({ length: channelCount }, () => new Float32Array(lastDuration)), samplesDecoded: lastDuration };
  };

  return {
    takePage(page) {
      if (page.afterGap) gaps++;
      const blocks: Decoded[] = [];
      for (const packet of page.packets) {
        const block = decode(packet);
        if (block === 'broken') return false;
        blocks.push(block);
      }
      const count = blocks.reduce((sum, block) => sum + block.samplesDecoded, 0);
      const { silence, start, end } = timeline(count, page);
      if (silence > 0) collector.appendSilence(silence);
      let from = 0;
      for (const { channelData, samplesDecoded } of blocks) {
        if (head.gain !== 1)
          for (const channel of channelData) for (let i = 0; i < channel.length; i++) channel[i] = channel[i]! * head.gain;
        const first = Math.max(start - from, 0);
        const beyond = Math.min(end - from, samplesDecoded);
        if (beyond > first) collector.append(head.ordered ? inWavOrder(channelData, 'vorbis') : channelData, first, beyond);
        from += samplesDecoded;
      }
      return true;
    },
    finish() {
      if (damagedPackets > 0) collector.remark(`${damagedPackets} damaged Opus packet${damagedPackets === 1 ? '' : 's'} became silence.`);
      if (gaps > 0) collector.remark(`The Ogg file is damaged in ${gaps === 1 ? 'one place' : `${gaps} places`}, which became silence.`);
    },
    close: () => releaseDecoder(decoder),
  };
}

/**
 * Samples at 48 kHz in a packet of one or more Opus streams, all but the last self-delimited (RFC 6716 §3 and appendix B, RFC 7845 §5.1.1);
 * undefined when it breaks a rule that a decoder must refuse.
 *
 * @example opusPacketDuration(Uint8Array.of(0xfc, 0, 0), 1) // 960
 */
export function opusPacketDuration(packet: Uint8Array, streamCount: number): Samples | undefined {
  let at = 0;
  let duration: Samples | undefined;
  for (let s = 0; s < streamCount; s++) {
    const parsed = parsePacket(packet, at, s < streamCount - 1);
    if (parsed === undefined || (duration !== undefined && duration !== parsed.duration)) return undefined;
    duration = parsed.duration;
    at = parsed.end;
  }
  return at === packet.length ? duration : undefined;
}

const MOST_FRAME_BYTES = 1275;
const MOST_DURATION: Samples = 5760;

function parsePacket(packet: Uint8Array, start: number, selfDelimited: boolean): { duration: Samples; end: number } | undefined {
  let at = start;
  const toc = packet[at++];
  if (toc === undefined) return undefined;
  const frameDuration = frameSamples(toc >> 3);
  const code = toc & 3;
  let frameCount = code === 0 ? 1 : 2;
  let constantSize = code !== 2;
  let padding = 0;
  if (code === 3) {
    const counts = packet[at++];
    if (counts === undefined) return undefined;
    frameCount = counts & 63;
    constantSize = counts < 128;
    if ((counts & 64) !== 0) {
      for (let byte = 255; byte === 255; ) {
        byte = packet[at++] ?? -1;
        if (byte < 0) return undefined;
        padding += byte === 255 ? 254 : byte;
      }
    }
  }
  const duration = frameCount * frameDuration;
  if (frameCount === 0 || duration > MOST_DURATION) return undefined;

  const readSize = (): number | undefined => {
    const first = packet[at++];
    if (first === undefined || first < 252) return first;
    const second = packet[at++];
    return second === undefined ? undefined : 4 * second + first;
  };
  let total = 0;
  if (!constantSize) {
    // every frame but the last tells its size
    for (let i = 0; i < frameCount - 1; i++) {
      const size = readSize();
      if (size === undefined) return undefined;
      total += size;
    }
  }
  if (selfDelimited) {
    const size = readSize();
    if (size === undefined) return undefined;
    total += constantSize ? size * frameCount : size;
    const end = at + total + padding;
    return end <= packet.length ? { duration, end } : undefined;
  }
  const rest = packet.length - at - padding;
  const lastSize = constantSize ? rest / frameCount : rest - total;
  if (rest < 0 || lastSize < 0 || lastSize > MOST_FRAME_BYTES || !Number.isInteger(lastSize)) return undefined;
  return { duration, end: packet.length };
}

/** Samples of one frame by configuration (RFC 6716 Table 2): SILK, hybrid and CELT modes. */
function frameSamples(configuration: number): Samples {
  if (configuration < 12) return [480, 960, 1920, 2880][configuration & 3]!;
  if (configuration < 16) return [480, 960][configuration & 1]!;
  return [120, 240, 480, 960][configuration & 3]!;
}

function damaged(): InputError {
  return new InputError('The Opus file is damaged or cut off and holds no sound that can be decoded. Export the recording again.');
}

function ascii(bytes: Uint8Array, count: number): string {
  return String.fromCharCode(...bytes.subarray(0, count));
}
