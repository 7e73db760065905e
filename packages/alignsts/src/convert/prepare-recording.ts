/**
 * The door for recordings: what is too short, too long, silent, clipped to pieces or no sound at all is refused in words, and the rest is mixed to
 * one channel at the product's rate. Behind this door nobody checks again.
 */
import {
  type Audio,
  type Decibels,
  InputError,
  type MultichannelAudio,
  mixdown,
  resample,
  type Samples,
  type Seconds,
} from '@alignsts/signal';
import { SAMPLE_RATE } from '../grid.ts';

export const SHORTEST_RECORDING: Seconds = 0.2;
/** Five minutes with a reference of five minutes take 0.8 GB in engine `template` (npm run bench:memory); 1 GB is the limit. */
export const LONGEST_RECORDING: Seconds = 5 * 60;
export const LOWEST_RATE = 4000;
export const HIGHEST_RATE = 192_000;
export const MOST_CHANNELS = 8;

/** Below this peak (re full scale) there is nothing to work with, even in a 16-bit file: three steps of the converter. */
const SILENCE: Decibels = -80;
const FAINT: Decibels = -40;
/** Float files may go over full scale, but not by this much: such numbers are integers in a float's clothes. */
const LOUDEST_PEAK = 64;
/** Share of samples that stand in flat tops. Speech on the loud side has 0; at a tenth the vowels have turned to square waves. */
const CLIPPED_TOO_MUCH = 0.1;
const CLIPPED = 0.005;

export type PreparedRecording = {
  /** 24 kHz mono. */
  audio: Audio;
  /** Plain sentences about what may harm the result. */
  remarks: string[];
};

/**
 * @param name how messages call the recording, such as 'the speech'
 * @throws InputError that says what is wrong, what is allowed and what to do
 */
export function prepareRecording(recording: MultichannelAudio, name: string): PreparedRecording {
  checkShape(recording, name);
  const { share, peak } = loudness(recording, name);
  const level = 20 * Math.log10(peak);
  if (level < SILENCE) {
    const seconds = durationOfChannels(recording).toFixed(1);
    throw new InputError(
      `${name} is ${seconds} s of silence (nothing above ${SILENCE} dB). Check the microphone, or give another recording.`,
    );
  }
  if (peak > LOUDEST_PEAK) {
    throw new InputError(
      `${name} reaches ${peak.toPrecision(3)}, and full scale is 1: whole numbers were saved as float. Export it again, as 16-bit or 24-bit WAV.`,
    );
  }
  if (share > CLIPPED_TOO_MUCH) {
    throw new InputError(
      `${name} is clipped: ${percent(share)} of its samples stand at the limit, and at most ${percent(CLIPPED_TOO_MUCH)} are allowed. Record it again with less gain.`,
    );
  }
  const remarks: string[] = [];
  if (share > CLIPPED)
    remarks.push(
      `${capital(name)} is clipped in places (${percent(share)} of its samples stand at the limit): loud vowels may sound rough.`,
    );
  if (level < FAINT)
    remarks.push(`${capital(name)} is very quiet (peak ${level.toFixed(0)} dB): noise will be heard. Speak closer to the microphone.`);
  const mono = mixdown(recording);
  return { audio: resample(mono.audio, SAMPLE_RATE), remarks: [...remarks, ...mono.remarks] };
}

function checkShape(recording: MultichannelAudio, name: string): void {
  const { channels, sampleRate } = recording;
  if (channels.length < 1 || channels.length > MOST_CHANNELS) {
    throw new InputError(`${name} has ${channels.length} channels, and 1 to ${MOST_CHANNELS} are allowed. Mix it down first.`);
  }
  if (!(sampleRate >= LOWEST_RATE && sampleRate <= HIGHEST_RATE)) {
    throw new InputError(
      `${name} has a sample rate of ${sampleRate} Hz, and ${LOWEST_RATE} to ${HIGHEST_RATE} Hz are allowed. Resample it first.`,
    );
  }
  const duration = durationOfChannels(recording);
  if (duration < SHORTEST_RECORDING) {
    throw new InputError(
      `${name} is ${Math.round(duration * 1000)} ms long, and at least ${SHORTEST_RECORDING * 1000} ms are needed. Give a word or a sentence.`,
    );
  }
  if (duration > LONGEST_RECORDING) {
    throw new InputError(
      `${name} is ${(duration / 60).toFixed(1)} minutes long, and at most ${LONGEST_RECORDING / 60} minutes are sung at once. Cut it into phrases.`,
    );
  }
}

/** The peak around each channel's mean, and the share of samples in flat tops: stretches at one channel's extreme. */
function loudness({ channels, sampleRate }: MultichannelAudio, name: string): { peak: number; share: number } {
  // a tenth of a millisecond: the top of a clean low vowel at a high rate is flat for less
  const shortest = Math.max(3, Math.ceil(1e-4 * sampleRate));
  let peak = 0;
  let flat = 0;
  for (const samples of channels) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let n = 0; n < samples.length; n++) {
      const value = samples[n]!;
      sum += value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    // NaN compares false with everything and is found in the sum alone, as is an infinity
    if (!Number.isFinite(sum)) throw notFinite(samples, sampleRate, name);
    const mean = sum / samples.length;
    peak = Math.max(peak, high - mean, mean - low);
    // a step of a 16-bit converter: equal samples of an 8-bit or analogue recording count as equal as well
    flat = Math.max(flat, flatTops(samples, high - 2 ** -15, 1, shortest) + flatTops(samples, low + 2 ** -15, -1, shortest));
  }
  const count = channels[0]!.length;
  // a recording of a few steps of the converter is flat everywhere, and silent rather than clipped
  return { peak, share: peak > 0.01 ? flat / count : 0 };
}

function flatTops(samples: Float32Array, limit: number, sign: 1 | -1, shortest: Samples): number {
  let total = 0;
  let run = 0;
  for (let n = 0; n <= samples.length; n++) {
    if (n < samples.length && sign * samples[n]! >= sign * limit) run++;
    else {
      if (run >= shortest) total += run;
      run = 0;
    }
  }
  return total;
}

function notFinite(samples: Float32Array, sampleRate: number, name: string): InputError {
  const at = samples.findIndex((value) => !Number.isFinite(value));
  return new InputError(
    `${name} has a sample that is no number (${samples[at]} at ${(at / sampleRate).toFixed(3)} s). Export it again, as 16-bit or 24-bit WAV.`,
  );
}

function durationOfChannels({ channels, sampleRate }: MultichannelAudio): Seconds {
  return channels[0]!.length / sampleRate;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function capital(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1);
}
