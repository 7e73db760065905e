import { InputError } from '@alignsts/signal';
import { Unzip, UnzipInflate } from 'fflate';
import { decodeText } from '../decode-text.ts';
import { readXml } from './xml.ts';

/**
 * Compressed MusicXML (.mxl): a zip archive whose META-INF/container.xml names the score. Only these two entries are inflated, in
 * small slices, and inflation stops at a limit: a bomb costs a few megabytes, whatever its headers say.
 */

const MOST_ENTRIES = 1000;
const MOST_CONTAINER = 64 * 1024;
export const MOST_SCORE: number = 64 * 1024 * 1024;
/** XML of scores shrinks 10 to 40 times; deflate's best, 1032 times, means nothing but repetition. */
const HIGHEST_RATIO = 200;
/** Compressed bytes pushed at once; they can swell to 1032 times as many before a limit is looked at. */
const SLICE = 4096;

/** The score inside the archive, as the bytes of its XML file. @throws InputError if it is missing, damaged or passes a limit. */
export function unpackMxl(bytes: Uint8Array): Uint8Array {
  const container = extract(bytes, 'META-INF/container.xml', MOST_CONTAINER);
  if (!container)
    throw new InputError('the zip archive has no META-INF/container.xml, so it is no compressed MusicXML (.mxl). Export the score again.');
  const path = rootFile(decodeText(container));
  const score = extract(bytes, path, MOST_SCORE);
  if (!score)
    throw new InputError(`the .mxl archive does not hold "${shown(path)}", the score its container names. Export the score again.`);
  return score;
}

function rootFile(container: string): string {
  const paths: string[] = [];
  readXml(container, {
    captures: (name) => name === 'rootfile',
    onElement({ attributes }) {
      const type = attributes['media-type'] ?? '';
      // the first root file is the score; others are renderings such as PDF
      if (attributes['full-path'] && (type === '' || type.includes('xml'))) paths.push(attributes['full-path']);
    },
  });
  const path = paths[0];
  if (path === undefined) throw new InputError('the container of the .mxl archive names no score. Export the score again.');
  return path;
}

/** One entry, inflated; undefined if it is not there. */
function extract(bytes: Uint8Array, path: string, most: number): Uint8Array | undefined {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let entries = 0;
  let found = false;
  let complete = false;
  const unzip = new Unzip((file) => {
    if (++entries > MOST_ENTRIES) throw new InputError(`the .mxl archive has more than ${MOST_ENTRIES} entries. Export the score again.`);
    if (found || file.name !== path) return;
    found = true;
    if (file.compression !== 0 && file.compression !== 8) {
      throw new InputError(
        `the .mxl archive uses compression method ${file.compression}; stored (0) and deflate (8) are allowed. Export the score again.`,
      );
    }
    file.ondata = (error, chunk, final) => {
      if (error) throw error;
      size += chunk.length;
      if (size > most || size > HIGHEST_RATIO * (bytes.length + 1024)) {
        throw new InputError(
          `"${shown(path)}" in the .mxl archive unpacks to more than ${Math.round(Math.min(most, HIGHEST_RATIO * (bytes.length + 1024)) / 1024)} KiB, which no score needs. Export the score again.`,
        );
      }
      chunks.push(chunk);
      complete = final;
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let start = 0; start < bytes.length && !complete; start += SLICE) {
      unzip.push(bytes.subarray(start, start + SLICE), start + SLICE >= bytes.length);
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    // fflate's own errors, and what it runs into when a size in the archive is a lie
    throw new InputError(
      `the .mxl archive is damaged (${error instanceof Error ? error.message : String(error)}). Export or download it again.`,
    );
  }
  if (!found) return undefined;
  if (!complete) throw new InputError(`the .mxl archive ends in the middle of "${shown(path)}". Export or download it again.`);
  const result = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    result.set(chunk, offset);
    offset += chunk.length;
  }
  return result;
}

function shown(path: string): string {
  return path.length > 80 ? `${path.slice(0, 80)}…` : path;
}
