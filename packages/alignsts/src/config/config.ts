/**
 * A configuration as the code reads it: complete, checked, every default filled in. schema.ts says where each field and its default come
 * from; read.ts makes one from a file and the files it builds on.
 */
export type Config = {
  name: string;
  features: FeaturesConfig;
  model: ModelConfig;
  losses: LossesConfig;
  adversarial: AdversarialConfig;
  training: TrainingConfig;
  student: StudentConfig;
};

export type FeaturesConfig = {
  melBins: number;
  f0: { floor: number; ceiling: number; voicingThreshold: number };
  pitch: PitchBinsConfig;
  rhythm: { source: 'linear' | 'mel'; expBase: 10 | 'e'; beta: number; sigma: number };
  content: { encoder: string; channels: number; of: 'speech' | 'singing'; flattened: boolean };
  timbre: { encoder: string; channels: number; sampleRate: number };
  silence: { remove: boolean; threshold: number; shortest: number };
};

export type PitchBinsConfig = {
  scale: 'mel' | 'hertz';
  levels: number;
  low: number;
  high: number;
  unvoiced: 'own' | 'lowest';
  rows: number;
};

/** AlignSTS and its variants, or one of the systems it is compared with. */
export type ModelConfig = AlignstsConfig | ParekhConfig | SpeechSplitConfig | WuYangConfig;

export type AlignstsConfig = {
  system: 'alignsts';
  hidden: number;
  groups: number;
  contentEncoder: ConvolutionsConfig;
  pitchEncoder: ConvolutionsConfig;
  rhythmEncoder: ConvolutionsConfig;
  ffnKernel: number;
  windowInclusive: boolean;
  rhythmAdaptor: RhythmAdaptorConfig;
  aligner: { enabled: boolean; attention: AttentionConfig };
  fusion: { pitch: boolean; rhythm: boolean };
  decoder: DiffusionConfig | FftConfig;
};

export type ConvolutionsConfig = { layers: number; kernel: number; stride: number };

export type AttentionConfig = { layers: number; heads: number; dropout: number; window: number; guide: number };

export type RhythmAdaptorConfig = {
  enabled: boolean;
  codes: number;
  decay: number;
  epsilon: number;
  start: 'data' | 'zero';
  revive: number;
  predictor: { attention: AttentionConfig; convLayers: number; kernel: number; dropout: number; timbre: boolean };
};

export type DiffusionConfig = {
  kind: 'diffusion';
  blocks: number;
  dilationCycle: number;
  steps: number;
  betaMin: number;
  betaMax: number;
  normalise: { mean: number; scale: number } | null;
};

export type FftConfig = { kind: 'fft'; layers: number; heads: number; dropout: number };

export type ParekhConfig = { system: 'parekh2020'; widths: [number, number, number]; code: number; skip: number };

export type SpeechSplitConfig = {
  system: 'speechsplit2';
  bottleneck: number;
  contentCode: number;
  rhythmCode: number;
  pitchCode: number;
  envelope: 'speech' | 'singing';
};

export type WuYangConfig = {
  system: 'wu-yang-2020';
  hidden: number;
  pitchChannels: number;
  skip: number;
  balance: number;
  paired: number;
};

export type LossesConfig = {
  l1: number;
  ssim: number;
  ssimOffset: number;
  commitment: number;
  rhythm: number;
  guided: number;
  guidedMean: 'item' | 'cells';
  alignment: number;
};

export type AdversarialConfig = {
  weight: number;
  windows: number[];
  hidden: number;
  learningRate: number;
  decay: number;
  decayEvery: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  clip: number;
};

export type TrainingConfig = {
  updates: number;
  items: number;
  frames: number;
  longest: number;
  bucket: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  learningRateFactor: number;
  warmup: number;
  clip: number;
  average: number;
  seed: number;
};

export type StudentConfig = { stride: number; updates: number };
