import type { Audio, MultichannelAudio } from './audio.ts';

export type Mixdown = {
  audio: Audio;
  /** A sentence when the channels cancel each other, else nothing. */
  remarks: string[];
};

/**
 * One channel from many: their mean, m[n] = Σ_c x_c[n] / C. The mean cannot exceed full scale where the channels do not.
 *
 * @example mixdown({ channels: [Float32Array.of(1, 0), Float32Array.of(0, 0.5)], sampleRate: 8000 }).audio.samples // [0.5, 0.25]
 */
export function mixdown({ channels, sampleRate }: MultichannelAudio): Mixdown {
  const length = channels[0]?.length ?? 0;
  if (channels.length === 1) return { audio: { samples: channels[0]!.slice(), sampleRate }, remarks: [] };
  const samples = new Float32Array(length);
  let channelEnergy = 0;
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (let c = 0; c < channels.length; c++) {
      const x = channels[c]![i]!;
      sum += x;
      channelEnergy += x * x;
    }
    samples[i] = sum / channels.length;
  }
  const remark = cancellationRemark(samples, channelEnergy / (length * channels.length), channels.length);
  return { audio: { samples, sampleRate }, remarks: remark === undefined ? [] : [remark] };
}

/**
 * Independent channels lose 10·log10(C) dB in their mean, equal ones nothing. Losing ten times more power than that means that they are out of phase,
 * as when a balanced microphone is plugged into a stereo input.
 */
export function cancellationRemark(mean: Float32Array, channelPower: number, channelCount: number): string | undefined {
  let energy = 0;
  for (let i = 0; i < mean.length; i++) energy += mean[i]! * mean[i]!;
  const power = energy / mean.length;
  if (!(channelPower > 0) || power >= channelPower / channelCount / 10) return undefined;
  const lost = power === 0 ? 'all of their sound' : `${(10 * Math.log10(channelPower / power)).toFixed(0)} dB`;
  return `The channels cancel each other: their mean loses ${lost}. Give a file with one of the channels alone.`;
}
