import { InputError } from '@alignsts/signal';
import { dataToFloat32, readSafetensors } from '@alignsts/torch';
import type { Wav2vec2Config, Wav2vec2Params } from 'alignsts';
import type { FloatArray, LinearParams, NormParams } from 'alignsts/model';

/**
 * wav2vec2-base-960h from its `model.safetensors`, named as Hugging Face names it (spec B7). The weight normalisation of the position
 * convolution, w = g·v/‖v‖ for each tap of the kernel, is worked out here; both of PyTorch's names for its parts are known.
 *
 * @throws InputError when a tensor is absent or of another shape
 */
export function wav2vec2Weights(file: Uint8Array, config: Wav2vec2Config): Wav2vec2Params<FloatArray> {
  const { tensors } = readSafetensors(file);
  const { channels, kernels, hidden, layers, feedForward, positionKernel, positionGroups, symbols } = config;
  const array = (name: string, ...shape: number[]): FloatArray => {
    const tensor = tensors[name];
    if (tensor === undefined) throw new InputError(`The file has no tensor ${name}. Give the model.safetensors of wav2vec2-base-960h.`);
    if (tensor.shape.join() !== shape.join()) {
      throw new InputError(
        `${name} has the shape [${tensor.shape}], [${shape}] is needed. Give the model.safetensors of wav2vec2-base-960h.`,
      );
    }
    return { shape, data: dataToFloat32(tensor) };
  };
  const pair = (name: string, ...shape: number[]): LinearParams<FloatArray> & NormParams<FloatArray> => ({
    weight: array(`${name}.weight`, ...shape),
    bias: array(`${name}.bias`, shape[0]!),
  });
  const convolution = 'wav2vec2.encoder.pos_conv_embed.conv';
  const old = `${convolution}.weight_g` in tensors;
  const size = array(old ? `${convolution}.weight_g` : `${convolution}.parametrizations.weight.original0`, 1, 1, positionKernel);
  const direction = array(
    old ? `${convolution}.weight_v` : `${convolution}.parametrizations.weight.original1`,
    hidden,
    hidden / positionGroups,
    positionKernel,
  );
  return {
    front: kernels.map((kernel, index) =>
      array(`wav2vec2.feature_extractor.conv_layers.${index}.conv.weight`, channels, index === 0 ? 1 : channels, kernel),
    ),
    frontNorm: pair('wav2vec2.feature_extractor.conv_layers.0.layer_norm', channels),
    projectionNorm: pair('wav2vec2.feature_projection.layer_norm', channels),
    projection: pair('wav2vec2.feature_projection.projection', hidden, channels),
    positions: { weight: weightNormalised(size, direction), bias: array(`${convolution}.bias`, hidden) },
    norm: pair('wav2vec2.encoder.layer_norm', hidden),
    blocks: Array.from({ length: layers }, (_, layer) => {
      const block = `wav2vec2.encoder.layers.${layer}`;
      return {
        query: pair(`${block}.attention.q_proj`, hidden, hidden),
        key: pair(`${block}.attention.k_proj`, hidden, hidden),
        value: pair(`${block}.attention.v_proj`, hidden, hidden),
        attentionOutput: pair(`${block}.attention.out_proj`, hidden, hidden),
        attentionNorm: pair(`${block}.layer_norm`, hidden),
        expand: pair(`${block}.feed_forward.intermediate_dense`, feedForward, hidden),
        contract: pair(`${block}.feed_forward.output_dense`, hidden, feedForward),
        norm: pair(`${block}.final_layer_norm`, hidden),
      };
    }),
    head: pair('lm_head', symbols, hidden),
  };
}

/** w[o, i, k] = g[k]·v[o, i, k]/‖v[·, ·, k]‖ (Salimans & Kingma 2016, over the kernel axis). */
function weightNormalised(size: FloatArray, direction: FloatArray): FloatArray {
  const kernel = size.data.length;
  const squares = new Float64Array(kernel);
  for (const [i, value] of direction.data.entries()) squares[i % kernel]! += value * value;
  return {
    shape: direction.shape,
    data: direction.data.map((value, i) => (value * size.data[i % kernel]!) / Math.sqrt(squares[i % kernel]!)),
  };
}
