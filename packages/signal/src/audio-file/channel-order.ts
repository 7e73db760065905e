/**
 * Puts the channels of every codec into the order of WAV and FLAC: front left, front right, centre, bass, back, sides. Entry c of a row names the decoded
 * channel that becomes channel c; counts without a row are left as they come.
 */

/** Vorbis I §4.3.9, RFC 7845 §5.1.1.2. */
const VORBIS: Record<number, readonly number[]> = {
  3: [0, 2, 1],
  5: [0, 2, 1, 3, 4],
  6: [0, 2, 1, 5, 3, 4],
  7: [0, 2, 1, 6, 5, 3, 4],
  8: [0, 2, 1, 7, 5, 6, 3, 4],
};

/** ISO/IEC 14496-3 Table 1.19: centre first, bass last. */
const AAC: Record<number, readonly number[]> = {
  3: [1, 2, 0],
  4: [1, 2, 0, 3],
  5: [1, 2, 0, 3, 4],
  6: [1, 2, 0, 5, 3, 4],
};

/** @example inWavOrder(['L', 'C', 'R'], 'vorbis') // ['L', 'R', 'C'] */
export function inWavOrder<T>(channels: T[], codec: 'vorbis' | 'aac'): T[] {
  const order = (codec === 'vorbis' ? VORBIS : AAC)[channels.length];
  return order === undefined ? channels : order.map((c) => channels[c]!);
}
