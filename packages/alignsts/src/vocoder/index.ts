/** `alignsts/vocoder`: the vocoder's network, sources, features and losses. */
export { deceptionLoss, featureLoss, judgesLoss } from './adversarial-losses.ts';
export type { Judgement, JudgesParams } from './discriminators.ts';
export { initJudges, judge } from './discriminators.ts';
export type { Filters, GeneratorParams, IstftGenerator } from './istft-generator.ts';
export { createIstftGenerator, featureChannels, initIstftGenerator } from './istft-generator.ts';
export type { PulseTrainOptions } from './pulse-train.ts';
export { pulseTrain } from './pulse-train.ts';
export type { SpectralLoss } from './spectral-loss.ts';
export { spectralLoss } from './spectral-loss.ts';
export type { Synthesis, Transform } from './transform.ts';
export { createSynthesis, createTransform, synthesize } from './transform.ts';
export type { DiscriminatorsConfig, GeneratorConfig, VocoderConfig, VocoderTrainingConfig } from './vocoder-config.ts';
export { parseVocoderConfig } from './vocoder-config.ts';
export { createVoiceFeatures, VOICE_CHANNELS } from './voice-features.ts';
