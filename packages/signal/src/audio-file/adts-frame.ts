/** Frame headers of AAC in ADTS (ISO/IEC 13818-7 §6.2, 14496-3 §1.A.2). */
import type { Hertz } from '../units.ts';

export type AdtsFrame = {
  /** MPEG-4 audio object type: 1 Main, 2 LC, 3 SSR, 4 LTP. */
  objectType: number;
  sampleRate: Hertz;
  /** Index of the sample rate in aacSampleRates. */
  rateIndex: number;
  /** 0: a program config element inside the frame tells the layout. */
  channelConfiguration: number;
  headerLength: 7 | 9;
  /** Bytes of the frame, its header included. */
  byteLength: number;
  /** Raw data blocks of 1024 samples in the frame. */
  blockCount: number;
};

/** Sampling frequencies by index (14496-3 Table 1.18). */
export const aacSampleRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350] as const;

/** The header at `at`, or undefined where there is none. */
export function adtsFrameAt(bytes: Uint8Array, at: number): AdtsFrame | undefined {
  // sync word 0xfff, then layer 00, which no MPEG audio layer I to III has
  if (at + 7 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1]! & 0xf6) !== 0xf0) return undefined;
  const rateIndex = (bytes[at + 2]! >> 2) & 15;
  const sampleRate = aacSampleRates[rateIndex];
  const headerLength = (bytes[at + 1]! & 1) === 1 ? 7 : 9;
  const byteLength = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
  if (sampleRate === undefined || byteLength <= headerLength) return undefined;
  return {
    objectType: (bytes[at + 2]! >> 6) + 1,
    sampleRate,
    rateIndex,
    channelConfiguration: ((bytes[at + 2]! & 1) << 2) | (bytes[at + 3]! >> 6),
    headerLength,
    byteLength,
    blockCount: (bytes[at + 6]! & 3) + 1,
  };
}
