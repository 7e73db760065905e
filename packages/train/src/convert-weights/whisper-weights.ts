import { InputError } from '@alignsts/signal';
import type { WhisperEncoderConfig, WhisperEncoderParams } from 'alignsts';
import { type FloatArray, type LinearParams, type NormParams, sizeOf } from 'alignsts/model';
import { type CTranslate2Model, ctranslate2Floats } from './ctranslate2-reader.ts';

/**
 * The encoder of a Whisper model that CTranslate2 converted (WhisperSpec revision 3). Query, key and value lie stacked there as they do here; the
 * decoder is left out.
 *
 * @throws InputError when the file holds another architecture, revision or size
 */
export function whisperEncoderWeights(model: CTranslate2Model, config: WhisperEncoderConfig): WhisperEncoderParams<FloatArray> {
  if (model.specification !== 'WhisperSpec' || model.revision !== 3) {
    throw new InputError(
      `The CTranslate2 model is ${model.specification} revision ${model.revision}; WhisperSpec revision 3 is needed. Convert a Whisper model.`,
    );
  }
  const { bands, hidden, layers, feedForward, heads, positions } = config;
  const stored = ctranslate2Floats(model, 'encoder/num_heads', [])[0]!;
  if (stored !== heads)
    throw new InputError(`The encoder has ${stored} heads, ${heads} are needed. Convert the model size that is asked for.`);
  const array = (name: string, shape: readonly number[]): FloatArray => {
    const data = ctranslate2Floats(model, `encoder/${name}`, shape);
    // a damaged file can hold any bits: a NaN here would silence the whole encoder
    for (let i = 0; i < sizeOf(shape); i++)
      if (!Number.isFinite(data[i])) throw new InputError(`encoder/${name} holds ${data[i]}: the file is damaged. Fetch it again.`);
    return { shape, data };
  };
  const linear = (name: string, ...shape: number[]): LinearParams<FloatArray> => ({
    weight: array(`${name}/weight`, shape),
    bias: array(`${name}/bias`, [shape[0]!]),
  });
  const norm = (name: string): NormParams<FloatArray> => ({
    weight: array(`${name}/gamma`, [hidden]),
    bias: array(`${name}/beta`, [hidden]),
  });
  return {
    front: [linear('conv1', hidden, bands, 3), linear('conv2', hidden, hidden, 3)],
    positions: { shape: [1, positions, hidden], data: array('position_encodings/encodings', [positions, hidden]).data },
    blocks: Array.from({ length: layers }, (_, index) => {
      const layer = `layer_${index}`;
      return {
        attentionNorm: norm(`${layer}/self_attention/layer_norm`),
        projections: linear(`${layer}/self_attention/linear_0`, 3 * hidden, hidden),
        attentionOutput: linear(`${layer}/self_attention/linear_1`, hidden, hidden),
        feedForwardNorm: norm(`${layer}/ffn/layer_norm`),
        expand: linear(`${layer}/ffn/linear_0`, feedForward, hidden),
        contract: linear(`${layer}/ffn/linear_1`, hidden, feedForward),
      };
    }),
    norm: norm('layer_norm'),
  };
}
