/**
 * Reads MP3 (MPEG-1, 2 and 2.5, layer III) through mpg123 as WebAssembly. The frames are found here, so that the library is given whole frames of
 * one stream and nothing else; encoder delay and padding from a LAME header are removed by it.
 */
import { InputError } from '../input-error.ts';
import type { Hertz } from '../units.ts';
import { loadOptional } from './load-optional.ts';
import { mpegFrameAt, sameMpegStream } from './mpeg-frame.ts';
import { releaseDecoder, stoppedRemark } from './release-decoder.ts';
import type { SampleCollector } from './sample-collector.ts';
import { withoutConsole } from './without-console.ts';

/** Frames handed over at once: about 1.5 s, so that the limits act while decoding. */
const BATCH = 64;

/** @param bytes from the first frame on */
export async function readMp3(bytes: Uint8Array, collector: SampleCollector): Promise<void> {
  const { layer } = mpegFrameAt(bytes, 0)!;
  if (layer !== 3) {
    // mpg123 prints what it finds wrong in layer II, and a library must not print
    throw new InputError(
      `The file is MPEG audio of layer ${layer === 1 ? 'I' : 'II'} but only layer III (MP3) is read. Convert it to WAV, FLAC or MP3.`,
    );
  }
  const { frames, sampleRate, channelCount, skippedBytes, cutBytes, changed } = findFrames(bytes);
  if (frames.length === 0) throw damaged();
  collector.open({ container: 'mp3', codec: 'mpeg', channelCount, sampleRate });
  if (changed)
    collector.remark('The MP3 file changes its sample rate or layer on the way; what comes after the first change was left out.');
  if (skippedBytes > 0) collector.remark(`${skippedBytes} bytes between MP3 frames are damaged and were left out.`);
  if (cutBytes > 0) collector.remark('The MP3 file ends inside a frame: it may be cut short. What it holds was read.');
  const { MPEGDecoder } = await loadOptional(() => import('mpg123-decoder'), 'MP3', 'mpg123-decoder');
  const decoder = new MPEGDecoder();
  await decoder.ready;
  try {
    for (let from = 0; from < frames.length; from += 2 * BATCH) {
      const batch: Uint8Array[] = [];
      for (let i = from; i < Math.min(from + 2 * BATCH, frames.length); i += 2)
        batch.push(bytes.subarray(frames[i]!, frames[i]! + frames[i + 1]!));
      let decoded: { channelData: Float32Array[]; samplesDecoded: number };
      try {
        decoded = withoutConsole(() => decoder.decodeFrames(batch));
      } catch {
        if (collector.length === 0) throw damaged();
        collector.remark(stoppedRemark('MP3', collector.length / sampleRate));
        break;
      }
      // the library always gives two channels, equal ones for mono
      if (decoded.samplesDecoded > 0) collector.append(decoded.channelData.slice(0, channelCount), 0, decoded.samplesDecoded);
    }
  } finally {
    releaseDecoder(decoder);
  }
}

function damaged(): InputError {
  return new InputError('The MP3 file is damaged or cut off and holds no frame that can be decoded. Export the recording again.');
}

type FoundFrames = {
  sampleRate: Hertz;
  /** First byte and length of each frame, by turns: a file of tiny frames has millions. */
  frames: number[];
  channelCount: 1 | 2;
  skippedBytes: number;
  cutBytes: number;
  changed: boolean;
};

function findFrames(bytes: Uint8Array): FoundFrames {
  const end = tagsStart(bytes);
  const first = mpegFrameAt(bytes, 0)!;
  const found: FoundFrames = { sampleRate: first.sampleRate, frames: [], channelCount: 1, skippedBytes: 0, cutBytes: 0, changed: false };
  let at = 0;
  while (at < end) {
    const header = mpegFrameAt(bytes, at);
    const next = header === undefined ? at : at + header.byteLength;
    if (header !== undefined && next > end) {
      found.cutBytes = end - at;
      break;
    }
    // a header inside damaged data must be followed by another one to be believed
    if (header === undefined || (found.skippedBytes > 0 && next + 4 <= end && mpegFrameAt(bytes, next) === undefined)) {
      found.skippedBytes++;
      at++;
      continue;
    }
    if (!sameMpegStream(first, header)) {
      const after = mpegFrameAt(bytes, next);
      if (after !== undefined && sameMpegStream(header, after)) {
        found.changed = true;
        break;
      }
      found.skippedBytes++;
      at++;
      continue;
    }
    if (header.channelCount === 2) found.channelCount = 2;
    found.frames.push(at, header.byteLength);
    at = next;
  }
  return found;
}

/** Where ID3v1 (128 bytes) and APEv2 tags at the end begin: they are no damage. */
function tagsStart(bytes: Uint8Array): number {
  let end = bytes.length;
  if (end >= 128 && ascii(bytes, end - 128, 3) === 'TAG') end -= 128;
  if (end >= 32 && ascii(bytes, end - 32, 8) === 'APETAGEX') {
    const view = new DataView(bytes.buffer, bytes.byteOffset + end - 32, 32);
    const header = (view.getUint32(20, true) & 0x80000000) !== 0 ? 32 : 0;
    end = Math.max(0, end - view.getUint32(12, true) - header);
  }
  return end;
}

function ascii(bytes: Uint8Array, at: number, count: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + count));
}
