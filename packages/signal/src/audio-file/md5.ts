/** MD5 (RFC 1321) of bytes that arrive in parts: the signature that a FLAC file carries of its samples. */
export type Md5 = {
  update(bytes: Uint8Array): void;
  /** The 16 bytes of the digest; the hash takes no more input after it. */
  digest(): Uint8Array;
};

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21] as const;
const SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(2 ** 32 * Math.abs(Math.sin(i + 1))));

export function createMd5(): Md5 {
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const pending = new Uint8Array(64);
  const words = new Int32Array(16);
  let pendingBytes = 0;
  let totalBytes = 0;

  const takeBlock = (bytes: Uint8Array, at: number): void => {
    for (let i = 0; i < 16; i++, at += 4) words[i] = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      let mixed: number;
      let word: number;
      if (round === 0) {
        mixed = (b & c) | (~b & d);
        word = i;
      } else if (round === 1) {
        mixed = (d & b) | (~d & c);
        word = (5 * i + 1) & 15;
      } else if (round === 2) {
        mixed = b ^ c ^ d;
        word = (3 * i + 5) & 15;
      } else {
        mixed = c ^ (b | ~d);
        word = (7 * i) & 15;
      }
      const sum = (a + mixed + SINES[i]! + words[word]!) | 0;
      const shift = SHIFTS[4 * round + (i & 3)]!;
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
    }
    state[0] = state[0]! + a;
    state[1] = state[1]! + b;
    state[2] = state[2]! + c;
    state[3] = state[3]! + d;
  };

  const update = (bytes: Uint8Array): void => {
    totalBytes += bytes.length;
    let at = 0;
    if (pendingBytes > 0) {
      at = Math.min(64 - pendingBytes, bytes.length);
      pending.set(bytes.subarray(0, at), pendingBytes);
      pendingBytes += at;
      if (pendingBytes < 64) return;
      takeBlock(pending, 0);
      pendingBytes = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) takeBlock(bytes, at);
    pending.set(bytes.subarray(at));
    pendingBytes = bytes.length - at;
  };

  return {
    update,
    digest() {
      const bits = totalBytes * 8;
      const tail = new Uint8Array((pendingBytes < 56 ? 64 : 128) - pendingBytes);
      tail[0] = 0x80;
      const view = new DataView(tail.buffer);
      view.setUint32(tail.length - 8, bits >>> 0, true);
      view.setUint32(tail.length - 4, Math.floor(bits / 2 ** 32), true);
      update(tail);
      const out = new DataView(new ArrayBuffer(16));
      for (let i = 0; i < 4; i++) out.setInt32(4 * i, state[i]!, true);
      return new Uint8Array(out.buffer);
    },
  };
}
