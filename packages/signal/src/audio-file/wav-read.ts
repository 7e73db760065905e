/**
 * Reads WAV (Microsoft, "Multimedia Programming Interface and Data Specifications 1.0", 1991; WAVE_FORMAT_EXTENSIBLE; EBU Tech 3306 RF64 and
 * ITU-R BS.2088 BW64): integers of 8 to 32 bits and floats of 32 and 64 bits. Sizes in the headers only ever make the file shorter: what is read
 * is what is there.
 */
import { InputError } from '../input-error.ts';
import type { Samples } from '../units.ts';
import type { SampleCollector } from './sample-collector.ts';

const BLOCK: Samples = 1 << 16;
const UNKNOWN_SIZE = 0xffffffff;

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

/** @param bytes from the RIFF, RF64 or BW64 tag on */
export function readWav(bytes: Uint8Array, collector: SampleCollector): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = findChunks(bytes, view);
  if (chunks.fmt === undefined) {
    throw new InputError('The WAV file has no "fmt " chunk, so its samples cannot be understood. Export the recording again.');
  }
  if (chunks.data === undefined) {
    throw new InputError('The WAV file has no "data" chunk, so there is no sound in it. Export the recording again.');
  }
  const layout = readLayout(view, chunks.fmt);
  if (layout.remark !== undefined) collector.remark(layout.remark);
  const { bytesPerSample, channelCount, sampleRate } = layout;
  const bytesPerFrame = bytesPerSample * channelCount;
  const { start, end, declared } = chunks.data;
  const length = Math.floor((end - start) / bytesPerFrame);
  collector.open(
    { container: 'wav', codec: layout.float ? 'float' : 'pcm', sampleRate, channelCount, bitsPerSample: layout.bitsPerSample },
    length,
  );
  if (declared > end - start) {
    const seconds = (count: number): string => (count / bytesPerFrame / sampleRate).toFixed(2);
    collector.remark(
      `The WAV file is cut short or its header lies: it declares ${seconds(declared)} s of sound and holds ${seconds(end - start)} s, which were read.`,
    );
  }
  const readSample = sampleReader(view, layout);
  const block = Array.from({ length: channelCount }, () => new Float32Array(Math.min(BLOCK, length)));
  for (let from = 0; from < length; from += BLOCK) {
    const count = Math.min(BLOCK, length - from);
    for (let c = 0; c < channelCount; c++) readSample(start + from * bytesPerFrame + c * bytesPerSample, bytesPerFrame, count, block[c]!);
    collector.append(block, 0, count);
  }
}

type Chunks = {
  fmt?: { start: number; end: number };
  /** `declared` is the header's claim in bytes, `end` the last byte that can be believed. */
  data?: { start: number; end: number; declared: number };
};

function findChunks(bytes: Uint8Array, view: DataView): Chunks {
  const chunks: Chunks = {};
  let largeDataSize: number | undefined;
  let at = 12;
  while (at + 8 <= bytes.length && (chunks.fmt === undefined || chunks.data === undefined)) {
    const id = chunkId(bytes, at);
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (id === 'ds64' && start + 16 <= bytes.length) {
      largeDataSize = Number(view.getBigUint64(start + 8, true));
    } else if (id === 'fmt ' && chunks.fmt === undefined) {
      chunks.fmt = { start, end: Math.min(start + size, bytes.length) };
    } else if (id === 'data' && chunks.data === undefined) {
      if (size === UNKNOWN_SIZE && largeDataSize !== undefined) {
        chunks.data = { start, end: Math.min(start + largeDataSize, bytes.length), declared: largeDataSize };
        at = start + largeDataSize + (largeDataSize % 2);
        continue;
      }
      // a writer to a pipe cannot come back to fill the size in: it leaves 0 or the largest number
      const streamed = size === UNKNOWN_SIZE || (size === 0 && !chunksFillTheRest(bytes, view, start));
      if (streamed) {
        chunks.data = { start, end: bytes.length, declared: 0 };
        break;
      }
      chunks.data = { start, end: Math.min(start + size, bytes.length), declared: size };
    }
    at = nextChunk(bytes, start, size);
  }
  return chunks;
}

const COMMON_IDS = new Set(['data', 'fmt ', 'LIST', 'fact', 'id3 ', 'bext']);

/** Chunks start at even offsets; some writers forget the padding byte, which shows by an id standing right behind the odd size. */
function nextChunk(bytes: Uint8Array, start: number, size: number): number {
  const end = start + size;
  if (size % 2 === 0) return end;
  return isChunkId(bytes, end) && !(end + 5 <= bytes.length && COMMON_IDS.has(chunkId(bytes, end + 1))) ? end : end + 1;
}

/** Tells a truly empty data chunk, which other chunks follow, from one whose size was never filled in. */
function chunksFillTheRest(bytes: Uint8Array, view: DataView, at: number): boolean {
  while (at + 8 <= bytes.length) {
    if (!isChunkId(bytes, at)) return false;
    at = nextChunk(bytes, at + 8, view.getUint32(at + 4, true));
  }
  return at === bytes.length || at === bytes.length + 1;
}

function chunkId(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
}

function isChunkId(bytes: Uint8Array, at: number): boolean {
  if (at + 4 > bytes.length) return false;
  for (let i = at; i < at + 4; i++) if (bytes[i]! < 0x20 || bytes[i]! > 0x7e) return false;
  return true;
}

type WavLayout = {
  float: boolean;
  channelCount: number;
  sampleRate: number;
  bitsPerSample: number;
  /** Of the container: 24-bit samples may stand in 3 or in 4 bytes, then left-justified. */
  bytesPerSample: number;
  remark?: string;
};

function readLayout(view: DataView, { start, end }: { start: number; end: number }): WavLayout {
  if (end - start < 16) {
    throw new InputError(`The WAV file's "fmt " chunk has ${end - start} bytes but needs 16. Export the recording again.`);
  }
  let tag = view.getUint16(start, true);
  const channelCount = view.getUint16(start + 2, true);
  const sampleRate = view.getUint32(start + 4, true);
  const blockAlign = view.getUint16(start + 12, true);
  const bits = view.getUint16(start + 14, true);
  let bitsPerSample = bits;
  if (tag === EXTENSIBLE) {
    if (end - start < 40) {
      throw new InputError(`The WAV file's extensible "fmt " chunk has ${end - start} bytes but needs 40. Export the recording again.`);
    }
    const validBits = view.getUint16(start + 18, true);
    if (validBits > 0 && validBits < bits) bitsPerSample = validBits;
    // the sub-format is a GUID whose first two bytes are the old format tag
    tag = view.getUint16(start + 24, true);
  }
  if (tag !== PCM && tag !== FLOAT) {
    throw new InputError(
      `The WAV file is compressed (format tag 0x${tag.toString(16).padStart(4, '0')}) but only PCM and float samples are read. Export it as 16-bit PCM.`,
    );
  }
  const packed = Math.ceil(bits / 8);
  const declaredBytes = channelCount > 0 ? blockAlign / channelCount : 0;
  const float = tag === FLOAT;
  const bytesPerSample =
    Number.isInteger(declaredBytes) && declaredBytes >= packed && declaredBytes <= (float ? 8 : 4) ? declaredBytes : packed;
  if (float ? bits !== bytesPerSample * 8 || (bits !== 32 && bits !== 64) : bits < 1 || bytesPerSample > 4) {
    throw new InputError(
      `The WAV file has ${bits}-bit ${float ? 'float' : 'integer'} samples but 8, 16, 24 or 32-bit integers and 32 or 64-bit floats are read. Export it as 16-bit PCM.`,
    );
  }
  const layout: WavLayout = { float, channelCount, sampleRate, bitsPerSample, bytesPerSample };
  if (blockAlign !== bytesPerSample * channelCount) {
    layout.remark = `The WAV header says ${blockAlign} bytes a frame, which does not fit ${bits} bits a sample in each of its channels (${channelCount}); ${bytesPerSample * channelCount} bytes were read.`;
  }
  return layout;
}

/** Reads `count` samples `stride` bytes apart into `out`, full scale = 1. */
type ReadSamples = (at: number, stride: number, count: number, out: Float32Array) => void;

function sampleReader(view: DataView, { float, bytesPerSample }: WavLayout): ReadSamples {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (float && bytesPerSample === 4) {
    return (at, stride, count, out) => {
      for (let i = 0; i < count; i++, at += stride) out[i] = view.getFloat32(at, true);
    };
  }
  if (float) {
    return (at, stride, count, out) => {
      for (let i = 0; i < count; i++, at += stride) out[i] = view.getFloat64(at, true);
    };
  }
  if (bytesPerSample === 1) {
    // 8-bit WAV is unsigned with its zero at 128
    return (at, stride, count, out) => {
      for (let i = 0; i < count; i++, at += stride) out[i] = (bytes[at]! - 128) / 128;
    };
  }
  if (bytesPerSample === 2) {
    return (at, stride, count, out) => {
      for (let i = 0; i < count; i++, at += stride) out[i] = (((bytes[at]! | (bytes[at + 1]! << 8)) << 16) >> 16) / 32768;
    };
  }
  if (bytesPerSample === 3) {
    return (at, stride, count, out) => {
      for (let i = 0; i < count; i++, at += stride) {
        out[i] = (((bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)) << 8) >> 8) / 8388608;
      }
    };
  }
  return (at, stride, count, out) => {
    for (let i = 0; i < count; i++, at += stride) out[i] = view.getInt32(at, true) / 2147483648;
  };
}
