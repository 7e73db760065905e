import { type AlignstsModel, type AlignstsParams, decode, denoise, inferencePath } from '../model/alignsts.ts';
import { projectCondition } from '../model/diffusion-decoder/denoiser.ts';
import { frameMask } from '../model/lengths.ts';
import { type FloatArray, mapTree } from '../model/params.ts';
import type { OnnxGraph } from './model-file.ts';
import { createRecorder, type Recorded, type Recorder } from './recorder.ts';

/**
 * AlignSTS as the graphs the product runs, cut where it needs doors: `condition` (speech and melody to what the decoder is told, with the
 * rhythm codes and the attention to look at), then `denoiser`, run once a step, or `decoder` in the GAN variant.
 */
export type AlignstsWeights = {
  params: AlignstsParams<FloatArray>;
  codebook: Float32Array; // [K, D]
};

export function recordAlignsts(config: AlignstsModel, weights: AlignstsWeights): OnnxGraph[] {
  return [
    recordCondition(config, weights),
    config.model.decoder.kind === 'fft' ? recordDecoder(config, weights) : recordDenoiser(config, weights),
  ];
}

/** Parameters as the recorder's weights, under their own names. */
export function recordedParams(recorder: Recorder, params: AlignstsParams<FloatArray>): AlignstsParams<Recorded> {
  return mapTree(params, ({ data, shape }: FloatArray, name) => recorder.weight(name, data, shape));
}

export function recordCondition(config: AlignstsModel, { params, codebook }: AlignstsWeights): OnnxGraph {
  const recorder = createRecorder();
  const { features, model } = config;
  const input = {
    content: recorder.input('content', 'float32', ['B', 'N', features.content.channels]),
    contentLengths: recorder.input('contentLengths', 'int32', ['B']),
    pitch: recorder.input('pitch', 'int32', ['B', 'T']),
    lengths: recorder.input('lengths', 'int32', ['B']),
    timbre: recorder.input('timbre', 'float32', ['B', features.timbre.channels]),
    ...(!model.rhythmAdaptor.enabled && {
      speechRhythm: recorder.input('speechRhythm', 'float32', ['B', 'S', 1]),
      speechLengths: recorder.input('speechLengths', 'int32', ['B']),
    }),
  };
  const quantizer = { codebook: recorder.weight('codebook', codebook, [model.rhythmAdaptor.codes, model.hidden]) };
  const result = inferencePath(recorder.ops, config, recordedParams(recorder, params), quantizer, input);
  recorder.output('condition', result.condition, ['B', 'T', model.hidden]);
  const lastMap = result.attention.aligner.at(-1);
  if (lastMap !== undefined) recorder.output('attention', lastMap, ['B', 'T', 'N']);
  if (result.codes !== undefined && result.logits !== undefined) {
    recorder.output('codes', result.codes, ['B', 'S']);
    recorder.output('logits', result.logits, ['B', 'S', model.rhythmAdaptor.codes]);
  }
  return recorder.graph('condition');
}

export function recordDenoiser(config: AlignstsModel, { params }: Pick<AlignstsWeights, 'params'>): OnnxGraph {
  const recorder = createRecorder();
  const { ops } = recorder;
  const { features, model } = config;
  const noisy = recorder.input('noisy', 'float32', ['B', 'T', features.melBins]);
  const level = recorder.input('level', 'int32', ['B']);
  const condition = recorder.input('condition', 'float32', ['B', 'T', model.hidden]);
  const lengths = recorder.input('lengths', 'int32', ['B']);
  const weights = recordedParams(recorder, params);
  const projected = projectCondition(ops, weights.denoiser!, condition);
  const clean = denoise(ops, config, weights, noisy, level, projected, frameMask(ops, lengths, noisy));
  recorder.output('clean', clean, ['B', 'T', features.melBins]);
  return recorder.graph('denoiser');
}

export function recordDecoder(config: AlignstsModel, { params }: Pick<AlignstsWeights, 'params'>): OnnxGraph {
  const recorder = createRecorder();
  const { features, model } = config;
  const condition = recorder.input('condition', 'float32', ['B', 'T', model.hidden]);
  const lengths = recorder.input('lengths', 'int32', ['B']);
  const mask = frameMask(recorder.ops, lengths, condition);
  recorder.output('mel', decode(recorder.ops, config, recordedParams(recorder, params), { condition, mask }), ['B', 'T', features.melBins]);
  return recorder.graph('decoder');
}
