import * as torch from '@alignsts/torch';
import type { TrainingItem } from './item.ts';
import type { Batch } from './plan-batches.ts';

/** A batch on the device: items one below the other, padded with zeros; the lengths say where each ends. */
export type TensorBatch = {
  content: torch.Tensor; // [B, N, C]
  contentLengths: torch.Tensor; // [B] int32
  pitch: torch.Tensor; // [B, T] int32
  lengths: torch.Tensor; // [B] int32
  timbre: torch.Tensor; // [B, 256]
  mel: torch.Tensor; // [B, T, M]
  rhythm: torch.Tensor; // [B, T, 1]
  speechRhythm: torch.Tensor; // [B, S, 1]
  speechLengths: torch.Tensor; // [B] int32
  speechMel: torch.Tensor; // [B, S, M]; zeros where the corpus has none
  source: torch.Tensor; // [B, T] int32, −1 = unknown
};

export type BatchWidths = { contentChannels: number; timbreChannels: number; melBins: number };

/** The same batch in host memory: what is copied to the device, or into the static buffers of a captured step. */
export type HostBatch = { [Name in keyof TensorBatch]: { data: Float32Array | Int32Array; shape: number[] } };

export function collate(items: readonly TrainingItem[], batch: Batch, widths: BatchWidths): HostBatch {
  const chosen = batch.items.map((index) => items[index]!);
  const count = chosen.length;
  const { contentChannels, timbreChannels, melBins } = widths;
  const floats = (of: (item: TrainingItem) => Float32Array | undefined, length: number, width: number): HostBatch['mel'] => {
    const data = new Float32Array(count * length * width);
    chosen.forEach((item, b) => {
      const values = of(item);
      if (values !== undefined) data.set(values, b * length * width);
    });
    return { data, shape: [count, length, width] };
  };
  const integers = (of: (item: TrainingItem) => Int32Array | undefined, fill: number): HostBatch['pitch'] => {
    const data = new Int32Array(count * batch.frames).fill(fill);
    chosen.forEach((item, b) => {
      const values = of(item);
      if (values !== undefined) data.set(values, b * batch.frames);
    });
    return { data, shape: [count, batch.frames] };
  };
  const lengths = (of: (item: TrainingItem) => number): HostBatch['lengths'] => ({ data: Int32Array.from(chosen, of), shape: [count] });
  const timbre = floats((item) => item.timbre, 1, timbreChannels);
  return {
    content: floats((item) => item.content, batch.contentFrames, contentChannels),
    contentLengths: lengths((item) => item.content.length / contentChannels),
    pitch: integers((item) => item.pitch, 0),
    lengths: lengths((item) => item.pitch.length),
    timbre: { data: timbre.data, shape: [count, timbreChannels] },
    mel: floats((item) => item.mel, batch.frames, melBins),
    rhythm: floats((item) => item.rhythm, batch.frames, 1),
    speechRhythm: floats((item) => item.speechRhythm, batch.speechFrames, 1),
    speechLengths: lengths((item) => item.speechRhythm.length),
    speechMel: floats((item) => item.speechMel, batch.speechFrames, melBins),
    source: integers((item) => item.source, -1),
  };
}

export function upload(batch: HostBatch, device: torch.Device): TensorBatch {
  const entries = Object.entries(batch).map(([name, { data, shape }]) => [name, torch.fromTypedArray(data, shape, { device })]);
  return Object.fromEntries(entries) as TensorBatch;
}
