/** Floats to integer samples, as the writers of WAV and FLAC do it. */
import type { Audio, MultichannelAudio } from '../audio.ts';
import { InputError } from '../input-error.ts';

/**
 * Full scale 1 becomes 2^(bits-1) steps, rounded to the nearest, limited to [-2^(bits-1), 2^(bits-1) - 1].
 * The inverse of reading: what came from a file of the same bits goes back unchanged.
 */
export function quantize(samples: Float32Array, bits: 16 | 24): Int32Array {
  const scale = 2 ** (bits - 1);
  const steps = new Int32Array(samples.length);
  for (let i = 0; i < samples.length; i++) steps[i] = Math.max(-scale, Math.min(scale - 1, Math.round(samples[i]! * scale)));
  return steps;
}

/** How many samples an integer file of so many bits cannot hold and limits to full scale. @example clippedSamples({ samples: Float32Array.of(0, 1.5), sampleRate: 8000 }, 16) // 1 */
export function clippedSamples(audio: Audio | MultichannelAudio, bits: 16 | 24): number {
  const scale = 2 ** (bits - 1);
  let count = 0;
  for (const samples of channelsOf(audio)) {
    for (let i = 0; i < samples.length; i++) {
      const step = Math.round(samples[i]! * scale);
      if (step < -scale || step > scale - 1) count++;
    }
  }
  return count;
}

/** The channels of a sound that can be written: at least one, of one length that is not 0, all samples finite. */
export function channelsToWrite(audio: Audio | MultichannelAudio): Float32Array[] {
  const channels = channelsOf(audio);
  if (channels.length === 0 || channels.length > 8) {
    throw new InputError(`The sound has ${channels.length} channels but 1 to 8 can be written.`);
  }
  if (!Number.isInteger(audio.sampleRate) || audio.sampleRate < 1) {
    throw new InputError(
      `The sample rate is ${audio.sampleRate} Hz but a file needs a whole number of at least 1. Resample the sound first.`,
    );
  }
  const length = channels[0]!.length;
  if (length === 0) throw new InputError('The sound has no samples, so there is nothing to write.');
  for (const [c, samples] of channels.entries()) {
    if (samples.length !== length) {
      throw new InputError(`Channel ${c + 1} has ${samples.length} samples but channel 1 has ${length}: all channels need one length.`);
    }
    const bad = samples.findIndex((sample) => !Number.isFinite(sample));
    if (bad >= 0)
      throw new InputError(`Sample ${bad} of channel ${c + 1} is ${samples[bad]}, which no audio file can play. Repair the sound first.`);
  }
  return channels;
}

function channelsOf(audio: Audio | MultichannelAudio): Float32Array[] {
  return 'samples' in audio ? [audio.samples] : audio.channels;
}
