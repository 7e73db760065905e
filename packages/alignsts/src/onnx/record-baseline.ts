import type { Config } from '../config/config.ts';
import type { BaselineInput } from '../model/baselines/baseline-input.ts';
import { singBaseline } from '../model/baselines/sing-baseline.ts';
import { type FloatArray, mapTree } from '../model/params.ts';
import type { OnnxGraph } from './model-file.ts';
import { createRecorder, type Recorded } from './recorder.ts';

/** A baseline as one graph, `singer`: speech mel, melody and voice to a sung mel. */
export function recordBaseline(config: Config, params: unknown): OnnxGraph {
  const recorder = createRecorder();
  const { features, model } = config;
  const leaks = model.system === 'speechsplit2' && model.envelope === 'singing';
  const input: BaselineInput<Recorded> = {
    speechMel: recorder.input('speechMel', 'float32', ['B', 'S', features.melBins]),
    speechLengths: recorder.input('speechLengths', 'int32', ['B']),
    pitch: recorder.input('pitch', 'int32', ['B', 'T']),
    lengths: recorder.input('lengths', 'int32', ['B']),
    timbre: recorder.input('timbre', 'float32', ['B', features.timbre.channels]),
    ...(leaks && { mel: recorder.input('target', 'float32', ['B', 'T', features.melBins]) }),
  };
  const weights = mapTree(params, ({ data, shape }: FloatArray, name) => recorder.weight(name, data, shape));
  recorder.output('mel', singBaseline(recorder.ops, config, weights, input), ['B', 'T', features.melBins]);
  return recorder.graph('singer');
}
