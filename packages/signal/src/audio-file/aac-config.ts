/** AudioSpecificConfig of MPEG-4 audio (ISO/IEC 14496-3 §1.6.2.1). */
import { InputError } from '../input-error.ts';
import type { Hertz } from '../units.ts';
import { aacSampleRates } from './adts-frame.ts';
import { type BitReader, createBitReader, EndOfBits } from './bit-reader.ts';

export type AacConfig = {
  /** Of the AAC-LC core; high-efficiency AAC plays at twice this rate. */
  sampleRate: Hertz;
  rateIndex: number;
};

const LC = 2;
const SBR = 5;
const PS = 29;

const PROFILES: Record<number, string> = { 1: 'AAC Main', 3: 'AAC-SSR', 4: 'AAC-LTP', 23: 'AAC-LD', 39: 'AAC-ELD', 42: 'xHE-AAC (USAC)' };

/** @throws InputError when the profile is none whose core is AAC-LC */
export function parseAacConfig(bytes: Uint8Array): AacConfig {
  try {
    const bits = createBitReader(bytes);
    let profile = readObjectType(bits);
    const rate = readRate(bits);
    bits.skip(4); // channel configuration: the frames show it themselves
    if (profile === SBR || profile === PS) {
      readRate(bits);
      profile = readObjectType(bits);
    }
    if (profile !== LC) {
      const name = PROFILES[profile] ?? `MPEG-4 audio type ${profile}`;
      throw new InputError(`The sound is coded as ${name} but of AAC only AAC-LC and HE-AAC are read. Convert it to WAV, FLAC or AAC-LC.`);
    }
    if (bits.read(1) === 1) {
      throw new InputError('The sound is AAC with frames of 960 samples, which are not read. Convert it to WAV, FLAC or plain AAC-LC.');
    }
    return rate;
  } catch (error) {
    if (!(error instanceof EndOfBits)) throw error;
    throw new InputError('The M4A file is damaged where it describes its AAC sound. Export the recording again.');
  }
}

function readObjectType(bits: BitReader): number {
  const type = bits.read(5);
  return type === 31 ? 32 + bits.read(6) : type;
}

/** Lowest rate for which the tables of each index hold (Table 4.82). */
const LOWEST_RATES = [92017, 75132, 55426, 46009, 37566, 27713, 23004, 18783, 13856, 11502, 9391, 0] as const;

function readRate(bits: BitReader): AacConfig {
  const index = bits.read(4);
  if (index < aacSampleRates.length) return { sampleRate: aacSampleRates[index]!, rateIndex: index };
  if (index !== 15) throw new InputError('The M4A file names a sample rate that AAC does not have. Export the recording again.');
  const sampleRate = bits.read(24);
  return { sampleRate, rateIndex: LOWEST_RATES.findIndex((lowest) => sampleRate >= lowest) };
}
