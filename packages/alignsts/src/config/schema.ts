import { z } from 'zod';
import type { Config } from './config.ts';

/**
 * The whole configuration: Table 4, §4.1.2 and what the paper leaves open. Every field names its source; "A7 n" is row n of the table of
 * paper-versus-code differences (docs/decisions/020 says which side is the default and why). Defaults are written here and nowhere else:
 * configs/default.json is empty but for its name; paper.json, release.json, the ablations and the baselines override fields by name.
 */

const count = () => z.number().int().positive();
const fraction = () => z.number().min(0).max(1);
const dropout = () => z.number().min(0).lt(1);
const kernel = () => count().refine((size) => size % 2 === 1, { error: 'a kernel must be odd, so that a frame sees as far back as ahead' });

const features = z.strictObject({
  /** §4.1.2: 80 mel bins (the grid itself, 24 kHz and hop 128, is grid.ts). */
  melBins: count().default(80),
  f0: z
    .strictObject({
      /** Code: Praat's pitch floor, Hz. */
      floor: z.number().positive().default(80),
      /** Code: Praat's ceiling, Hz. Up to 1000 for sopranos. */
      ceiling: z.number().positive().default(750),
      /** Code: 0.6 where Praat's own default is 0.45. */
      voicingThreshold: fraction().default(0.6),
    })
    .prefault({}),
  pitch: z
    .strictObject({
      /** A7 5: uniform on the mel scale (code) or in hertz (paper: "256 values, uniform"). */
      scale: z.enum(['mel', 'hertz']).default('mel'),
      /** A7 5: the code has 255 levels, the paper speaks of 256. */
      levels: count().default(255),
      /** Code: the lowest and highest frequency told apart, Hz. */
      low: z.number().positive().default(50),
      high: z.number().positive().default(1100),
      /** A7 5: unvoiced frames get index 0 of their own (ours, free), or share the lowest level with 50 Hz (code). */
      unvoiced: z.enum(['own', 'lowest']).default('own'),
      /** Code: rows of the embedding table; more than are used. */
      rows: count().default(300),
    })
    .prefault({}),
  rhythm: z
    .strictObject({
      /** A7 1: the linear spectrum's norm (paper) or the mel's (code). */
      source: z.enum(['linear', 'mel']).default('linear'),
      /** A7 1: 10 undoes the log10-mel; the code takes e. */
      expBase: z.union([z.literal(10), z.literal('e')]).default(10),
      /** A7 2: 35 in training; 400 in Fig. 2. */
      beta: z.number().positive().default(35),
      /** A7 3: Gaussian filter in frames; 1 in the paper, 0 in the code's training. */
      sigma: z.number().min(0).default(1),
    })
    .prefault({}),
  content: z
    .strictObject({
      /** Which encoder made the features; stored in every cache, checkpoint and manifest, and a mismatch is refused. Ours: the encoder that registries carry. */
      encoder: z.string().default('whisper-base'),
      /** Channels of that encoder. Paper: 32 CTC logits of wav2vec2-base-960h (A7 7). */
      channels: count().default(512),
      /** Table 1 "zero-shot": train on content taken from the singing itself. */
      of: z.enum(['speech', 'singing']).default('speech'),
      /** A7 8: pitch-flattened audio ("PS" in Fig. 1). */
      flattened: z.boolean().default(true),
    })
    .prefault({}),
  timbre: z
    .strictObject({
      encoder: z.string().default('resemblyzer'),
      /** §3.2: 256; added to features of that width. */
      channels: count().default(256),
      /** A7 10: the encoder was trained at 16 kHz; the code feeds it 24 kHz. */
      sampleRate: count().default(16000),
    })
    .prefault({}),
  silence: z
    .strictObject({
      /** A7 9: "all silent frames are removed" (paper); the code cuts sentences only. */
      remove: z.boolean().default(false),
      /** Ours: quieter than this below the loudest frame is silent, dB. */
      threshold: z.number().positive().default(40),
      /** Ours: pauses shorter than this stay, frames. */
      shortest: count().default(19),
    })
    .prefault({}),
});

/** Table 4: the attention blocks. */
const attention = (defaults: { layers: number; heads: number; window: number }) =>
  z
    .strictObject({
      /** Table 4. */
      layers: count().default(defaults.layers),
      /** Table 4. */
      heads: count().default(defaults.heads),
      /** Table 4. A7 19: the code's predictor uses 0.8 here too. */
      dropout: dropout().default(0.1),
      /** A7 12: whole width of the window, as a share of the speech (paper 0.5 and 0.4, code 0.3 and 0.2). */
      window: fraction().default(defaults.window),
      /** A7 15: width g of the guided attention loss. */
      guide: z.number().positive().default(0.1),
    })
    .prefault({});

/** Table 4: layers of convolution, group normalisation and ReLU. */
const encoder = (defaults: { layers: number; kernel: number; stride: number }) =>
  z
    .strictObject({
      layers: count().default(defaults.layers),
      kernel: kernel().default(defaults.kernel),
      stride: count().default(defaults.stride),
    })
    .prefault({});

const diffusion = z.strictObject({
  kind: z.literal('diffusion'),
  /** ProDiff: residual blocks. */
  blocks: count().default(20),
  /** A7 25: dilations 1, 2, 4, 8; ProDiff itself has cycle 1. */
  dilationCycle: count().default(4),
  /** §3.6, A7 23: four steps, five levels trained. */
  steps: count().default(4),
  betaMin: z.number().positive().default(0.1),
  betaMax: z.number().positive().default(40),
  /** A7 24: none in the code. With it, the diffusion sees (mel − mean)/scale. */
  normalise: z.strictObject({ mean: z.number(), scale: z.number().positive() }).nullable().default(null),
});

const fft = z.strictObject({
  kind: z.literal('fft'),
  /** Spec A5: FastSpeech 2's decoder. */
  layers: count().default(4),
  heads: count().default(2),
  dropout: dropout().default(0.1),
});

const alignsts = z.strictObject({
  system: z.literal('alignsts'),
  /** Table 4: width of everything. */
  hidden: count().default(256),
  /** Code: groups of the encoders' normalisation. */
  groups: count().default(16),
  /** Table 4: E_C, 2 layers, kernel 3. */
  contentEncoder: encoder({ layers: 2, kernel: 3, stride: 1 }),
  /** Table 4: E_P, 3 layers, kernel 5 (A7 6: the text says 2). */
  pitchEncoder: encoder({ layers: 3, kernel: 5, stride: 1 }),
  /** Table 4: E_R, 2 layers, kernel 7. A7 4: stride 2 in the code, 1 in the paper. */
  rhythmEncoder: encoder({ layers: 2, kernel: 7, stride: 2 }),
  /** Table 4: kernel of the attention blocks' feed-forward part; its width is 4 · hidden. */
  ffnKernel: kernel().default(9),
  /** A7 14: the key at p_t + half is visible too (ours); the code leaves it out. */
  windowInclusive: z.boolean().default(true),
  rhythmAdaptor: z
    .strictObject({
      /** Table 2 "w/o RA": without, the speech's own rhythm curve is stretched. */
      enabled: z.boolean().default(true),
      /** Table 4: codes of the quantiser. */
      codes: count().default(6),
      /** A7 21: exponential averages. */
      decay: z.number().min(0).lt(1).default(0.999),
      epsilon: z.number().positive().default(1e-5),
      /** A7 21: the codebook starts from the first batch (ours) or near zero (code). */
      start: z.enum(['data', 'zero']).default('data'),
      /** A7 21: a code used less than this share of the mean is re-seeded (ours); 0 = never (code). */
      revive: fraction().default(0.01),
      predictor: z
        .strictObject({
          attention: attention({ layers: 1, heads: 1, window: 0.5 }),
          /** Table 4. */
          convLayers: count().default(2),
          /** A7 18: 3 in Table 4, 5 in the code. */
          kernel: kernel().default(3),
          /** Table 4, A7 19. */
          dropout: dropout().default(0.8),
          /** A7 10: the voice is added in the predictor too (code). */
          timbre: z.boolean().default(true),
        })
        .prefault({}),
    })
    .prefault({}),
  aligner: z
    .strictObject({
      /** Table 2 "w/o CM": without, content is stretched and added. */
      enabled: z.boolean().default(true),
      attention: attention({ layers: 2, heads: 2, window: 0.4 }),
    })
    .prefault({}),
  fusion: z
    .strictObject({
      /** Table 2 "w/o F0". */
      pitch: z.boolean().default(true),
      /** A7 11: the paper adds rhythm, the code does not. */
      rhythm: z.boolean().default(true),
    })
    .prefault({}),
  decoder: z.discriminatedUnion('kind', [diffusion, fft]).default(diffusion.parse({ kind: 'diffusion' })),
});

/** Parekh et al. 2020 (spec B10), on this project's grid. */
const parekh2020 = z.strictObject({
  system: z.literal('parekh2020'),
  /** Widths of the ladder from the top down; released code: 512, 256, 128. */
  widths: z.tuple([count(), count(), count()]).default([512, 256, 128]),
  /** Channels of each code at an eighth of the frame rate. */
  code: count().default(64),
  /** Channels inside the skip blocks. */
  skip: count().default(32),
});

/** SpeechSplit 2.0 (Chan et al. 2022; spec B3/B4). */
const speechsplit2 = z.strictObject({
  system: z.literal('speechsplit2'),
  /** Frames to one bottleneck sample: 1 in "large", 8 in "small". */
  bottleneck: count().default(8),
  contentCode: count().default(8),
  rhythmCode: count().default(1),
  pitchCode: count().default(32),
  /** Which spectral envelope is the rhythm input: the speech's, stretched (w/o SE), or the singing's own (w/ SE, leaks the target). */
  envelope: z.enum(['speech', 'singing']).default('speech'),
});

/** Wu and Yang 2020 (spec B11). */
const wuYang2020 = z.strictObject({
  system: z.literal('wu-yang-2020'),
  hidden: count().default(1024),
  pitchChannels: count().default(128),
  skip: count().default(128),
  /** BEGAN's balance γ and the share of the paired L1. */
  balance: z.number().positive().default(1),
  paired: z.number().min(0).default(0.5),
});

const losses = z.strictObject({
  /** Code ("ssim 0.5, l1 0.5"); the paper gives no weights. */
  l1: z.number().min(0).default(0.5),
  ssim: z.number().min(0).default(0.5),
  /** Code: added to both mels before SSIM. */
  ssimOffset: z.number().default(6),
  /** A7 20: 0.25 in the code, 1 in Eq. 4. */
  commitment: z.number().min(0).default(0.25),
  /** Code: λ_pred. */
  rhythm: z.number().min(0).default(0.1),
  /** Code: λ_guided, on the sum over all attention layers (A7 16). */
  guided: z.number().min(0).default(40),
  /** A7 17: mean per item and then over items (paper), or over all cells of the batch (code). */
  guidedMean: z.enum(['item', 'cells']).default('item'),
  /** Ours: cross-entropy of the attention on the true speech frame, where the corpus knows it. */
  alignment: z.number().min(0).default(0),
});

/** Spec A5: the missing file's values, after NeuralSVB. */
const adversarial = z.strictObject({
  /** Weight of the generator's adversarial loss; 0 = no discriminator. */
  weight: z.number().min(0).default(0),
  windows: z.array(count()).default([32, 64, 128]),
  hidden: count().default(128),
  learningRate: z.number().positive().default(1e-4),
  /** StepLR: the rate times `decay` every `decayEvery` updates. */
  decay: z.number().positive().default(0.5),
  decayEvery: count().default(60000),
  beta1: fraction().default(0.5),
  beta2: fraction().default(0.999),
  epsilon: z.number().positive().default(1e-6),
  clip: z.number().positive().default(1),
});

const training = z.strictObject({
  /** §4.1.2. */
  updates: count().default(200000),
  /** A7 26: 20 in the paper, 16 in the code. */
  items: count().default(20),
  /** Ours: items × frames of the bucket a batch may hold. */
  frames: count().default(20000),
  /** Code: singing longer than this is not trained on whole, frames (12.8 s). */
  longest: count().default(2400),
  /** Ours: static lengths, in frames, that batches are padded to; so that a step can be captured as a CUDA graph. */
  bucket: count().default(128),
  /** Spec A3: AdamW. */
  beta1: fraction().default(0.9),
  beta2: fraction().default(0.98),
  epsilon: z.number().positive().default(1e-8),
  weightDecay: z.number().min(0).default(0),
  /** Spec A3: rate = factor · 2 · min(n/warmup, 1) · max(warmup, n)^−½ · 256^−½. */
  learningRateFactor: z.number().positive().default(1),
  warmup: count().default(2000),
  /** Spec A3: global gradient norm. */
  clip: z.number().positive().default(1),
  /** Ours: decay of the weights' running average; 0 = off, as in the code. */
  average: z.number().min(0).lt(1).default(0.999),
  seed: z.number().int().min(0).default(1234),
});

/** B1: the ProDiff student, two steps distilled from four. */
const student = z.strictObject({
  /** Levels a student's step spans. */
  stride: count().default(2),
  updates: count().default(50000),
});

const configSchema = z.strictObject({
  name: z.string().min(1),
  features: features.prefault({}),
  model: z.discriminatedUnion('system', [alignsts, parekh2020, speechsplit2, wuYang2020]).default(alignsts.parse({ system: 'alignsts' })),
  losses: losses.prefault({}),
  adversarial: adversarial.prefault({}),
  training: training.prefault({}),
  student: student.prefault({}),
});

/** What a configuration file may say: any of the fields, the rest by default. */
export const schema: z.ZodType<Config> = configSchema;
