import type { Random } from '@alignsts/signal';
import type { DiffusionConfig, FftConfig } from '../config/config.ts';
import { sampleMel, visitedLevels } from '../model/diffusion-decoder/sample.ts';
import { createSchedule } from '../model/diffusion-decoder/schedule.ts';
import type { Graph } from './graph.ts';

/**
 * The acoustic half of a conversion on recorded graphs (Fig. 1 in inference): content, pitch and voice to a sung mel. `condition` runs
 * once, `denoiser` once a step; the GAN variant has `decoder` instead.
 */
export type AcousticInput = {
  content: Float32Array; // [N, C]
  contentFrames: number;
  pitch: Int32Array; // [T] bins
  timbre: Float32Array; // [256]
  /** The speech's rhythm curve, for models without rhythm adaptor. */
  speechRhythm?: Float32Array; // [S]
};

export type AcousticOutput = {
  mel: Float32Array; // [T, M] log10
  /** Rhythm codes, one for every four frames; absent without rhythm adaptor. */
  codes?: Int32Array; // [S]
  /** Where each sung frame looked in the speech; absent without aligner. */
  attention?: Float32Array; // [T, N]
};

export type AcousticGraphs = { condition: Graph; denoiser?: Graph; decoder?: Graph };

export type SingMelOptions = {
  random: Random;
  /** Steps of the decoder: the teacher's own, or 2 for its student. Default: the configuration's. */
  steps?: number;
  /** Spread of the noise. Default 1. */
  temperature?: number;
  onStep?: (done: number, of: number) => void;
};

export async function singMel(
  graphs: AcousticGraphs,
  decoder: DiffusionConfig | FftConfig,
  melBins: number,
  input: AcousticInput,
  options: SingMelOptions,
): Promise<AcousticOutput> {
  const frames = input.pitch.length;
  const whole = (value: number): { data: Int32Array; shape: number[] } => ({ data: Int32Array.of(value), shape: [1] });
  const lengths = whole(frames);
  const { condition, codes, attention } = await graphs.condition.run({
    content: { data: input.content, shape: [1, input.contentFrames, input.content.length / input.contentFrames] },
    contentLengths: whole(input.contentFrames),
    pitch: { data: input.pitch, shape: [1, frames] },
    lengths,
    timbre: { data: input.timbre, shape: [1, input.timbre.length] },
    ...(input.speechRhythm && {
      speechRhythm: { data: input.speechRhythm, shape: [1, input.speechRhythm.length, 1] },
      speechLengths: whole(input.speechRhythm.length),
    }),
  });
  const seen = {
    ...(codes && { codes: codes.data as Int32Array }),
    ...(attention && { attention: attention.data as Float32Array }),
  };
  if (decoder.kind === 'fft') {
    const { mel } = await graphs.decoder!.run({ condition: condition!, lengths });
    return { mel: mel!.data as Float32Array, ...seen };
  }
  const schedule = createSchedule(decoder);
  const denoiser = graphs.denoiser!;
  const mel = await sampleMel({
    schedule,
    levels: visitedLevels(schedule, schedule.steps / (options.steps ?? schedule.steps)),
    size: frames * melBins,
    random: options.random,
    normalise: decoder.normalise,
    ...(options.temperature !== undefined && { temperature: options.temperature }),
    ...(options.onStep && { onStep: options.onStep }),
    async denoise(noisy, level) {
      const { clean } = await denoiser.run({
        noisy: { data: noisy, shape: [1, frames, melBins] },
        level: whole(level),
        condition: condition!,
        lengths,
      });
      return clean!.data as Float32Array;
    },
  });
  return { mel, ...seen };
}
