import type { BitReader } from '../bit-reader.ts';
import { EndOfBits } from '../bit-reader.ts';
import type { HuffmanBook } from './codebooks.ts';

/** Bits looked up at once; longer words, which are rare, are found length by length. */
const FAST_BITS = 9;

/** Makes the reader of one value of a canonical code. */
export function createHuffmanReader({ counts, values }: HuffmanBook): (bits: BitReader) => number {
  const longest = counts.length;
  // first word of each length and the place of its value
  const firstWord = new Int32Array(longest + 1);
  const firstPlace = new Int32Array(longest + 1);
  // value · 32 + length; 0 where the word is longer
  const fast = new Int32Array(1 << FAST_BITS);
  let word = 0;
  let place = 0;
  for (let length = 1; length <= longest; length++) {
    word <<= 1;
    firstWord[length] = word;
    firstPlace[length] = place;
    for (let i = 0; i < counts[length - 1]!; i++, word++, place++) {
      if (length > FAST_BITS) continue;
      const shift = FAST_BITS - length;
      fast.fill(values[place]! * 32 + length, word << shift, (word + 1) << shift);
    }
  }
  return (bits) => {
    const found = fast[bits.peek(FAST_BITS)]!;
    if (found !== 0) {
      bits.skip(found & 31);
      return found >> 5;
    }
    const ahead = bits.peek(longest);
    for (let length = FAST_BITS + 1; length <= longest; length++) {
      const index = (ahead >> (longest - length)) - firstWord[length]!;
      if (index < counts[length - 1]!) {
        bits.skip(length);
        return values[firstPlace[length]! + index]!;
      }
    }
    // the codes are complete, so only bits behind the end can lead here
    throw new EndOfBits();
  };
}
