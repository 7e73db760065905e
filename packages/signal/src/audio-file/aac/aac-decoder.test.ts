import { describe, expect, test } from 'vitest';
import { createRandom } from '../../random.ts';
import { createBitReader } from '../bit-reader.ts';
import { type BitWriter, createBitWriter } from '../bit-writer.ts';
import { type AacFrame, createAacDecoder } from './aac-decoder.ts';
import { DamagedAac, readChannelStream } from './channel-stream.ts';
import { scaleFactorBook } from './codebooks.ts';
import { applyNoiseShaping } from './noise-shaping.ts';
import { applyNoise, applyPairTools } from './stereo.ts';

const RATE_24K = 6;

/** Scale factor book: the word of a difference. */
function writeScaleDifference(bits: BitWriter, difference: number): void {
  const place = scaleFactorBook.values.indexOf(difference + 60);
  let word = 0;
  let first = 0;
  for (const [i, count] of scaleFactorBook.counts.entries()) {
    word *= 2;
    if (place < first + count) {
      bits.write(word + place - first, i + 1);
      return;
    }
    word += count;
    first += count;
  }
}

/** A long-window channel whose first bands use the given books and have nothing in their lines. */
function writeChannel(
  bits: BitWriter,
  { gain = 100, bands = [] as { book: number; value: number }[], tns = undefined as (() => void) | undefined } = {},
): void {
  bits.write(gain, 8);
  bits.write(0b0000, 4); // reserved, long window, sine shape
  bits.write(bands.length, 6);
  bits.write(0, 1); // no prediction
  for (const { book } of bands) {
    bits.write(book, 4);
    bits.write(1, 5);
  }
  let firstNoise = true;
  for (const { book, value } of bands) {
    if (book === 13 && firstNoise) {
      bits.write(value - gain + 90 + 256, 9);
      firstNoise = false;
    } else if (book !== 0) writeScaleDifference(bits, value);
  }
  bits.write(0, 1); // no pulses
  bits.write(tns === undefined ? 0 : 1, 1);
  tns?.();
  bits.write(0, 1); // no gain control
}

const decode = (write: (bits: BitWriter) => void): AacFrame | undefined => {
  const bits = createBitWriter();
  write(bits);
  bits.write(7, 3);
  bits.alignToByte();
  const bytes = bits.bytes();
  return createAacDecoder(RATE_24K).decode(bytes, 0, bytes.length);
};

const single = (bits: BitWriter): void => {
  bits.write(0, 3);
  bits.write(0, 4);
  writeChannel(bits);
};

describe('raw data blocks made by hand', () => {
  test('an empty channel is 1024 zeros', () => {
    expect(decode(single)).toEqual({ channels: [new Float32Array(1024)], sbr: false });
  });

  test('a fill element with spectral band replication is skipped and told', () => {
    const frame = decode((bits) => {
      single(bits);
      bits.write(6, 3);
      bits.write(2, 4);
      bits.write(13, 4);
      bits.write(0xabc, 12);
    });
    expect(frame).toMatchObject({ sbr: true, channels: [new Float32Array(1024)] });
  });

  test('long fill elements, data elements and program configs are skipped', () => {
    const frame = decode((bits) => {
      bits.write(5, 3); // program config: one front single element
      bits.write(0b0000_01_0110, 10);
      bits.write(1, 4);
      bits.write(0, 4);
      bits.write(0, 4);
      bits.write(0, 2);
      bits.write(0, 3);
      bits.write(0, 4);
      bits.write(0, 3);
      bits.write(0b00000, 5);
      bits.alignToByte();
      bits.write(2, 8);
      bits.write(0x6869, 16);
      bits.write(4, 3); // data, aligned, three bytes
      bits.write(0, 4);
      bits.write(1, 1);
      bits.write(3, 8);
      bits.alignToByte();
      bits.write(0xffffff, 24);
      bits.write(6, 3); // 15 + 3 - 1 bytes of filling
      bits.write(15, 4);
      bits.write(3, 8);
      for (let i = 0; i < 17; i++) bits.write(0, 8);
      single(bits);
    });
    expect(frame).toMatchObject({ sbr: false, channels: [new Float32Array(1024)] });
  });

  test('coupling channels, prediction and ends too early are damage', () => {
    expect(decode((bits) => bits.write(2, 3))).toBeUndefined();
    expect(
      decode((bits) => {
        bits.write(0, 3);
        bits.write(0, 4);
        bits.write(100, 8);
        bits.write(0, 4);
        bits.write(0, 6);
        bits.write(1, 1);
      }),
    ).toBeUndefined();
    expect(createAacDecoder(RATE_24K).decode(Uint8Array.of(0, 0), 0, 2)).toBeUndefined();
    expect(createAacDecoder(RATE_24K).decode(new Uint8Array(0), 0, 0)).toBeUndefined();
  });

  test('more bands than the sample rate has are damage', () => {
    const bits = createBitWriter();
    writeChannel(bits, { bands: Array.from({ length: 60 }, () => ({ book: 0, value: 0 })) });
    bits.alignToByte();
    expect(() => readChannelStream(createBitReader(bits.bytes()), RATE_24K)).toThrow(DamagedAac);
  });
});

const channelOf = (options: Parameters<typeof writeChannel>[1]) => {
  const bits = createBitWriter();
  writeChannel(bits, options);
  bits.alignToByte();
  return readChannelStream(createBitReader(bits.bytes().slice()), RATE_24K);
};
const energy = (lines: Float64Array, start: number, end: number): number => lines.subarray(start, end).reduce((sum, x) => sum + x * x, 0);

describe('tools of the standard', () => {
  test('noise substitution gives each band the energy 2^(scale/2)', () => {
    const random = createRandom(1);
    // the first value stands alone, the second is a difference to it
    const channel = channelOf({
      bands: [
        { book: 13, value: 40 },
        { book: 0, value: 0 },
        { book: 13, value: -6 },
      ],
    });
    applyNoise(channel, random.uniform);
    expect(energy(channel.lines, 0, 4) / 2 ** 20).toBeCloseTo(1, 12);
    expect(energy(channel.lines, 4, 8)).toBe(0);
    expect(energy(channel.lines, 8, 12) / 2 ** 17).toBeCloseTo(1, 12);
  });

  test('intensity stereo scales the left lines by 2^(-position/4), with the sign of the book and of the mask', () => {
    for (const [book, used, sign] of [
      [15, 0, 1],
      [14, 0, -1],
      [15, 1, -1],
      [14, 1, 1],
    ] as const) {
      const left = channelOf({ bands: [{ book: 0, value: 0 }] });
      const right = channelOf({ bands: [{ book, value: 4 }] });
      left.lines.set([1, -2, 3, 4]);
      applyPairTools(left, right, { present: 1, used: Uint8Array.of(used) }, Math.random);
      expect(Array.from(right.lines.subarray(0, 4))).toEqual([0.5, -1, 1.5, 2].map((x) => sign * x));
    }
  });

  test('mid and side become left and right where the mask says so', () => {
    const left = channelOf({
      bands: [
        { book: 0, value: 0 },
        { book: 0, value: 0 },
      ],
    });
    const right = channelOf({
      bands: [
        { book: 0, value: 0 },
        { book: 0, value: 0 },
      ],
    });
    left.lines.set([3, 0, 0, 0, 3]);
    right.lines.set([1, 0, 0, 0, 1]);
    applyPairTools(left, right, { present: 1, used: Uint8Array.of(1, 0) }, Math.random);
    expect([left.lines[0], right.lines[0], left.lines[4], right.lines[4]]).toEqual([4, 2, 3, 1]);
  });

  test('a noise shaping filter of order one decays along the lines, upward or downward', () => {
    for (const direction of [0, 1] as const) {
      const bits = createBitWriter();
      writeChannel(bits, {
        bands: Array.from({ length: 4 }, () => ({ book: 0, value: 0 })),
        tns: () => {
          bits.write(1, 2); // one filter
          bits.write(1, 1); // four bits of resolution
          bits.write(47, 6); // over all bands, 47 at 24 kHz
          bits.write(1, 5);
          bits.write(direction, 1);
          bits.write(0, 1);
          bits.write(3, 4);
        },
      });
      bits.alignToByte();
      const channel = readChannelStream(createBitReader(bits.bytes()), RATE_24K);
      // §4.6.9.3: index 3 of a quantiser whose steps are (2^3 - 0.5)/(π/2)
      const reflection = Math.sin((3 * Math.PI) / 2 / 7.5);
      // the filter spans the 16 lines of the four coded bands
      channel.lines[direction === 0 ? 0 : 15] = 1;
      applyNoiseShaping(channel, RATE_24K);
      for (let k = 0; k < 16; k++) {
        expect(channel.lines[direction === 0 ? k : 15 - k]).toBeCloseTo((-reflection) ** k, 12);
      }
      expect(channel.lines[16]).toBe(0);
    }
  });
});
