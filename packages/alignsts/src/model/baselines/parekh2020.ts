import type { ParekhConfig } from '../../config/config.ts';
import { initRecurrent } from '../bidirectional.ts';
import { frameMask, stridedLengths } from '../lengths.ts';
import { maskedInstanceNorm } from '../masked-group-norm.ts';
import type { Ops, RecurrentParams } from '../ops.ts';
import { initConv1d, type LinearParams, uniform, type Weight } from '../params.ts';
import { stretch } from '../stretch.ts';
import type { BaselineInput } from './baseline-input.ts';
import { pitchImage } from './pitch-image.ts';

/**
 * Parekh, Rao and Yang 2020 (spec B10): two encoders of the same ladder, for stretched speech and for the melody's picture, meet at an eighth of the
 * frame rate; a decoder of transposed convolutions climbs back, with recurrent skip blocks from the speech.
 * On this project's grid: 80 mel bins instead of 513 frequencies, as ln(1 + 1000·amplitude), and AlignSTS's pitch bins.
 */
export type ParekhParams<T> = {
  speech: LadderParams<T>;
  melody: LadderParams<T>;
  decoder: DecoderParams<T>;
};

export type LadderParams<T> = {
  top: [LinearParams<T>, LinearParams<T>]; // to and at the first width, the second halves the rate
  middle: [LinearParams<T>, LinearParams<T>];
  low: LinearParams<T>;
  recurrent: RecurrentParams<T>;
  bottom: [LinearParams<T>, LinearParams<T>];
};

export type DecoderParams<T> = {
  levels: { conv: LinearParams<T>; up: LinearParams<T>; skip: SkipParams<T> }[]; // from the bottom up
  recurrent: RecurrentParams<T>;
  output: LinearParams<T>;
};

export type SkipParams<T> = { narrow: LinearParams<T>; recurrent: RecurrentParams<T>; widen: LinearParams<T> };

const SLOPE = 0.01;

export function initParekh(config: ParekhConfig, melBins: number, pitchRows: number): ParekhParams<Weight> {
  const { widths, code, skip } = config;
  const [top, middle, low] = widths;
  const ladder = (inputs: number): LadderParams<Weight> => ({
    top: [initConv1d(inputs, top, 3), initConv1d(top, top, 5)],
    middle: [initConv1d(top, middle, 5), initConv1d(middle, middle, 5)],
    low: initConv1d(middle, low, 5),
    recurrent: initRecurrent(low, low, 3),
    bottom: [initConv1d(low, low, 5), initConv1d(low, code, 5)],
  });
  const level = (inputs: number, width: number): DecoderParams<Weight>['levels'][number] => ({
    conv: initTransposed(inputs, width, 5),
    up: initTransposed(width, width, 3),
    skip: { narrow: initConv1d(width, skip, 5), recurrent: initRecurrent(skip, skip, 3), widen: initTransposed(skip, width, 5) },
  });
  return {
    speech: ladder(melBins),
    melody: ladder(pitchRows),
    decoder: {
      levels: [level(2 * code, low), level(low, middle), level(middle, top)],
      recurrent: initRecurrent(top, top, 3),
      output: initTransposed(top, melBins, 5),
    },
  };
}

/** PyTorch's default for ConvTranspose1d, weight [inputs, outputs, kernel]. */
function initTransposed(inputs: number, outputs: number, kernel: number): LinearParams<Weight> {
  const bound = 1 / Math.sqrt(outputs * kernel);
  return { weight: uniform(bound, inputs, outputs, kernel), bias: uniform(bound, outputs) };
}

/** @returns the sung mel [B, T, M], log10, and the system's own picture of it, ln(1 + 1000·amplitude), which its loss compares */
export function parekh<T>(
  ops: Ops<T>,
  config: ParekhConfig,
  params: ParekhParams<T>,
  input: BaselineInput<T>,
  { pitchRows }: { pitchRows: number },
): { mel: T; compressed: T } {
  const image = pitchImage(ops, input.pitch, pitchRows);
  const { lengths } = input;
  const speech = compress(ops, stretch(ops, ops.toFloat(input.speechMel), input.speechLengths, image, lengths));
  const spoken = ladder(ops, config, params.speech, speech, lengths, true);
  const melody = ladder(ops, config, params.melody, image, lengths, false);
  let x = ops.cat([spoken.code, melody.code], 2);
  params.decoder.levels.forEach(({ conv, up, skip }, index) => {
    // the level to climb to: from the quarter rate up to the full one
    const { features, mask } = spoken.levels[params.decoder.levels.length - 1 - index]!;
    x = ops.leakyRelu(ops.convTranspose1d(x, conv.weight, conv.bias, { padding: 2 }), SLOPE);
    if (index === 2) x = maskedInstanceNorm(ops, ops.mul(x, spoken.levels[1]!.mask), spoken.levels[1]!.mask, config.widths[0]);
    const climbed = ops.convTranspose1d(ops.mul(x, maskBelow(spoken, index)), up.weight, up.bias, {
      stride: 2,
      padding: 1,
      outputPadding: 1,
    });
    x = ops.mul(ops.leakyRelu(ops.narrowLike(climbed, features, 1), SLOPE), mask);
    if (index === 2) x = maskedInstanceNorm(ops, x, mask, config.widths[0]);
    x = ops.mul(ops.add(x, skipBlock(ops, skip, features, mask)), mask);
  });
  const last = ops.mul(ops.gru(x, params.decoder.recurrent), spoken.levels[0]!.mask);
  const compressed = ops.leakyRelu(
    ops.convTranspose1d(last, params.decoder.output.weight, params.decoder.output.bias, { padding: 2 }),
    SLOPE,
  );
  return { mel: ops.mul(expand(ops, compressed), spoken.levels[0]!.mask), compressed };
}

type Level<T> = { features: T; mask: T };
type Ladder<T> = { levels: Level<T>[]; code: T; codeMask: T };

/** Full, half and quarter rate, each as it leaves its level; and the code at an eighth. */
function ladder<T>(ops: Ops<T>, config: ParekhConfig, params: LadderParams<T>, input: T, inputLengths: T, speech: boolean): Ladder<T> {
  let lengths = inputLengths;
  let mask = frameMask(ops, lengths, input);
  const conv = (x: T, { weight, bias }: LinearParams<T>, kernel: number): T =>
    ops.mul(ops.leakyRelu(ops.conv1d(ops.mul(x, mask), weight, bias, { padding: (kernel - 1) / 2 }), SLOPE), mask);
  const down = (x: T, { weight, bias }: LinearParams<T>): T => {
    const halved = ops.leakyRelu(ops.conv1d(x, weight, bias, { stride: 2, padding: 2 }), SLOPE);
    lengths = stridedLengths(ops, lengths, 2);
    mask = frameMask(ops, lengths, halved);
    return ops.mul(halved, mask);
  };
  const full = { features: conv(input, params.top[0], 3), mask };
  const half = { features: conv(down(full.features, params.top[1]), params.middle[0], 5), mask };
  const halfLevel = { features: half.features, mask };
  const descended = down(halfLevel.features, params.middle[1]);
  const lowConv = ops.mul(ops.conv1d(descended, params.low.weight, params.low.bias, { padding: 2 }), mask);
  const normed = speech ? ops.mul(maskedInstanceNorm(ops, lowConv, mask, config.widths[2]), mask) : ops.leakyRelu(lowConv, SLOPE);
  const quarter = { features: ops.mul(ops.gru(normed, params.recurrent), mask), mask };
  const bottom = down(quarter.features, params.bottom[0]);
  const code = conv(bottom, params.bottom[1], 5);
  return { levels: [full, halfLevel, quarter], code, codeMask: mask };
}

/** The mask of what the decoder's level reads: an eighth, a quarter, half of the rate. */
function maskBelow<T>(spoken: Ladder<T>, index: number): T {
  return index === 0 ? spoken.codeMask : spoken.levels[3 - index]!.mask;
}

function skipBlock<T>(ops: Ops<T>, params: SkipParams<T>, x: T, mask: T): T {
  const narrow = ops.mul(ops.leakyRelu(ops.conv1d(x, params.narrow.weight, params.narrow.bias, { padding: 2 }), SLOPE), mask);
  const carried = ops.mul(ops.gru(narrow, params.recurrent), mask);
  const wide = ops.leakyRelu(ops.convTranspose1d(carried, params.widen.weight, params.widen.bias, { padding: 2 }), SLOPE);
  return ops.add(x, wide);
}

/** log10 amplitude to ln(1 + 1000·amplitude), as the system's own ln(1 + |X|); and back, floored at a millionth. */
export function compress<T>(ops: Ops<T>, mel: T): T {
  return ops.log(ops.add(ops.exp(ops.mul(ops.add(mel, 3), Math.LN10)), 1));
}

function expand<T>(ops: Ops<T>, y: T): T {
  // beyond 20 the exponential would leave what a mel can be
  const grown = ops.clamp(ops.sub(ops.exp(ops.clamp(y, 0, 20)), 1), 1e-3, Number.POSITIVE_INFINITY);
  return ops.sub(ops.mul(ops.log(grown), Math.LOG10E), 3);
}
