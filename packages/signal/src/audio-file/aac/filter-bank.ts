/** The synthesis filter bank of AAC (ISO/IEC 14496-3 §4.6.11): IMDCT, windows that follow the sequence and its shapes, overlap and add. */
import type { ChannelStream } from './channel-stream.ts';
import { createImdct } from './imdct.ts';
import { kaiserBesselRise, sineRise } from './windows.ts';

/** Of one channel; it keeps the second half of each frame for the next. */
export type FilterBank = {
  /** 1024 samples, full scale 1, into `output`. */
  synthesize(channel: ChannelStream, output: Float32Array): void;
  /** Forgets what would overlap, after damage. */
  reset(): void;
};

const longImdct = createImdct(1024);
const shortImdct = createImdct(128);
// rising halves by shape: 0 sine, 1 Kaiser-Bessel derived
const longRise = [sineRise(1024), kaiserBesselRise(1024, 4)] as const;
const shortRise = [sineRise(128), kaiserBesselRise(128, 6)] as const;

export function createFilterBank(): FilterBank {
  const overlap = new Float64Array(1024);
  const block = new Float64Array(2048);
  const shortBlock = new Float64Array(256);
  let previousShape: 0 | 1 = 0;

  const transformShort = (lines: Float64Array, before: Float64Array, after: Float64Array): void => {
    block.fill(0);
    for (let w = 0; w < 8; w++) {
      shortImdct(lines.subarray(128 * w, 128 * (w + 1)), shortBlock);
      // the eight windows stand in the middle of the frame, each half over its neighbour
      const at = 448 + 128 * w;
      const rise = w === 0 ? before : after;
      for (let n = 0; n < 128; n++) {
        block[at + n] = block[at + n]! + shortBlock[n]! * rise[n]!;
        block[at + 128 + n] = shortBlock[128 + n]! * after[127 - n]!;
      }
    }
  };

  return {
    synthesize({ window, lines }, output) {
      const { sequence, shape } = window;
      if (sequence === 'short') transformShort(lines, shortRise[previousShape], shortRise[shape]);
      else {
        longImdct(lines, block);
        windowLeft(block, sequence === 'stop', longRise[previousShape], shortRise[previousShape]);
        windowRight(block, sequence === 'start', longRise[shape], shortRise[shape]);
      }
      for (let n = 0; n < 1024; n++) {
        output[n] = (overlap[n]! + block[n]!) / 32768;
        overlap[n] = block[1024 + n]!;
      }
      previousShape = shape;
    },
    reset() {
      overlap.fill(0);
    },
  };
}

/** Rising half: long, or after short windows nothing, a short rise, and ones. */
function windowLeft(block: Float64Array, afterShort: boolean, long: Float64Array, short: Float64Array): void {
  if (!afterShort) {
    for (let n = 0; n < 1024; n++) block[n] = block[n]! * long[n]!;
    return;
  }
  block.fill(0, 0, 448);
  for (let n = 0; n < 128; n++) block[448 + n] = block[448 + n]! * short[n]!;
}

/** Falling half, the mirror of the rising one. */
function windowRight(block: Float64Array, beforeShort: boolean, long: Float64Array, short: Float64Array): void {
  if (!beforeShort) {
    for (let n = 0; n < 1024; n++) block[1024 + n] = block[1024 + n]! * long[1023 - n]!;
    return;
  }
  for (let n = 0; n < 128; n++) block[1472 + n] = block[1472 + n]! * short[127 - n]!;
  block.fill(0, 1600);
}
