import type { AlignstsConfig, AttentionConfig, Config, ConvolutionsConfig } from '../config/config.ts';
import type { CrossAttentionConfig } from './cross-attention.ts';
import type { DenoiserConfig } from './diffusion-decoder/denoiser.ts';
import type { EncoderConfig } from './encoders.ts';
import type { FftDecoderConfig } from './fft-decoder.ts';
import type { RhythmPredictorConfig } from './rhythm-adaptor/rhythm-predictor.ts';
import type { VectorQuantizerConfig } from './rhythm-adaptor/vector-quantizer.ts';

/** The part of the configuration each block receives; what can be derived is derived here. */
export type BlockConfigs = {
  contentEncoder: EncoderConfig;
  pitchEncoder: EncoderConfig;
  rhythmEncoder: EncoderConfig;
  vectorQuantizer: VectorQuantizerConfig;
  rhythmPredictor: RhythmPredictorConfig;
  aligner: CrossAttentionConfig;
  denoiser?: DenoiserConfig;
  fftDecoder?: FftDecoderConfig;
  /** Singing frames to one rhythm code. */
  rhythmStride: number;
};

export function blockConfigs(config: Config & { model: AlignstsConfig }): BlockConfigs {
  const { model, features } = config;
  const { hidden, groups, ffnKernel, windowInclusive, rhythmAdaptor } = model;
  const ffnHidden = 4 * hidden;
  const encoder = (part: ConvolutionsConfig): EncoderConfig => ({ ...part, groups });
  const attention = ({ layers, heads, dropout, window }: AttentionConfig): CrossAttentionConfig => ({
    ...{ hidden, layers, heads, dropout, innerDropout: 0.1, window, windowInclusive, ffnHidden, ffnKernel },
  });
  const { predictor, codes, decay, epsilon, revive } = rhythmAdaptor;
  const blocks = {
    contentEncoder: encoder(model.contentEncoder),
    pitchEncoder: encoder(model.pitchEncoder),
    rhythmEncoder: encoder(model.rhythmEncoder),
    vectorQuantizer: { codes, hidden, decay, epsilon, revive },
    rhythmPredictor: {
      attention: attention(predictor.attention),
      ...{ convLayers: predictor.convLayers, kernel: predictor.kernel, stride: model.rhythmEncoder.stride },
      ...{ dropout: predictor.dropout, codes, timbre: predictor.timbre },
    },
    aligner: attention(model.aligner.attention),
    rhythmStride: model.rhythmEncoder.stride ** model.rhythmEncoder.layers,
  };
  const { decoder } = model;
  if (decoder.kind === 'diffusion') {
    const { blocks: count, dilationCycle } = decoder;
    return { ...blocks, denoiser: { melBins: features.melBins, hidden, blocks: count, dilationCycle } };
  }
  const { layers, heads, dropout } = decoder;
  return { ...blocks, fftDecoder: { melBins: features.melBins, hidden, layers, heads, dropout, ffnHidden, ffnKernel } };
}
