/** `alignsts/model`: the networks and losses over Ops, for training, export and research. The product itself runs recorded graphs. */
export * from '../config/config.ts';
export type { OpenBase } from '../config/read.ts';
export { readConfig } from '../config/read.ts';
export { discriminatorLoss, generatorLoss } from '../losses/adversarial.ts';
export { commitmentLoss } from '../losses/commitment.ts';
export { ddimStep, distillationTarget } from '../losses/distillation.ts';
export type { GuidedAttentionOptions } from '../losses/guided-attention.ts';
export { alignmentLoss, guidedAttentionLoss } from '../losses/guided-attention.ts';
export { l1Loss, maskedMean } from '../losses/l1.ts';
export { rhythmAccuracy, rhythmCrossEntropy } from '../losses/rhythm-cross-entropy.ts';
export { ssimLoss } from '../losses/ssim.ts';
export type { Losses, LossInput, LossSettings } from '../losses/total.ts';
export { losses } from '../losses/total.ts';
export type {
  AlignstsInput,
  AlignstsModel,
  AlignstsParams,
  AlignstsTarget,
  Attentions,
  Condition,
  TrainingDraws,
  TrainingResult,
} from './alignsts.ts';
export { decode, denoise, inferencePath, initAlignsts, trainingCondition, trainingPath } from './alignsts.ts';
export type { BaselineInput } from './baselines/baseline-input.ts';
export type { ParekhParams } from './baselines/parekh2020.ts';
export { compress, initParekh, parekh } from './baselines/parekh2020.ts';
export { singBaseline } from './baselines/sing-baseline.ts';
export type { SpeechSplitParams } from './baselines/speechsplit2.ts';
export { initSpeechSplit, randomResampling, speechSplit } from './baselines/speechsplit2.ts';
export type { CriticParams, WuYangParams } from './baselines/wu-yang-2020.ts';
export { critic, initCritic, initWuYang, spectralNorm, wuYang } from './baselines/wu-yang-2020.ts';
export type { BlockConfigs } from './block-configs.ts';
export { blockConfigs } from './block-configs.ts';
export type { CrossAttentionConfig, CrossAttentionParams } from './cross-attention.ts';
export { crossAttention, initCrossAttention } from './cross-attention.ts';
export type { ConfigDescription } from './describe-config.ts';
export { describeConfig, initModel } from './describe-config.ts';
export type { DenoiserConfig, DenoiserParams } from './diffusion-decoder/denoiser.ts';
export { denoiser, initDenoiser, projectCondition, receptiveField } from './diffusion-decoder/denoiser.ts';
export { diffuse, lookUpLevel } from './diffusion-decoder/diffuse.ts';
export type { SampleOptions } from './diffusion-decoder/sample.ts';
export { sampleMel, visitedLevels } from './diffusion-decoder/sample.ts';
export type { Schedule, ScheduleConfig } from './diffusion-decoder/schedule.ts';
export { createSchedule } from './diffusion-decoder/schedule.ts';
export type { Encoded, EncoderConfig, EncoderParams } from './encoders.ts';
export { encoder, initEncoder, initPitchEncoder, pitchEncoder } from './encoders.ts';
export type { FftDecoderConfig, FftDecoderParams } from './fft-decoder.ts';
export { fftDecoder, initFftDecoder } from './fft-decoder.ts';
export { frameMask, stridedLengths } from './lengths.ts';
export type { DiscriminatorParams } from './multi-window-discriminator.ts';
export { cropWindows, discriminator, initDiscriminator, windowStarts } from './multi-window-discriminator.ts';
export type { Conv1dOptions, Conv2dOptions, ConvTranspose1dOptions, Ops, RecurrentParams } from './ops.ts';
export type { Fill, FloatArray, LinearParams, Mapped, Named, NormParams, Tree, Weight } from './params.ts';
export { countWeights, fillTree, fillWeight, mapTree, namedLeaves, normal, sizeOf } from './params.ts';
export { startCodebook } from './rhythm-adaptor/codebook-start.ts';
export type { RhythmPredictorConfig, RhythmPredictorParams } from './rhythm-adaptor/rhythm-predictor.ts';
export { initRhythmPredictor, rhythmPredictor } from './rhythm-adaptor/rhythm-predictor.ts';
export type { VectorQuantizerConfig, VectorQuantizerState } from './rhythm-adaptor/vector-quantizer.ts';
export { codebookUsage, initVectorQuantizer, updateVectorQuantizer } from './rhythm-adaptor/vector-quantizer.ts';
