// Made by scripts/generate-ops.mjs from the schemas of libtorch 1.13.0 and 2.13.0. Do not edit: add to scripts/operators.mjs.

import { op } from '../call.ts';
import type { Device, DType, MemoryFormat, Scalar } from '../dtype.ts';
import type { Generator } from '../random.ts';
import { type Reduction, reductionCode } from '../reduction.ts';
import { Tensor } from '../tensor.ts';

const emptyOp = op('aten::empty.memory_format');
/** aten::empty.memory_format(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor */
export function empty(size: readonly number[], { dtype, device, pinMemory, memoryFormat }: { dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined; memoryFormat?: MemoryFormat | null | undefined } = {}): Tensor {
  return emptyOp(size, dtype, undefined, device, pinMemory, memoryFormat) as Tensor;
}

const zerosOp = op('aten::zeros');
/** aten::zeros(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor */
export function zeros(size: readonly number[], { dtype, device, pinMemory }: { dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined } = {}): Tensor {
  return zerosOp(size, dtype, undefined, device, pinMemory) as Tensor;
}

const onesOp = op('aten::ones');
/** aten::ones(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor */
export function ones(size: readonly number[], { dtype, device, pinMemory }: { dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined } = {}): Tensor {
  return onesOp(size, dtype, undefined, device, pinMemory) as Tensor;
}

const fullOp = op('aten::full');
/** aten::full(SymInt[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor */
export function full(size: readonly number[], fillValue: Scalar, { dtype = 'float32', device, pinMemory }: { dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined } = {}): Tensor {
  return fullOp(size, fillValue, dtype, undefined, device, pinMemory) as Tensor;
}

const emptyLikeOp = op('aten::empty_like');
/** aten::empty_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor */
export function emptyLike(self: Tensor, { dtype, device, pinMemory, memoryFormat }: { dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined; memoryFormat?: MemoryFormat | null | undefined } = {}): Tensor {
  return emptyLikeOp(self, dtype, undefined, device, pinMemory, memoryFormat) as Tensor;
}

const zerosLikeOp = op('aten::zeros_like');
/** aten::zeros_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor */
export function zerosLike(self: Tensor, { dtype, device, pinMemory, memoryFormat }: { dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined; memoryFormat?: MemoryFormat | null | undefined } = {}): Tensor {
  return zerosLikeOp(self, dtype, undefined, device, pinMemory, memoryFormat) as Tensor;
}

const onesLikeOp = op('aten::ones_like');
/** aten::ones_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor */
export function onesLike(self: Tensor, { dtype, device, pinMemory, memoryFormat }: { dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined; memoryFormat?: MemoryFormat | null | undefined } = {}): Tensor {
  return onesLikeOp(self, dtype, undefined, device, pinMemory, memoryFormat) as Tensor;
}

const fullLikeOp = op('aten::full_like');
/** aten::full_like(Tensor self, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor */
export function fullLike(self: Tensor, fillValue: Scalar, { dtype, device, pinMemory, memoryFormat }: { dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined; memoryFormat?: MemoryFormat | null | undefined } = {}): Tensor {
  return fullLikeOp(self, fillValue, dtype, undefined, device, pinMemory, memoryFormat) as Tensor;
}

const arangeOp = op('aten::arange.start_step');
/** aten::arange.start_step(Scalar start, Scalar end, Scalar step=1, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor */
export function arange(start: Scalar, end: Scalar, step?: Scalar | undefined, { dtype, device, pinMemory }: { dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined } = {}): Tensor {
  return arangeOp(start, end, step, dtype, undefined, device, pinMemory) as Tensor;
}

const linspaceOp = op('aten::linspace');
/** aten::linspace(Scalar start, Scalar end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor */
export function linspace(start: Scalar, end: Scalar, steps: number, { dtype, device, pinMemory }: { dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined } = {}): Tensor {
  return linspaceOp(start, end, steps, dtype, undefined, device, pinMemory) as Tensor;
}

const eyeOp = op('aten::eye');
/** aten::eye(SymInt n, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor */
export function eye(n: number, { dtype, device, pinMemory }: { dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined } = {}): Tensor {
  return eyeOp(n, dtype, undefined, device, pinMemory) as Tensor;
}

const hannWindowOp = op('aten::hann_window.periodic');
/** aten::hann_window.periodic(int window_length, bool periodic, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor */
export function hannWindow(windowLength: number, periodic: boolean, { dtype, device, pinMemory }: { dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined } = {}): Tensor {
  return hannWindowOp(windowLength, periodic, dtype, undefined, device, pinMemory) as Tensor;
}

const randOp = op('aten::rand.generator');
/** aten::rand.generator(SymInt[] size, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor */
export function rand(size: readonly number[], { generator, dtype, device, pinMemory }: { generator?: Generator | null | undefined; dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined } = {}): Tensor {
  return randOp(size, generator ?? null, dtype, undefined, device, pinMemory) as Tensor;
}

const randnOp = op('aten::randn.generator');
/** aten::randn.generator(SymInt[] size, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor */
export function randn(size: readonly number[], { generator, dtype, device, pinMemory }: { generator?: Generator | null | undefined; dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined } = {}): Tensor {
  return randnOp(size, generator ?? null, dtype, undefined, device, pinMemory) as Tensor;
}

const randintOp = op('aten::randint.low_generator');
/** aten::randint.low_generator(SymInt low, SymInt high, SymInt[] size, *, Generator? generator, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor */
export function randint(low: number, high: number, size: readonly number[], { generator, dtype, device, pinMemory }: { generator?: Generator | null | undefined; dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined } = {}): Tensor {
  return randintOp(low, high, size, generator ?? null, dtype, undefined, device, pinMemory) as Tensor;
}

const randpermOp = op('aten::randperm.generator');
/** aten::randperm.generator(SymInt n, *, Generator? generator, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor */
export function randperm(n: number, { generator, dtype, device, pinMemory }: { generator?: Generator | null | undefined; dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined } = {}): Tensor {
  return randpermOp(n, generator ?? null, dtype, undefined, device, pinMemory) as Tensor;
}

const randLikeOp = op('aten::rand_like');
/** aten::rand_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor */
export function randLike(self: Tensor, { dtype, device, pinMemory, memoryFormat }: { dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined; memoryFormat?: MemoryFormat | null | undefined } = {}): Tensor {
  return randLikeOp(self, dtype, undefined, device, pinMemory, memoryFormat) as Tensor;
}

const randnLikeOp = op('aten::randn_like');
/** aten::randn_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor */
export function randnLike(self: Tensor, { dtype, device, pinMemory, memoryFormat }: { dtype?: DType | null | undefined; device?: Device | null | undefined; pinMemory?: boolean | null | undefined; memoryFormat?: MemoryFormat | null | undefined } = {}): Tensor {
  return randnLikeOp(self, dtype, undefined, device, pinMemory, memoryFormat) as Tensor;
}

const bernoulliOp = op('aten::bernoulli');
/** aten::bernoulli(Tensor self, *, Generator? generator=None) -> Tensor */
export function bernoulli(self: Tensor, { generator }: { generator?: Generator | null | undefined } = {}): Tensor {
  return bernoulliOp(self, generator) as Tensor;
}

const bernoulli_Op = op('aten::bernoulli_.float');
/** aten::bernoulli_.float(Tensor(a!) self, float p=0.5, *, Generator? generator=None) -> Tensor(a!) */
export function bernoulli_(self: Tensor, p?: number | undefined, { generator }: { generator?: Generator | null | undefined } = {}): Tensor {
  return bernoulli_Op(self, p, generator) as Tensor;
}

const normal_Op = op('aten::normal_');
/** aten::normal_(Tensor(a!) self, float mean=0., float std=1., *, Generator? generator=None) -> Tensor(a!) */
export function normal_(self: Tensor, mean?: number | undefined, std?: number | undefined, { generator }: { generator?: Generator | null | undefined } = {}): Tensor {
  return normal_Op(self, mean, std, generator) as Tensor;
}

const uniform_Op = op('aten::uniform_');
/** aten::uniform_(Tensor(a!) self, float from=0., float to=1., *, Generator? generator=None) -> Tensor(a!) */
export function uniform_(self: Tensor, from?: number | undefined, to?: number | undefined, { generator }: { generator?: Generator | null | undefined } = {}): Tensor {
  return uniform_Op(self, from, to, generator) as Tensor;
}

const multinomialOp = op('aten::multinomial');
/** aten::multinomial(Tensor self, SymInt num_samples, bool replacement=False, *, Generator? generator=None) -> Tensor */
export function multinomial(self: Tensor, numSamples: number, { replacement, generator }: { replacement?: boolean | undefined; generator?: Generator | null | undefined } = {}): Tensor {
  return multinomialOp(self, numSamples, replacement, generator) as Tensor;
}

const linearOp = op('aten::linear');
/** aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor */
export function linear(input: Tensor, weight: Tensor, bias?: Tensor | null | undefined): Tensor {
  return linearOp(input, weight, bias) as Tensor;
}

const conv1dOp = op('aten::conv1d');
/** aten::conv1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=[1], SymInt[1] padding=[0], SymInt[1] dilation=[1], SymInt groups=1) -> Tensor */
export function conv1d(input: Tensor, weight: Tensor, bias?: Tensor | null | undefined, { stride, padding, dilation, groups }: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined; groups?: number | undefined } = {}): Tensor {
  return conv1dOp(input, weight, bias, stride, padding, dilation, groups) as Tensor;
}

const conv2dOp = op('aten::conv2d');
/** aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], SymInt[2] padding=[0, 0], SymInt[2] dilation=[1, 1], SymInt groups=1) -> Tensor */
export function conv2d(input: Tensor, weight: Tensor, bias?: Tensor | null | undefined, { stride, padding, dilation, groups }: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined; groups?: number | undefined } = {}): Tensor {
  return conv2dOp(input, weight, bias, stride, padding, dilation, groups) as Tensor;
}

const convTranspose1dOp = op('aten::conv_transpose1d');
/** aten::conv_transpose1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=[1], SymInt[1] padding=[0], SymInt[1] output_padding=[0], SymInt groups=1, SymInt[1] dilation=[1]) -> Tensor */
export function convTranspose1d(input: Tensor, weight: Tensor, bias?: Tensor | null | undefined, { stride, padding, outputPadding, groups, dilation }: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; outputPadding?: number | readonly number[] | undefined; groups?: number | undefined; dilation?: number | readonly number[] | undefined } = {}): Tensor {
  return convTranspose1dOp(input, weight, bias, stride, padding, outputPadding, groups, dilation) as Tensor;
}

const convTranspose2dOp = op('aten::conv_transpose2d.input');
/** aten::conv_transpose2d.input(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], SymInt[2] padding=[0, 0], SymInt[2] output_padding=[0, 0], SymInt groups=1, SymInt[2] dilation=[1, 1]) -> Tensor */
export function convTranspose2d(input: Tensor, weight: Tensor, bias?: Tensor | null | undefined, { stride, padding, outputPadding, groups, dilation }: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; outputPadding?: number | readonly number[] | undefined; groups?: number | undefined; dilation?: number | readonly number[] | undefined } = {}): Tensor {
  return convTranspose2dOp(input, weight, bias, stride, padding, outputPadding, groups, dilation) as Tensor;
}

const embeddingOp = op('aten::embedding');
/** aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False, bool sparse=False) -> Tensor */
export function embedding(weight: Tensor, indices: Tensor, { paddingIdx, scaleGradByFreq, sparse }: { paddingIdx?: number | undefined; scaleGradByFreq?: boolean | undefined; sparse?: boolean | undefined } = {}): Tensor {
  return embeddingOp(weight, indices, paddingIdx, scaleGradByFreq, sparse) as Tensor;
}

const groupNormOp = op('aten::group_norm');
/** aten::group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float eps=1.0000000000000001e-05, bool cudnn_enabled=True) -> Tensor */
export function groupNorm(input: Tensor, numGroups: number, weight?: Tensor | null | undefined, bias?: Tensor | null | undefined, { eps, cudnnEnabled }: { eps?: number | undefined; cudnnEnabled?: boolean | undefined } = {}): Tensor {
  return groupNormOp(input, numGroups, weight, bias, eps, cudnnEnabled) as Tensor;
}

const layerNormOp = op('aten::layer_norm');
/** aten::layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float eps=1.0000000000000001e-05, bool cudnn_enable=True) -> Tensor */
export function layerNorm(input: Tensor, normalizedShape: readonly number[], weight?: Tensor | null | undefined, bias?: Tensor | null | undefined, { eps, cudnnEnable }: { eps?: number | undefined; cudnnEnable?: boolean | undefined } = {}): Tensor {
  return layerNormOp(input, normalizedShape, weight, bias, eps, cudnnEnable) as Tensor;
}

const batchNormOp = op('aten::batch_norm');
/** aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float momentum, float eps, bool cudnn_enabled) -> Tensor */
export function batchNorm(input: Tensor, weight: Tensor | null, bias: Tensor | null, runningMean: Tensor | null, runningVar: Tensor | null, training: boolean, momentum: number, eps: number, cudnnEnabled: boolean): Tensor {
  return batchNormOp(input, weight ?? null, bias ?? null, runningMean ?? null, runningVar ?? null, training, momentum, eps, cudnnEnabled) as Tensor;
}

const instanceNormOp = op('aten::instance_norm');
/** aten::instance_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool use_input_stats, float momentum, float eps, bool cudnn_enabled) -> Tensor */
export function instanceNorm(input: Tensor, weight: Tensor | null, bias: Tensor | null, runningMean: Tensor | null, runningVar: Tensor | null, useInputStats: boolean, momentum: number, eps: number, cudnnEnabled: boolean): Tensor {
  return instanceNormOp(input, weight ?? null, bias ?? null, runningMean ?? null, runningVar ?? null, useInputStats, momentum, eps, cudnnEnabled) as Tensor;
}

const dropoutOp = op('aten::dropout');
/** aten::dropout(Tensor input, float p, bool train) -> Tensor */
export function dropout(input: Tensor, p: number, train: boolean): Tensor {
  return dropoutOp(input, p, train) as Tensor;
}

const featureDropoutOp = op('aten::feature_dropout');
/** aten::feature_dropout(Tensor input, float p, bool train) -> Tensor */
export function featureDropout(input: Tensor, p: number, train: boolean): Tensor {
  return featureDropoutOp(input, p, train) as Tensor;
}

const scaledDotProductAttentionOp = op('aten::scaled_dot_product_attention');
/** aten::scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float dropout_p=0., bool is_causal=False, *, float? scale=None, bool enable_gqa=False) -> Tensor · not in libtorch 1.13.0 */
export function scaledDotProductAttention(query: Tensor, key: Tensor, value: Tensor, attnMask?: Tensor | null | undefined, { dropoutP, isCausal, scale, enableGqa }: { dropoutP?: number | undefined; isCausal?: boolean | undefined; scale?: number | null | undefined; enableGqa?: boolean | undefined } = {}): Tensor {
  return scaledDotProductAttentionOp(query, key, value, attnMask, dropoutP, isCausal, scale, enableGqa) as Tensor;
}

const lstmOp = op('aten::lstm.input');
/** aten::lstm.input(Tensor input, Tensor[] hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor, Tensor) */
export function lstm(input: Tensor, hx: readonly Tensor[], params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean, batchFirst: boolean): [Tensor, Tensor, Tensor] {
  return lstmOp(input, hx, params, hasBiases, numLayers, dropout, train, bidirectional, batchFirst) as [Tensor, Tensor, Tensor];
}

const gruOp = op('aten::gru.input');
/** aten::gru.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor) */
export function gru(input: Tensor, hx: Tensor, params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean, batchFirst: boolean): [Tensor, Tensor] {
  return gruOp(input, hx, params, hasBiases, numLayers, dropout, train, bidirectional, batchFirst) as [Tensor, Tensor];
}

const avgPool1dOp = op('aten::avg_pool1d');
/** aten::avg_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=[0], bool ceil_mode=False, bool count_include_pad=True) -> Tensor */
export function avgPool1d(self: Tensor, kernelSize: number | readonly number[], { stride, padding, ceilMode, countIncludePad }: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; ceilMode?: boolean | undefined; countIncludePad?: boolean | undefined } = {}): Tensor {
  return avgPool1dOp(self, kernelSize, stride, padding, ceilMode, countIncludePad) as Tensor;
}

const avgPool2dOp = op('aten::avg_pool2d');
/** aten::avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor */
export function avgPool2d(self: Tensor, kernelSize: number | readonly number[], { stride, padding, ceilMode, countIncludePad, divisorOverride }: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; ceilMode?: boolean | undefined; countIncludePad?: boolean | undefined; divisorOverride?: number | null | undefined } = {}): Tensor {
  return avgPool2dOp(self, kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride) as Tensor;
}

const maxPool2dOp = op('aten::max_pool2d');
/** aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> Tensor */
export function maxPool2d(self: Tensor, kernelSize: number | readonly number[], { stride, padding, dilation, ceilMode }: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined; ceilMode?: boolean | undefined } = {}): Tensor {
  return maxPool2dOp(self, kernelSize, stride, padding, dilation, ceilMode) as Tensor;
}

const upsampleNearest1dOp = op('aten::upsample_nearest1d');
/** aten::upsample_nearest1d(Tensor self, SymInt[1] output_size, float? scales=None) -> Tensor */
export function upsampleNearest1d(self: Tensor, outputSize: number | readonly number[], { scales }: { scales?: number | null | undefined } = {}): Tensor {
  return upsampleNearest1dOp(self, outputSize, scales) as Tensor;
}

const upsampleLinear1dOp = op('aten::upsample_linear1d');
/** aten::upsample_linear1d(Tensor self, SymInt[1] output_size, bool align_corners, float? scales=None) -> Tensor */
export function upsampleLinear1d(self: Tensor, outputSize: number | readonly number[], alignCorners: boolean, { scales }: { scales?: number | null | undefined } = {}): Tensor {
  return upsampleLinear1dOp(self, outputSize, alignCorners, scales) as Tensor;
}

const upsampleNearest2dOp = op('aten::upsample_nearest2d');
/** aten::upsample_nearest2d(Tensor self, SymInt[2] output_size, float? scales_h=None, float? scales_w=None) -> Tensor */
export function upsampleNearest2d(self: Tensor, outputSize: number | readonly number[], { scalesH, scalesW }: { scalesH?: number | null | undefined; scalesW?: number | null | undefined } = {}): Tensor {
  return upsampleNearest2dOp(self, outputSize, scalesH, scalesW) as Tensor;
}

const upsampleBilinear2dOp = op('aten::upsample_bilinear2d');
/** aten::upsample_bilinear2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor */
export function upsampleBilinear2d(self: Tensor, outputSize: number | readonly number[], alignCorners: boolean, { scalesH, scalesW }: { scalesH?: number | null | undefined; scalesW?: number | null | undefined } = {}): Tensor {
  return upsampleBilinear2dOp(self, outputSize, alignCorners, scalesH, scalesW) as Tensor;
}

const nativeLayerNormOp = op('aten::native_layer_norm');
/** aten::native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? bias, float eps) -> (Tensor, Tensor, Tensor) */
export function nativeLayerNorm(input: Tensor, normalizedShape: readonly number[], weight: Tensor | null, bias: Tensor | null, eps: number): [Tensor, Tensor, Tensor] {
  return nativeLayerNormOp(input, normalizedShape, weight ?? null, bias ?? null, eps) as [Tensor, Tensor, Tensor];
}

const nativeGroupNormOp = op('aten::native_group_norm');
/** aten::native_group_norm(Tensor input, Tensor? weight, Tensor? bias, SymInt N, SymInt C, SymInt HxW, int group, float eps) -> (Tensor, Tensor, Tensor) */
export function nativeGroupNorm(input: Tensor, weight: Tensor | null, bias: Tensor | null, N: number, C: number, HxW: number, group: number, eps: number): [Tensor, Tensor, Tensor] {
  return nativeGroupNormOp(input, weight ?? null, bias ?? null, N, C, HxW, group, eps) as [Tensor, Tensor, Tensor];
}

const nativeBatchNormOp = op('aten::native_batch_norm');
/** aten::native_batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor) */
export function nativeBatchNorm(input: Tensor, weight: Tensor | null, bias: Tensor | null, runningMean: Tensor | null, runningVar: Tensor | null, training: boolean, momentum: number, eps: number): [Tensor, Tensor, Tensor] {
  return nativeBatchNormOp(input, weight ?? null, bias ?? null, runningMean ?? null, runningVar ?? null, training, momentum, eps) as [Tensor, Tensor, Tensor];
}

const nativeDropoutOp = op('aten::native_dropout');
/** aten::native_dropout(Tensor input, float p, bool? train) -> (Tensor, Tensor) */
export function nativeDropout(input: Tensor, p: number, { train }: { train?: boolean | null | undefined } = {}): [Tensor, Tensor] {
  return nativeDropoutOp(input, p, train ?? null) as [Tensor, Tensor];
}

const weightNormOp = op('aten::_weight_norm');
/** aten::_weight_norm(Tensor v, Tensor g, int dim=0) -> Tensor */
export function weightNorm(v: Tensor, g: Tensor, { dim }: { dim?: number | undefined } = {}): Tensor {
  return weightNormOp(v, g, dim) as Tensor;
}

const reluOp = op('aten::relu');
/** aten::relu(Tensor self) -> Tensor */
export function relu(self: Tensor): Tensor {
  return reluOp(self) as Tensor;
}

const leakyReluOp = op('aten::leaky_relu');
/** aten::leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor */
export function leakyRelu(self: Tensor, negativeSlope?: Scalar | undefined): Tensor {
  return leakyReluOp(self, negativeSlope) as Tensor;
}

const geluOp = op('aten::gelu');
/** aten::gelu(Tensor self, *, str approximate="none") -> Tensor */
export function gelu(self: Tensor, { approximate }: { approximate?: string | undefined } = {}): Tensor {
  return geluOp(self, approximate) as Tensor;
}

const siluOp = op('aten::silu');
/** aten::silu(Tensor self) -> Tensor */
export function silu(self: Tensor): Tensor {
  return siluOp(self) as Tensor;
}

const mishOp = op('aten::mish');
/** aten::mish(Tensor self) -> Tensor */
export function mish(self: Tensor): Tensor {
  return mishOp(self) as Tensor;
}

const softplusOp = op('aten::softplus');
/** aten::softplus(Tensor self, Scalar beta=1, Scalar threshold=20) -> Tensor */
export function softplus(self: Tensor, { beta, threshold }: { beta?: Scalar | undefined; threshold?: Scalar | undefined } = {}): Tensor {
  return softplusOp(self, beta, threshold) as Tensor;
}

const sigmoidOp = op('aten::sigmoid');
/** aten::sigmoid(Tensor self) -> Tensor */
export function sigmoid(self: Tensor): Tensor {
  return sigmoidOp(self) as Tensor;
}

const logSigmoidOp = op('aten::log_sigmoid');
/** aten::log_sigmoid(Tensor self) -> Tensor */
export function logSigmoid(self: Tensor): Tensor {
  return logSigmoidOp(self) as Tensor;
}

const tanhOp = op('aten::tanh');
/** aten::tanh(Tensor self) -> Tensor */
export function tanh(self: Tensor): Tensor {
  return tanhOp(self) as Tensor;
}

const eluOp = op('aten::elu');
/** aten::elu(Tensor self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor */
export function elu(self: Tensor, { alpha, scale, inputScale }: { alpha?: Scalar | undefined; scale?: Scalar | undefined; inputScale?: Scalar | undefined } = {}): Tensor {
  return eluOp(self, alpha, scale, inputScale) as Tensor;
}

const gluOp = op('aten::glu');
/** aten::glu(Tensor self, int dim=-1) -> Tensor */
export function glu(self: Tensor, dim?: number | undefined): Tensor {
  return gluOp(self, dim) as Tensor;
}

const softmaxOp = op('aten::softmax.int');
/** aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor */
export function softmax(self: Tensor, dim: number, { dtype }: { dtype?: DType | null | undefined } = {}): Tensor {
  return softmaxOp(self, dim, dtype) as Tensor;
}

const logSoftmaxOp = op('aten::log_softmax.int');
/** aten::log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor */
export function logSoftmax(self: Tensor, dim: number, { dtype }: { dtype?: DType | null | undefined } = {}): Tensor {
  return logSoftmaxOp(self, dim, dtype) as Tensor;
}

const mseLossOp = op('aten::mse_loss');
/** aten::mse_loss(Tensor self, Tensor target, int reduction=1) -> Tensor */
export function mseLoss(self: Tensor, target: Tensor, { reduction }: { reduction?: Reduction | undefined } = {}): Tensor {
  return mseLossOp(self, target, reductionCode(reduction)) as Tensor;
}

const l1LossOp = op('aten::l1_loss');
/** aten::l1_loss(Tensor self, Tensor target, int reduction=1) -> Tensor */
export function l1Loss(self: Tensor, target: Tensor, { reduction }: { reduction?: Reduction | undefined } = {}): Tensor {
  return l1LossOp(self, target, reductionCode(reduction)) as Tensor;
}

const smoothL1LossOp = op('aten::smooth_l1_loss');
/** aten::smooth_l1_loss(Tensor self, Tensor target, int reduction=1, float beta=1.) -> Tensor */
export function smoothL1Loss(self: Tensor, target: Tensor, { reduction, beta }: { reduction?: Reduction | undefined; beta?: number | undefined } = {}): Tensor {
  return smoothL1LossOp(self, target, reductionCode(reduction), beta) as Tensor;
}

const huberLossOp = op('aten::huber_loss');
/** aten::huber_loss(Tensor self, Tensor target, int reduction=1, float delta=1.) -> Tensor */
export function huberLoss(self: Tensor, target: Tensor, { reduction, delta }: { reduction?: Reduction | undefined; delta?: number | undefined } = {}): Tensor {
  return huberLossOp(self, target, reductionCode(reduction), delta) as Tensor;
}

const crossEntropyLossOp = op('aten::cross_entropy_loss');
/** aten::cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100, float label_smoothing=0.) -> Tensor */
export function crossEntropyLoss(self: Tensor, target: Tensor, weight?: Tensor | null | undefined, { reduction, ignoreIndex, labelSmoothing }: { reduction?: Reduction | undefined; ignoreIndex?: number | undefined; labelSmoothing?: number | undefined } = {}): Tensor {
  return crossEntropyLossOp(self, target, weight, reductionCode(reduction), ignoreIndex, labelSmoothing) as Tensor;
}

const nllLossOp = op('aten::nll_loss_nd');
/** aten::nll_loss_nd(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100) -> Tensor */
export function nllLoss(self: Tensor, target: Tensor, weight?: Tensor | null | undefined, { reduction, ignoreIndex }: { reduction?: Reduction | undefined; ignoreIndex?: number | undefined } = {}): Tensor {
  return nllLossOp(self, target, weight, reductionCode(reduction), ignoreIndex) as Tensor;
}

const binaryCrossEntropyWithLogitsOp = op('aten::binary_cross_entropy_with_logits');
/** aten::binary_cross_entropy_with_logits(Tensor self, Tensor target, Tensor? weight=None, Tensor? pos_weight=None, int reduction=1) -> Tensor */
export function binaryCrossEntropyWithLogits(self: Tensor, target: Tensor, weight?: Tensor | null | undefined, posWeight?: Tensor | null | undefined, { reduction }: { reduction?: Reduction | undefined } = {}): Tensor {
  return binaryCrossEntropyWithLogitsOp(self, target, weight, posWeight, reductionCode(reduction)) as Tensor;
}

const klDivOp = op('aten::kl_div');
/** aten::kl_div(Tensor self, Tensor target, int reduction=1, *, bool log_target=False) -> Tensor */
export function klDiv(self: Tensor, target: Tensor, { reduction, logTarget }: { reduction?: Reduction | undefined; logTarget?: boolean | undefined } = {}): Tensor {
  return klDivOp(self, target, reductionCode(reduction), logTarget) as Tensor;
}

const ctcLossOp = op('aten::ctc_loss.IntList');
/** aten::ctc_loss.IntList(Tensor log_probs, Tensor targets, int[] input_lengths, int[] target_lengths, int blank=0, int reduction=1, bool zero_infinity=False) -> Tensor */
export function ctcLoss(logProbs: Tensor, targets: Tensor, inputLengths: readonly number[], targetLengths: readonly number[], { blank, reduction, zeroInfinity }: { blank?: number | undefined; reduction?: Reduction | undefined; zeroInfinity?: boolean | undefined } = {}): Tensor {
  return ctcLossOp(logProbs, targets, inputLengths, targetLengths, blank, reductionCode(reduction), zeroInfinity) as Tensor;
}

const ctcLossOfLengthsOp = op('aten::ctc_loss.Tensor');
/** aten::ctc_loss.Tensor(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, int blank=0, int reduction=1, bool zero_infinity=False) -> Tensor */
export function ctcLossOfLengths(logProbs: Tensor, targets: Tensor, inputLengths: Tensor, targetLengths: Tensor, { blank, reduction, zeroInfinity }: { blank?: number | undefined; reduction?: Reduction | undefined; zeroInfinity?: boolean | undefined } = {}): Tensor {
  return ctcLossOfLengthsOp(logProbs, targets, inputLengths, targetLengths, blank, reductionCode(reduction), zeroInfinity) as Tensor;
}

const cosineSimilarityOp = op('aten::cosine_similarity');
/** aten::cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-08) -> Tensor */
export function cosineSimilarity(x1: Tensor, x2: Tensor, { dim, eps }: { dim?: number | undefined; eps?: number | undefined } = {}): Tensor {
  return cosineSimilarityOp(x1, x2, dim, eps) as Tensor;
}

const matmulOp = op('aten::matmul');
/** aten::matmul(Tensor self, Tensor other) -> Tensor */
export function matmul(self: Tensor, other: Tensor): Tensor {
  return matmulOp(self, other) as Tensor;
}

const mmOp = op('aten::mm');
/** aten::mm(Tensor self, Tensor mat2) -> Tensor */
export function mm(self: Tensor, mat2: Tensor): Tensor {
  return mmOp(self, mat2) as Tensor;
}

const bmmOp = op('aten::bmm');
/** aten::bmm(Tensor self, Tensor mat2) -> Tensor */
export function bmm(self: Tensor, mat2: Tensor): Tensor {
  return bmmOp(self, mat2) as Tensor;
}

const addmmOp = op('aten::addmm');
/** aten::addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor */
export function addmm(self: Tensor, mat1: Tensor, mat2: Tensor, { beta, alpha }: { beta?: Scalar | undefined; alpha?: Scalar | undefined } = {}): Tensor {
  return addmmOp(self, mat1, mat2, beta, alpha) as Tensor;
}

const baddbmmOp = op('aten::baddbmm');
/** aten::baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor */
export function baddbmm(self: Tensor, batch1: Tensor, batch2: Tensor, { beta, alpha }: { beta?: Scalar | undefined; alpha?: Scalar | undefined } = {}): Tensor {
  return baddbmmOp(self, batch1, batch2, beta, alpha) as Tensor;
}

const outerOp = op('aten::outer');
/** aten::outer(Tensor self, Tensor vec2) -> Tensor */
export function outer(self: Tensor, vec2: Tensor): Tensor {
  return outerOp(self, vec2) as Tensor;
}

const cdistOp = op('aten::cdist');
/** aten::cdist(Tensor x1, Tensor x2, float p=2., int? compute_mode=None) -> Tensor */
export function cdist(x1: Tensor, x2: Tensor, p?: number | undefined, { computeMode }: { computeMode?: number | null | undefined } = {}): Tensor {
  return cdistOp(x1, x2, p, computeMode) as Tensor;
}

const addOp = op('aten::add.Tensor');
const addOp1 = op('aten::add.Scalar');
/** aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor · aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor */
export function add(self: Tensor, other: Tensor | Scalar, { alpha }: { alpha?: Scalar | undefined } = {}): Tensor {
  return (other instanceof Tensor ? addOp(self, other, alpha) : addOp1(self, other, alpha)) as Tensor;
}

const subOp = op('aten::sub.Tensor');
const subOp1 = op('aten::sub.Scalar');
/** aten::sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor · aten::sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor */
export function sub(self: Tensor, other: Tensor | Scalar, { alpha }: { alpha?: Scalar | undefined } = {}): Tensor {
  return (other instanceof Tensor ? subOp(self, other, alpha) : subOp1(self, other, alpha)) as Tensor;
}

const mulOp = op('aten::mul.Tensor');
const mulOp1 = op('aten::mul.Scalar');
/** aten::mul.Tensor(Tensor self, Tensor other) -> Tensor · aten::mul.Scalar(Tensor self, Scalar other) -> Tensor */
export function mul(self: Tensor, other: Tensor | Scalar): Tensor {
  return (other instanceof Tensor ? mulOp(self, other) : mulOp1(self, other)) as Tensor;
}

const divOp = op('aten::div.Tensor');
const divOp1 = op('aten::div.Scalar');
/** aten::div.Tensor(Tensor self, Tensor other) -> Tensor · aten::div.Scalar(Tensor self, Scalar other) -> Tensor */
export function div(self: Tensor, other: Tensor | Scalar): Tensor {
  return (other instanceof Tensor ? divOp(self, other) : divOp1(self, other)) as Tensor;
}

const divRoundedOp = op('aten::div.Tensor_mode');
const divRoundedOp1 = op('aten::div.Scalar_mode');
/** aten::div.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor · aten::div.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor */
export function divRounded(self: Tensor, other: Tensor | Scalar, { roundingMode }: { roundingMode?: string | null | undefined } = {}): Tensor {
  return (other instanceof Tensor ? divRoundedOp(self, other, roundingMode ?? null) : divRoundedOp1(self, other, roundingMode ?? null)) as Tensor;
}

const remainderOp = op('aten::remainder.Tensor');
const remainderOp1 = op('aten::remainder.Scalar');
/** aten::remainder.Tensor(Tensor self, Tensor other) -> Tensor · aten::remainder.Scalar(Tensor self, Scalar other) -> Tensor */
export function remainder(self: Tensor, other: Tensor | Scalar): Tensor {
  return (other instanceof Tensor ? remainderOp(self, other) : remainderOp1(self, other)) as Tensor;
}

const powOp = op('aten::pow.Tensor_Tensor');
const powOp1 = op('aten::pow.Tensor_Scalar');
/** aten::pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor · aten::pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor */
export function pow(self: Tensor, exponent: Tensor | Scalar): Tensor {
  return (exponent instanceof Tensor ? powOp(self, exponent) : powOp1(self, exponent)) as Tensor;
}

const scalarPowOp = op('aten::pow.Scalar');
/** aten::pow.Scalar(Scalar self, Tensor exponent) -> Tensor */
export function scalarPow(self: Scalar, exponent: Tensor): Tensor {
  return scalarPowOp(self, exponent) as Tensor;
}

const rsubOp = op('aten::rsub.Tensor');
const rsubOp1 = op('aten::rsub.Scalar');
/** aten::rsub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor · aten::rsub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor */
export function rsub(self: Tensor, other: Tensor | Scalar, { alpha }: { alpha?: Scalar | undefined } = {}): Tensor {
  return (other instanceof Tensor ? rsubOp(self, other, alpha) : rsubOp1(self, other, alpha)) as Tensor;
}

const add_Op = op('aten::add_.Tensor');
const add_Op1 = op('aten::add_.Scalar');
/** aten::add_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!) · aten::add_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!) */
export function add_(self: Tensor, other: Tensor | Scalar, { alpha }: { alpha?: Scalar | undefined } = {}): Tensor {
  return (other instanceof Tensor ? add_Op(self, other, alpha) : add_Op1(self, other, alpha)) as Tensor;
}

const sub_Op = op('aten::sub_.Tensor');
const sub_Op1 = op('aten::sub_.Scalar');
/** aten::sub_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!) · aten::sub_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!) */
export function sub_(self: Tensor, other: Tensor | Scalar, { alpha }: { alpha?: Scalar | undefined } = {}): Tensor {
  return (other instanceof Tensor ? sub_Op(self, other, alpha) : sub_Op1(self, other, alpha)) as Tensor;
}

const mul_Op = op('aten::mul_.Tensor');
const mul_Op1 = op('aten::mul_.Scalar');
/** aten::mul_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!) · aten::mul_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!) */
export function mul_(self: Tensor, other: Tensor | Scalar): Tensor {
  return (other instanceof Tensor ? mul_Op(self, other) : mul_Op1(self, other)) as Tensor;
}

const div_Op = op('aten::div_.Tensor');
const div_Op1 = op('aten::div_.Scalar');
/** aten::div_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!) · aten::div_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!) */
export function div_(self: Tensor, other: Tensor | Scalar): Tensor {
  return (other instanceof Tensor ? div_Op(self, other) : div_Op1(self, other)) as Tensor;
}

const addcmulOp = op('aten::addcmul');
/** aten::addcmul(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor */
export function addcmul(self: Tensor, tensor1: Tensor, tensor2: Tensor, { value }: { value?: Scalar | undefined } = {}): Tensor {
  return addcmulOp(self, tensor1, tensor2, value) as Tensor;
}

const addcdivOp = op('aten::addcdiv');
/** aten::addcdiv(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor */
export function addcdiv(self: Tensor, tensor1: Tensor, tensor2: Tensor, { value }: { value?: Scalar | undefined } = {}): Tensor {
  return addcdivOp(self, tensor1, tensor2, value) as Tensor;
}

const lerpOp = op('aten::lerp.Tensor');
const lerpOp1 = op('aten::lerp.Scalar');
/** aten::lerp.Tensor(Tensor self, Tensor end, Tensor weight) -> Tensor · aten::lerp.Scalar(Tensor self, Tensor end, Scalar weight) -> Tensor */
export function lerp(self: Tensor, end: Tensor, weight: Tensor | Scalar): Tensor {
  return (weight instanceof Tensor ? lerpOp(self, end, weight) : lerpOp1(self, end, weight)) as Tensor;
}

const lerp_Op = op('aten::lerp_.Tensor');
const lerp_Op1 = op('aten::lerp_.Scalar');
/** aten::lerp_.Tensor(Tensor(a!) self, Tensor end, Tensor weight) -> Tensor(a!) · aten::lerp_.Scalar(Tensor(a!) self, Tensor end, Scalar weight) -> Tensor(a!) */
export function lerp_(self: Tensor, end: Tensor, weight: Tensor | Scalar): Tensor {
  return (weight instanceof Tensor ? lerp_Op(self, end, weight) : lerp_Op1(self, end, weight)) as Tensor;
}

const negOp = op('aten::neg');
/** aten::neg(Tensor self) -> Tensor */
export function neg(self: Tensor): Tensor {
  return negOp(self) as Tensor;
}

const absOp = op('aten::abs');
/** aten::abs(Tensor self) -> Tensor */
export function abs(self: Tensor): Tensor {
  return absOp(self) as Tensor;
}

const signOp = op('aten::sign');
/** aten::sign(Tensor self) -> Tensor */
export function sign(self: Tensor): Tensor {
  return signOp(self) as Tensor;
}

const expOp = op('aten::exp');
/** aten::exp(Tensor self) -> Tensor */
export function exp(self: Tensor): Tensor {
  return expOp(self) as Tensor;
}

const expm1Op = op('aten::expm1');
/** aten::expm1(Tensor self) -> Tensor */
export function expm1(self: Tensor): Tensor {
  return expm1Op(self) as Tensor;
}

const logOp = op('aten::log');
/** aten::log(Tensor self) -> Tensor */
export function log(self: Tensor): Tensor {
  return logOp(self) as Tensor;
}

const log1pOp = op('aten::log1p');
/** aten::log1p(Tensor self) -> Tensor */
export function log1p(self: Tensor): Tensor {
  return log1pOp(self) as Tensor;
}

const log2Op = op('aten::log2');
/** aten::log2(Tensor self) -> Tensor */
export function log2(self: Tensor): Tensor {
  return log2Op(self) as Tensor;
}

const log10Op = op('aten::log10');
/** aten::log10(Tensor self) -> Tensor */
export function log10(self: Tensor): Tensor {
  return log10Op(self) as Tensor;
}

const sqrtOp = op('aten::sqrt');
/** aten::sqrt(Tensor self) -> Tensor */
export function sqrt(self: Tensor): Tensor {
  return sqrtOp(self) as Tensor;
}

const rsqrtOp = op('aten::rsqrt');
/** aten::rsqrt(Tensor self) -> Tensor */
export function rsqrt(self: Tensor): Tensor {
  return rsqrtOp(self) as Tensor;
}

const squareOp = op('aten::square');
/** aten::square(Tensor self) -> Tensor */
export function square(self: Tensor): Tensor {
  return squareOp(self) as Tensor;
}

const reciprocalOp = op('aten::reciprocal');
/** aten::reciprocal(Tensor self) -> Tensor */
export function reciprocal(self: Tensor): Tensor {
  return reciprocalOp(self) as Tensor;
}

const sinOp = op('aten::sin');
/** aten::sin(Tensor self) -> Tensor */
export function sin(self: Tensor): Tensor {
  return sinOp(self) as Tensor;
}

const cosOp = op('aten::cos');
/** aten::cos(Tensor self) -> Tensor */
export function cos(self: Tensor): Tensor {
  return cosOp(self) as Tensor;
}

const atan2Op = op('aten::atan2');
/** aten::atan2(Tensor self, Tensor other) -> Tensor */
export function atan2(self: Tensor, other: Tensor): Tensor {
  return atan2Op(self, other) as Tensor;
}

const erfOp = op('aten::erf');
/** aten::erf(Tensor self) -> Tensor */
export function erf(self: Tensor): Tensor {
  return erfOp(self) as Tensor;
}

const floorOp = op('aten::floor');
/** aten::floor(Tensor self) -> Tensor */
export function floor(self: Tensor): Tensor {
  return floorOp(self) as Tensor;
}

const ceilOp = op('aten::ceil');
/** aten::ceil(Tensor self) -> Tensor */
export function ceil(self: Tensor): Tensor {
  return ceilOp(self) as Tensor;
}

const roundOp = op('aten::round');
/** aten::round(Tensor self) -> Tensor */
export function round(self: Tensor): Tensor {
  return roundOp(self) as Tensor;
}

const fracOp = op('aten::frac');
/** aten::frac(Tensor self) -> Tensor */
export function frac(self: Tensor): Tensor {
  return fracOp(self) as Tensor;
}

const clampOp = op('aten::clamp.Tensor');
const clampOp1 = op('aten::clamp');
/** aten::clamp.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor · aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor */
export function clamp(self: Tensor, min?: Tensor | null | Scalar | undefined, max?: Tensor | null | Scalar | undefined): Tensor {
  return (min instanceof Tensor || max instanceof Tensor ? clampOp(self, min, max) : clampOp1(self, min, max)) as Tensor;
}

const clamp_Op = op('aten::clamp_');
/** aten::clamp_(Tensor(a!) self, Scalar? min=None, Scalar? max=None) -> Tensor(a!) */
export function clamp_(self: Tensor, min?: Scalar | null | undefined, max?: Scalar | null | undefined): Tensor {
  return clamp_Op(self, min, max) as Tensor;
}

const maximumOp = op('aten::maximum');
/** aten::maximum(Tensor self, Tensor other) -> Tensor */
export function maximum(self: Tensor, other: Tensor): Tensor {
  return maximumOp(self, other) as Tensor;
}

const minimumOp = op('aten::minimum');
/** aten::minimum(Tensor self, Tensor other) -> Tensor */
export function minimum(self: Tensor, other: Tensor): Tensor {
  return minimumOp(self, other) as Tensor;
}

const nanToNumOp = op('aten::nan_to_num');
/** aten::nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor */
export function nanToNum(self: Tensor, { nan, posinf, neginf }: { nan?: number | null | undefined; posinf?: number | null | undefined; neginf?: number | null | undefined } = {}): Tensor {
  return nanToNumOp(self, nan, posinf, neginf) as Tensor;
}

const eqOp = op('aten::eq.Tensor');
const eqOp1 = op('aten::eq.Scalar');
/** aten::eq.Tensor(Tensor self, Tensor other) -> Tensor · aten::eq.Scalar(Tensor self, Scalar other) -> Tensor */
export function eq(self: Tensor, other: Tensor | Scalar): Tensor {
  return (other instanceof Tensor ? eqOp(self, other) : eqOp1(self, other)) as Tensor;
}

const neOp = op('aten::ne.Tensor');
const neOp1 = op('aten::ne.Scalar');
/** aten::ne.Tensor(Tensor self, Tensor other) -> Tensor · aten::ne.Scalar(Tensor self, Scalar other) -> Tensor */
export function ne(self: Tensor, other: Tensor | Scalar): Tensor {
  return (other instanceof Tensor ? neOp(self, other) : neOp1(self, other)) as Tensor;
}

const ltOp = op('aten::lt.Tensor');
const ltOp1 = op('aten::lt.Scalar');
/** aten::lt.Tensor(Tensor self, Tensor other) -> Tensor · aten::lt.Scalar(Tensor self, Scalar other) -> Tensor */
export function lt(self: Tensor, other: Tensor | Scalar): Tensor {
  return (other instanceof Tensor ? ltOp(self, other) : ltOp1(self, other)) as Tensor;
}

const leOp = op('aten::le.Tensor');
const leOp1 = op('aten::le.Scalar');
/** aten::le.Tensor(Tensor self, Tensor other) -> Tensor · aten::le.Scalar(Tensor self, Scalar other) -> Tensor */
export function le(self: Tensor, other: Tensor | Scalar): Tensor {
  return (other instanceof Tensor ? leOp(self, other) : leOp1(self, other)) as Tensor;
}

const gtOp = op('aten::gt.Tensor');
const gtOp1 = op('aten::gt.Scalar');
/** aten::gt.Tensor(Tensor self, Tensor other) -> Tensor · aten::gt.Scalar(Tensor self, Scalar other) -> Tensor */
export function gt(self: Tensor, other: Tensor | Scalar): Tensor {
  return (other instanceof Tensor ? gtOp(self, other) : gtOp1(self, other)) as Tensor;
}

const geOp = op('aten::ge.Tensor');
const geOp1 = op('aten::ge.Scalar');
/** aten::ge.Tensor(Tensor self, Tensor other) -> Tensor · aten::ge.Scalar(Tensor self, Scalar other) -> Tensor */
export function ge(self: Tensor, other: Tensor | Scalar): Tensor {
  return (other instanceof Tensor ? geOp(self, other) : geOp1(self, other)) as Tensor;
}

const logicalAndOp = op('aten::logical_and');
/** aten::logical_and(Tensor self, Tensor other) -> Tensor */
export function logicalAnd(self: Tensor, other: Tensor): Tensor {
  return logicalAndOp(self, other) as Tensor;
}

const logicalOrOp = op('aten::logical_or');
/** aten::logical_or(Tensor self, Tensor other) -> Tensor */
export function logicalOr(self: Tensor, other: Tensor): Tensor {
  return logicalOrOp(self, other) as Tensor;
}

const logicalNotOp = op('aten::logical_not');
/** aten::logical_not(Tensor self) -> Tensor */
export function logicalNot(self: Tensor): Tensor {
  return logicalNotOp(self) as Tensor;
}

const logicalXorOp = op('aten::logical_xor');
/** aten::logical_xor(Tensor self, Tensor other) -> Tensor */
export function logicalXor(self: Tensor, other: Tensor): Tensor {
  return logicalXorOp(self, other) as Tensor;
}

const isnanOp = op('aten::isnan');
/** aten::isnan(Tensor self) -> Tensor */
export function isnan(self: Tensor): Tensor {
  return isnanOp(self) as Tensor;
}

const isinfOp = op('aten::isinf');
/** aten::isinf(Tensor self) -> Tensor */
export function isinf(self: Tensor): Tensor {
  return isinfOp(self) as Tensor;
}

const isfiniteOp = op('aten::isfinite');
/** aten::isfinite(Tensor self) -> Tensor */
export function isfinite(self: Tensor): Tensor {
  return isfiniteOp(self) as Tensor;
}

const equalOp = op('aten::equal');
/** aten::equal(Tensor self, Tensor other) -> bool */
export function equal(self: Tensor, other: Tensor): boolean {
  return equalOp(self, other) as boolean;
}

const allcloseOp = op('aten::allclose');
/** aten::allclose(Tensor self, Tensor other, float rtol=1.0000000000000001e-05, float atol=1e-08, bool equal_nan=False) -> bool */
export function allclose(self: Tensor, other: Tensor, { rtol, atol, equalNan }: { rtol?: number | undefined; atol?: number | undefined; equalNan?: boolean | undefined } = {}): boolean {
  return allcloseOp(self, other, rtol, atol, equalNan) as boolean;
}

const allOp = op('aten::all');
/** aten::all(Tensor self) -> Tensor */
export function all(self: Tensor): Tensor {
  return allOp(self) as Tensor;
}

const allDimOp = op('aten::all.dim');
/** aten::all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor */
export function allDim(self: Tensor, dim: number, { keepdim }: { keepdim?: boolean | undefined } = {}): Tensor {
  return allDimOp(self, dim, keepdim) as Tensor;
}

const anyOp = op('aten::any');
/** aten::any(Tensor self) -> Tensor */
export function any(self: Tensor): Tensor {
  return anyOp(self) as Tensor;
}

const anyDimOp = op('aten::any.dim');
/** aten::any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor */
export function anyDim(self: Tensor, dim: number, { keepdim }: { keepdim?: boolean | undefined } = {}): Tensor {
  return anyDimOp(self, dim, keepdim) as Tensor;
}

const sumOp = op('aten::sum.dim_IntList');
/** aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor */
export function sum(self: Tensor, dim?: number | readonly number[] | null | undefined, { keepdim, dtype }: { keepdim?: boolean | undefined; dtype?: DType | null | undefined } = {}): Tensor {
  return sumOp(self, dim ?? null, keepdim, dtype) as Tensor;
}

const meanOp = op('aten::mean.dim');
/** aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor */
export function mean(self: Tensor, dim?: number | readonly number[] | null | undefined, { keepdim, dtype }: { keepdim?: boolean | undefined; dtype?: DType | null | undefined } = {}): Tensor {
  return meanOp(self, dim ?? null, keepdim, dtype) as Tensor;
}

const varianceOp = op('aten::var.correction');
/** aten::var.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor */
export function variance(self: Tensor, dim?: number | readonly number[] | null | undefined, { correction, keepdim }: { correction?: number | null | undefined; keepdim?: boolean | undefined } = {}): Tensor {
  return varianceOp(self, dim, correction, keepdim) as Tensor;
}

const stdOp = op('aten::std.correction');
/** aten::std.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor */
export function std(self: Tensor, dim?: number | readonly number[] | null | undefined, { correction, keepdim }: { correction?: number | null | undefined; keepdim?: boolean | undefined } = {}): Tensor {
  return stdOp(self, dim, correction, keepdim) as Tensor;
}

const prodOp = op('aten::prod');
/** aten::prod(Tensor self, *, ScalarType? dtype=None) -> Tensor */
export function prod(self: Tensor, { dtype }: { dtype?: DType | null | undefined } = {}): Tensor {
  return prodOp(self, dtype) as Tensor;
}

const maxOp = op('aten::max');
/** aten::max(Tensor self) -> Tensor */
export function max(self: Tensor): Tensor {
  return maxOp(self) as Tensor;
}

const minOp = op('aten::min');
/** aten::min(Tensor self) -> Tensor */
export function min(self: Tensor): Tensor {
  return minOp(self) as Tensor;
}

const maxDimOp = op('aten::max.dim');
/** aten::max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices) */
export function maxDim(self: Tensor, dim: number, { keepdim }: { keepdim?: boolean | undefined } = {}): { values: Tensor; indices: Tensor } {
  const [values, indices] = maxDimOp(self, dim, keepdim) as [Tensor, Tensor];
  return { values, indices };
}

const minDimOp = op('aten::min.dim');
/** aten::min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices) */
export function minDim(self: Tensor, dim: number, { keepdim }: { keepdim?: boolean | undefined } = {}): { values: Tensor; indices: Tensor } {
  const [values, indices] = minDimOp(self, dim, keepdim) as [Tensor, Tensor];
  return { values, indices };
}

const amaxOp = op('aten::amax');
/** aten::amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor */
export function amax(self: Tensor, dim?: number | readonly number[] | undefined, { keepdim }: { keepdim?: boolean | undefined } = {}): Tensor {
  return amaxOp(self, dim, keepdim) as Tensor;
}

const aminOp = op('aten::amin');
/** aten::amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor */
export function amin(self: Tensor, dim?: number | readonly number[] | undefined, { keepdim }: { keepdim?: boolean | undefined } = {}): Tensor {
  return aminOp(self, dim, keepdim) as Tensor;
}

const argmaxOp = op('aten::argmax');
/** aten::argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor */
export function argmax(self: Tensor, dim?: number | null | undefined, { keepdim }: { keepdim?: boolean | undefined } = {}): Tensor {
  return argmaxOp(self, dim, keepdim) as Tensor;
}

const argminOp = op('aten::argmin');
/** aten::argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor */
export function argmin(self: Tensor, dim?: number | null | undefined, { keepdim }: { keepdim?: boolean | undefined } = {}): Tensor {
  return argminOp(self, dim, keepdim) as Tensor;
}

const logsumexpOp = op('aten::logsumexp');
/** aten::logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor */
export function logsumexp(self: Tensor, dim: number | readonly number[], { keepdim }: { keepdim?: boolean | undefined } = {}): Tensor {
  return logsumexpOp(self, dim, keepdim) as Tensor;
}

const linalgVectorNormOp = op('aten::linalg_vector_norm');
/** aten::linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor */
export function linalgVectorNorm(self: Tensor, { ord, dim, keepdim, dtype }: { ord?: Scalar | undefined; dim?: number | readonly number[] | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined } = {}): Tensor {
  return linalgVectorNormOp(self, ord, dim, keepdim, dtype) as Tensor;
}

const normOp = op('aten::norm.ScalarOpt_dim');
/** aten::norm.ScalarOpt_dim(Tensor self, Scalar? p, int[1] dim, bool keepdim=False) -> Tensor */
export function norm(self: Tensor, { p, dim, keepdim }: { p?: Scalar | null | undefined; dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined }): Tensor {
  return normOp(self, p ?? null, dim, keepdim) as Tensor;
}

const cumsumOp = op('aten::cumsum');
/** aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor */
export function cumsum(self: Tensor, dim: number, { dtype }: { dtype?: DType | null | undefined } = {}): Tensor {
  return cumsumOp(self, dim, dtype) as Tensor;
}

const topkOp = op('aten::topk');
/** aten::topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices) */
export function topk(self: Tensor, k: number, { dim, largest, sorted }: { dim?: number | undefined; largest?: boolean | undefined; sorted?: boolean | undefined } = {}): { values: Tensor; indices: Tensor } {
  const [values, indices] = topkOp(self, k, dim, largest, sorted) as [Tensor, Tensor];
  return { values, indices };
}

const sortOp = op('aten::sort');
/** aten::sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices) */
export function sort(self: Tensor, dim?: number | undefined, { descending }: { descending?: boolean | undefined } = {}): { values: Tensor; indices: Tensor } {
  const [values, indices] = sortOp(self, dim, descending) as [Tensor, Tensor];
  return { values, indices };
}

const argsortOp = op('aten::argsort');
/** aten::argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor */
export function argsort(self: Tensor, dim?: number | undefined, { descending }: { descending?: boolean | undefined } = {}): Tensor {
  return argsortOp(self, dim, descending) as Tensor;
}

const medianOp = op('aten::median');
/** aten::median(Tensor self) -> Tensor */
export function median(self: Tensor): Tensor {
  return medianOp(self) as Tensor;
}

const bincountOp = op('aten::bincount');
/** aten::bincount(Tensor self, Tensor? weights=None, SymInt minlength=0) -> Tensor */
export function bincount(self: Tensor, weights?: Tensor | null | undefined, { minlength }: { minlength?: number | undefined } = {}): Tensor {
  return bincountOp(self, weights, minlength) as Tensor;
}

const whereOp = op('aten::where.self');
/** aten::where.self(Tensor condition, Tensor self, Tensor other) -> Tensor */
export function where(condition: Tensor, self: Tensor, other: Tensor): Tensor {
  return whereOp(condition, self, other) as Tensor;
}

const maskedFillOp = op('aten::masked_fill.Tensor');
const maskedFillOp1 = op('aten::masked_fill.Scalar');
/** aten::masked_fill.Tensor(Tensor self, Tensor mask, Tensor value) -> Tensor · aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor */
export function maskedFill(self: Tensor, mask: Tensor, value: Tensor | Scalar): Tensor {
  return (value instanceof Tensor ? maskedFillOp(self, mask, value) : maskedFillOp1(self, mask, value)) as Tensor;
}

const maskedFill_Op = op('aten::masked_fill_.Tensor');
const maskedFill_Op1 = op('aten::masked_fill_.Scalar');
/** aten::masked_fill_.Tensor(Tensor(a!) self, Tensor mask, Tensor value) -> Tensor(a!) · aten::masked_fill_.Scalar(Tensor(a!) self, Tensor mask, Scalar value) -> Tensor(a!) */
export function maskedFill_(self: Tensor, mask: Tensor, value: Tensor | Scalar): Tensor {
  return (value instanceof Tensor ? maskedFill_Op(self, mask, value) : maskedFill_Op1(self, mask, value)) as Tensor;
}

const maskedSelectOp = op('aten::masked_select');
/** aten::masked_select(Tensor self, Tensor mask) -> Tensor */
export function maskedSelect(self: Tensor, mask: Tensor): Tensor {
  return maskedSelectOp(self, mask) as Tensor;
}

const gatherOp = op('aten::gather');
/** aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor */
export function gather(self: Tensor, dim: number, index: Tensor, { sparseGrad }: { sparseGrad?: boolean | undefined } = {}): Tensor {
  return gatherOp(self, dim, index, sparseGrad) as Tensor;
}

const indexSelectOp = op('aten::index_select');
/** aten::index_select(Tensor self, int dim, Tensor index) -> Tensor */
export function indexSelect(self: Tensor, dim: number, index: Tensor): Tensor {
  return indexSelectOp(self, dim, index) as Tensor;
}

const indexOp = op('aten::index.Tensor');
/** aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor */
export function index(self: Tensor, indices: readonly (Tensor | null)[]): Tensor {
  return indexOp(self, indices) as Tensor;
}

const indexPut_Op = op('aten::index_put_');
/** aten::index_put_(Tensor(a!) self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor(a!) */
export function indexPut_(self: Tensor, indices: readonly (Tensor | null)[], values: Tensor, { accumulate }: { accumulate?: boolean | undefined } = {}): Tensor {
  return indexPut_Op(self, indices, values, accumulate) as Tensor;
}

const indexAddOp = op('aten::index_add');
/** aten::index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor */
export function indexAdd(self: Tensor, dim: number, index: Tensor, source: Tensor, { alpha }: { alpha?: Scalar | undefined } = {}): Tensor {
  return indexAddOp(self, dim, index, source, alpha) as Tensor;
}

const indexCopyOp = op('aten::index_copy');
/** aten::index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor */
export function indexCopy(self: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  return indexCopyOp(self, dim, index, source) as Tensor;
}

const scatterOp = op('aten::scatter.src');
/** aten::scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor */
export function scatter(self: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  return scatterOp(self, dim, index, src) as Tensor;
}

const scatterAddOp = op('aten::scatter_add');
/** aten::scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor */
export function scatterAdd(self: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  return scatterAddOp(self, dim, index, src) as Tensor;
}

const takeAlongDimOp = op('aten::take_along_dim');
/** aten::take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor */
export function takeAlongDim(self: Tensor, indices: Tensor, dim?: number | null | undefined): Tensor {
  return takeAlongDimOp(self, indices, dim) as Tensor;
}

const oneHotOp = op('aten::one_hot');
/** aten::one_hot(Tensor self, int num_classes=-1) -> Tensor */
export function oneHot(self: Tensor, numClasses?: number | undefined): Tensor {
  return oneHotOp(self, numClasses) as Tensor;
}

const nonzeroOp = op('aten::nonzero');
/** aten::nonzero(Tensor self) -> Tensor */
export function nonzero(self: Tensor): Tensor {
  return nonzeroOp(self) as Tensor;
}

const searchsortedOp = op('aten::searchsorted.Tensor');
/** aten::searchsorted.Tensor(Tensor sorted_sequence, Tensor self, *, bool out_int32=False, bool right=False, str? side=None, Tensor? sorter=None) -> Tensor */
export function searchsorted(sortedSequence: Tensor, self: Tensor, { outInt32, right, side, sorter }: { outInt32?: boolean | undefined; right?: boolean | undefined; side?: string | null | undefined; sorter?: Tensor | null | undefined } = {}): Tensor {
  return searchsortedOp(sortedSequence, self, outInt32, right, side, sorter) as Tensor;
}

const catOp = op('aten::cat');
/** aten::cat(Tensor[] tensors, int dim=0) -> Tensor */
export function cat(tensors: readonly Tensor[], dim?: number | undefined): Tensor {
  return catOp(tensors, dim) as Tensor;
}

const stackOp = op('aten::stack');
/** aten::stack(Tensor[] tensors, int dim=0) -> Tensor */
export function stack(tensors: readonly Tensor[], dim?: number | undefined): Tensor {
  return stackOp(tensors, dim) as Tensor;
}

const splitOp = op('aten::split.Tensor');
/** aten::split.Tensor(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[] */
export function split(self: Tensor, splitSize: number, dim?: number | undefined): Tensor[] {
  return splitOp(self, splitSize, dim) as Tensor[];
}

const splitWithSizesOp = op('aten::split_with_sizes');
/** aten::split_with_sizes(Tensor(a -> *) self, SymInt[] split_sizes, int dim=0) -> Tensor(a)[] */
export function splitWithSizes(self: Tensor, splitSizes: readonly number[], dim?: number | undefined): Tensor[] {
  return splitWithSizesOp(self, splitSizes, dim) as Tensor[];
}

const chunkOp = op('aten::chunk');
/** aten::chunk(Tensor(a -> *) self, int chunks, int dim=0) -> Tensor(a)[] */
export function chunk(self: Tensor, chunks: number, dim?: number | undefined): Tensor[] {
  return chunkOp(self, chunks, dim) as Tensor[];
}

const unbindOp = op('aten::unbind.int');
/** aten::unbind.int(Tensor(a -> *) self, int dim=0) -> Tensor(a)[] */
export function unbind(self: Tensor, dim?: number | undefined): Tensor[] {
  return unbindOp(self, dim) as Tensor[];
}

const padOp = op('aten::pad');
/** aten::pad(Tensor self, SymInt[] pad, str mode="constant", float? value=None) -> Tensor */
export function pad(self: Tensor, pad: readonly number[], { mode, value }: { mode?: string | undefined; value?: number | null | undefined } = {}): Tensor {
  return padOp(self, pad, mode, value) as Tensor;
}

const constantPadNdOp = op('aten::constant_pad_nd');
/** aten::constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0) -> Tensor */
export function constantPadNd(self: Tensor, pad: readonly number[], value?: Scalar | undefined): Tensor {
  return constantPadNdOp(self, pad, value) as Tensor;
}

const reflectionPad1dOp = op('aten::reflection_pad1d');
/** aten::reflection_pad1d(Tensor self, SymInt[2] padding) -> Tensor */
export function reflectionPad1d(self: Tensor, padding: number | readonly number[]): Tensor {
  return reflectionPad1dOp(self, padding) as Tensor;
}

const replicationPad1dOp = op('aten::replication_pad1d');
/** aten::replication_pad1d(Tensor self, SymInt[2] padding) -> Tensor */
export function replicationPad1d(self: Tensor, padding: number | readonly number[]): Tensor {
  return replicationPad1dOp(self, padding) as Tensor;
}

const triuOp = op('aten::triu');
/** aten::triu(Tensor self, SymInt diagonal=0) -> Tensor */
export function triu(self: Tensor, diagonal?: number | undefined): Tensor {
  return triuOp(self, diagonal) as Tensor;
}

const trilOp = op('aten::tril');
/** aten::tril(Tensor self, SymInt diagonal=0) -> Tensor */
export function tril(self: Tensor, diagonal?: number | undefined): Tensor {
  return trilOp(self, diagonal) as Tensor;
}

const flipOp = op('aten::flip');
/** aten::flip(Tensor self, int[] dims) -> Tensor */
export function flip(self: Tensor, dims: readonly number[]): Tensor {
  return flipOp(self, dims) as Tensor;
}

const rollOp = op('aten::roll');
/** aten::roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor */
export function roll(self: Tensor, shifts: number | readonly number[], { dims }: { dims?: number | readonly number[] | undefined } = {}): Tensor {
  return rollOp(self, shifts, dims) as Tensor;
}

const unfoldOp = op('aten::unfold');
/** aten::unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a) */
export function unfold(self: Tensor, dimension: number, size: number, step: number): Tensor {
  return unfoldOp(self, dimension, size, step) as Tensor;
}

const narrowOp = op('aten::narrow');
/** aten::narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a) */
export function narrow(self: Tensor, dim: number, start: number, length: number): Tensor {
  return narrowOp(self, dim, start, length) as Tensor;
}

const sliceOp = op('aten::slice.Tensor');
/** aten::slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor(a) */
export function slice(self: Tensor, dim?: number | undefined, start?: number | null | undefined, end?: number | null | undefined, step?: number | undefined): Tensor {
  return sliceOp(self, dim, start, end, step) as Tensor;
}

const selectOp = op('aten::select.int');
/** aten::select.int(Tensor(a) self, int dim, SymInt index) -> Tensor(a) */
export function select(self: Tensor, dim: number, index: number): Tensor {
  return selectOp(self, dim, index) as Tensor;
}

const transposeOp = op('aten::transpose.int');
/** aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a) */
export function transpose(self: Tensor, dim0: number, dim1: number): Tensor {
  return transposeOp(self, dim0, dim1) as Tensor;
}

const tOp = op('aten::t');
/** aten::t(Tensor(a) self) -> Tensor(a) */
export function t(self: Tensor): Tensor {
  return tOp(self) as Tensor;
}

const permuteOp = op('aten::permute');
/** aten::permute(Tensor(a) self, int[] dims) -> Tensor(a) */
export function permute(self: Tensor, dims: readonly number[]): Tensor {
  return permuteOp(self, dims) as Tensor;
}

const reshapeOp = op('aten::reshape');
/** aten::reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a) */
export function reshape(self: Tensor, shape: readonly number[]): Tensor {
  return reshapeOp(self, shape) as Tensor;
}

const viewOp = op('aten::view');
/** aten::view(Tensor(a) self, SymInt[] size) -> Tensor(a) */
export function view(self: Tensor, size: readonly number[]): Tensor {
  return viewOp(self, size) as Tensor;
}

const flattenOp = op('aten::flatten.using_ints');
/** aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a) */
export function flatten(self: Tensor, startDim?: number | undefined, endDim?: number | undefined): Tensor {
  return flattenOp(self, startDim, endDim) as Tensor;
}

const unsqueezeOp = op('aten::unsqueeze');
/** aten::unsqueeze(Tensor(a) self, int dim) -> Tensor(a) */
export function unsqueeze(self: Tensor, dim: number): Tensor {
  return unsqueezeOp(self, dim) as Tensor;
}

const squeezeOp = op('aten::squeeze.dim');
/** aten::squeeze.dim(Tensor(a) self, int dim) -> Tensor(a) */
export function squeeze(self: Tensor, dim: number): Tensor {
  return squeezeOp(self, dim) as Tensor;
}

const expandOp = op('aten::expand');
/** aten::expand(Tensor(a) self, SymInt[] size, *, bool implicit=False) -> Tensor(a) */
export function expand(self: Tensor, size: readonly number[], { implicit }: { implicit?: boolean | undefined } = {}): Tensor {
  return expandOp(self, size, implicit) as Tensor;
}

const expandAsOp = op('aten::expand_as');
/** aten::expand_as(Tensor(a) self, Tensor other) -> Tensor(a) */
export function expandAs(self: Tensor, other: Tensor): Tensor {
  return expandAsOp(self, other) as Tensor;
}

const broadcastToOp = op('aten::broadcast_to');
/** aten::broadcast_to(Tensor(a) self, SymInt[] size) -> Tensor(a) */
export function broadcastTo(self: Tensor, size: readonly number[]): Tensor {
  return broadcastToOp(self, size) as Tensor;
}

const repeatOp = op('aten::repeat');
/** aten::repeat(Tensor self, SymInt[] repeats) -> Tensor */
export function repeat(self: Tensor, repeats: readonly number[]): Tensor {
  return repeatOp(self, repeats) as Tensor;
}

const repeatInterleaveOp = op('aten::repeat_interleave.self_int');
/** aten::repeat_interleave.self_int(Tensor self, SymInt repeats, int? dim=None, *, SymInt? output_size=None) -> Tensor */
export function repeatInterleave(self: Tensor, repeats: number, dim?: number | null | undefined, { outputSize }: { outputSize?: number | null | undefined } = {}): Tensor {
  return repeatInterleaveOp(self, repeats, dim, outputSize) as Tensor;
}

const repeatInterleaveEachOp = op('aten::repeat_interleave.self_Tensor');
/** aten::repeat_interleave.self_Tensor(Tensor self, Tensor repeats, int? dim=None, *, SymInt? output_size=None) -> Tensor */
export function repeatInterleaveEach(self: Tensor, repeats: Tensor, dim?: number | null | undefined, { outputSize }: { outputSize?: number | null | undefined } = {}): Tensor {
  return repeatInterleaveEachOp(self, repeats, dim, outputSize) as Tensor;
}

const tileOp = op('aten::tile');
/** aten::tile(Tensor self, SymInt[] dims) -> Tensor */
export function tile(self: Tensor, dims: readonly number[]): Tensor {
  return tileOp(self, dims) as Tensor;
}

const movedimOp = op('aten::movedim.int');
/** aten::movedim.int(Tensor(a) self, int source, int destination) -> Tensor(a) */
export function movedim(self: Tensor, source: number, destination: number): Tensor {
  return movedimOp(self, source, destination) as Tensor;
}

const diagonalOp = op('aten::diagonal');
/** aten::diagonal(Tensor(a) self, int offset=0, int dim1=0, int dim2=1) -> Tensor(a) */
export function diagonal(self: Tensor, { offset, dim1, dim2 }: { offset?: number | undefined; dim1?: number | undefined; dim2?: number | undefined } = {}): Tensor {
  return diagonalOp(self, offset, dim1, dim2) as Tensor;
}

const im2colOp = op('aten::im2col');
/** aten::im2col(Tensor self, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor */
export function im2col(self: Tensor, kernelSize: number | readonly number[], dilation: number | readonly number[], padding: number | readonly number[], stride: number | readonly number[]): Tensor {
  return im2colOp(self, kernelSize, dilation, padding, stride) as Tensor;
}

const col2imOp = op('aten::col2im');
/** aten::col2im(Tensor self, SymInt[2] output_size, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor */
export function col2im(self: Tensor, outputSize: number | readonly number[], kernelSize: number | readonly number[], dilation: number | readonly number[], padding: number | readonly number[], stride: number | readonly number[]): Tensor {
  return col2imOp(self, outputSize, kernelSize, dilation, padding, stride) as Tensor;
}

const contiguousOp = op('aten::contiguous');
/** aten::contiguous(Tensor(a) self, *, MemoryFormat memory_format=0) -> Tensor(a) */
export function contiguous(self: Tensor, { memoryFormat }: { memoryFormat?: MemoryFormat | undefined } = {}): Tensor {
  return contiguousOp(self, memoryFormat) as Tensor;
}

const cloneOp = op('aten::clone');
/** aten::clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor */
export function clone(self: Tensor, { memoryFormat }: { memoryFormat?: MemoryFormat | null | undefined } = {}): Tensor {
  return cloneOp(self, memoryFormat) as Tensor;
}

const detachOp = op('aten::detach');
/** aten::detach(Tensor(a) self) -> Tensor(a) */
export function detach(self: Tensor): Tensor {
  return detachOp(self) as Tensor;
}

const copy_Op = op('aten::copy_');
/** aten::copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!) */
export function copy_(self: Tensor, src: Tensor, { nonBlocking }: { nonBlocking?: boolean | undefined } = {}): Tensor {
  return copy_Op(self, src, nonBlocking) as Tensor;
}

const fill_Op = op('aten::fill_.Scalar');
/** aten::fill_.Scalar(Tensor(a!) self, Scalar value) -> Tensor(a!) */
export function fill_(self: Tensor, value: Scalar): Tensor {
  return fill_Op(self, value) as Tensor;
}

const zero_Op = op('aten::zero_');
/** aten::zero_(Tensor(a!) self) -> Tensor(a!) */
export function zero_(self: Tensor): Tensor {
  return zero_Op(self) as Tensor;
}

const pinMemoryOp = op('aten::pin_memory');
/** aten::pin_memory(Tensor(a) self, Device? device=None) -> Tensor(a) */
export function pinMemory(self: Tensor, { device }: { device?: Device | null | undefined } = {}): Tensor {
  return pinMemoryOp(self, device) as Tensor;
}

const isPinnedOp = op('aten::is_pinned');
/** aten::is_pinned(Tensor self, Device? device=None) -> bool */
export function isPinned(self: Tensor, { device }: { device?: Device | null | undefined } = {}): boolean {
  return isPinnedOp(self, device) as boolean;
}

const stftOp = op('aten::stft.center');
/** aten::stft.center(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool center=True, str pad_mode="reflect", bool normalized=False, bool? onesided=None, bool? return_complex=None, bool? align_to_window=None) -> Tensor */
export function stft(self: Tensor, nFft: number, { hopLength, winLength, window, center, padMode, normalized, onesided, returnComplex }: { hopLength?: number | null | undefined; winLength?: number | null | undefined; window?: Tensor | null | undefined; center?: boolean | undefined; padMode?: string | undefined; normalized?: boolean | undefined; onesided?: boolean | null | undefined; returnComplex?: boolean | null | undefined } = {}): Tensor {
  return stftOp(self, nFft, hopLength, winLength, window, center, padMode, normalized, onesided, returnComplex) as Tensor;
}

const istftOp = op('aten::istft');
/** aten::istft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool center=True, bool normalized=False, bool? onesided=None, int? length=None, bool return_complex=False) -> Tensor */
export function istft(self: Tensor, nFft: number, { hopLength, winLength, window, center, normalized, onesided, length, returnComplex }: { hopLength?: number | null | undefined; winLength?: number | null | undefined; window?: Tensor | null | undefined; center?: boolean | undefined; normalized?: boolean | undefined; onesided?: boolean | null | undefined; length?: number | null | undefined; returnComplex?: boolean | undefined } = {}): Tensor {
  return istftOp(self, nFft, hopLength, winLength, window, center, normalized, onesided, length, returnComplex) as Tensor;
}

const fftFftOp = op('aten::fft_fft');
/** aten::fft_fft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor */
export function fftFft(self: Tensor, { n, dim, norm }: { n?: number | null | undefined; dim?: number | undefined; norm?: string | null | undefined } = {}): Tensor {
  return fftFftOp(self, n, dim, norm) as Tensor;
}

const fftIfftOp = op('aten::fft_ifft');
/** aten::fft_ifft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor */
export function fftIfft(self: Tensor, { n, dim, norm }: { n?: number | null | undefined; dim?: number | undefined; norm?: string | null | undefined } = {}): Tensor {
  return fftIfftOp(self, n, dim, norm) as Tensor;
}

const fftRfftOp = op('aten::fft_rfft');
/** aten::fft_rfft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor */
export function fftRfft(self: Tensor, { n, dim, norm }: { n?: number | null | undefined; dim?: number | undefined; norm?: string | null | undefined } = {}): Tensor {
  return fftRfftOp(self, n, dim, norm) as Tensor;
}

const fftIrfftOp = op('aten::fft_irfft');
/** aten::fft_irfft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor */
export function fftIrfft(self: Tensor, { n, dim, norm }: { n?: number | null | undefined; dim?: number | undefined; norm?: string | null | undefined } = {}): Tensor {
  return fftIrfftOp(self, n, dim, norm) as Tensor;
}

const fftR2cOp = op('aten::_fft_r2c');
/** aten::_fft_r2c(Tensor self, int[] dim, int normalization, bool onesided) -> Tensor */
export function fftR2c(self: Tensor, dim: readonly number[], normalization: number, onesided: boolean): Tensor {
  return fftR2cOp(self, dim, normalization, onesided) as Tensor;
}

const fftC2rOp = op('aten::_fft_c2r');
/** aten::_fft_c2r(Tensor self, int[] dim, int normalization, SymInt last_dim_size) -> Tensor */
export function fftC2r(self: Tensor, dim: readonly number[], normalization: number, lastDimSize: number): Tensor {
  return fftC2rOp(self, dim, normalization, lastDimSize) as Tensor;
}

const fftC2cOp = op('aten::_fft_c2c');
/** aten::_fft_c2c(Tensor self, SymInt[] dim, int normalization, bool forward) -> Tensor */
export function fftC2c(self: Tensor, dim: readonly number[], normalization: number, forward: boolean): Tensor {
  return fftC2cOp(self, dim, normalization, forward) as Tensor;
}

const viewAsRealOp = op('aten::view_as_real');
/** aten::view_as_real(Tensor(a) self) -> Tensor(a) */
export function viewAsReal(self: Tensor): Tensor {
  return viewAsRealOp(self) as Tensor;
}

const viewAsComplexOp = op('aten::view_as_complex');
/** aten::view_as_complex(Tensor(a) self) -> Tensor(a) */
export function viewAsComplex(self: Tensor): Tensor {
  return viewAsComplexOp(self) as Tensor;
}

const realOp = op('aten::real');
/** aten::real(Tensor(a) self) -> Tensor(a) */
export function real(self: Tensor): Tensor {
  return realOp(self) as Tensor;
}

const imagOp = op('aten::imag');
/** aten::imag(Tensor(a) self) -> Tensor(a) */
export function imag(self: Tensor): Tensor {
  return imagOp(self) as Tensor;
}

const angleOp = op('aten::angle');
/** aten::angle(Tensor self) -> Tensor */
export function angle(self: Tensor): Tensor {
  return angleOp(self) as Tensor;
}

const complexOp = op('aten::complex');
/** aten::complex(Tensor real, Tensor imag) -> Tensor */
export function complex(real: Tensor, imag: Tensor): Tensor {
  return complexOp(real, imag) as Tensor;
}

const polarOp = op('aten::polar');
/** aten::polar(Tensor abs, Tensor angle) -> Tensor */
export function polar(abs: Tensor, angle: Tensor): Tensor {
  return polarOp(abs, angle) as Tensor;
}

const foreachAddScalar_Op = op('aten::_foreach_add_.Scalar');
/** aten::_foreach_add_.Scalar(Tensor(a!)[] self, Scalar scalar) -> () */
export function foreachAddScalar_(self: readonly Tensor[], scalar: Scalar): void {
  foreachAddScalar_Op(self, scalar);
}

const foreachAdd_Op = op('aten::_foreach_add_.List');
/** aten::_foreach_add_.List(Tensor(a!)[] self, Tensor[] other, *, Scalar alpha=1) -> () */
export function foreachAdd_(self: readonly Tensor[], other: readonly Tensor[], { alpha }: { alpha?: Scalar | undefined } = {}): void {
  foreachAdd_Op(self, other, alpha);
}

const foreachSub_Op = op('aten::_foreach_sub_.List');
/** aten::_foreach_sub_.List(Tensor(a!)[] self, Tensor[] other, *, Scalar alpha=1) -> () */
export function foreachSub_(self: readonly Tensor[], other: readonly Tensor[], { alpha }: { alpha?: Scalar | undefined } = {}): void {
  foreachSub_Op(self, other, alpha);
}

const foreachMulScalar_Op = op('aten::_foreach_mul_.Scalar');
/** aten::_foreach_mul_.Scalar(Tensor(a!)[] self, Scalar scalar) -> () */
export function foreachMulScalar_(self: readonly Tensor[], scalar: Scalar): void {
  foreachMulScalar_Op(self, scalar);
}

const foreachMul_Op = op('aten::_foreach_mul_.List');
/** aten::_foreach_mul_.List(Tensor(a!)[] self, Tensor[] other) -> () */
export function foreachMul_(self: readonly Tensor[], other: readonly Tensor[]): void {
  foreachMul_Op(self, other);
}

const foreachMulTensor_Op = op('aten::_foreach_mul_.Tensor');
/** aten::_foreach_mul_.Tensor(Tensor(a!)[] self, Tensor other) -> () · not in libtorch 1.13.0 */
export function foreachMulTensor_(self: readonly Tensor[], other: Tensor): void {
  foreachMulTensor_Op(self, other);
}

const foreachMulScalarOp = op('aten::_foreach_mul.Scalar');
/** aten::_foreach_mul.Scalar(Tensor[] self, Scalar scalar) -> Tensor[] */
export function foreachMulScalar(self: readonly Tensor[], scalar: Scalar): Tensor[] {
  return foreachMulScalarOp(self, scalar) as Tensor[];
}

const foreachDiv_Op = op('aten::_foreach_div_.List');
/** aten::_foreach_div_.List(Tensor(a!)[] self, Tensor[] other) -> () */
export function foreachDiv_(self: readonly Tensor[], other: readonly Tensor[]): void {
  foreachDiv_Op(self, other);
}

const foreachDivScalar_Op = op('aten::_foreach_div_.Scalar');
/** aten::_foreach_div_.Scalar(Tensor(a!)[] self, Scalar scalar) -> () */
export function foreachDivScalar_(self: readonly Tensor[], scalar: Scalar): void {
  foreachDivScalar_Op(self, scalar);
}

const foreachAddcmul_Op = op('aten::_foreach_addcmul_.Scalar');
/** aten::_foreach_addcmul_.Scalar(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> () */
export function foreachAddcmul_(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], { value }: { value?: Scalar | undefined } = {}): void {
  foreachAddcmul_Op(self, tensor1, tensor2, value);
}

const foreachAddcdiv_Op = op('aten::_foreach_addcdiv_.Scalar');
/** aten::_foreach_addcdiv_.Scalar(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> () */
export function foreachAddcdiv_(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], { value }: { value?: Scalar | undefined } = {}): void {
  foreachAddcdiv_Op(self, tensor1, tensor2, value);
}

const foreachSqrtOp = op('aten::_foreach_sqrt');
/** aten::_foreach_sqrt(Tensor[] self) -> Tensor[] */
export function foreachSqrt(self: readonly Tensor[]): Tensor[] {
  return foreachSqrtOp(self) as Tensor[];
}

const foreachSqrt_Op = op('aten::_foreach_sqrt_');
/** aten::_foreach_sqrt_(Tensor(a!)[] self) -> () */
export function foreachSqrt_(self: readonly Tensor[]): void {
  foreachSqrt_Op(self);
}

const foreachZero_Op = op('aten::_foreach_zero_');
/** aten::_foreach_zero_(Tensor(a!)[] self) -> () */
export function foreachZero_(self: readonly Tensor[]): void {
  foreachZero_Op(self);
}

const foreachNormOp = op('aten::_foreach_norm.Scalar');
/** aten::_foreach_norm.Scalar(Tensor[] self, Scalar ord=2, ScalarType? dtype=None) -> Tensor[] */
export function foreachNorm(self: readonly Tensor[], { ord }: { ord?: Scalar | undefined } = {}): Tensor[] {
  return foreachNormOp(self, ord) as Tensor[];
}

const foreachLerp_Op = op('aten::_foreach_lerp_.Scalar');
/** aten::_foreach_lerp_.Scalar(Tensor(a!)[] self, Tensor[] tensors1, Scalar weight) -> () · not in libtorch 1.13.0 */
export function foreachLerp_(self: readonly Tensor[], tensors1: readonly Tensor[], weight: Scalar): void {
  foreachLerp_Op(self, tensors1, weight);
}

const foreachCopy_Op = op('aten::_foreach_copy_');
/** aten::_foreach_copy_(Tensor(a!)[] self, Tensor[] src, bool non_blocking=False) -> () · not in libtorch 1.13.0 */
export function foreachCopy_(self: readonly Tensor[], src: readonly Tensor[], { nonBlocking }: { nonBlocking?: boolean | undefined } = {}): void {
  foreachCopy_Op(self, src, nonBlocking);
}

const fusedAdamw_Op = op('aten::_fused_adamw_');
/** aten::_fused_adamw_(Tensor(a!)[] self, Tensor(b!)[] grads, Tensor(c!)[] exp_avgs, Tensor(d!)[] exp_avg_sqs, Tensor(e!)[] max_exp_avg_sqs, Tensor[] state_steps, *, float lr, float beta1, float beta2, float weight_decay, float eps, bool amsgrad, bool maximize, Tensor? grad_scale=None, Tensor? found_inf=None) -> () · not in libtorch 1.13.0 */
export function fusedAdamw_(self: readonly Tensor[], grads: readonly Tensor[], expAvgs: readonly Tensor[], expAvgSqs: readonly Tensor[], maxExpAvgSqs: readonly Tensor[], stateSteps: readonly Tensor[], { lr, beta1, beta2, weightDecay, eps, amsgrad, maximize, gradScale, foundInf }: { lr?: number | undefined; beta1?: number | undefined; beta2?: number | undefined; weightDecay?: number | undefined; eps?: number | undefined; amsgrad?: boolean | undefined; maximize?: boolean | undefined; gradScale?: Tensor | null | undefined; foundInf?: Tensor | null | undefined }): void {
  fusedAdamw_Op(self, grads, expAvgs, expAvgSqs, maxExpAvgSqs, stateSteps, lr, beta1, beta2, weightDecay, eps, amsgrad, maximize, gradScale, foundInf);
}

const fusedAdamwTensorLr_Op = op('aten::_fused_adamw_.tensor_lr');
/** aten::_fused_adamw_.tensor_lr(Tensor(a!)[] self, Tensor(b!)[] grads, Tensor(c!)[] exp_avgs, Tensor(d!)[] exp_avg_sqs, Tensor(e!)[] max_exp_avg_sqs, Tensor[] state_steps, *, Tensor lr, float beta1, float beta2, float weight_decay, float eps, bool amsgrad, bool maximize, Tensor? grad_scale=None, Tensor? found_inf=None) -> () · not in libtorch 1.13.0 */
export function fusedAdamwTensorLr_(self: readonly Tensor[], grads: readonly Tensor[], expAvgs: readonly Tensor[], expAvgSqs: readonly Tensor[], maxExpAvgSqs: readonly Tensor[], stateSteps: readonly Tensor[], { lr, beta1, beta2, weightDecay, eps, amsgrad, maximize, gradScale, foundInf }: { lr?: Tensor | undefined; beta1?: number | undefined; beta2?: number | undefined; weightDecay?: number | undefined; eps?: number | undefined; amsgrad?: boolean | undefined; maximize?: boolean | undefined; gradScale?: Tensor | null | undefined; foundInf?: Tensor | null | undefined }): void {
  fusedAdamwTensorLr_Op(self, grads, expAvgs, expAvgSqs, maxExpAvgSqs, stateSteps, lr, beta1, beta2, weightDecay, eps, amsgrad, maximize, gradScale, foundInf);
}
