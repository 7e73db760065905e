import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { AlignstsConfig, Config, FloatArray, Mapped, Weight } from 'alignsts/model';
import { mapTree, readConfig, sizeOf } from 'alignsts/model';

/**
 * The small AlignSTS whose values fixtures/make/alignsts-reference.py has computed item by item in float64: the same configuration, weights
 * and inputs, made by the same rule. The items have different lengths; here they stand padded in one batch.
 */
export const REFERENCE_VARIANTS = ['default', 'release', 'no-rhythm-adaptor', 'no-cross-modal-alignment', 'no-f0-skip', 'gan'] as const;
export type ReferenceVariant = (typeof REFERENCE_VARIANTS)[number];

export const LENGTHS = [23, 9, 1]; // singing frames
export const CONTENT_LENGTHS = [7, 3, 1]; // speech frames
export const SPEECH_LENGTHS = [19, 4, 2]; // frames of the speech's rhythm curve
const CHANNELS = 5;
const ROWS = 40;
const BINS = 80;

export type ReferenceValues = {
  items: {
    condition: number[];
    mel: number[];
    clean?: number[];
    decoded?: number[];
    ids?: number[];
    codes?: number[];
    logits?: number[];
    attention?: number[];
  }[];
  losses: Record<string, number>;
  gradients: Record<string, [norm: number, alongDirection: number]>;
  shapes: Record<string, number[]>;
  quantizer?: { counts: number[]; sums: number[]; codebook: number[] };
};

export function readReference<Values = ReferenceValues>(name: string): Values {
  return JSON.parse(readFileSync(new URL(`../../fixtures/model/${name}.json`, import.meta.url), 'utf8')) as Values;
}

export function referenceConfig(variant: ReferenceVariant): Config & { model: AlignstsConfig } {
  const release = variant === 'release';
  const attention = (window: number, guide: number): object => ({ dropout: 0, window, guide });
  const config = readConfig(
    {
      name: variant,
      features: {
        content: { channels: CHANNELS },
        pitch: { levels: ROWS - 1, rows: ROWS },
        timbre: { channels: 32 },
      },
      model: {
        system: 'alignsts',
        hidden: 32,
        groups: 4,
        windowInclusive: !release,
        rhythmAdaptor: {
          enabled: variant !== 'no-rhythm-adaptor',
          revive: 0,
          predictor: { dropout: 0, kernel: release ? 5 : 3, attention: release ? attention(0.3, 0.3) : attention(0.5, 0.1) },
        },
        aligner: { enabled: variant !== 'no-cross-modal-alignment', attention: release ? attention(0.2, 0.1) : attention(0.4, 0.1) },
        fusion: { pitch: variant !== 'no-f0-skip', rhythm: !release },
        decoder: variant === 'gan' ? { kind: 'fft', dropout: 0 } : { kind: 'diffusion', blocks: 5 },
      },
      losses: { guidedMean: release ? 'cells' : 'item' },
    },
    variant,
  );
  return config as Config & { model: AlignstsConfig };
}

/** Numbers in [−1, 1) from a 32-bit generator seeded by the name's CRC-32, as the reference script makes them. */
export function referenceNoise(name: string, count: number): Float32Array {
  let state = crc32(name) | 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 31 - 1;
  });
}

export function referenceWeights<P>(params: P): Mapped<P, Weight, FloatArray> {
  return mapTree(params, ({ shape }: Weight, name): FloatArray => {
    const fan = sizeOf(shape.slice(1));
    const ofNoise = (value: number): number => {
      if (shape.length > 1) return (value / Math.sqrt(fan)) * 1.7;
      return name.endsWith('weight') || name.endsWith('positionScale') ? 1 + 0.2 * value : 0.2 * value;
    };
    return { shape, data: referenceNoise(name, sizeOf(shape)).map(ofNoise) };
  });
}

export function referenceCodebook(): Float32Array {
  return referenceNoise('codebook', 6 * 32);
}

/** A table for the batch: items one below the other, each padded with `padding` to the longest. */
export type Padded = { data: Float32Array; shape: number[] };

export function padded(
  name: string,
  lengths: readonly number[],
  channels: number,
  ofNoise: (value: number) => number,
  padding: number,
  extra = 0,
): Padded {
  const longest = Math.max(...lengths) + extra;
  const data = new Float32Array(lengths.length * longest * channels).fill(padding);
  lengths.forEach((length, b) => {
    data.set(referenceNoise(`${name}${b}`, length * channels).map(ofNoise), b * longest * channels);
  });
  return { data, shape: [lengths.length, longest, channels] };
}

/** Everything a step takes. Padding holds 9 (mel, noise, content) or other nonsense, which must not matter. */
export function referenceBatch(extra = 0): Record<'content' | 'pitch' | 'rhythm' | 'speechRhythm' | 'mel' | 'noise' | 'timbre', Padded> {
  const timbre = { data: new Float32Array(LENGTHS.length * 32), shape: [LENGTHS.length, 32] };
  LENGTHS.forEach((_, b) => {
    timbre.data.set(
      referenceNoise(`timbre${b}`, 32).map((value) => value * 0.2),
      b * 32,
    );
  });
  return {
    timbre,
    content: padded('content', CONTENT_LENGTHS, CHANNELS, (value) => 2 * value, 9, extra),
    pitch: padded('pitch', LENGTHS, 1, (value) => Math.floor(((value + 1) / 2) * ROWS), 7, extra),
    rhythm: padded('rhythm', LENGTHS, 1, (value) => (value + 1) / 2, 9, extra),
    speechRhythm: padded('speechRhythm', SPEECH_LENGTHS, 1, (value) => (value + 1) / 2, 9, extra),
    mel: padded('mel', LENGTHS, BINS, (value) => 2 * value - 3, 9, extra),
    noise: padded('noise', LENGTHS, BINS, (value) => 1.7 * value, 9, extra),
  };
}

/** The real frames of item b in a padded result [B, T, channels], as many as the item has. */
export function itemOf(data: ArrayLike<number>, shape: readonly number[], b: number, length: number): number[] {
  const [, frames, channels = 1] = shape as [number, number, number?];
  return Array.from({ length: length * channels }, (_, i) => Number(data[b * frames * channels + i]));
}
