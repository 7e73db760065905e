import { MEL_DEFAULTS } from '@alignsts/signal';
import type { Ops } from '../model/ops.ts';
import {
  initConv1d,
  initLinear,
  initNorm,
  type LinearParams,
  type NormParams,
  ones,
  uniform,
  type Weight,
  zeros,
} from '../model/params.ts';
import {
  APERIODICITY_FREQUENCIES,
  bandCentres,
  ENVELOPE_BANDS,
  ENVELOPE_LIMITS,
  interpolationMatrix,
  MEL_REFERENCE,
  melCentres,
  minimumPhaseMatrix,
} from './feature-bands.ts';
import { BINS } from './stft-grid.ts';
import type { GeneratorConfig } from './vocoder-config.ts';
import { VOICE_CHANNELS } from './voice-features.ts';

/**
 * The fast vocoder's network: features and F0 of each frame to a filter for a pulse train and a gain for noise, in the bins of a 512/128 transform.
 * It begins as a plain source-filter vocoder (envelope and its minimum phase, pulses and noise in the proportion of the aperiodicity) and learns the
 * difference: a trunk of ConvNeXt blocks (Liu et al. 2022), as Vocos has (Siuzdak 2024), corrects log gain and phase of the pulses and log gain of
 * the noise bin by bin. Sources and transforms stay outside, see docs/decisions/030-vocoder.md.
 */
export type GeneratorParams<T> = {
  embed: LinearParams<T>;
  embedNorm: NormParams<T>;
  blocks: BlockParams<T>[];
  norm: NormParams<T>;
  output: LinearParams<T>;
};

export type BlockParams<T> = {
  depthwise: LinearParams<T>; // [hidden, 1, kernel]
  norm: NormParams<T>;
  widen: LinearParams<T>;
  narrow: LinearParams<T>;
  scale: T; // [hidden]
};

export type Filters<T> = {
  pulseRe: T; // [B, T, K]
  pulseIm: T; // [B, T, K]
  noise: T; // [B, T, K]
};

/** Features of a frame, F0 apart. */
export function featureChannels(head: GeneratorConfig['head']): number {
  return head === 'envelope' ? VOICE_CHANNELS : MEL_DEFAULTS.bins;
}

export function initIstftGenerator(config: GeneratorConfig): GeneratorParams<Weight> {
  const { head, hidden, blocks, kernel, expansion } = config;
  const bound = 1 / Math.sqrt(kernel);
  return {
    embed: initConv1d(featureChannels(head) + 2, hidden, kernel),
    embedNorm: initNorm(hidden),
    blocks: Array.from({ length: blocks }, () => ({
      depthwise: { weight: uniform(bound, hidden, 1, kernel), bias: zeros(hidden) },
      norm: initNorm(hidden),
      widen: initLinear(hidden, expansion * hidden),
      narrow: initLinear(expansion * hidden, hidden),
      // a block begins as a small change (layer scale, Touvron et al. 2021), as in Vocos
      scale: { ...ones(hidden), fill: { kind: 'constant', value: 1 / blocks } },
    })),
    norm: initNorm(hidden),
    // near zero: the first sound is that of the features themselves
    output: { weight: uniform(0.1 / Math.sqrt(hidden), 3 * BINS, hidden), bias: zeros(3 * BINS) },
  };
}

export type IstftGenerator = <T>(
  ops: Ops<T>,
  params: GeneratorParams<T>,
  features: T, // [B, T, C] of createVoiceFeatures, or log10 mel
  f0: T, // [B, T, 1] Hz, 0 = unvoiced
) => Filters<T>;

/** The network with its fixed tables. */
export function createIstftGenerator(config: GeneratorConfig): IstftGenerator {
  const { head, hidden, kernel } = config;
  const startOf = head === 'envelope' ? createEnvelopeStart() : createMelStart();
  const phases = minimumPhaseMatrix();
  const same = (kernel - 1) / 2;

  return (ops, params, features, f0) => {
    const f = ops.full;
    const voiced = f.toFloat(f.ge(f0, 1));
    const { amplitude, noiseShare, scaled } = startOf(f, features, voiced);
    // an octave is 1, 220 Hz is 0; unvoiced frames get 0
    const pitch = f.mul(f.mul(f.log(f.div(f.clamp(f0, 40, 2000), 220)), Math.LOG2E), voiced);

    let x = ops.conv1d(f.cat([scaled, pitch, voiced], 2), params.embed.weight, params.embed.bias, { padding: same });
    x = ops.layerNorm(x, params.embedNorm.weight, params.embedNorm.bias, 1e-6);
    for (const block of params.blocks) {
      let y = ops.conv1d(x, block.depthwise.weight, block.depthwise.bias, { padding: same, groups: hidden });
      y = ops.layerNorm(y, block.norm.weight, block.norm.bias, 1e-6);
      y = ops.gelu(ops.linear(y, block.widen.weight, block.widen.bias));
      x = ops.addcmul(x, ops.linear(y, block.narrow.weight, block.narrow.bias), block.scale);
    }
    x = ops.layerNorm(x, params.norm.weight, params.norm.bias, 1e-6);
    const corrections = f.linear(f.toFloat(x), f.toFloat(params.output.weight), f.toFloat(params.output.bias));
    const [gain, turn, noiseGain] = f.chunk(corrections, 3, 2);

    const phase = f.add(f.matmul(amplitude, f.constant(phases, [BINS, BINS])), turn!);
    // what the noise leaves to the pulses; never below −40 dB, so that the network can bring them back
    const pulseShare = f.mul(f.log(f.sub(1.0001, f.exp(f.mul(noiseShare, 2)))), 0.5);
    const pulse = f.exp(f.add(f.add(amplitude, pulseShare), f.clamp(gain!, -8, 4)));
    return {
      pulseRe: f.mul(pulse, f.cos(phase)),
      pulseIm: f.mul(pulse, f.sin(phase)),
      noise: f.exp(f.add(f.add(amplitude, noiseShare), f.clamp(noiseGain!, -8, 6))),
    };
  };
}

/** Log amplitude of the whole sound and log of the noise's share in it, at the bins [B, T, K]; and the features as the trunk sees them. */
type Start<T> = { amplitude: T; noiseShare: T; scaled: T };
type StartOf = <T>(f: Ops<T>, features: T, voiced: T) => Start<T>;

function createEnvelopeStart(): StartOf {
  const ratioCount = APERIODICITY_FREQUENCIES.length;
  const centres = bandCentres(ENVELOPE_BANDS, ENVELOPE_LIMITS.low, ENVELOPE_LIMITS.high);
  const toBins = interpolationMatrix(centres, 'mel').map((weight) => weight / 2); // power to amplitude
  const ratiosToBins = interpolationMatrix(APERIODICITY_FREQUENCIES, 'hertz');
  return (f, features, voiced) => {
    const bands = f.narrow(features, 2, 0, ENVELOPE_BANDS);
    const ratios = f.narrow(features, 2, ENVELOPE_BANDS, ratioCount);
    return {
      amplitude: f.matmul(bands, f.constant(toBins, [ENVELOPE_BANDS, BINS])),
      // unvoiced frames are noise, whatever the ratios of an edited voice say
      noiseShare: f.mul(f.clamp(f.matmul(ratios, f.constant(ratiosToBins, [ratioCount, BINS])), -8, 0), voiced),
      scaled: f.div(f.add(features, f.constant(Float32Array.of(11), [1])), 5),
    };
  };
}

function createMelStart(): StartOf {
  const { bins } = MEL_DEFAULTS;
  const toBins = interpolationMatrix(melCentres(), 'mel').map((weight) => weight * Math.LN10);
  const reference = new Float32Array(BINS).fill(MEL_REFERENCE);
  // a guess that is right for most voices: noise from −30 dB at 0 Hz to −6 dB at 12 kHz
  const slope = Float32Array.from({ length: BINS }, (_, k) => Math.LN10 * (-1.5 + (1.2 * k) / (BINS - 1)));
  return (f, features, voiced) => {
    const levels = f.clamp(features, -6, 4);
    return {
      amplitude: f.add(f.matmul(levels, f.constant(toBins, [bins, BINS])), f.constant(reference, [BINS])),
      noiseShare: f.mul(f.constant(slope, [1, 1, BINS]), voiced),
      scaled: f.add(levels, f.constant(Float32Array.of(2.5), [1])),
    };
  };
}
