import type { Decibels, Frames } from '@alignsts/signal';
import { InputError } from '@alignsts/signal';

/**
 * Silence removal (§4.1.1 "all silent frames are removed"; spec A1.5, A7 9): which frames to keep, so that the same frames can be dropped from mel, F0
 * and rhythm alike. A frame is silent when its loudest mel bin lies `threshold` dB below the loudest of the whole sound; pauses shorter than
 * `shortest` frames stay, because closures of plosives are no pauses.
 */
export type SilenceConfig = { remove: boolean; threshold: Decibels; shortest: Frames };

/** Indices of the frames that stay, in order. All of them when removal is off or the whole sound is silent. */
export function soundingFrames(mel: Float32Array /* [T, M] log10 amplitude */, melBins: number, config: SilenceConfig): Int32Array {
  const frames = mel.length / melBins;
  const all = Int32Array.from({ length: frames }, (_, t) => t);
  if (!config.remove || frames === 0) return all;
  const level = Float32Array.from(all, (t) => Math.max(...mel.subarray(t * melBins, (t + 1) * melBins)));
  // log10 amplitude: 20 dB a unit
  const floor = level.reduce((loudest, value) => Math.max(loudest, value), Number.NEGATIVE_INFINITY) - config.threshold / 20;
  const silent = level.map((value) => (value < floor ? 1 : 0));
  for (let start = 0; start < frames; ) {
    let end = start;
    while (end < frames && silent[end] === silent[start]) end++;
    if (silent[start] === 1 && end - start < config.shortest) silent.fill(0, start, end);
    start = end;
  }
  return all.filter((t) => silent[t] === 0);
}

/** The kept frames of any per-frame table. @example keepFrames(new Float32Array([1, 2, 3]), [2], 1) // [3] */
export function keepFrames<Table extends Float32Array | Int32Array>(
  table: Table /* [T, channels] */,
  kept: ArrayLike<number>,
  channels = 1,
): Table {
  const result = new (table.constructor as { new (length: number): Table })(kept.length * channels);
  for (let k = 0; k < kept.length; k++) {
    const frame = kept[k]!;
    if ((frame + 1) * channels > table.length) {
      throw new InputError(
        `Frame ${frame} is kept, but the table has ${table.length / channels} frames. All tables must come from the same frames.`,
      );
    }
    result.set(table.subarray(frame * channels, (frame + 1) * channels) as Float32Array & Int32Array, k * channels);
  }
  return result;
}
