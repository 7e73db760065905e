/** Reads AAC-LC in ADTS frames (.aac files and radio streams). */
import { InputError } from '../input-error.ts';
import { createAacStream } from './aac-stream.ts';
import { adtsFrameAt } from './adts-frame.ts';
import type { SampleCollector } from './sample-collector.ts';

/** @param bytes from the first frame on */
export function readAdts(bytes: Uint8Array, collector: SampleCollector): void {
  const first = adtsFrameAt(bytes, 0)!;
  const { sampleRate } = first;
  if (first.blockCount > 1) {
    throw new InputError('The AAC file puts several blocks into one ADTS frame, which is not read. Convert it to WAV, FLAC or M4A.');
  }
  const stream = createAacStream({ container: 'adts', sampleRate, rateIndex: first.rateIndex, skip: 0 }, collector);
  let skippedBytes = 0;
  let cut = false;
  for (let at = 0; at < bytes.length; ) {
    const frame = adtsFrameAt(bytes, at);
    const next = frame === undefined ? at : at + frame.byteLength;
    if (frame === undefined || frame.sampleRate !== sampleRate || frame.blockCount > 1) {
      // an ID3v1 tag may close the file
      if (bytes.length - at === 128 && String.fromCharCode(...bytes.subarray(at, at + 3)) === 'TAG') break;
      skippedBytes++;
      at++;
      continue;
    }
    if (next > bytes.length) {
      cut = true;
      break;
    }
    stream.take(bytes, at + frame.headerLength, next);
    at = next;
  }
  stream.finish();
  if (skippedBytes > 0) collector.remark(`${skippedBytes} bytes between ADTS frames are damaged and were left out.`);
  if (cut) collector.remark('The AAC file ends inside a frame: it may be cut short. What it holds was read.');
}
