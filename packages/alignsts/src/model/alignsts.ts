import type { AlignstsConfig, Config } from '../config/config.ts';
import { blockConfigs } from './block-configs.ts';
import { type AlignerParams, aligner, initAligner } from './cross-modal-aligner.ts';
import { type DenoiserParams, denoiser, initDenoiser, projectCondition } from './diffusion-decoder/denoiser.ts';
import { diffuse } from './diffusion-decoder/diffuse.ts';
import { createSchedule } from './diffusion-decoder/schedule.ts';
import {
  type Encoded,
  type EncoderParams,
  encoder,
  initEncoder,
  initPitchEncoder,
  type PitchEncoderParams,
  pitchEncoder,
} from './encoders.ts';
import { type FftDecoderParams, fftDecoder, initFftDecoder } from './fft-decoder.ts';
import { fusion } from './fusion.ts';
import type { Ops } from './ops.ts';
import { initLinear, type LinearParams, type Weight } from './params.ts';
import { initRhythmPredictor, type RhythmPredictorParams, rhythmPredictor } from './rhythm-adaptor/rhythm-predictor.ts';
import { upsampleRhythm } from './rhythm-adaptor/upsample.ts';
import { type VectorQuantizerState, vectorQuantizer } from './rhythm-adaptor/vector-quantizer.ts';
import { stretch } from './stretch.ts';

/**
 * AlignSTS (Fig. 1). `trainingPath` is Fig. 1 with the rhythm taken from the singing; `inferencePath` is Fig. 1 with the rhythm
 * predicted. Both meet in `condition`: aligner, fusion. The decoder is the diffusion decoder or, in the GAN variant, the FFT decoder.
 */
export type AlignstsModel = Config & { model: AlignstsConfig };

export type AlignstsParams<T> = {
  contentEncoder: EncoderParams<T>;
  pitchEncoder: PitchEncoderParams<T>;
  rhythmEncoder: EncoderParams<T>;
  /** Absent without rhythm adaptor (Table 2 "w/o RA"). */
  rhythmPredictor?: RhythmPredictorParams<T>;
  /** Absent without cross-modal alignment (Table 2 "w/o CM"). */
  aligner?: AlignerParams<T>;
  /** Only where the voice vector's width is not the model's (ours; the paper's are equal). */
  timbre?: LinearParams<T>;
  denoiser?: DenoiserParams<T>;
  fftDecoder?: FftDecoderParams<T>;
};

/** What singing needs. Lengths are the items' own; frames beyond them are ignored. */
export type AlignstsInput<T> = {
  content: T; // [B, N, C]
  contentLengths: T; // [B]
  pitch: T; // [B, T] bins
  lengths: T; // [B]
  timbre: T; // [B, 256]
  /** Without rhythm adaptor only: the speech's rhythm curve, at the singing's frame rate. */
  speechRhythm?: T; // [B, S, 1]
  speechLengths?: T; // [B]
};

/** What training knows besides. */
export type AlignstsTarget<T> = {
  mel: T; // [B, T, M] log10
  rhythm: T; // [B, T, 1]
};

/** The random draws of one training step. */
export type TrainingDraws<T> = {
  level: T; // [B] integers, 0 … steps
  noise: T; // [B, T, M] standard normal
};

export type Attentions<T> = { predictor: T[]; aligner: T[] }; // each [B, T, N]

export type TrainingResult<T> = {
  mel: T; // [B, T, M] log10, the decoder's prediction
  attention: Attentions<T>;
  mask: T; // [B, T, 1]
  /** Absent without rhythm adaptor. */
  rhythm?: {
    encoded: Encoded<T>; // before quantisation
    codes: T; // [B, S, D]
    ids: T; // [B, S]
    logits: T; // [B, S, K]
  };
};

export type Condition<T> = {
  condition: T; // [B, T, D]
  attention: Attentions<T>;
  mask: T; // [B, T, 1]
};

export function initAlignsts(config: AlignstsModel): AlignstsParams<Weight> {
  const { model, features } = config;
  const blocks = blockConfigs(config);
  return {
    contentEncoder: initEncoder(blocks.contentEncoder, features.content.channels, model.hidden),
    pitchEncoder: initPitchEncoder(blocks.pitchEncoder, features.pitch.rows, model.hidden),
    rhythmEncoder: initEncoder(blocks.rhythmEncoder, 1, model.hidden),
    ...(model.rhythmAdaptor.enabled && { rhythmPredictor: initRhythmPredictor(blocks.rhythmPredictor) }),
    ...(model.aligner.enabled && { aligner: initAligner(blocks.aligner) }),
    ...(features.timbre.channels !== model.hidden && { timbre: initLinear(features.timbre.channels, model.hidden) }),
    ...(blocks.denoiser && { denoiser: initDenoiser(blocks.denoiser) }),
    ...(blocks.fftDecoder && { fftDecoder: initFftDecoder(blocks.fftDecoder) }),
  };
}

/** Fig. 1 in training: the singing's own rhythm is encoded and quantised; the predictor learns to guess its codes. */
export function trainingPath<T>(
  ops: Ops<T>,
  config: AlignstsModel,
  params: AlignstsParams<T>,
  quantizer: VectorQuantizerState<T>,
  input: AlignstsInput<T>,
  target: AlignstsTarget<T>,
  draws: TrainingDraws<T>,
): TrainingResult<T> {
  const { condition, ...conditioned } = trainingCondition(ops, config, params, quantizer, input, target);
  return { ...conditioned, mel: decodeInTraining(ops, config, params, { condition, ...conditioned }, target.mel, draws) };
}

/** The same up to the decoder. */
export function trainingCondition<T>(
  ops: Ops<T>,
  config: AlignstsModel,
  params: AlignstsParams<T>,
  quantizer: VectorQuantizerState<T>,
  input: AlignstsInput<T>,
  target: Pick<AlignstsTarget<T>, 'rhythm'>,
): Condition<T> & Pick<TrainingResult<T>, 'rhythm'> {
  const blocks = blockConfigs(config);
  const { content, pitch, timbre } = encodeInputs(ops, config, params, input);
  if (params.rhythmPredictor === undefined) {
    return condition(ops, config, params, stretchedRhythm(ops, config, params, input, pitch), content, pitch, timbre);
  }
  const encoded = encoder(ops, blocks.rhythmEncoder, params.rhythmEncoder, ops.toFloat(target.rhythm), input.lengths);
  const quantized = vectorQuantizer(ops, quantizer, encoded);
  const predicted = rhythmPredictor(ops, blocks.rhythmPredictor, params.rhythmPredictor, pitch, content, timbre);
  const conditioned = condition(ops, config, params, quantized.features, content, pitch, timbre);
  return {
    ...conditioned,
    attention: { predictor: predicted.attention, aligner: conditioned.attention.aligner },
    rhythm: { encoded, codes: quantized.features, ids: quantized.ids, logits: predicted.logits },
  };
}

/** Fig. 1 in inference: the rhythm codes are predicted from pitch and content. The decoder follows (see `decode`). */
export function inferencePath<T>(
  ops: Ops<T>,
  config: AlignstsModel,
  params: AlignstsParams<T>,
  quantizer: Pick<VectorQuantizerState<T>, 'codebook'>,
  input: AlignstsInput<T>,
): Condition<T> & { codes?: T /* [B, S] integers */; logits?: T /* [B, S, K] */ } {
  const blocks = blockConfigs(config);
  const { content, pitch, timbre } = encodeInputs(ops, config, params, input);
  if (params.rhythmPredictor === undefined) {
    return condition(ops, config, params, stretchedRhythm(ops, config, params, input, pitch), content, pitch, timbre);
  }
  const { logits, attention } = rhythmPredictor(ops, blocks.rhythmPredictor, params.rhythmPredictor, pitch, content, timbre);
  const codes = ops.argmax(logits, 2);
  const rhythm = ops.embedding(quantizer.codebook, codes);
  const conditioned = condition(ops, config, params, rhythm, content, pitch, timbre);
  return { ...conditioned, attention: { predictor: attention, aligner: conditioned.attention.aligner }, codes, logits };
}

/** The encoders' view of speech, melody and voice. */
function encodeInputs<T>(
  ops: Ops<T>,
  config: AlignstsModel,
  params: AlignstsParams<T>,
  input: AlignstsInput<T>,
): { content: Encoded<T>; pitch: Encoded<T>; timbre: T /* [B, 1, D] */ } {
  const blocks = blockConfigs(config);
  const voice = ops.toFloat(input.timbre);
  const projected = params.timbre === undefined ? voice : ops.linear(voice, params.timbre.weight, params.timbre.bias);
  return {
    content: encoder(ops, blocks.contentEncoder, params.contentEncoder, ops.toFloat(input.content), input.contentLengths),
    pitch: pitchEncoder(ops, blocks.pitchEncoder, params.pitchEncoder, input.pitch, input.lengths),
    timbre: ops.unsqueeze(projected, 1),
  };
}

/** Table 2 "w/o RA": the speech's rhythm curve, stretched to the singing and encoded, without quantiser or predictor. */
function stretchedRhythm<T>(ops: Ops<T>, config: AlignstsModel, params: AlignstsParams<T>, input: AlignstsInput<T>, pitch: Encoded<T>): T {
  const { speechRhythm, speechLengths } = input;
  if (speechRhythm === undefined || speechLengths === undefined) {
    throw new Error("Without rhythm adaptor the model needs the speech's rhythm curve: pass speechRhythm and speechLengths.");
  }
  const curve = stretch(ops, ops.toFloat(speechRhythm), speechLengths, pitch.features, pitch.lengths);
  return encoder(ops, blockConfigs(config).rhythmEncoder, params.rhythmEncoder, curve, pitch.lengths).features;
}

/** Aligner and fusion: what the decoder is told about every frame (§3.5, Eq. 5 and Fig. 1a). */
function condition<T>(
  ops: Ops<T>,
  config: AlignstsModel,
  params: AlignstsParams<T>,
  codes: T, // [B, S, D]
  content: Encoded<T>,
  pitch: Encoded<T>,
  timbre: T,
): Condition<T> {
  const blocks = blockConfigs(config);
  const { mask } = pitch;
  const rhythm = ops.mul(upsampleRhythm(ops, codes, blocks.rhythmStride, pitch.features), mask);
  const { features: aligned, attention } =
    params.aligner === undefined
      ? // Table 2 "w/o CM": content stretched and added
        { features: ops.add(rhythm, stretch(ops, content.features, content.lengths, pitch.features, pitch.lengths)), attention: [] }
      : aligner(ops, blocks.aligner, params.aligner, { features: rhythm, lengths: pitch.lengths, mask }, content);
  const sum = fusion(ops, config.model.fusion, { aligned, pitch: pitch.features, rhythm, timbre, mask });
  return { condition: sum, attention: { predictor: [], aligner: attention }, mask };
}

/** The decoder once, on the target mel with noise at a random level (diffusion) or on the condition alone (FFT). */
function decodeInTraining<T>(
  ops: Ops<T>,
  config: AlignstsModel,
  params: AlignstsParams<T>,
  { condition, mask }: Condition<T>,
  mel: T,
  { level, noise }: TrainingDraws<T>,
): T {
  const { decoder } = config.model;
  if (decoder.kind === 'fft') return decode(ops, config, params, { condition, mask });
  const { mean, scale } = decoder.normalise ?? { mean: 0, scale: 1 };
  const clean = decoder.normalise === null ? mel : ops.full.div(ops.full.sub(mel, mean), scale);
  const noisy = diffuse(ops.full, createSchedule(decoder), clean, level, noise);
  const predicted = denoise(ops, config, params, noisy, level, projectCondition(ops, params.denoiser!, condition), mask);
  return decoder.normalise === null ? predicted : ops.full.add(ops.full.mul(ops.full.toFloat(predicted), scale), mean);
}

/** The clean mel as the diffusion decoder sees it from a noisy one, both in the diffusion's own scale (config decoder.normalise). */
export function denoise<T>(
  ops: Ops<T>,
  config: AlignstsModel,
  params: AlignstsParams<T>,
  noisy: T, // [B, T, M]
  level: T, // [B]
  projected: readonly T[],
  mask: T,
): T {
  return denoiser(ops, blockConfigs(config).denoiser!, params.denoiser!, ops.toFloat(noisy), level, projected, mask);
}

/** The FFT decoder of AlignSTS (GAN): condition to mel in one pass. */
export function decode<T>(
  ops: Ops<T>,
  config: AlignstsModel,
  params: AlignstsParams<T>,
  { condition, mask }: Pick<Condition<T>, 'condition' | 'mask'>,
): T {
  return fftDecoder(ops, blockConfigs(config).fftDecoder!, params.fftDecoder!, condition, mask);
}
