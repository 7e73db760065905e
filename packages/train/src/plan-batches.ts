import { InputError, type Random } from '@alignsts/signal';
import type { TrainingConfig } from 'alignsts/model';
import type { ItemSize } from './item.ts';

/**
 * Batches of one epoch: by target length, under a budget of frames, formed anew every epoch (the released code forms them once, by speech length,
 * spec A3). Lengths are padded up to a few static sizes, so that all batches of one size replay one captured step. What does not fill a batch
 * moves up to the next size; the epoch's last batch is filled with items drawn a second time, so every batch of a size has the same shape.
 */
export type Batch = {
  items: number[]; // indices
  /** Padded sizes, the same for every batch of this length. */
  frames: number;
  contentFrames: number;
  speechFrames: number;
};

export function planBatches(
  sizes: readonly ItemSize[],
  config: Pick<TrainingConfig, 'items' | 'frames' | 'longest' | 'bucket'>,
  random: Random,
): Batch[] {
  const usable = sizes.map((_, index) => index).filter((index) => sizes[index]!.frames <= config.longest);
  if (usable.length === 0) {
    throw new InputError(
      `None of the ${sizes.length} items is at most ${config.longest} frames long (training.longest). Cut the recordings into phrases.`,
    );
  }
  const up = (length: number, step: number): number => Math.ceil(length / step) * step;
  // widths come from the whole corpus, not from the batch: shapes stay the same in every epoch
  const lengths = [...new Set(usable.map((index) => up(sizes[index]!.frames, config.bucket)))].sort((a, b) => a - b);
  const widest = (of: (size: ItemSize) => number, frames: number): number =>
    up(Math.max(...usable.filter((index) => sizes[index]!.frames <= frames).map((index) => of(sizes[index]!))), 32);

  const order = shuffled(usable, random);
  const batches: Batch[] = [];
  let waiting: number[] = [];
  for (const frames of lengths) {
    waiting.push(...order.filter((index) => up(sizes[index]!.frames, config.bucket) === frames));
    const capacity = Math.max(1, Math.min(config.items, Math.floor(config.frames / frames)));
    const last = frames === lengths.at(-1);
    while (waiting.length >= capacity || (last && waiting.length > 0)) {
      const items = waiting.slice(0, capacity);
      waiting = waiting.slice(capacity);
      while (items.length < capacity) items.push(order[random.integer(order.length)]!);
      batches.push({
        items,
        frames,
        contentFrames: widest((size) => size.contentFrames, frames),
        speechFrames: widest((size) => size.speechFrames, frames),
      });
    }
  }
  return shuffled(batches, random);
}

/** Fisher-Yates. */
function shuffled<Element>(list: readonly Element[], random: Random): Element[] {
  const result = [...list];
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
