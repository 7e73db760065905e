/**
 * Decodes AAC-LC frames (ISO/IEC 14496-3 subpart 4; 13818-7). High-efficiency AAC adds data for the upper band (SBR) and for stereo (PS) that is
 * skipped: its AAC-LC core is what is heard.
 */
import { type BitReader, createBitReader, EndOfBits } from '../bit-reader.ts';
import { type ChannelStream, DamagedAac, readChannelStream, readWindowInfo } from './channel-stream.ts';
import { createFilterBank, type FilterBank } from './filter-bank.ts';
import { applyNoiseShaping } from './noise-shaping.ts';
import { applyNoise, applyPairTools, type PairMask } from './stereo.ts';

export type AacFrame = {
  /** 1024 samples of each channel, in the stream's order: centre before left and right, bass last. Valid until the next call. */
  channels: Float32Array[];
  /** Bits of the frame carry data of spectral band replication. */
  sbr: boolean;
};

export type AacDecoder = {
  /** Decodes the raw data block in bytes [start, end); undefined when it is damaged, its channels then counting as silent. */
  decode(bytes: Uint8Array, start: number, end: number): AacFrame | undefined;
};

const SINGLE = 0;
const COUPLING = 2;
const BASS = 3;
const DATA = 4;
const PROGRAM = 5;
const FILL = 6;
const END = 7;

export function createAacDecoder(rateIndex: number): AacDecoder {
  // overlap of each channel, by its element's kind and tag
  const banks = new Map<string, FilterBank>();
  const outputs: Float32Array[] = [];
  // noise substitution wants noise, and the same file always the same one
  let noiseState = 1;
  const random = (): number => {
    noiseState = (Math.imul(noiseState, 1664525) + 1013904223) | 0;
    return (noiseState >>> 0) / 4294967296;
  };
  const bankOf = (key: string): FilterBank => {
    const bank = banks.get(key) ?? createFilterBank();
    banks.set(key, bank);
    return bank;
  };

  const decodeBlock = (bits: BitReader): AacFrame => {
    const decoded: { stream: ChannelStream; bank: FilterBank }[] = [];
    let sbr = false;
    for (;;) {
      const element = bits.read(3);
      if (element === END) break;
      if (element === FILL) {
        sbr = skipFill(bits) || sbr;
        continue;
      }
      if (element === COUPLING) throw new DamagedAac('a coupling channel');
      if (element === PROGRAM) {
        skipProgram(bits);
        continue;
      }
      const tag = bits.read(4);
      if (element === DATA) {
        skipData(bits);
        continue;
      }
      if (decoded.length >= 8) throw new DamagedAac('more than 8 channels');
      const key = `${element} ${tag} ${decoded.length}`;
      if (element === SINGLE || element === BASS) {
        const stream = readChannelStream(bits, rateIndex);
        applyNoise(stream, random);
        decoded.push({ stream, bank: bankOf(key) });
      } else {
        const [left, right] = readPair(bits, rateIndex, random);
        decoded.push({ stream: left, bank: bankOf(`${key} left`) }, { stream: right, bank: bankOf(`${key} right`) });
      }
    }
    // everything is read before anything is heard, so a damaged frame leaves no half of itself
    while (outputs.length < decoded.length) outputs.push(new Float32Array(1024));
    for (const [c, { stream, bank }] of decoded.entries()) {
      applyNoiseShaping(stream, rateIndex);
      bank.synthesize(stream, outputs[c]!);
    }
    return { channels: outputs.slice(0, decoded.length), sbr };
  };

  return {
    decode(bytes, start, end) {
      try {
        return decodeBlock(createBitReader(bytes, start, end));
      } catch (error) {
        if (!(error instanceof EndOfBits) && !(error instanceof DamagedAac)) throw error;
        for (const bank of banks.values()) bank.reset();
        return undefined;
      }
    },
  };
}

function readPair(bits: BitReader, rateIndex: number, random: () => number): [ChannelStream, ChannelStream] {
  const common = bits.read(1) === 1;
  const window = common ? readWindowInfo(bits, rateIndex) : undefined;
  const mask: PairMask = { present: 0, used: new Uint8Array(0) };
  if (window !== undefined) {
    const present = bits.read(2);
    if (present === 3) throw new DamagedAac('a reserved stereo mask');
    mask.present = present as 0 | 1 | 2;
    mask.used = new Uint8Array(window.groups.length * window.maxBand);
    if (present === 1) for (let i = 0; i < mask.used.length; i++) mask.used[i] = bits.read(1);
    if (present === 2) mask.used.fill(1);
  }
  const left = readChannelStream(bits, rateIndex, window);
  const right = readChannelStream(bits, rateIndex, window);
  if (window !== undefined) applyPairTools(left, right, mask, random);
  else {
    applyNoise(left, random);
    applyNoise(right, random);
  }
  return [left, right];
}

/** Fill element (§4.4.2.7); its extension types 13 and 14 carry SBR. */
function skipFill(bits: BitReader): boolean {
  let count = bits.read(4);
  if (count === 15) count += bits.read(8) - 1;
  if (count === 0) return false;
  const type = bits.read(4);
  bits.skip(8 * count - 4);
  return type === 13 || type === 14;
}

function skipData(bits: BitReader): void {
  const aligned = bits.read(1) === 1;
  let count = bits.read(8);
  if (count === 255) count += bits.read(8);
  if (aligned) bits.alignToByte();
  bits.skip(8 * count);
}

/** Program config element (§4.4.1.1): the elements that follow show the layout anyway. */
function skipProgram(bits: BitReader): void {
  bits.skip(10);
  const counts = [4, 4, 4, 2, 3, 4].map((width) => bits.read(width));
  for (let i = 0; i < 3; i++) {
    // mono, stereo and matrix mixdown notes
    if (bits.read(1) === 1) bits.skip(i === 2 ? 3 : 4);
  }
  const [front, side, back, bass, data, coupling] = counts as [number, number, number, number, number, number];
  bits.skip(5 * (front + side + back) + 4 * (bass + data) + 5 * coupling);
  bits.alignToByte();
  bits.skip(8 * bits.read(8));
}
