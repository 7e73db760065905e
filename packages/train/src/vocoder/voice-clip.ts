import { type Audio, analyzeVoice, createMelSpectrogram, createResampler, trackF0 } from '@alignsts/signal';
import { createVoiceFeatures, VOICE_CHANNELS } from 'alignsts/vocoder';

/**
 * A recording as the vocoder's training reads it: 24 kHz sound and, on the grid of 128 samples, F0 and both kinds of features. In files numbers are
 * integers: sound in 16 bits, features in thousandths (of a neper or a decade), far finer than any analysis.
 */
export type VoiceClip = {
  name: string;
  sung: boolean;
  /** The recording holds nothing above, Hz. */
  limit: number;
  samples: Int16Array; // [n]
  f0: Float32Array; // [T] Hz, 0 = unvoiced; T = 1 + floor(n/128)
  envelope: Int16Array; // [T, 85] thousandths
  mel: Int16Array; // [T, 80] thousandths of log10
};

export const MEL_CHANNELS = 80;
const RATE = 24000;

export type ClipOptions = {
  name: string;
  sung: boolean;
  /** Factor on pitch, formants and tempo: the recording played faster or slower. 1 by default. */
  speed?: number;
};

const featuresOf = createVoiceFeatures();
const melOf = createMelSpectrogram();

/** Resamples a recording and analyses it as the product does, with the pitch range moved along with the speed. */
export function makeVoiceClip(audio: Audio, { name, sung, speed = 1 }: ClipOptions): VoiceClip {
  const from = Math.round(audio.sampleRate * speed);
  const samples = from === RATE ? audio.samples : createResampler(from, RATE)(audio.samples);
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = peak > 0.999 ? 0.999 / peak : 1; // a resampled peak may pass full scale
  const stored = Int16Array.from(samples, (value) => Math.round(value * scale * 32767));
  const sound: Audio = { samples: Float32Array.from(stored, (value) => value / 32767), sampleRate: RATE };
  const { f0 } = trackF0(sound, { floor: 80 * speed, ceiling: Math.min(1100, 750 * Math.max(1, speed)) });
  const frames = analyzeVoice(sound, f0);
  return {
    ...{ name, sung, samples: stored, f0 },
    // 16 kHz recordings of LibriSpeech were MP3 once: nothing above 7.3 kHz; a resampler's pass band ends at 0.91
    limit: audio.sampleRate < 20000 ? 7300 * speed : audio.sampleRate < RATE || speed < 1 ? 0.45 * audio.sampleRate * speed : RATE / 2,
    envelope: thousandths(featuresOf(frames)),
    mel: thousandths(melOf(sound.samples).values),
  };
}

function thousandths(values: Float32Array): Int16Array {
  return Int16Array.from(values, (value) => Math.max(-32767, Math.min(32767, Math.round(1000 * value))));
}

type Header = { name: string; sung: boolean; limit: number; samples: number; frames: number };

/** One clip as bytes: length of the header, header in JSON padded to 4 bytes, then the arrays. */
export function encodeClip(clip: VoiceClip): Uint8Array {
  const header: Header = { name: clip.name, sung: clip.sung, limit: clip.limit, samples: clip.samples.length, frames: clip.f0.length };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = 4 + 4 * Math.ceil(json.length / 4);
  const parts = [clip.f0, clip.samples, clip.envelope, clip.mel];
  const bytes = new Uint8Array(start + parts.reduce((sum, part) => sum + part.byteLength, 0));
  new DataView(bytes.buffer).setUint32(0, start, true);
  bytes.fill(0x20, 4, start);
  bytes.set(json, 4);
  let offset = start;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), offset);
    offset += part.byteLength;
  }
  return bytes;
}

export function decodeClip(bytes: Uint8Array): VoiceClip {
  const own = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const start = new DataView(own.buffer, own.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(own.subarray(4, start))) as Header;
  const { samples, frames } = header;
  const base = own.byteOffset + start;
  const sampleBase = base + 4 * frames;
  const envelopeBase = sampleBase + 2 * samples;
  const melBase = envelopeBase + 2 * frames * VOICE_CHANNELS;
  return {
    ...{ name: header.name, sung: header.sung, limit: header.limit },
    f0: new Float32Array(own.buffer, base, frames),
    samples: new Int16Array(own.buffer, sampleBase, samples),
    envelope: new Int16Array(own.buffer, envelopeBase, frames * VOICE_CHANNELS),
    mel: new Int16Array(own.buffer, melBase, frames * MEL_CHANNELS),
  };
}
