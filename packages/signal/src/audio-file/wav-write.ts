/** Writes WAV: integers of 16 and 24 bits, and 32-bit floats. */
import type { Audio, MultichannelAudio } from '../audio.ts';
import { InputError } from '../input-error.ts';
import { channelsToWrite, quantize } from './quantize.ts';

export type WavOptions = {
  /** Integer bits, or 'float' for 32-bit floats, which keep samples beyond full scale. */
  sampleFormat?: 16 | 24 | 'float';
};

const MOST_BYTES = 0xffffffff;
/** Speaker masks of 3 to 8 channels, as FLAC assigns them: 3.0, quad, 5.0, 5.1, 6.1, 7.1. */
const SPEAKERS = [0x0007, 0x0033, 0x0037, 0x003f, 0x070f, 0x063f] as const;

/**
 * A WAV file. Integers are rounded to the nearest step and limited to full scale: `clippedSamples(audio, 16)` tells how many samples that touches.
 * Three and more channels get WAVE_FORMAT_EXTENSIBLE with the usual speakers; one and two get the plain header, which every program reads.
 *
 * @throws InputError when the audio is empty, has unequal channels or samples that are not finite, or would need more than 4 GB
 * @example encodeWav({ samples: new Float32Array(24000), sampleRate: 24000 }).length // 48044
 */
export function encodeWav(audio: Audio | MultichannelAudio, { sampleFormat = 16 }: WavOptions = {}): Uint8Array {
  const channels = channelsToWrite(audio);
  const float = sampleFormat === 'float';
  const bytesPerSample = float ? 4 : sampleFormat / 8;
  const bytesPerFrame = bytesPerSample * channels.length;
  const length = channels[0]!.length;
  const extensible = channels.length > 2;
  const fmtSize = extensible ? 40 : float ? 18 : 16;
  // a float file owes its readers a fact chunk with the count of frames
  const factSize = float ? 12 : 0;
  const dataSize = length * bytesPerFrame;
  const headerSize = 12 + 8 + fmtSize + factSize + 8;
  if (headerSize + dataSize + 1 > MOST_BYTES) {
    throw new InputError(`The sound needs ${dataSize} bytes but a WAV file holds 4 GB. Write it in parts, or as FLAC.`);
  }
  const bytes = new Uint8Array(headerSize + dataSize + (dataSize % 2));
  const view = new DataView(bytes.buffer);
  const id = (at: number, text: string): void => {
    for (let i = 0; i < 4; i++) bytes[at + i] = text.charCodeAt(i);
  };
  id(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  id(8, 'WAVE');
  id(12, 'fmt ');
  view.setUint32(16, fmtSize, true);
  view.setUint16(20, extensible ? 0xfffe : float ? 3 : 1, true);
  view.setUint16(22, channels.length, true);
  view.setUint32(24, audio.sampleRate, true);
  view.setUint32(28, audio.sampleRate * bytesPerFrame, true);
  view.setUint16(32, bytesPerFrame, true);
  view.setUint16(34, 8 * bytesPerSample, true);
  if (extensible) {
    view.setUint16(36, 22, true);
    view.setUint16(38, 8 * bytesPerSample, true);
    view.setUint32(40, SPEAKERS[channels.length - 3]!, true);
    bytes.set([float ? 3 : 1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71], 44);
  }
  let at = 20 + fmtSize;
  if (float) {
    id(at, 'fact');
    view.setUint32(at + 4, 4, true);
    view.setUint32(at + 8, length, true);
    at += 12;
  }
  id(at, 'data');
  view.setUint32(at + 4, dataSize, true);
  at += 8;
  for (let c = 0; c < channels.length; c++) {
    let to = at + c * bytesPerSample;
    const samples = channels[c]!;
    if (float) {
      for (let i = 0; i < length; i++, to += bytesPerFrame) view.setFloat32(to, samples[i]!, true);
    } else {
      const steps = quantize(samples, sampleFormat);
      if (sampleFormat === 16) for (let i = 0; i < length; i++, to += bytesPerFrame) view.setInt16(to, steps[i]!, true);
      else {
        for (let i = 0; i < length; i++, to += bytesPerFrame) {
          view.setUint16(to, steps[i]! & 0xffff, true);
          view.setInt8(to + 2, steps[i]! >> 16);
        }
      }
    }
  }
  return bytes;
}
