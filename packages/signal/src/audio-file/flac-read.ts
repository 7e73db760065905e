/** Reads FLAC (RFC 9639), in its own stream or in Ogg: every block size, 4 to 32 bits, 1 to 8 channels. Damaged frames become silence. */
import { InputError } from '../input-error.ts';
import type { Hertz, Samples, Seconds } from '../units.ts';
import type { AudioContainer } from './audio-format.ts';
import { createFlacFrameDecoder, type FlacFrameHeader, flacFrameHeaderAt } from './flac-frame.ts';
import type { SampleCollector } from './sample-collector.ts';

/** @param bytes from the "fLaC" marker on */
export function readFlac(bytes: Uint8Array, collector: SampleCollector): void {
  let at = 4;
  let info: FlacStreamInfo | undefined;
  for (let last = false; !last; ) {
    if (at + 4 > bytes.length) throw new InputError('The FLAC file ends inside its headers. Export the recording again.');
    last = bytes[at]! > 127;
    const type = bytes[at]! & 127;
    const size = (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    if (type === 0) info = flacStreamInfo(bytes.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  if (at >= bytes.length) throw new InputError('The FLAC file ends inside its headers. Export the recording again.');
  const stream = createFlacStream('flac', info, collector);
  while (at < bytes.length) {
    const taken = stream.takeFrame(bytes, at);
    at = taken !== undefined ? at + taken : stream.findFrame(bytes, at + 1);
  }
  stream.finish();
}

export type FlacStreamInfo = { sampleRate: Hertz; bitsPerSample: number; totalSamples: Samples };

/** STREAMINFO (§8.2), or undefined when it is cut. */
export function flacStreamInfo(block: Uint8Array): FlacStreamInfo | undefined {
  if (block.length < 18) return undefined;
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  return {
    sampleRate: view.getUint32(10) >>> 12,
    bitsPerSample: ((view.getUint16(12) >> 4) & 31) + 1,
    totalSamples: (block[13]! & 15) * 2 ** 32 + view.getUint32(14),
  };
}

export type FlacStream = {
  /** Decodes the frame at `at` and returns its length, or undefined when there is no sound frame there. */
  takeFrame(bytes: Uint8Array, at: number): number | undefined;
  /** Where the next frame header stands from `at` on; the end of the bytes when none does, or when too much is damaged to go on. */
  findFrame(bytes: Uint8Array, at: number): number;
  /** @throws InputError when no frame could be decoded */
  finish(): void;
};

/** Longest hole of damaged frames that is filled with silence, so that what follows keeps its time. */
const LONGEST_HOLE: Seconds = 10;

export function createFlacStream(container: AudioContainer, info: FlacStreamInfo | undefined, collector: SampleCollector): FlacStream {
  const decode = createFlacFrameDecoder();
  let layout: { channelCount: number; sampleRate: Hertz; bitsPerSample: number } | undefined;
  let firstBlockSize: Samples = 0;
  let integers: Float64Array[] = [];
  let floats: Float32Array[] = [];
  let goodFrames = 0;
  let failures = 0;
  let inHole = false;
  let filled: Samples = 0;

  /** The first frame that decodes fixes the layout; a later header that differs is taken for damage. */
  const layoutOf = (header: FlacFrameHeader): typeof layout => {
    const sampleRate = header.sampleRate || (info?.sampleRate ?? 0);
    const bitsPerSample = header.bitsPerSample || (info?.bitsPerSample ?? 0);
    if (sampleRate === 0 || bitsPerSample < 4) return undefined;
    if (layout === undefined) return { channelCount: header.channelCount, sampleRate, bitsPerSample };
    const same = layout.channelCount === header.channelCount && layout.sampleRate === sampleRate && layout.bitsPerSample === bitsPerSample;
    return same ? layout : undefined;
  };

  const fillHole = (header: FlacFrameHeader, sampleRate: Hertz): void => {
    const start = header.number * (header.counts === 'frames' ? firstBlockSize : 1);
    const missing = start - collector.length;
    if (missing <= 0 || missing > LONGEST_HOLE * sampleRate) return;
    collector.appendSilence(missing);
    filled += missing;
  };

  return {
    takeFrame(bytes, at) {
      const header = flacFrameHeaderAt(bytes, at);
      const found = header && layoutOf(header);
      if (header === undefined || found === undefined) {
        inHole = true;
        return undefined;
      }
      const { blockSize, channelCount } = header;
      if (integers.length < channelCount || integers[0]!.length < blockSize) {
        integers = Array.from({ length: channelCount }, () => new Float64Array(blockSize));
        floats = Array.from({ length: channelCount }, () => new Float32Array(blockSize));
      }
      const byteLength = decode(bytes, at, header, found.bitsPerSample, integers);
      if (byteLength === undefined) {
        failures++;
        inHole = true;
        return undefined;
      }
      if (layout === undefined) {
        layout = found;
        firstBlockSize = blockSize;
        collector.open({ container, codec: 'flac', ...layout });
      } else if (inHole) fillHole(header, layout.sampleRate);
      inHole = false;
      goodFrames++;
      const scale = 2 ** -(found.bitsPerSample - 1);
      for (let c = 0; c < channelCount; c++) {
        const from = integers[c]!;
        const to = floats[c]!;
        for (let i = 0; i < blockSize; i++) to[i] = from[i]! * scale;
      }
      collector.append(floats.slice(0, channelCount), 0, blockSize);
      return byteLength;
    },
    findFrame(bytes, at) {
      // every false header costs a decoding attempt: a file made of them would take for ever
      if (failures > 1000 + goodFrames) return bytes.length;
      for (; at < bytes.length; at++) {
        if (bytes[at] !== 0xff) continue;
        const header = flacFrameHeaderAt(bytes, at);
        if (header !== undefined && layoutOf(header) !== undefined) return at;
      }
      return bytes.length;
    },
    finish() {
      if (layout === undefined) {
        throw new InputError('The FLAC file holds no frame that can be decoded: it is damaged or cut off. Export the recording again.');
      }
      const seconds = (count: Samples): string => (count / layout!.sampleRate).toFixed(2);
      if (filled > 0) collector.remark(`Damaged FLAC frames became silence (${seconds(filled)} s).`);
      if (info !== undefined && info.totalSamples > collector.length) {
        collector.remark(
          `The FLAC file is cut short or its header lies: it declares ${seconds(info.totalSamples)} s and holds ${seconds(collector.length)} s, which were read.`,
        );
      }
    },
  };
}
