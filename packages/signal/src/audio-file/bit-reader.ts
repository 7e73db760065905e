/** Reads bits from the most significant end, as FLAC and AAC store them. Reading past the end throws: the caller meets a cut file there. */
export type BitReader = {
  /** Bits read since the start. */
  readonly position: number;
  readonly length: number;
  /** The next `count` bits (0 … 32) as an unsigned number. */
  read(count: number): number;
  /** The next `count` bits (1 … 32) in two's complement. */
  readSigned(count: number): number;
  /** Counts 0 bits up to the next 1 and reads that too. */
  readUnary(): number;
  /** The next `count` bits (1 … 24) without reading them; bits behind the end are 0. */
  peek(count: number): number;
  skip(count: number): void;
  alignToByte(): void;
};

/** Thrown inside the decoders only; each decoder turns it into a remark or an InputError. */
export class EndOfBits extends Error {
  override readonly name = 'EndOfBits';
}

// bit positions are 32-bit integers; no frame of any codec comes near 128 MB
const MOST_BYTES = 1 << 27;

/** @param end the first byte that must not be read */
export function createBitReader(whole: Uint8Array, start = 0, end: number = whole.length): BitReader {
  const bytes = whole.subarray(start, Math.min(end, start + MOST_BYTES));
  const last = bytes.length * 8;
  let position = 0;

  /** 32 bits from `position` on, bits behind the end being 0. */
  const window = (): number => {
    const at = position >> 3;
    const shift = position & 7;
    // a byte behind the end is undefined, which the shifts take for 0
    const high = ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
    return shift === 0 ? high : ((high << shift) | ((bytes[at + 4]! << shift) >>> 8)) >>> 0;
  };

  return {
    get position() {
      return position;
    },
    length: last,
    read(count) {
      if (count === 0) return 0;
      if (position + count > last) throw new EndOfBits();
      const value = window() >>> (32 - count);
      position += count;
      return value;
    },
    readSigned(count) {
      if (position + count > last) throw new EndOfBits();
      const value = (window() | 0) >> (32 - count);
      position += count;
      return value;
    },
    readUnary() {
      let zeros = 0;
      for (;;) {
        if (position >= last) throw new EndOfBits();
        const ahead = Math.clz32(window());
        if (ahead < 32) {
          if (position + ahead + 1 > last) throw new EndOfBits();
          position += ahead + 1;
          return zeros + ahead;
        }
        zeros += 32;
        position += 32;
      }
    },
    peek: (count) => window() >>> (32 - count),
    skip(count) {
      if (position + count > last) throw new EndOfBits();
      position += count;
    },
    alignToByte() {
      position = (position + 7) & ~7;
    },
  };
}
