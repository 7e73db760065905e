import { InputError } from '../input-error.ts';
import type { Samples } from '../units.ts';
import type { AudioFormat } from './audio-format.ts';
import type { AudioLimits } from './audio-limits.ts';

/**
 * Where every decoder puts its samples. It enforces the limits while they arrive, so a file that decodes to more than is allowed
 * is refused before memory is spent, and it keeps either the channels or, while they stream by, only their mean.
 */
export type SampleCollector = {
  /** Samples a channel taken so far. */
  readonly length: Samples;
  /**
   * Must be called once, before the first `append`. `knownLength` is the exact count of samples a channel when the file's own bytes prove
   * it (never a header's claim): the result is then allocated once.
   */
  open(format: AudioFormat, knownLength?: Samples): void;
  /** Takes samples [start, end) of every channel of a block. */
  append(block: readonly Float32Array[] /* [channel][sample] */, start?: Samples, end?: Samples): void;
  /** Takes `count` samples of silence, where damaged data was left out. */
  appendSilence(count: Samples): void;
  remark(sentence: string): void;
  finish(): CollectedSamples;
};

export type CollectedSamples = {
  format: AudioFormat;
  /** The channels, or their mean alone. */
  channels: Float32Array[];
  /** Mean square of the samples averaged over the file's channels. */
  channelPower: number;
  remarks: string[];
};

const BLOCK: Samples = 1 << 18;

export function createSampleCollector(fileBytes: number, limits: AudioLimits, keep: 'channels' | 'mean'): SampleCollector {
  const remarks: string[] = [];
  let format: AudioFormat | undefined;
  let growing: GrowingSamples[] = [];
  let length = 0;
  let maxLength: Samples = 0;
  let lengthByMemory: Samples = 0;
  let sumOfSquares = 0;
  let badSamples = 0;
  let firstBad: { channel: number; at: Samples } | undefined;

  return {
    get length() {
      return length;
    },
    open(found, knownLength) {
      checkLayout(found, limits);
      format = found;
      const kept = keep === 'mean' ? 1 : found.channelCount;
      // without a known length the last step joins blocks, one channel at a time: that channel exists twice for a moment
      const copies = knownLength === undefined ? kept + 1 : kept;
      lengthByMemory = Math.max(0, Math.floor((limits.maxBytes - fileBytes) / (4 * copies)));
      maxLength = Math.min(lengthByMemory, Math.floor(limits.maxSeconds * found.sampleRate));
      if (knownLength !== undefined && knownLength > maxLength) throw tooLong(found, fileBytes, lengthByMemory, limits, keep);
      growing = Array.from({ length: kept }, () => createGrowingSamples(knownLength));
    },
    append(block, start = 0, end = block[0]!.length) {
      const count = end - start;
      if (length + count > maxLength) {
        throw tooLong(format!, fileBytes, lengthByMemory, limits, keep);
      }
      for (let c = 0; c < block.length; c++) {
        const samples = block[c]!;
        let sum = 0;
        for (let i = start; i < end; i++) sum += samples[i]! * samples[i]!;
        // one NaN or infinity makes the sum of squares not finite; only then is it worth looking for
        if (!Number.isFinite(sum)) {
          for (let i = start; i < end; i++) {
            if (Number.isFinite(samples[i]!)) continue;
            badSamples++;
            if (firstBad === undefined || length + i - start < firstBad.at) firstBad = { channel: c, at: length + i - start };
          }
        }
        sumOfSquares += sum;
      }
      if (keep === 'channels') for (let c = 0; c < block.length; c++) growing[c]!.append(block[c]!, start, end);
      else growing[0]!.append(mean(block, start, end), 0, count);
      length += count;
    },
    appendSilence(count) {
      const silence = new Float32Array(Math.min(count, BLOCK));
      const block = Array.from({ length: format!.channelCount }, () => silence);
      for (let left = count; left > 0; left -= silence.length) this.append(block, 0, Math.min(left, silence.length));
    },
    remark(sentence) {
      remarks.push(sentence);
    },
    finish() {
      if (format === undefined || length === 0) {
        throw new InputError('The audio file holds no samples. Give a recording with sound in it.');
      }
      if (firstBad !== undefined) {
        throw new InputError(
          `The audio file holds ${badSamples} sample${badSamples === 1 ? ' that is not a finite number' : 's that are not finite numbers'} (NaN or infinity), the first at ${(
            firstBad.at / format.sampleRate
          ).toFixed(3)} s (sample ${firstBad.at} of channel ${firstBad.channel + 1}). Export it again, or repair it in an audio editor.`,
        );
      }
      const channels = growing.map((samples) => samples.join());
      return { format, channels, channelPower: sumOfSquares / (length * format.channelCount), remarks };
    },
  };
}

function checkLayout({ channelCount, sampleRate }: AudioFormat, limits: AudioLimits): void {
  if (channelCount < 1 || channelCount > limits.maxChannels) {
    throw new InputError(
      `The audio file has ${channelCount} channels but 1 to ${limits.maxChannels} are accepted. Mix it down in an audio editor first.`,
    );
  }
  if (!(sampleRate >= limits.minSampleRate && sampleRate <= limits.maxSampleRate)) {
    throw new InputError(
      `The audio file's sample rate is ${sampleRate} Hz but ${limits.minSampleRate} to ${limits.maxSampleRate} Hz are accepted. Convert it to 48000 Hz first.`,
    );
  }
}

function tooLong(
  { channelCount, sampleRate }: AudioFormat,
  fileBytes: number,
  lengthByMemory: Samples,
  limits: AudioLimits,
  keep: 'channels' | 'mean',
): InputError {
  if (lengthByMemory >= Math.floor(limits.maxSeconds * sampleRate)) {
    return new InputError(
      `The audio file lasts longer than ${clock(limits.maxSeconds)}, the most that is accepted. Cut it into shorter files.`,
    );
  }
  const layout = `${channelCount} channel${channelCount === 1 ? '' : 's'} at ${sampleRate} Hz`;
  const remedy =
    keep === 'channels' && channelCount > 1 ? 'Cut it into shorter files, or read it mixed to one channel.' : 'Cut it into shorter files.';
  return new InputError(
    `The audio file (${Math.round(fileBytes / 1e6)} MB, ${layout}) is longer than ${clock(lengthByMemory / sampleRate)}, the most that fits the ` +
      `memory limit of ${Math.round(limits.maxBytes / 1e6)} MB. ${remedy}`,
  );
}

/** @example clock(3661.2) // '61:01' */
function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

function mean(block: readonly Float32Array[], start: Samples, end: Samples): Float32Array {
  if (block.length === 1) return block[0]!.subarray(start, end);
  const mixed = new Float32Array(end - start);
  for (let i = 0; i < mixed.length; i++) {
    let sum = 0;
    for (let c = 0; c < block.length; c++) sum += block[c]![start + i]!;
    mixed[i] = sum / block.length;
  }
  return mixed;
}

type GrowingSamples = {
  append(samples: Float32Array, start: Samples, end: Samples): void;
  join(): Float32Array;
};

function createGrowingSamples(knownLength: Samples | undefined): GrowingSamples {
  if (knownLength !== undefined) {
    const whole = new Float32Array(knownLength);
    let filled = 0;
    return {
      append(samples, start, end) {
        whole.set(samples.subarray(start, end), filled);
        filled += end - start;
      },
      join: () => (filled === knownLength ? whole : whole.slice(0, filled)),
    };
  }
  const blocks: (Float32Array | undefined)[] = [];
  let filled = BLOCK;
  return {
    append(samples, start, end) {
      while (start < end) {
        if (filled === BLOCK) {
          blocks.push(new Float32Array(BLOCK));
          filled = 0;
        }
        const count = Math.min(end - start, BLOCK - filled);
        blocks[blocks.length - 1]!.set(samples.subarray(start, start + count), filled);
        filled += count;
        start += count;
      }
    },
    join() {
      const whole = new Float32Array(blocks.length === 0 ? 0 : (blocks.length - 1) * BLOCK + filled);
      for (let b = 0; b < blocks.length; b++) {
        const last = b === blocks.length - 1;
        whole.set(last ? blocks[b]!.subarray(0, filled) : blocks[b]!, b * BLOCK);
        // let the collector have each block as soon as it is copied
        blocks[b] = undefined;
      }
      return whole;
    },
  };
}
