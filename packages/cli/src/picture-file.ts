/** Pictures by the ending of their file: .svg as drawn, .png rasterised. */
import { extname } from 'node:path';
import { InputError } from '@alignsts/signal';
import { svgToPng } from './rasterize.ts';

/** Twice the width of the drawing: sharp on any screen. */
const PNG_WIDTH = 2400;

/** @throws InputError when the ending is neither */
export function checkPicturePath(path: string): void {
  if (path !== '-' && !isPng(path) && extname(path).toLowerCase() !== '.svg') {
    throw new InputError(`${path} is no picture that can be written: .svg and .png are. Give it one of these endings.`);
  }
}

/** @param path `-` is SVG on standard output */
export function encodePicture(svg: string, path: string): Uint8Array | string {
  return isPng(path) ? svgToPng(svg, { width: PNG_WIDTH }) : svg;
}

function isPng(path: string): boolean {
  return extname(path).toLowerCase() === '.png';
}
