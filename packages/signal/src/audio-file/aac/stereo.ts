/** The tools that work on a pair of channels: mid/side and intensity stereo (ISO/IEC 14496-3 §4.6.8), and noise substitution (§4.6.13). */
import { type ChannelStream, INTENSITY_IN_PHASE, INTENSITY_OUT_OF_PHASE, NOISE_BOOK } from './channel-stream.ts';

/** Bands of the pair that are coded as mid and side; for intensity bands it turns the phase, for noise bands it makes both noises one. */
export type PairMask = { present: 0 | 1 | 2; used: Uint8Array /* [group · maxBand + band] */ };

/** @param random uniform in [0, 1) */
export function applyPairTools(left: ChannelStream, right: ChannelStream, mask: PairMask, random: () => number): void {
  eachBand(left, (i, start, end) => {
    const used = mask.used[i] === 1;
    const rightBook = right.books[i]!;
    if (rightBook === INTENSITY_IN_PHASE || rightBook === INTENSITY_OUT_OF_PHASE) {
      // the noise that intensity copies must exist first
      if (left.books[i] === NOISE_BOOK) fillNoise(left, i, start, end, random);
      const turned = mask.present === 1 && used ? -1 : 1;
      const gain = (rightBook === INTENSITY_IN_PHASE ? 1 : -1) * turned * 2 ** (-right.scales[i]! / 4);
      for (let k = start; k < end; k++) right.lines[k] = gain * left.lines[k]!;
      return;
    }
    const noise = left.books[i] === NOISE_BOOK || rightBook === NOISE_BOOK;
    if (!noise) {
      if (!used) return;
      for (let k = start; k < end; k++) {
        const mid = left.lines[k]!;
        const side = right.lines[k]!;
        left.lines[k] = mid + side;
        right.lines[k] = mid - side;
      }
      return;
    }
    if (left.books[i] === NOISE_BOOK) fillNoise(left, i, start, end, random);
    if (rightBook !== NOISE_BOOK) return;
    if (left.books[i] === NOISE_BOOK && used) {
      const gain = 2 ** ((right.scales[i]! - left.scales[i]!) / 4);
      for (let k = start; k < end; k++) right.lines[k] = gain * left.lines[k]!;
    } else fillNoise(right, i, start, end, random);
  });
}

/** Noise substitution of a single channel. */
export function applyNoise(channel: ChannelStream, random: () => number): void {
  eachBand(channel, (i, start, end) => {
    if (channel.books[i] === NOISE_BOOK) fillNoise(channel, i, start, end, random);
  });
}

/** Random lines whose energy is 2^(scale/2). */
function fillNoise({ lines, scales }: ChannelStream, i: number, start: number, end: number, random: () => number): void {
  let energy = 0;
  for (let k = start; k < end; k++) {
    const x = 2 * random() - 1;
    lines[k] = x;
    energy += x * x;
  }
  const gain = energy > 0 ? 2 ** (scales[i]! / 4) / Math.sqrt(energy) : 0;
  for (let k = start; k < end; k++) lines[k] = lines[k]! * gain;
}

/** Calls with the place in books and scales, and the lines, of each band of each window. */
function eachBand({ window }: ChannelStream, visit: (i: number, start: number, end: number) => void): void {
  const { sequence, maxBand, groups, bands } = window;
  const stride = sequence === 'short' ? 128 : 1024;
  let firstWindow = 0;
  for (let g = 0; g < groups.length; g++) {
    for (let w = firstWindow; w < firstWindow + groups[g]!; w++) {
      for (let band = 0; band < maxBand; band++) visit(g * maxBand + band, w * stride + bands[band]!, w * stride + bands[band + 1]!);
    }
    firstWindow += groups[g]!;
  }
}
