import { InputError } from '../input-error.ts';
import type { Hertz, Samples } from '../units.ts';
import { createAacDecoder } from './aac/aac-decoder.ts';
import type { AudioContainer } from './audio-format.ts';
import { inWavOrder } from './channel-order.ts';
import type { SampleCollector } from './sample-collector.ts';

/** AAC frames on their way into a collector: the container tells where they are and which samples count. */
export type AacStream = {
  take(bytes: Uint8Array, start: number, end: number): void;
  finish(): void;
};

export type AacStreamLayout = {
  container: AudioContainer;
  sampleRate: Hertz;
  /** Index of the tables of the sample rate (14496-3 Table 1.18). */
  rateIndex: number;
  /** Samples that the encoder put before the sound. */
  skip: Samples;
  /** Samples of sound after them, where the container tells. */
  length?: Samples;
};

const FRAME: Samples = 1024;

export function createAacStream(layout: AacStreamLayout, collector: SampleCollector): AacStream {
  const { container, sampleRate, rateIndex, skip, length = Number.POSITIVE_INFINITY } = layout;
  const decoder = createAacDecoder(rateIndex);
  let channelCount = 0;
  let damagedFrames = 0;
  let sbr = false;
  let position: Samples = 0;
  return {
    take(bytes, start, end) {
      const frame = decoder.decode(bytes, start, end);
      const good = frame !== undefined && frame.channels.length > 0 && (channelCount === 0 || frame.channels.length === channelCount);
      if (good && channelCount === 0) {
        channelCount = frame.channels.length;
        collector.open({ container, codec: 'aac', sampleRate, channelCount });
      }
      const from = Math.min(FRAME, Math.max(0, skip - position));
      const to = Math.max(from, Math.min(FRAME, skip + length - position));
      position += FRAME;
      if (!good) damagedFrames++;
      if (channelCount === 0 || from === to) return;
      if (!good) collector.appendSilence(to - from);
      else {
        sbr ||= frame.sbr;
        collector.append(inWavOrder(frame.channels, 'aac'), from, to);
      }
    },
    finish() {
      if (channelCount === 0) {
        throw new InputError(
          'The AAC sound cannot be decoded: it is damaged, or of a profile other than AAC-LC. Convert it to WAV or FLAC.',
        );
      }
      if (damagedFrames > 0) collector.remark(`${damagedFrames} damaged AAC frame${damagedFrames === 1 ? '' : 's'} became silence.`);
      if (sbr) {
        collector.remark(
          `The sound is high-efficiency AAC; only its AAC-LC core was decoded, so nothing above ${sampleRate / 2000} kHz is heard. Give WAV, FLAC or AAC-LC for more.`,
        );
      }
    },
  };
}
