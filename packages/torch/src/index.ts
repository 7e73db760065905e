export type { AutocastOptions } from './autocast.ts';
export { autocast } from './autocast.ts';
export type { Operator, Result, Value } from './call.ts';
export { call, hasOperator, op, operatorNames, schemaOf } from './call.ts';
export type { CaptureOptions } from './capture-step.ts';
export { captureStep } from './capture-step.ts';
export * as cuda from './cuda.ts';
export type { CheckpointOptions } from './custom-gradient.ts';
export { checkpoint, customGradient } from './custom-gradient.ts';
export type { ProcessGroup, ProcessGroupOptions } from './distributed.ts';
export { joinProcessGroup } from './distributed.ts';
export type { Device, DType, MemoryFormat, Scalar } from './dtype.ts';
export { bytesOf } from './dtype.ts';
export type { Ema } from './ema.ts';
export { createEma } from './ema.ts';
export type { FusedDefinition } from './fused.ts';
export { fusedElementwise } from './fused.ts';
export * from './generated/ops.ts';
export type { BackwardOptions, GradOptions } from './grad.ts';
export { backward, enableGrad, grad, inferenceMode, liveTensors, noGrad } from './grad.ts';
export type { OperatorSchema, SchemaArgument, TorchDescription } from './libtorch.ts';
export { describeTorch, hasTorch, loadTorch } from './libtorch.ts';
export type { AdamWOptions, Optimizer } from './optim/adamw.ts';
export { adamw } from './optim/adamw.ts';
export { clipGradNorm } from './optim/clip-grad-norm.ts';
export type { PtOptions, PtValue } from './pt-reader.ts';
export { loadPt, ptTensors, readPt } from './pt-reader.ts';
export { createGenerator, Generator, getRandomState, manualSeed, setRandomState } from './random.ts';
export type { Reduction } from './reduction.ts';
export type { SafetensorsFile } from './safetensors.ts';
export { loadSafetensors, readSafetensors, saveSafetensors, writeSafetensors } from './safetensors.ts';
export type { RsqrtOptions, Schedule } from './scheduler.ts';
export { constantRate, cosineRate, exponentialRate, rsqrtRate } from './scheduler.ts';
export { keep, scope, tensorsIn } from './scope.ts';
export type { TorchSettings } from './settings.ts';
export { configureTorch, getThreads, setThreads } from './settings.ts';
export { Tensor } from './tensor.ts';
export type { TensorData } from './tensor-data.ts';
export { dataToFloat32, toTensor, toTensorData } from './tensor-data.ts';
export type { Tree } from './tree.ts';
export * as tree from './tree.ts';
export type { TensorOptions, TypedArray } from './typed-array.ts';
export {
  byteLength,
  fromBytes,
  fromTypedArray,
  tensor,
  to,
  toBytes,
  toFloat32Array,
  toNestedArray,
  toTypedArray,
  viewTypedArray,
} from './typed-array.ts';
