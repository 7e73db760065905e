import { expect, test } from 'vitest';
import { createBitReader } from '../bit-reader.ts';
import { createBitWriter } from '../bit-writer.ts';
import { type HuffmanBook, scaleFactorBook, spectralBooks } from './codebooks.ts';
import { createHuffmanReader } from './huffman.ts';

const books: [string, HuffmanBook, number][] = [
  ['the scale factor book', scaleFactorBook, 121],
  // 3^4, 9^2, 8^2, 13^2 and 17^2 values
  ...[81, 81, 81, 81, 81, 81, 64, 64, 169, 169, 289].map(
    (size, i) => [`spectral book ${i + 1}`, spectralBooks[i]!, size] as [string, HuffmanBook, number],
  ),
];

test.each(books)('%s is a complete code of all its values', (_, { counts, values }, size) => {
  expect(counts.reduce((sum, count, i) => sum + count * 2 ** -(i + 1), 0)).toBe(1);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(size);
  expect([...values].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
});

test.each(books)('every word of %s is read as its value', (_, book) => {
  const writer = createBitWriter();
  let word = 0;
  for (const [i, count] of book.counts.entries()) {
    word *= 2;
    for (let k = 0; k < count; k++) writer.write(word++, i + 1);
  }
  writer.alignToByte();
  const bits = createBitReader(writer.bytes());
  const read = createHuffmanReader(book);
  expect(book.values.map(() => read(bits))).toEqual(book.values);
});

// words that the standard's tables print, spot by spot
test.each([
  [scaleFactorBook, '0', 60],
  [scaleFactorBook, '100', 59],
  [scaleFactorBook, '111111111111101000', 0],
  [spectralBooks[0]!, '0', 40],
  [spectralBooks[4]!, '1111111111111', 0],
  [spectralBooks[10]!, '0000', 0],
  [spectralBooks[10]!, '00100', 288],
])('word %# stands for its value', (book, word, value) => {
  const writer = createBitWriter();
  for (const bit of word) writer.write(Number(bit), 1);
  writer.alignToByte();
  expect(createHuffmanReader(book)(createBitReader(writer.bytes()))).toBe(value);
});
