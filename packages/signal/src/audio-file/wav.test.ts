import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signalChannel } from '../../../../fixtures/make/audio-signal.ts';
import { InputError } from '../input-error.ts';
import { createRandom } from '../random.ts';
import { decodeAudio } from './decode-audio.ts';
import { clippedSamples } from './quantize.ts';
import { encodeWav } from './wav-write.ts';

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../../../fixtures/audio/${name}`, import.meta.url)));

describe('reading WAV files of other programs', () => {
  // the tolerance is one step of the format: sox truncates where we round
  test.each([
    ['sox-u8.wav', 8, 1 / 128],
    ['sox-s16.wav', 16, 1 / 32768],
    ['sox-s24-extensible.wav', 24, 2 ** -23],
    // the source and the result are float32
    ['sox-s32-extensible.wav', 32, 2 ** -24],
    ['sox-f32.wav', 32, 2 ** -24],
    ['sox-f64.wav', 64, 2 ** -24],
    ['ffmpeg-s24-rf64.wav', 24, 2 ** -23],
    ['ffmpeg-s16-streamed.wav', 16, 1 / 32768],
    ['ffmpeg-s16-with-list.wav', 16, 1 / 32768],
  ])('%s gives the signal it was made of', async (name, bitsPerSample, step) => {
    const { audio, format, remarks } = await decodeAudio(fixture(name));
    expect(remarks).toEqual([]);
    expect(format).toEqual({
      container: 'wav',
      codec: /-f(32|64)/.test(name) && !name.includes('rf64') ? 'float' : 'pcm',
      sampleRate: 8000,
      channelCount: 2,
      bitsPerSample,
    });
    for (let c = 0; c < 2; c++) expect(audio.channels[c]).toBeAllClose(signalChannel(c, 8000, 800), { atol: step, rtol: 0 });
  });

  test('eight channels keep their order', async () => {
    const { audio } = await decodeAudio(fixture('sox-s16-8-channels.wav'));
    expect(audio.channels.length).toBe(8);
    for (let c = 0; c < 8; c++) expect(audio.channels[c]).toBeAllClose(signalChannel(c, 8000, 400), { atol: 1 / 32768, rtol: 0 });
  });
});

describe('encodeWav', () => {
  const channels = [signalChannel(0, 8000, 501), signalChannel(1, 8000, 501), signalChannel(2, 8000, 501)];

  test.each([
    [16, 1],
    [16, 2],
    [16, 3],
    [24, 1],
    [24, 3],
    ['float', 1],
    ['float', 3],
  ] as const)('what was read from %s-bit samples of %i channels is written back bit for bit', async (sampleFormat, count) => {
    const bytes = encodeWav({ channels: channels.slice(0, count), sampleRate: 8000 }, { sampleFormat });
    const first = await decodeAudio(bytes);
    expect(first.remarks).toEqual([]);
    expect(first.audio.channels.length).toBe(count);
    expect(encodeWav(first.audio, { sampleFormat })).toEqual(bytes);
  });

  test('32-bit floats come back exactly, samples beyond full scale included', async () => {
    const samples = Float32Array.of(0, 1.5, -2.25, 1e-30, 0.1);
    const { audio } = await decodeAudio(encodeWav({ samples, sampleRate: 44100 }, { sampleFormat: 'float' }));
    expect(audio.channels).toEqual([samples]);
  });

  test('integers are rounded to the nearest step and limited, and the limited ones can be counted', async () => {
    const sound = { samples: Float32Array.of(0.6 / 32768, 0.4 / 32768, 1, 1.5, -1, -1.5, 32767 / 32768), sampleRate: 8000 };
    const { audio } = await decodeAudio(encodeWav(sound));
    expect(Array.from(audio.channels[0]!, (x) => x * 32768)).toEqual([1, 0, 32767, 32767, -32768, -32768, 32767]);
    // +1 itself is a step too high; -1 is not
    expect(clippedSamples(sound, 16)).toBe(3);
  });

  test('the header is the canonical 44 bytes for one and two channels of 16 bits', () => {
    const bytes = encodeWav({ samples: Float32Array.of(0.25, -0.25), sampleRate: 24000 });
    const header = 'RIFF(\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\xc0]\0\0\x80\xbb\0\0\x02\0\x10\0data\x04\0\0\0';
    expect(String.fromCharCode(...bytes)).toBe(`${header}\0 \0\xe0`);
  });

  test.each([
    ['no channel', { channels: [], sampleRate: 8000 }, /0 channels/],
    ['nine channels', { channels: Array.from({ length: 9 }, () => new Float32Array(2)), sampleRate: 8000 }, /9 channels/],
    ['no samples', { samples: new Float32Array(0), sampleRate: 8000 }, /no samples/],
    ['unequal channels', { channels: [new Float32Array(2), new Float32Array(3)], sampleRate: 8000 }, /Channel 2 has 3 samples/],
    ['a sample that is no number', { samples: Float32Array.of(0, Number.NaN), sampleRate: 8000 }, /Sample 1 of channel 1 is NaN/],
    ['an infinite sample', { samples: Float32Array.of(Number.NEGATIVE_INFINITY), sampleRate: 8000 }, /Sample 0 of channel 1 is -Infinity/],
    ['half a hertz', { samples: new Float32Array(2), sampleRate: 8000.5 }, /8000.5 Hz/],
  ])('%s is refused', (_, audio, message) => {
    expect(() => encodeWav(audio)).toThrow(InputError);
    expect(() => encodeWav(audio)).toThrow(message);
  });

  test('any sound of any layout comes back within half a step', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom(16 as const, 24 as const, 'float' as const),
        fc.integer(),
        async (count, length, sampleFormat, seed) => {
          const random = createRandom(seed);
          const sound = Array.from({ length: count }, () => Float32Array.from({ length }, () => 1.9 * random.uniform() - 0.95));
          const { audio } = await decodeAudio(encodeWav({ channels: sound, sampleRate: 16000 }, { sampleFormat }));
          const step = sampleFormat === 'float' ? 0 : 2 ** (1 - sampleFormat);
          // half a step, and the rounding of the quotient to float32
          for (let c = 0; c < count; c++)
            expect(audio.channels[c]).toBeAllClose(sound[c]!, { atol: step / 2 + (step > 0 ? 2 ** -25 : 0), rtol: 0 });
        },
      ),
      { numRuns: 60 },
    );
  });
});
