export type { AutocastOptions } from './autocast.ts';
export { autocast } from './autocast.ts';
export type { Operator, Result, Value } from './call.ts';
export { call, hasOperator, op, operatorNames, schemaOf } from './call.ts';
export type { CheckpointOptions } from './custom-gradient.ts';
export { checkpoint, customGradient } from './custom-gradient.ts';
export type { Device, DType, MemoryFormat, Scalar } from './dtype.ts';
export { bytesOf } from './dtype.ts';
export * from './generated/ops.ts';
export type { BackwardOptions, GradOptions } from './grad.ts';
export { backward, enableGrad, grad, inferenceMode, liveTensors, noGrad } from './grad.ts';
export type { OperatorSchema, SchemaArgument, TorchDescription } from './libtorch.ts';
export { describeTorch, hasTorch, loadTorch } from './libtorch.ts';
export { createGenerator, Generator, getRandomState, manualSeed, setRandomState } from './random.ts';
export type { Reduction } from './reduction.ts';
export { keep, scope, tensorsIn } from './scope.ts';
export { Tensor } from './tensor.ts';
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
