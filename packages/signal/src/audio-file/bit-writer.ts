/** Collects bits, the most significant first, in a buffer that grows. */
export type BitWriter = {
  readonly byteLength: number;
  /** The lowest `count` bits (0 … 32) of a number, negative ones in two's complement. */
  write(value: number, count: number): void;
  /** `zeros` 0 bits and a 1. */
  writeUnary(zeros: number): void;
  alignToByte(): void;
  /** A view of what is written, valid until the next write; whole bytes only. */
  bytes(): Uint8Array;
  clear(): void;
};

export function createBitWriter(): BitWriter {
  let buffer = new Uint8Array(1 << 14);
  let length = 0;
  let pending = 0;
  let pendingBits = 0;

  const push = (byte: number): void => {
    if (length === buffer.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(buffer);
      buffer = larger;
    }
    buffer[length++] = byte;
  };
  const write = (value: number, count: number): void => {
    // at most 7 bits wait, so 24 new ones fit 31
    if (count > 24) {
      write(value >>> 24, count - 24);
      count = 24;
    }
    pending = (pending << count) | (value & ((1 << count) - 1));
    pendingBits += count;
    while (pendingBits >= 8) {
      pendingBits -= 8;
      push((pending >>> pendingBits) & 255);
    }
    pending &= (1 << pendingBits) - 1;
  };

  return {
    get byteLength() {
      return length;
    },
    write,
    writeUnary(zeros) {
      for (; zeros >= 24; zeros -= 24) write(0, 24);
      write(1, zeros + 1);
    },
    alignToByte() {
      if (pendingBits > 0) write(0, 8 - pendingBits);
    },
    bytes: () => buffer.subarray(0, length),
    clear() {
      length = 0;
      pending = 0;
      pendingBits = 0;
    },
  };
}
