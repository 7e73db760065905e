/** `alignsts/onnx`: recording networks as ONNX graphs and the port that runs them. The adapters are `alignsts/onnx/node` and `alignsts/onnx/web`. */
export type { AcousticGraphs, AcousticInput, AcousticOutput, SingMelOptions } from './acoustic-model.ts';
export { singMel } from './acoustic-model.ts';
export type { Graph, GraphTensor, OpenGraph, OpenGraphOptions } from './graph.ts';
export { checkModel, refuseForeignParts } from './guard.ts';
export type { OnnxGraph, Size } from './model-file.ts';
export { OPSET, writeModel } from './model-file.ts';
export type { AlignstsWeights } from './record-alignsts.ts';
export { recordAlignsts, recordCondition, recordDecoder, recordDenoiser } from './record-alignsts.ts';
export { recordBaseline } from './record-baseline.ts';
export type { Recorded, Recorder } from './recorder.ts';
export { createRecorder } from './recorder.ts';
export { sha256 } from './sha256.ts';
export type { WeightFormat } from './weight-format.ts';
export { withWeightFormat } from './weight-format.ts';
