import { crc32, inflateSync } from 'node:zlib';
import { createRandom } from '@alignsts/signal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dataUri, toBase64 } from './base64.ts';
import { MAGMA, magmaAt } from './colour-map.ts';
import { encodePng } from './png.ts';

/** Reads a palette PNG by the specification, checking every chunk's sum. */
function decodePng(file: Uint8Array): { width: number; height: number; pixels: Uint8Array; palette: Uint8Array } {
  const bytes = Buffer.from(file);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(bytes.subarray(at + 4, at + 8 + length)));
    chunks.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
  const header = chunks.get('IHDR')!;
  expect([...header.subarray(8)]).toEqual([8, 3, 0, 0, 0]);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const rows = inflateSync(chunks.get('IDAT')!);
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    expect(rows[y * (width + 1)]).toBe(0);
    pixels.set(rows.subarray(y * (width + 1) + 1, (y + 1) * (width + 1)), y * width);
  }
  return { width, height, pixels, palette: new Uint8Array(chunks.get('PLTE')!) };
}

test('a PNG holds the very pixels and palette', () => {
  const random = createRandom(8);
  for (const [width, height] of [
    [1, 1],
    [3, 7],
    [300, 80],
  ] as const) {
    const pixels = Uint8Array.from({ length: width * height }, () => random.integer(256));
    expect(decodePng(encodePng({ width, height, pixels, palette: MAGMA }))).toEqual({ width, height, pixels, palette: MAGMA });
  }
});

describe('the colour map', () => {
  test('grows lighter with every level, so that grey prints keep the order', () => {
    const lightness = Array.from(
      { length: 256 },
      (_, i) => 0.2126 * linear(MAGMA[3 * i]!) + 0.7152 * linear(MAGMA[3 * i + 1]!) + 0.0722 * linear(MAGMA[3 * i + 2]!),
    );
    for (let i = 4; i < 256; i++) expect(lightness[i]!).toBeGreaterThan(lightness[i - 4]!);
  });
  test('runs from near black to pale yellow', () => {
    expect(magmaAt(0)).toBe('#000004');
    expect(magmaAt(255)).toBe('#fcfdbf');
  });
});

function linear(part: number): number {
  const c = part / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

test('base64 equals the platform’s', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => toBase64(bytes) === Buffer.from(bytes).toString('base64')));
  const long = Uint8Array.from({ length: 100_001 }, (_, i) => (i * 7919) >> 3);
  expect(dataUri('image/png', long)).toBe(`data:image/png;base64,${Buffer.from(long).toString('base64')}`);
});
