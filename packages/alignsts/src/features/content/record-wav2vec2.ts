import { type FloatArray, mapTree } from '../../model/params.ts';
import type { OnnxGraph } from '../../onnx/model-file.ts';
import { createRecorder } from '../../onnx/recorder.ts';
import { type Wav2vec2Config, type Wav2vec2Params, wav2vec2 } from './wav2vec2.ts';

/** wav2vec 2.0 as a graph: `samples` [B, n, 1] to `logits` [B, N, symbols]. */
export function recordWav2vec2(config: Wav2vec2Config, params: Wav2vec2Params<FloatArray>): OnnxGraph {
  const recorder = createRecorder();
  const samples = recorder.input('samples', 'float32', ['B', 'n', 1]);
  const recorded = mapTree(params, ({ data, shape }: FloatArray, name) => recorder.weight(name, data, shape));
  recorder.output('logits', wav2vec2(recorder.ops, config, recorded, samples), ['B', 'N', config.symbols]);
  return recorder.graph('wav2vec2');
}
