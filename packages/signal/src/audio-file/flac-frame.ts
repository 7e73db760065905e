/** One frame of FLAC (RFC 9639 §9): header, subframes, inter-channel decorrelation, checksum. */
import type { Hertz, Samples } from '../units.ts';
import { type BitReader, createBitReader, EndOfBits } from './bit-reader.ts';
import { crc8, crc16 } from './flac-crc.ts';

export type FlacFrameHeader = {
  blockSize: Samples;
  /** 0: as the stream info says. */
  sampleRate: Hertz;
  /** 0: as the stream info says. */
  bitsPerSample: number;
  channelCount: number;
  assignment: 'independent' | 'left-side' | 'side-right' | 'mid-side';
  /** What `number` counts: frames of one block size, or samples. */
  counts: 'frames' | 'samples';
  number: number;
  /** Bytes of the header, its checksum included. */
  byteLength: number;
};

/** Sample rates by their code in a frame header; 0 is the stream info's. */
export const flacRates = [0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000] as const;
// code 3 is reserved
const SAMPLE_SIZES = [0, 8, 12, undefined, 16, 20, 24, 32] as const;
const DECORRELATED = ['left-side', 'side-right', 'mid-side'] as const;

/** The header at `at`, or undefined where there is none: sync code, allowed values and CRC-8 all have to fit. */
export function flacFrameHeaderAt(bytes: Uint8Array, at: number): FlacFrameHeader | undefined {
  if (at + 6 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1]! & 0xfe) !== 0xf8) return undefined;
  const sizeCode = bytes[at + 2]! >> 4;
  const rateCode = bytes[at + 2]! & 15;
  const channelCode = bytes[at + 3]! >> 4;
  const bitsPerSample = SAMPLE_SIZES[(bytes[at + 3]! >> 1) & 7];
  if (sizeCode === 0 || rateCode === 15 || channelCode > 10 || bitsPerSample === undefined || (bytes[at + 3]! & 1) === 1) return undefined;
  // the frame or sample number is coded like UTF-8, up to 36 bits in 7 bytes
  const lead = bytes[at + 4]!;
  const ones = Math.clz32(~(lead << 24));
  if (ones === 1 || ones === 8) return undefined;
  let next = at + 4 + Math.max(1, ones);
  let number = ones === 0 ? lead : lead & (0x7f >> ones);
  for (let i = at + 5; i < next; i++) {
    if ((bytes[i]! & 0xc0) !== 0x80) return undefined;
    number = number * 64 + (bytes[i]! & 63);
  }

  let blockSize = sizeCode === 1 ? 192 : sizeCode <= 5 ? 576 << (sizeCode - 2) : 256 << (sizeCode - 8);
  if (sizeCode === 6) blockSize = bytes[next++]! + 1;
  if (sizeCode === 7) {
    blockSize = ((bytes[next]! << 8) | bytes[next + 1]!) + 1;
    next += 2;
  }
  let sampleRate: Hertz = flacRates[rateCode] ?? 0;
  if (rateCode === 12) sampleRate = bytes[next++]! * 1000;
  if (rateCode >= 13) {
    sampleRate = ((bytes[next]! << 8) | bytes[next + 1]!) * (rateCode === 13 ? 1 : 10);
    next += 2;
  }
  if (next >= bytes.length || crc8(bytes, at, next) !== bytes[next]) return undefined;
  return {
    blockSize,
    sampleRate,
    bitsPerSample,
    channelCount: channelCode < 8 ? channelCode + 1 : 2,
    assignment: channelCode < 8 ? 'independent' : DECORRELATED[channelCode - 8]!,
    counts: (bytes[at + 1]! & 1) === 1 ? 'samples' : 'frames',
    number,
    byteLength: next + 1 - at,
  };
}

/**
 * Decodes frames into integer samples kept as doubles, which hold the 33 bits of a side channel and the 53 of a prediction exactly.
 * Returns the frame's length in bytes, or undefined when the frame is damaged or cut.
 */
export type FlacFrameDecoder = (
  bytes: Uint8Array,
  at: number,
  header: FlacFrameHeader,
  bitsPerSample: number,
  out: Float64Array[] /* [channel][sample], room for blockSize samples */,
) => number | undefined;

export function createFlacFrameDecoder(): FlacFrameDecoder {
  return (bytes, at, header, bitsPerSample, out) => {
    const bits = createBitReader(bytes, at + header.byteLength);
    try {
      for (let c = 0; c < header.channelCount; c++) {
        const side = (header.assignment === 'left-side' && c === 1) || (header.assignment === 'side-right' && c === 0);
        const extra = side || (header.assignment === 'mid-side' && c === 1) ? 1 : 0;
        if (!readSubframe(bits, header.blockSize, bitsPerSample + extra, out[c]!)) return undefined;
      }
    } catch (error) {
      if (error instanceof EndOfBits) return undefined;
      throw error;
    }
    bits.alignToByte();
    const end = at + header.byteLength + bits.position / 8;
    if (end + 2 > bytes.length || crc16(bytes, at, end) !== ((bytes[end]! << 8) | bytes[end + 1]!)) return undefined;
    restoreChannels(header, out);
    return end + 2 - at;
  };
}

function readSubframe(bits: BitReader, blockSize: Samples, bitsPerSample: number, out: Float64Array): boolean {
  const head = bits.read(8);
  const type = (head >> 1) & 63;
  const wasted = (head & 1) === 1 ? bits.readUnary() + 1 : 0;
  const width = bitsPerSample - wasted;
  if (head > 127 || width < 1) return false;
  if (type === 0) out.fill(readWide(bits, width), 0, blockSize);
  else if (type === 1) for (let i = 0; i < blockSize; i++) out[i] = readWide(bits, width);
  else if (type >= 8 && type <= 12) {
    if (!readFixed(bits, type - 8, blockSize, width, out)) return false;
  } else if (type >= 32) {
    if (!readLinear(bits, type - 31, blockSize, width, out)) return false;
  } else return false;
  if (wasted > 0) {
    const scale = 2 ** wasted;
    for (let i = 0; i < blockSize; i++) out[i] = out[i]! * scale;
  }
  return true;
}

/** Up to 33 bits in two's complement: the side channel of 32-bit samples has one more. */
function readWide(bits: BitReader, width: number): number {
  if (width <= 32) return bits.readSigned(width);
  return bits.readSigned(width - 16) * 65536 + bits.read(16);
}

/** Fixed predictors (§9.2.5): the residual is the order-th difference, so sums undo it. */
function readFixed(bits: BitReader, order: number, blockSize: Samples, width: number, out: Float64Array): boolean {
  if (order > blockSize) return false;
  for (let i = 0; i < order; i++) out[i] = readWide(bits, width);
  if (!readResidual(bits, order, blockSize, out)) return false;
  for (let i = order; i < blockSize; i++) {
    let prediction = 0;
    if (order === 1) prediction = out[i - 1]!;
    else if (order === 2) prediction = 2 * out[i - 1]! - out[i - 2]!;
    else if (order === 3) prediction = 3 * (out[i - 1]! - out[i - 2]!) + out[i - 3]!;
    else if (order === 4) prediction = 4 * (out[i - 1]! + out[i - 3]!) - 6 * out[i - 2]! - out[i - 4]!;
    out[i] = out[i]! + prediction;
  }
  return true;
}

/** Linear prediction (§9.2.6): x[i] = residual[i] + floor(Σ c[j]·x[i-1-j] / 2^shift). */
function readLinear(bits: BitReader, order: number, blockSize: Samples, width: number, out: Float64Array): boolean {
  if (order > blockSize) return false;
  for (let i = 0; i < order; i++) out[i] = readWide(bits, width);
  const precision = bits.read(4) + 1;
  const shift = bits.readSigned(5);
  if (precision === 16 || shift < 0) return false;
  const coefficients = new Float64Array(order);
  for (let j = 0; j < order; j++) coefficients[j] = bits.readSigned(precision);
  if (!readResidual(bits, order, blockSize, out)) return false;
  const scale = 2 ** -shift;
  for (let i = order; i < blockSize; i++) {
    let sum = 0;
    for (let j = 0; j < order; j++) sum += coefficients[j]! * out[i - 1 - j]!;
    out[i] = out[i]! + Math.floor(sum * scale);
  }
  return true;
}

/** Rice-coded residual (§9.2.7) into out[order …]. */
function readResidual(bits: BitReader, order: number, blockSize: Samples, out: Float64Array): boolean {
  const method = bits.read(2);
  if (method > 1) return false;
  const parameterBits = method === 0 ? 4 : 5;
  const escapeCode = method === 0 ? 15 : 31;
  const partitionOrder = bits.read(4);
  const partitionSize = blockSize >> partitionOrder;
  if (partitionSize << partitionOrder !== blockSize || partitionSize < order) return false;
  let i = order;
  for (let end = partitionSize; end <= blockSize; end += partitionSize) {
    const parameter = bits.read(parameterBits);
    if (parameter === escapeCode) {
      const width = bits.read(5);
      for (; i < end; i++) out[i] = width === 0 ? 0 : bits.readSigned(width);
      continue;
    }
    const scale = 2 ** parameter;
    for (; i < end; i++) {
      const folded = bits.readUnary() * scale + bits.read(parameter);
      out[i] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
    }
  }
  return true;
}

function restoreChannels({ assignment, blockSize }: FlacFrameHeader, out: Float64Array[]): void {
  if (assignment === 'independent') return;
  const first = out[0]!;
  const second = out[1]!;
  if (assignment === 'left-side') {
    for (let i = 0; i < blockSize; i++) second[i] = first[i]! - second[i]!;
  } else if (assignment === 'side-right') {
    for (let i = 0; i < blockSize; i++) first[i] = first[i]! + second[i]!;
  } else {
    for (let i = 0; i < blockSize; i++) {
      const side = second[i]!;
      // the bit lost when mid was halved is the lowest of side
      const sum = 2 * first[i]! + (Math.abs(side) % 2);
      first[i] = (sum + side) / 2;
      second[i] = (sum - side) / 2;
    }
  }
}
