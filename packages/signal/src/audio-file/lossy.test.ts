import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeAudio } from './decode-audio.ts';
import { opusPacketDuration } from './opus-read.ts';

const read = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../../../fixtures/audio/${name}`, import.meta.url)));

type Expected = { sampleRate: number; channels: number; length: number; from: number; samples: number[][] };
/** What ffmpeg decodes (fixtures/make/audio.ts): for each file 160 samples a channel over a click, where encoders change their windows. */
const expected: Record<string, Expected> = JSON.parse(new TextDecoder().decode(read('expected.json')));

// container, codec, and the length of the 0.4 s source (0.2 s for AAC 5.1) where the file tells it; ADTS and bare MP3 only hold whole frames
const files: [name: string, container: string, codec: string, length: number, tolerance: number][] = [
  // the same mathematics in float32 and printed with 6 decimals: 1e-6
  ['lame-vbr-stereo.mp3', 'mp3', 'mpeg', 17640, 2e-6],
  ['lame-mpeg2-mono-no-header.mp3', 'mp3', 'mpeg', 8064, 2e-6],
  ['lame-mpeg2.5-mono.mp3', 'mp3', 'mpeg', 4608, 2e-6],
  ['oggenc-stereo.ogg', 'ogg', 'vorbis', 17640, 2e-6],
  ['oggenc-mono-16k.ogg', 'ogg', 'vorbis', 6400, 2e-6],
  // the reference came through libopus in 16 bits
  ['opusenc-mono-16k.opus', 'ogg', 'opus', 19200, 1e-4],
  ['opusenc-stereo-60ms.opus', 'ogg', 'opus', 19200, 1e-4],
  ['opusenc-5.1.opus', 'ogg', 'opus', 19200, 1e-4],
  ['ffmpeg-2.5ms.opus', 'ogg', 'opus', 19200, 1e-4],
  ['ffmpeg-stereo.m4a', 'mp4', 'aac', 17640, 2e-6],
  ['ffmpeg-mono-24k.m4a', 'mp4', 'aac', 9600, 2e-6],
  // ffmpeg's fragments count the padding of the last frame as sound
  ['ffmpeg-fragmented.mp4', 'mp4', 'aac', 7424, 2e-6],
  ['ffmpeg-5.1.m4a', 'mp4', 'aac', 9600, 2e-6],
  ['ffmpeg-fast-coder.m4a', 'mp4', 'aac', 17640, 2e-6],
  ['ffmpeg-quicktime.mov', 'mp4', 'aac', 12800, 2e-6],
  ['ffmpeg-22k.aac', 'adts', 'aac', 10240, 2e-6],
  ['ffmpeg-8k.aac', 'adts', 'aac', 5120, 2e-6],
];

describe('lossy files decode as ffmpeg decodes them, with encoder delay and padding removed', () => {
  test('the list here and the list of expectations are the same', () => {
    expect(files.map(([name]) => name)).toEqual(Object.keys(expected));
  });

  test.each(files)('%s', async (name, container, codec, length, tolerance) => {
    const { sampleRate, channels, from, samples } = expected[name]!;
    const { audio, format, remarks } = await decodeAudio(read(name));
    expect(remarks).toEqual([]);
    expect(format).toEqual({ container, codec, sampleRate, channelCount: channels });
    expect(audio.channels.map((channel) => channel.length)).toEqual(Array(channels).fill(length));
    for (let c = 0; c < channels; c++) {
      expect(audio.channels[c]!.subarray(from, from + samples[c]!.length)).toBeAllClose(samples[c]!, { atol: tolerance, rtol: 0 });
    }
  });
});

describe('opusPacketDuration', () => {
  const packet = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

  test.each([
    // RFC 6716 Table 2: configurations by their upper five bits
    ['SILK, 10 ms', packet(0 << 3, 1), 480],
    ['SILK, 60 ms', packet(3 << 3, 1), 2880],
    ['hybrid, 20 ms', packet(13 << 3, 1), 960],
    ['CELT, 2.5 ms', packet(28 << 3, 1), 120],
    ['two equal frames', packet((31 << 3) | 1, 1, 2), 1920],
    ['two frames, the first of one byte', packet((31 << 3) | 2, 1, 9, 9, 9), 1920],
    ['three frames of one size', packet((31 << 3) | 3, 3, 1, 2, 3), 2880],
    ['three frames of sizes 1, 0 and the rest', packet((31 << 3) | 3, 0x83, 1, 0, 7, 7, 7), 2880],
    ['padding of two bytes', packet((31 << 3) | 3, 0x41, 2, 5, 0, 0), 960],
  ])('%s', (_, bytes, duration) => {
    expect(opusPacketDuration(bytes, 1)).toBe(duration);
  });

  test.each([
    ['nothing at all', packet()],
    ['two frames in an odd number of bytes', packet((31 << 3) | 1, 1)],
    ['no frame', packet((31 << 3) | 3, 0)],
    ['more than 120 ms', packet((31 << 3) | 3, 7, 1, 2, 3, 4, 5, 6, 7)],
    ['a size beyond the end', packet((31 << 3) | 2, 9, 1)],
    ['padding beyond the end', packet((31 << 3) | 3, 0x41, 200, 1)],
    ['a frame of 1276 bytes', Uint8Array.from({ length: 1277 }, (_, i) => (i === 0 ? 31 << 3 : 1))],
  ])('%s is refused', (_, bytes) => {
    expect(opusPacketDuration(bytes, 1)).toBeUndefined();
  });

  test('streams of one packet must last equally long, all but the last telling their size', () => {
    const first = [28 << 3, 2, 1, 1];
    expect(opusPacketDuration(packet(...first, 28 << 3, 1, 1, 1), 2)).toBe(120);
    expect(opusPacketDuration(packet(...first, 31 << 3, 1, 1, 1), 2)).toBeUndefined();
    expect(opusPacketDuration(packet(28 << 3, 200, 1, 1), 2)).toBeUndefined();
  });
});
