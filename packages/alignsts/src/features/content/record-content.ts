import type { FloatArray } from '../../model/params.ts';
import { mapTree } from '../../model/params.ts';
import type { OnnxGraph } from '../../onnx/model-file.ts';
import { createRecorder } from '../../onnx/recorder.ts';
import { type CtcHeadParams, ctcHead } from './ctc-head.ts';
import { type WhisperEncoderConfig, type WhisperEncoderParams, whisperEncoder } from './whisper-encoder.ts';

/** Content encoder and, where it is trained, its CTC head as one graph: `mel` [B, T, bands] to `features` [B, N, D] and `logits` [B, N, symbols]. */
export type ContentWeights = {
  encoder: WhisperEncoderParams<FloatArray>;
  head?: CtcHeadParams<FloatArray>;
};

export function recordContentEncoder(config: WhisperEncoderConfig, weights: ContentWeights): OnnxGraph {
  const recorder = createRecorder();
  const mel = recorder.input('mel', 'float32', ['B', 'T', config.bands]);
  const recorded = mapTree(weights, ({ data, shape }: FloatArray, name) => recorder.weight(name, data, shape));
  const features = whisperEncoder(recorder.ops, config, recorded.encoder, mel);
  recorder.output('features', features, ['B', 'N', config.hidden]);
  if (recorded.head !== undefined) {
    const symbols = weights.head!.output.bias.shape[0]!;
    recorder.output('logits', ctcHead(recorder.ops, recorded.head, features), ['B', 'N', symbols]);
  }
  return recorder.graph('content');
}
