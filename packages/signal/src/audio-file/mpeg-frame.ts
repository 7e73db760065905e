/** Frame headers of MPEG-1, 2 and 2.5 audio, layers I to III (ISO/IEC 11172-3 §2.4.2.3, 13818-3, and the 2.5 extension). */
import type { Hertz, Samples } from '../units.ts';

export type MpegFrame = {
  /** 1, 2 or 2.5. */
  version: number;
  layer: 1 | 2 | 3;
  sampleRate: Hertz;
  channelCount: 1 | 2;
  /** Bytes of the frame, its header included. */
  byteLength: number;
  sampleCount: Samples;
};

// kbit/s by bitrate index 1 … 14
const MPEG1_BITRATES = {
  1: [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  2: [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  3: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
} as const;
const MPEG2_BITRATES = {
  1: [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  2: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  3: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const MPEG1_RATES = [44100, 48000, 32000] as const;

/** The header at `at`, or undefined where there is none. Free-format streams (bitrate index 0) have no frame length and count as none. */
export function mpegFrameAt(bytes: Uint8Array, at: number): MpegFrame | undefined {
  if (at + 4 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1]! & 0xe0) !== 0xe0) return undefined;
  const versionBits = (bytes[at + 1]! >> 3) & 3;
  const layerBits = (bytes[at + 1]! >> 1) & 3;
  const bitrateIndex = bytes[at + 2]! >> 4;
  const rateIndex = (bytes[at + 2]! >> 2) & 3;
  const emphasis = bytes[at + 3]! & 3;
  if (versionBits === 1 || layerBits === 0 || bitrateIndex === 0 || bitrateIndex === 15 || rateIndex === 3 || emphasis === 2)
    return undefined;
  const version = versionBits === 3 ? 1 : versionBits === 2 ? 2 : 2.5;
  const layer = (4 - layerBits) as 1 | 2 | 3;
  const sampleRate = MPEG1_RATES[rateIndex]! / (version === 1 ? 1 : version === 2 ? 2 : 4);
  const bitrate = 1000 * (version === 1 ? MPEG1_BITRATES : MPEG2_BITRATES)[layer][bitrateIndex - 1]!;
  const padding = (bytes[at + 2]! >> 1) & 1;
  const sampleCount = layer === 1 ? 384 : layer === 2 || version === 1 ? 1152 : 576;
  const byteLength =
    layer === 1
      ? 4 * (Math.floor((12 * bitrate) / sampleRate) + padding)
      : Math.floor(((sampleCount / 8) * bitrate) / sampleRate) + padding;
  return { version, layer, sampleRate, channelCount: bytes[at + 3]! >> 6 === 3 ? 1 : 2, byteLength, sampleCount };
}

/** True when two frames can follow each other in one stream. */
export function sameMpegStream(a: MpegFrame, b: MpegFrame): boolean {
  return a.version === b.version && a.layer === b.layer && a.sampleRate === b.sampleRate;
}
