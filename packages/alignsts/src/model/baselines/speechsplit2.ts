import type { SpeechSplitConfig } from '../../config/config.ts';
import { type BidirectionalParams, bidirectionalLstm, initBidirectional } from '../bidirectional.ts';
import { frameMask } from '../lengths.ts';
import { maskedGroupNorm } from '../masked-group-norm.ts';
import type { Ops } from '../ops.ts';
import { initLinear, initNorm, type LinearParams, type NormParams, uniform, type Weight, xavierUniform } from '../params.ts';
import { stretch } from '../stretch.ts';
import type { BaselineInput } from './baseline-input.ts';
import { pitchImage } from './pitch-image.ts';

/**
 * SpeechSplit 2.0 (Chan et al. 2022; spec B3/B4), the strongest baseline of Table 1, as the paper uses it: the speech's mel is stretched to the
 * target's length and split into content, pitch and rhythm by encoders with narrow bottlenecks; a decoder puts them together again.
 * The rhythm input is a spectral envelope: of the stretched speech (w/o SE) or, leaking the target, of the singing (w/ SE).
 * On this project's grid: mels in decibels between 0 and 1, pitch bins as AlignSTS has them, envelopes by a lifter over mel bins.
 */
export type SpeechSplitParams<T> = {
  content: SplitEncoderParams<T>;
  pitch: SplitEncoderParams<T>;
  rhythm: SplitEncoderParams<T>;
  decoder: { layers: BidirectionalParams<T>[]; output: LinearParams<T> };
};

export type SplitEncoderParams<T> = {
  convs: { conv: LinearParams<T>; norm: NormParams<T> }[];
  recurrent: BidirectionalParams<T>[];
};

/** Widths and depths that are the same in all its models (spec B3/B4). */
const CONTENT = { channels: 512, convs: 3, recurrent: 2 };
const PITCH = { channels: 256, convs: 3, recurrent: 1 };
const RHYTHM = { channels: 128, convs: 1, recurrent: 1 };
const KERNEL = 5;
const PITCH_ROWS = 257;
const DECODER = { hidden: 512, layers: 3 };
const CHANNELS_PER_GROUP = 16;

type Shape = typeof CONTENT;

export function initSpeechSplit(config: SpeechSplitConfig, melBins: number, timbreChannels: number): SpeechSplitParams<Weight> {
  const encoder = (shape: Shape, inputs: number, code: number): SplitEncoderParams<Weight> => ({
    convs: Array.from({ length: shape.convs }, (_, i) => ({
      conv: initConv(i === 0 ? inputs : shape.channels, shape.channels),
      norm: initNorm(shape.channels),
    })),
    recurrent: Array.from({ length: shape.recurrent }, (_, i) => initBidirectional(i === 0 ? shape.channels : 2 * code, code)),
  });
  const { contentCode, rhythmCode, pitchCode } = config;
  const joined = 2 * (contentCode + rhythmCode + pitchCode) + timbreChannels;
  return {
    content: encoder(CONTENT, melBins, contentCode),
    pitch: encoder(PITCH, PITCH_ROWS, pitchCode),
    rhythm: encoder(RHYTHM, melBins, rhythmCode),
    decoder: {
      layers: Array.from({ length: DECODER.layers }, (_, i) => initBidirectional(i === 0 ? joined : 2 * DECODER.hidden, DECODER.hidden)),
      output: initLinear(2 * DECODER.hidden, melBins),
    },
  };
}

/** Xavier-uniform with ReLU's gain √2; PyTorch's bias. */
function initConv(inputs: number, outputs: number): LinearParams<Weight> {
  return {
    weight: xavierUniform(inputs * KERNEL, outputs * KERNEL, [outputs, inputs, KERNEL], Math.SQRT2),
    bias: uniform(1 / Math.sqrt(inputs * KERNEL), outputs),
  };
}

export type SpeechSplitOptions<T> = {
  melBins: number;
  /** Training only: the frame each frame of content and pitch is taken from, so that they lose their timing (see `randomResampling`). */
  resampling?: T; // [B, T]
};

/** @returns the sung mel [B, T, M], log10 */
export function speechSplit<T>(
  ops: Ops<T>,
  config: SpeechSplitConfig,
  params: SpeechSplitParams<T>,
  input: BaselineInput<T>,
  { melBins, resampling }: SpeechSplitOptions<T>,
): T {
  const { lengths } = input;
  const image = pitchImage(ops, input.pitch, PITCH_ROWS);
  const mask = frameMask(ops, lengths, image);
  const speech = ops.mul(toUnit(ops, stretch(ops, ops.toFloat(input.speechMel), input.speechLengths, image, lengths)), mask);
  const envelope = spectralEnvelope(ops, config.envelope === 'singing' ? singing(ops, input, mask) : speech, melBins);
  const encode = (shape: Shape, part: SplitEncoderParams<T>, x: T, from?: T): T =>
    splitEncoder(ops, shape, config.bottleneck, part, ops.mul(x, mask), lengths, mask, from);
  const codes = [
    encode(CONTENT, params.content, speech, resampling),
    encode(PITCH, params.pitch, image, resampling),
    encode(RHYTHM, params.rhythm, envelope),
  ];
  const voice = ops.mul(ops.unsqueeze(ops.toFloat(input.timbre), 1), mask);
  let x = ops.cat([...codes, voice], 2);
  for (const layer of params.decoder.layers) {
    const { forward, backward } = bidirectionalLstm(ops, layer, x, lengths);
    x = ops.mul(ops.cat([forward, backward], 2), mask);
  }
  return ops.mul(fromUnit(ops, ops.linear(x, params.decoder.output.weight, params.decoder.output.bias)), mask);
}

function splitEncoder<T>(
  ops: Ops<T>,
  shape: Shape,
  factor: number,
  params: SplitEncoderParams<T>,
  input: T, // [B, T, I], zero where padded
  lengths: T, // [B]
  mask: T, // [B, T, 1]
  resampling: T | undefined,
): T {
  let x = input;
  for (const { conv, norm } of params.convs) {
    const convolved = ops.mul(ops.conv1d(x, conv.weight, conv.bias, { padding: (KERNEL - 1) / 2 }), mask);
    x = ops.mul(ops.relu(maskedGroupNorm(ops, norm, convolved, mask, shape.channels / CHANNELS_PER_GROUP)), mask);
    if (resampling !== undefined) x = ops.mul(ops.takeAlong(x, resampling), mask);
  }
  let states: { forward: T; backward: T } | undefined;
  for (const layer of params.recurrent) {
    const joined = states === undefined ? x : ops.mul(ops.cat([states.forward, states.backward], 2), mask);
    states = bidirectionalLstm(ops, layer, joined, lengths);
  }
  return ops.mul(bottleneck(ops, states!, lengths, factor), mask);
}

/** Forward states at f−1, 2f−1, … (the item's last frame where that is beyond its end), backward states at 0, f, …; each repeated f times. */
function bottleneck<T>(ops: Ops<T>, states: { forward: T; backward: T }, lengths: T, factor: number): T {
  if (factor === 1) return ops.cat([states.forward, states.backward], 2);
  const f = ops.full;
  const start = f.unsqueeze(f.slice(f.arange(states.forward, 1), 0, 0, factor), 0); // [1, ⌈T/f⌉]
  const last = f.sub(f.unsqueeze(f.toFloat(lengths), 1), 1); // [B, 1]
  const held = (index: T): T => f.toIndex(f.where(f.lt(index, last), index, last));
  const codes = ops.cat([ops.takeAlong(states.forward, held(f.add(start, factor - 1))), ops.takeAlong(states.backward, held(start))], 2);
  return ops.narrowLike(ops.repeatInterleave(codes, factor, 1), states.forward, 1);
}

/**
 * SpeechSplit's random resampling as indices: pieces of 25 frames run at random speeds between ½ and 1½, the end held.
 * @param uniform [B, P] draws from [0, 1), P ≥ T/25
 */
export function randomResampling<T>(ops: Ops<T>, uniform: T, lengths: T, like: T): T /* [B, T] integers */ {
  const f = ops.full;
  const speed = f.add(f.squeeze(f.narrowLike(f.repeatInterleave(f.unsqueeze(uniform, 2), 25, 1), like, 1), 2), 0.5); // [B, T]
  const position = f.floor(f.sub(f.cumsum(speed, 1), speed));
  const last = f.sub(f.unsqueeze(f.toFloat(lengths), 1), 1);
  return f.toIndex(f.where(f.lt(position, last), position, last));
}

function singing<T>(ops: Ops<T>, { mel }: BaselineInput<T>, mask: T): T {
  if (mel === undefined) throw new Error("SpeechSplit2 with the target's envelope needs the singing's mel as an input.");
  return ops.mul(toUnit(ops, ops.toFloat(mel)), mask);
}

/** log10 amplitude to SpeechSplit's scale, (dB − 16 + 100)/100 within [0, 1]; and back. */
function toUnit<T>(ops: Ops<T>, mel: T): T {
  return ops.clamp(ops.add(ops.mul(mel, 0.2), 0.84), 0, 1);
}

function fromUnit<T>(ops: Ops<T>, unit: T): T {
  return ops.mul(ops.sub(unit, 0.84), 5);
}

/** Keeps cosine coefficients 0 to 2 over the mel bins and half of the third: what is left is the vocal tract's coarse shape. */
function spectralEnvelope<T>(ops: Ops<T>, unit: T, bins: number): T {
  const keep = [1, 1, 1, 0.5];
  const cosine = (k: number, m: number): number => Math.sqrt((k === 0 ? 1 : 2) / bins) * Math.cos((Math.PI * k * (m + 0.5)) / bins);
  const lifter = new Float32Array(bins * bins);
  for (let from = 0; from < bins; from++) {
    for (let to = 0; to < bins; to++) {
      lifter[from * bins + to] = keep.reduce((sum, weight, k) => sum + weight * cosine(k, from) * cosine(k, to), 0);
    }
  }
  return ops.matmul(unit, ops.constant(lifter, [bins, bins]));
}
