import { type FloatArray, mapTree } from '../../model/params.ts';
import type { OnnxGraph } from '../../onnx/model-file.ts';
import { createRecorder } from '../../onnx/recorder.ts';
import { PARTIAL, type SpeakerEncoderConfig, type SpeakerEncoderParams, speakerEncoder } from './speaker-encoder.ts';

/** The speaker encoder as a graph: `mel` [B, 160, bands] to `embedding` [B, channels]. */
export function recordSpeakerEncoder(config: SpeakerEncoderConfig, params: SpeakerEncoderParams<FloatArray>): OnnxGraph {
  const recorder = createRecorder();
  const mel = recorder.input('mel', 'float32', ['B', PARTIAL, config.bands]);
  const recorded = mapTree(params, ({ data, shape }: FloatArray, name) => recorder.weight(name, data, shape));
  recorder.output('embedding', speakerEncoder(recorder.ops, recorded, mel), ['B', config.channels]);
  return recorder.graph('timbre');
}
