import { InputError } from '@alignsts/signal';
import { describe, expect, test } from 'vitest';
import { svgToPng } from './rasterize.ts';

const square = (content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50" viewBox="0 0 100 50">${content}</svg>`;

const sizeOf = (png: Uint8Array): [number, number] => {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
};

describe('svgToPng', () => {
  test('scales to the width and keeps the shape', () => {
    const png = svgToPng(square('<rect width="100" height="50" fill="white"/>'), { width: 240 });
    expect([...png.subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
    expect(sizeOf(png)).toEqual([240, 120]);
  });

  test('draws letters without any font of the machine: each text gives its own picture', () => {
    const textPng = (text: string): string =>
      Buffer.from(svgToPng(square(`<text x="5" y="30" font-family="'DejaVu Sans', sans-serif">${text}</text>`), { width: 100 })).toString(
        'base64',
      );
    const pictures = ['', 'la', 'na', 'ʃə'].map(textPng);
    expect(new Set(pictures).size).toBe(4);
  });

  test('refuses what is no SVG and widths that make no sense', () => {
    expect(() => svgToPng('not a picture', { width: 100 })).toThrow(InputError);
    for (const width of [0, -5, 1.5, Number.NaN, 100_000]) expect(() => svgToPng(square(''), { width })).toThrow(/from 1 to 8192/);
  });
});
