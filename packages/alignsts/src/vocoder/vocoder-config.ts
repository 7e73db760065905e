import { z } from 'zod';

/**
 * Everything that fixes a vocoder of this folder and its training. One schema: defaults are written here, configs/vocoder/*.json override them
 * by name. Sizes that the sound grid fixes (24 kHz, hop 128, transform 512) are constants of stft-grid.ts, not choices.
 */
const count = () => z.number().int().positive();

const generator = z.strictObject({
  /**
   * What the network hears besides F0. envelope: the pitch-free spectral envelope and band aperiodicity of analyzeVoice (re-pitching a
   * voice). mel: AlignSTS's log10 mel (the decoder's output).
   */
  head: z.enum(['envelope', 'mel']).default('envelope'),
  /** Width of the trunk. */
  hidden: count().default(256),
  /** ConvNeXt blocks (Liu et al. 2022; in a vocoder: Siuzdak 2024, Vocos). */
  blocks: count().default(8),
  /** Frames a block sees. */
  kernel: count()
    .refine((size) => size % 2 === 1, { error: 'a kernel must be odd, so that a frame sees as far back as ahead' })
    .default(7),
  /** Width inside a block over the trunk's. */
  expansion: count().default(3),
});

const discriminators = z.strictObject({
  /** HiFi-GAN's multi-period discriminator (Kong et al. 2020, §2.3): periods in samples. */
  periods: z.array(count()).default([2, 3, 5, 7, 11]),
  /** Channels of its layers; HiFi-GAN has 32, 128, 512, 1024, 1024. */
  periodChannels: z.array(count()).default([16, 64, 128, 256, 256]),
  /** UnivNet's multi-resolution spectrogram discriminator (Jang et al. 2021): sizes of the transform, hop a quarter of it. */
  resolutions: z.array(count()).default([512, 1024, 2048]),
  resolutionChannels: count().default(32),
});

const training = z.strictObject({
  /** Segments a step. */
  items: count().default(32),
  /** Frames of a segment that the network computes; 3 less are heard: 4n + 3, so that every loss's hop divides them. */
  frames: count()
    .refine((frames) => frames % 16 === 3 && frames > 19, { error: 'frames must be 16n + 3 and above 19' })
    .default(131),
  /** Transforms of the spectral loss; hop a quarter. */
  resolutions: z.array(count()).default([256, 512, 1024, 2048]),
  /** Share of the run before the discriminators join. */
  warmup: z.number().min(0).max(1).default(0.2),
  rate: z.number().positive().default(5e-4),
  discriminatorRate: z.number().positive().default(2e-4),
  /** Rate at the end of the run over the rate at its start (cosine between). */
  lastRate: z.number().min(0).max(1).default(0.02),
  /** Updates until the rate is reached. */
  rise: count().default(300),
  beta1: z.number().min(0).lt(1).default(0.8),
  beta2: z.number().min(0).lt(1).default(0.99),
  epsilon: z.number().positive().default(1e-8),
  weightDecay: z.number().min(0).default(0.01),
  clip: z.number().positive().default(10),
  /** Decay of the weights' running average, which is what is shipped. */
  average: z.number().min(0).lt(1).default(0.999),
  /** Weights of the losses of the generator. */
  spectralWeight: z.number().min(0).default(20),
  adversarialWeight: z.number().min(0).default(1),
  featureWeight: z.number().min(0).default(2),
  /** Loudness of a segment is changed by a random factor between these decibels. */
  gain: z.tuple([z.number(), z.number()]).default([-14, 4]),
  /** How much likelier a second of singing is drawn than a second of speech. */
  singing: z.number().positive().default(2),
  seed: z.number().int().min(0).default(1234),
});

export type GeneratorConfig = { head: 'envelope' | 'mel'; hidden: number; blocks: number; kernel: number; expansion: number };

export type DiscriminatorsConfig = {
  periods: number[];
  periodChannels: number[];
  resolutions: number[];
  resolutionChannels: number;
};

export type VocoderTrainingConfig = {
  items: number;
  frames: number;
  resolutions: number[];
  warmup: number;
  rate: number;
  discriminatorRate: number;
  lastRate: number;
  rise: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  clip: number;
  average: number;
  spectralWeight: number;
  adversarialWeight: number;
  featureWeight: number;
  gain: [number, number];
  singing: number;
  seed: number;
};

export type VocoderConfig = {
  name: string;
  generator: GeneratorConfig;
  discriminators: DiscriminatorsConfig;
  training: VocoderTrainingConfig;
};

const vocoderConfigSchema: z.ZodType<VocoderConfig> = z.strictObject({
  name: z.string().min(1),
  generator: generator.prefault({}),
  discriminators: discriminators.prefault({}),
  training: training.prefault({}),
});

/** Reads a configuration; fields left out take their defaults. @throws ZodError that names the field and what is allowed. */
export function parseVocoderConfig(json: unknown): VocoderConfig {
  return vocoderConfigSchema.parse(json);
}
