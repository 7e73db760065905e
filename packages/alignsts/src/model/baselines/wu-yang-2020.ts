import type { WuYangConfig } from '../../config/config.ts';
import { initRecurrent } from '../bidirectional.ts';
import { frameMask, stridedLengths } from '../lengths.ts';
import { maskedGroupNorm, maskedInstanceNorm } from '../masked-group-norm.ts';
import type { Ops, RecurrentParams } from '../ops.ts';
import { initConv1d, initNorm, type LinearParams, type NormParams, normal, uniform, type Weight } from '../params.ts';
import { stretch } from '../stretch.ts';
import type { BaselineInput } from './baseline-input.ts';

/**
 * Wu and Yang 2020 (spec B11): stretched speech goes down by three strided convolutions and up again scale by scale, with recurrent skip blocks
 * and the melody's embedding at every scale; an auto-encoder is the critic (BEGAN, Berthelot et al. 2017). The paper leaves the exact widths
 * open ("one of many configs"); these are one reading of its code's family, on this project's mels and pitch bins.
 */
export type WuYangParams<T> = {
  embedding: T; // [rows, P]
  /** The melody's features at half, quarter and eighth rate. */
  pitchDown: LinearParams<T>[];
  speechDown: LinearParams<T>[];
  bottom: MixParams<T>;
  scales: ScaleParams<T>[]; // quarter, half, full rate
  output: LinearParams<T>;
};

/** conv 3 to the wide width, group normalisation, leaky ReLU, conv 3 to the block's own. */
export type MixParams<T> = { inner: LinearParams<T>; norm: NormParams<T>; outer: LinearParams<T> };

export type ScaleParams<T> = {
  refine: MixParams<T>;
  skip: { recurrent: RecurrentParams<T>; output: LinearParams<T> };
  mix: MixParams<T>;
};

const SLOPE = 0.2;
const GROUPS = 16;
const BOTTOM = 128; // channels at an eighth of the rate; doubled at every scale

export function initWuYang(config: WuYangConfig, melBins: number, pitchRows: number): WuYangParams<Weight> {
  const { hidden, pitchChannels, skip } = config;
  const mix = (inputs: number, outputs: number): MixParams<Weight> => ({
    inner: initConv1d(inputs, hidden, 3),
    norm: initNorm(hidden),
    outer: initConv1d(hidden, outputs, 3),
  });
  // encoder channels at half, quarter, eighth rate: halving on the way down
  const down = [4 * BOTTOM, 2 * BOTTOM, BOTTOM];
  const inputs = [melBins, ...down];
  return {
    embedding: normal(1, pitchRows, pitchChannels),
    pitchDown: down.map(() => initConv1d(pitchChannels, pitchChannels, 5)),
    speechDown: down.map((channels, i) => initConv1d(inputs[i]!, channels, 5)),
    bottom: mix(BOTTOM + pitchChannels, BOTTOM),
    scales: [1, 2, 3].map((scale) => {
      const channels = BOTTOM * 2 ** scale;
      return {
        refine: mix(channels / 2, channels / 2),
        // what the encoder has at this rate: its own layers, and the mel itself at the top
        skip: { recurrent: initRecurrent(scale === 3 ? melBins : down[2 - scale]!, skip, 3), output: initConv1d(skip, channels, 3) },
        mix: mix(channels + pitchChannels, channels),
      };
    }),
    output: initConv1d(8 * BOTTOM, melBins, 3),
  };
}

/** @returns the sung mel [B, T, M], log10 */
export function wuYang<T>(
  ops: Ops<T>,
  config: WuYangConfig,
  params: WuYangParams<T>,
  input: BaselineInput<T>,
  { melBins }: { melBins: number },
): T {
  const { lengths } = input;
  const melody = ops.toFloat(ops.embedding(params.embedding, input.pitch)); // [B, T, P]
  const mask = frameMask(ops, lengths, melody);
  const speech = ops.mul(stretch(ops, ops.toFloat(input.speechMel), input.speechLengths, melody, lengths), mask);
  const mel = ops.mul(maskedInstanceNorm(ops, speech, mask, melBins), mask);

  // full rate first; each list has four entries
  const rates = [{ speech: mel, pitch: ops.mul(melody, mask), mask }];
  let length = lengths;
  for (const [index, conv] of params.speechDown.entries()) {
    const above = rates.at(-1)!;
    const down = (x: T, { weight, bias }: LinearParams<T>): T =>
      ops.leakyRelu(ops.conv1d(x, weight, bias, { stride: 2, padding: 2 }), SLOPE);
    const halved = down(above.speech, conv);
    length = stridedLengths(ops, length, 2);
    const shorter = frameMask(ops, length, halved);
    const pitch = ops.mul(down(above.pitch, params.pitchDown[index]!), shorter);
    rates.push({ speech: ops.mul(halved, shorter), pitch, mask: shorter });
  }
  const bottom = rates.at(-1)!;
  const normed = ops.mul(maskedInstanceNorm(ops, bottom.speech, bottom.mask, BOTTOM), bottom.mask);
  let x = mixBlock(ops, config, params.bottom, ops.cat([normed, bottom.pitch], 2), bottom.mask);
  params.scales.forEach((scale, index) => {
    const rate = rates[2 - index]!;
    const up = ops.mul(ops.narrowLike(ops.repeatInterleave(x, 2, 1), rate.mask, 1), rate.mask);
    const doubled = ops.cat([up, mixBlock(ops, config, scale.refine, up, rate.mask)], 2);
    const carried = ops.mul(ops.gru(rate.speech, scale.skip.recurrent), rate.mask);
    const { weight, bias } = scale.skip.output;
    const skipped = ops.mul(ops.add(doubled, ops.conv1d(carried, weight, bias, { padding: 1 })), rate.mask);
    x = ops.add(skipped, mixBlock(ops, config, scale.mix, ops.cat([skipped, rate.pitch], 2), rate.mask));
  });
  return ops.mul(ops.conv1d(x, params.output.weight, params.output.bias, { padding: 1 }), mask);
}

/** x and result are zero where padded. */
function mixBlock<T>(ops: Ops<T>, { hidden }: WuYangConfig, params: MixParams<T>, x: T, mask: T): T {
  const inner = ops.mul(ops.conv1d(x, params.inner.weight, params.inner.bias, { padding: 1 }), mask);
  const active = ops.leakyRelu(maskedGroupNorm(ops, params.norm, inner, mask, Math.min(GROUPS, hidden)), SLOPE);
  return ops.mul(ops.conv1d(ops.mul(active, mask), params.outer.weight, params.outer.bias, { padding: 1 }), mask);
}

/** The critic: three 2-D convolutions over the mel, five dilated 1-D ones, and a head that gives the mel back. */
export type CriticParams<T> = {
  images: { conv: LinearParams<T>; norm: NormParams<T> }[];
  sequences: { conv: LinearParams<T>; norm: NormParams<T> }[];
  output: LinearParams<T>;
};

/** One power-iteration vector for each of the critic's convolutions: buffers. */
export type CriticSpectra<T> = T[]; // each [O, 1]

const IMAGES = [1, 4, 16, 64];
const IMAGE_DILATIONS = [2, 4, 8];
const SEQUENCE = 512;
const SEQUENCE_DILATIONS = [1, 16, 32, 64, 128];

export function initCritic(melBins: number): CriticParams<Weight> {
  const flat = IMAGES.at(-1)! * Math.ceil(Math.ceil(Math.ceil(melBins / 2) / 2) / 2);
  return {
    images: IMAGE_DILATIONS.map((_, i) => {
      const bound = 1 / Math.sqrt(IMAGES[i]! * 9);
      const outputs = IMAGES[i + 1]!;
      return { conv: { weight: uniform(bound, outputs, IMAGES[i]!, 3, 3), bias: uniform(bound, outputs) }, norm: initNorm(outputs) };
    }),
    sequences: SEQUENCE_DILATIONS.map((_, i) => ({ conv: initConv1d(i === 0 ? flat : SEQUENCE, SEQUENCE, 3), norm: initNorm(SEQUENCE) })),
    output: initConv1d(SEQUENCE, melBins, 3),
  };
}

/** The mel as the critic remembers it, [B, T, M], and the power iterations' next vectors. */
export function critic<T>(
  ops: Ops<T>,
  params: CriticParams<T>,
  spectra: CriticSpectra<T>,
  mel: T, // [B, T, M] log10
  mask: T, // [B, T, 1]
): { mel: T; spectra: CriticSpectra<T> } {
  const next: CriticSpectra<T> = [];
  const bounded = (weight: T): T => {
    const { weight: divided, vector } = spectralNorm(ops, weight, spectra[next.length]!);
    next.push(vector);
    return divided;
  };
  let image = ops.unsqueeze(ops.mul(mel, mask), 1); // [B, 1, T, M]
  const imageMask = ops.unsqueeze(mask, 1); // [B, 1, T, 1]
  params.images.forEach(({ conv, norm }, i) => {
    const dilation = IMAGE_DILATIONS[i]!;
    const options = { stride: [1, 2], padding: [dilation, 1], dilation: [dilation, 1] } as const;
    const convolved = ops.conv2d(image, bounded(conv.weight), conv.bias, options);
    const perChannel = (values: T): T => ops.unsqueeze(ops.unsqueeze(values, 1), 2); // [C, 1, 1]
    image = ops.mul(ops.leakyRelu(batchNorm(ops, norm, convolved, imageMask, [0, 2, 3], perChannel), SLOPE), imageMask);
  });
  let x = ops.flatten(ops.transpose(image, 1, 2), 2, 3); // [B, T, C·M/8]
  params.sequences.forEach(({ conv, norm }, i) => {
    const dilation = SEQUENCE_DILATIONS[i]!;
    const convolved = ops.conv1d(x, bounded(conv.weight), conv.bias, { padding: dilation, dilation });
    x = ops.mul(
      ops.leakyRelu(
        batchNorm(ops, norm, convolved, mask, [0, 1], (values) => values),
        SLOPE,
      ),
      mask,
    );
  });
  const remembered = ops.conv1d(x, bounded(params.output.weight), params.output.bias, { padding: 1 });
  return { mel: ops.mul(remembered, mask), spectra: next };
}

/** Batch normalisation over the real frames of the batch, by its own statistics. */
function batchNorm<T>(ops: Ops<T>, params: NormParams<T>, x: T, mask: T, dims: readonly number[], perChannel: (values: T) => T): T {
  // how many places of the other axes share a frame does not matter: both sums have them
  const spread = ops.add(ops.mul(x, 0), mask);
  const count = ops.sum(spread, dims, true);
  const mean = ops.div(ops.sum(ops.mul(x, mask), dims, true), count);
  const centred = ops.mul(ops.sub(x, mean), mask);
  const variance = ops.div(ops.sum(ops.mul(centred, centred), dims, true), count);
  const normed = ops.div(centred, ops.sqrt(ops.add(variance, 1e-5)));
  return ops.add(ops.mul(normed, perChannel(params.weight)), perChannel(params.bias));
}

/** Spectral normalisation (Miyato et al. 2018): the weight divided by its largest singular value, by one power iteration. */
export function spectralNorm<T>(ops: Ops<T>, weight: T, vector: T /* [O, 1] */): { weight: T; vector: T } {
  const rows = ops.flatten(ops.unsqueeze(weight, 1), 2, -1); // [O, 1, rest]
  const matrix = ops.squeeze(rows, 1); // [O, rest]
  const still = ops.detach(matrix);
  const unit = (x: T): T => ops.div(x, ops.add(ops.sqrt(ops.sum(ops.mul(x, x), [0, 1], true)), 1e-12));
  const right = unit(ops.matmul(ops.transpose(still, 0, 1), vector)); // [rest, 1]
  const left = unit(ops.matmul(still, right)); // [O, 1]
  const largest = ops.sum(ops.mul(left, ops.matmul(matrix, right)), [0, 1], false);
  return { weight: ops.div(weight, largest), vector: ops.detach(left) };
}
