/** One channel of an AAC frame: side information and quantised spectrum (ISO/IEC 14496-3 §4.4.2.7, §4.6.1 to 4.6.3). */
import type { BitReader } from '../bit-reader.ts';
import { scaleFactorBook, spectralBooks } from './codebooks.ts';
import { createHuffmanReader } from './huffman.ts';
import { longBands, shortBands } from './scale-factor-bands.ts';

export type WindowSequence = 'long' | 'start' | 'short' | 'stop';
const SEQUENCES = ['long', 'start', 'short', 'stop'] as const;

export type WindowInfo = {
  sequence: WindowSequence;
  /** 1: Kaiser-Bessel derived, 0: sine. */
  shape: 0 | 1;
  maxBand: number;
  /** Windows in each group; one group of one for long windows. */
  groups: number[];
  /** First line of each band of one window. */
  bands: readonly number[];
};

export type TnsFilter = {
  /** Bands it spans, counted downward from the filter before. */
  length: number;
  direction: 1 | -1;
  /** Reflection coefficients. */
  reflection: number[];
};

export type ChannelStream = {
  window: WindowInfo;
  /** Codebook of each band: [group · maxBand + band]. */
  books: Uint8Array;
  /** Scale factor, intensity position or noise energy, by book. */
  scales: Int16Array;
  /** Filters of each window, none when the frame has no noise shaping. */
  tns: TnsFilter[][];
  /** Dequantised lines, windows of 128 one after the other when short. */
  lines: Float64Array; // [1024]
};

export const ZERO_BOOK = 0;
export const NOISE_BOOK = 13;
export const INTENSITY_OUT_OF_PHASE = 14;
export const INTENSITY_IN_PHASE = 15;

/** Thrown for streams that break the standard or use a tool outside AAC-LC; the decoder turns it into silence and a remark. */
export class DamagedAac extends Error {
  override readonly name = 'DamagedAac';
}

const readScaleFactor = createHuffmanReader(scaleFactorBook);
const readValues = spectralBooks.map(createHuffmanReader);

export function readWindowInfo(bits: BitReader, rateIndex: number): WindowInfo {
  bits.skip(1);
  const sequence = SEQUENCES[bits.read(2)]!;
  const shape = bits.read(1) as 0 | 1;
  const short = sequence === 'short';
  const bands = (short ? shortBands : longBands)[rateIndex]!;
  const maxBand = bits.read(short ? 4 : 6);
  if (maxBand > bands.length - 1) throw new DamagedAac('more bands than the sample rate has');
  const groups = [1];
  if (short) {
    for (let w = 1; w < 8; w++) {
      if (bits.read(1) === 1) groups[groups.length - 1]!++;
      else groups.push(1);
    }
  } else if (bits.read(1) === 1) throw new DamagedAac('prediction, which AAC-LC has not');
  return { sequence, shape, maxBand, groups, bands };
}

/** @param shared the window info of a channel pair that has one in common */
export function readChannelStream(bits: BitReader, rateIndex: number, shared?: WindowInfo): ChannelStream {
  const globalGain = bits.read(8);
  const window = shared ?? readWindowInfo(bits, rateIndex);
  const books = readSections(bits, window);
  const scales = readScales(bits, window, books, globalGain);
  const pulses = bits.read(1) === 1 ? readPulses(bits, window) : [];
  const tns = bits.read(1) === 1 ? readTns(bits, window) : [];
  if (bits.read(1) === 1) throw new DamagedAac('gain control, which AAC-LC has not');
  const lines = readSpectrum(bits, window, books);
  for (const { line, amplitude } of pulses) lines[line] = lines[line]! + (lines[line]! > 0 ? amplitude : -amplitude);
  dequantize(lines, window, books, scales);
  return { window, books, scales, tns, lines };
}

function readSections(bits: BitReader, { sequence, maxBand, groups }: WindowInfo): Uint8Array {
  const lengthBits = sequence === 'short' ? 3 : 5;
  const longest = (1 << lengthBits) - 1;
  const books = new Uint8Array(groups.length * maxBand);
  for (let g = 0; g < groups.length; g++) {
    for (let band = 0; band < maxBand; ) {
      const book = bits.read(4);
      let length = 0;
      let step = longest;
      while (step === longest) {
        step = bits.read(lengthBits);
        length += step;
      }
      if (book === 12 || length === 0 || band + length > maxBand) throw new DamagedAac('a section that does not fit');
      books.fill(book, g * maxBand + band, g * maxBand + band + length);
      band += length;
    }
  }
  return books;
}

function readScales(bits: BitReader, { maxBand, groups }: WindowInfo, books: Uint8Array, globalGain: number): Int16Array {
  const scales = new Int16Array(groups.length * maxBand);
  let scale = globalGain;
  let position = 0;
  let energy = globalGain - 90;
  let firstNoise = true;
  for (let i = 0; i < scales.length; i++) {
    const book = books[i]!;
    if (book === ZERO_BOOK) continue;
    if (book >= INTENSITY_OUT_OF_PHASE) scales[i] = position += readScaleFactor(bits) - 60;
    else if (book === NOISE_BOOK) {
      energy += firstNoise ? bits.read(9) - 256 : readScaleFactor(bits) - 60;
      firstNoise = false;
      scales[i] = energy;
    } else {
      scale += readScaleFactor(bits) - 60;
      if (scale < 0 || scale > 255) throw new DamagedAac('a scale factor out of range');
      scales[i] = scale;
    }
  }
  return scales;
}

function readPulses(bits: BitReader, { sequence, bands }: WindowInfo): { line: number; amplitude: number }[] {
  if (sequence === 'short') throw new DamagedAac('pulses in short windows');
  const count = bits.read(2) + 1;
  let line = bands[bits.read(6)];
  if (line === undefined) throw new DamagedAac('a pulse behind the last band');
  const pulses: { line: number; amplitude: number }[] = [];
  for (let i = 0; i < count; i++) {
    line += bits.read(5);
    const amplitude = bits.read(4);
    if (line >= 1024) throw new DamagedAac('a pulse behind the last line');
    pulses.push({ line, amplitude });
  }
  return pulses;
}

function readTns(bits: BitReader, { sequence }: WindowInfo): TnsFilter[][] {
  const short = sequence === 'short';
  const windows: TnsFilter[][] = [];
  for (let w = 0; w < (short ? 8 : 1); w++) {
    const filters: TnsFilter[] = [];
    const count = bits.read(short ? 1 : 2);
    const resolution = count > 0 ? bits.read(1) + 3 : 0;
    for (let f = 0; f < count; f++) {
      const length = bits.read(short ? 4 : 6);
      const order = bits.read(short ? 3 : 5);
      if (order > (short ? 7 : 12)) throw new DamagedAac('a noise shaping filter of too high an order');
      const direction = order > 0 && bits.read(1) === 1 ? -1 : 1;
      const width = resolution - (order > 0 ? bits.read(1) : 0);
      const reflection: number[] = [];
      for (let i = 0; i < order; i++) {
        const step = bits.readSigned(width);
        // §4.6.9.3: an arcsine quantiser with different steps for the two signs
        reflection.push(Math.sin(step / ((2 ** (resolution - 1) - (step >= 0 ? 0.5 : -0.5)) / (Math.PI / 2))));
      }
      filters.push({ length, direction, reflection });
    }
    windows.push(filters);
  }
  return windows;
}

/** Largest magnitude + 1 of each book's values, or twice the magnitude + 1 for the signed books. */
const BASES = [3, 3, 3, 3, 9, 9, 8, 8, 13, 13, 17] as const;
const SIGNED = [true, true, false, false, true, true, false, false, false, false, false] as const;

function readSpectrum(bits: BitReader, { sequence, maxBand, groups, bands }: WindowInfo, books: Uint8Array): Float64Array {
  const lines = new Float64Array(1024);
  const stride = sequence === 'short' ? 128 : 1024;
  let firstWindow = 0;
  for (let g = 0; g < groups.length; g++) {
    for (let band = 0; band < maxBand; band++) {
      const book = books[g * maxBand + band]!;
      if (book === ZERO_BOOK || book > 11) continue;
      for (let w = firstWindow; w < firstWindow + groups[g]!; w++) {
        const start = w * stride + bands[band]!;
        const end = w * stride + bands[band + 1]!;
        if (book <= 4) for (let k = start; k < end; k += 4) readQuad(bits, book, lines, k);
        else for (let k = start; k < end; k += 2) readPair(bits, book, lines, k);
      }
    }
    firstWindow += groups[g]!;
  }
  return lines;
}

function readQuad(bits: BitReader, book: number, lines: Float64Array, k: number): void {
  const index = readValues[book - 1]!(bits);
  const offset = SIGNED[book - 1] ? 1 : 0;
  lines[k] = Math.floor(index / 27) - offset;
  lines[k + 1] = (Math.floor(index / 9) % 3) - offset;
  lines[k + 2] = (Math.floor(index / 3) % 3) - offset;
  lines[k + 3] = (index % 3) - offset;
  if (offset === 0) for (let j = k; j < k + 4; j++) if (lines[j] !== 0 && bits.read(1) === 1) lines[j] = -lines[j]!;
}

function readPair(bits: BitReader, book: number, lines: Float64Array, k: number): void {
  const index = readValues[book - 1]!(bits);
  const base = BASES[book - 1]!;
  if (SIGNED[book - 1]) {
    lines[k] = Math.floor(index / base) - 4;
    lines[k + 1] = (index % base) - 4;
    return;
  }
  let first = Math.floor(index / base);
  let second = index % base;
  const negativeFirst = first !== 0 && bits.read(1) === 1;
  const negativeSecond = second !== 0 && bits.read(1) === 1;
  if (book === 11) {
    if (first === 16) first = readEscape(bits);
    if (second === 16) second = readEscape(bits);
  }
  lines[k] = negativeFirst ? -first : first;
  lines[k + 1] = negativeSecond ? -second : second;
}

/** 2^(n+4) and n + 4 bits more, after n ones and a zero; n is at most 8. */
function readEscape(bits: BitReader): number {
  let extra = 4;
  while (bits.read(1) === 1) if (++extra > 12) throw new DamagedAac('an escaped value out of range');
  return (1 << extra) + bits.read(extra);
}

/** x = sign(q)·|q|^(4/3) · 2^((scale - 100)/4) (§4.6.1, §4.6.2). */
function dequantize(lines: Float64Array, { sequence, maxBand, groups, bands }: WindowInfo, books: Uint8Array, scales: Int16Array): void {
  const stride = sequence === 'short' ? 128 : 1024;
  let firstWindow = 0;
  for (let g = 0; g < groups.length; g++) {
    for (let band = 0; band < maxBand; band++) {
      const book = books[g * maxBand + band]!;
      if (book === ZERO_BOOK || book > 11) continue;
      const gain = 2 ** ((scales[g * maxBand + band]! - 100) / 4);
      for (let w = firstWindow; w < firstWindow + groups[g]!; w++) {
        for (let k = w * stride + bands[band]!; k < w * stride + bands[band + 1]!; k++) {
          const q = lines[k]!;
          if (q !== 0) lines[k] = gain * Math.cbrt(q) * Math.abs(q);
        }
      }
    }
    firstWindow += groups[g]!;
  }
}
