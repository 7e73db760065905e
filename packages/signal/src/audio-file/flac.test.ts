import { readFileSync } from 'node:fs';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signalChannel } from '../../../../fixtures/make/audio-signal.ts';
import { InputError } from '../input-error.ts';
import { createRandom } from '../random.ts';
import { decodeAudio } from './decode-audio.ts';
import { encodeFlac } from './flac-write.ts';
import { quantize } from './quantize.ts';
import { encodeWav } from './wav-write.ts';

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../../../fixtures/audio/${name}`, import.meta.url)));
const asFloats = (steps: Int32Array, bits: number): Float32Array => Float32Array.from(steps, (step) => step / 2 ** (bits - 1));

describe('reading FLAC files of other programs', () => {
  test.each([
    ['flac-8-stereo.flac', 'flac', 16000, 2, 4000],
    ['flac-0-mono.flac', 'flac', 16000, 1, 4000],
    ['flac-6-channels.flac', 'flac', 8000, 6, 800],
    ['flac-in-ogg.oga', 'ogg', 16000, 2, 4000],
    ['ffmpeg-96k.flac', 'flac', 96000, 1, 4800],
  ])('%s gives the 16-bit signal bit for bit', async (name, container, sampleRate, channelCount, length) => {
    const { audio, format, remarks } = await decodeAudio(fixture(name));
    expect(remarks).toEqual([]);
    expect(format).toEqual({ container, codec: 'flac', sampleRate, channelCount, bitsPerSample: 16 });
    for (let c = 0; c < channelCount; c++) {
      expect(audio.channels[c]).toEqual(asFloats(quantize(signalChannel(c, sampleRate, length), 16), 16));
    }
  });

  // sox made the integers, within one step of ours; float32 holds 24 bits of the 32
  test.each([
    ['flac-8-bit-lax.flac', 8, 8000, 1, 2000, 1 / 128],
    ['flac-24-bit.flac', 24, 16000, 2, 1600, 2 ** -23],
    ['flac-32-bit.flac', 32, 8000, 1, 800, 2 ** -24],
  ])('%s gives samples of %i bits', async (name, bitsPerSample, sampleRate, channelCount, length, step) => {
    const { audio, format } = await decodeAudio(fixture(name));
    expect(format).toEqual({ container: 'flac', codec: 'flac', sampleRate, channelCount, bitsPerSample });
    for (let c = 0; c < channelCount; c++) {
      expect(audio.channels[c]).toBeAllClose(signalChannel(c, sampleRate, length), { atol: step, rtol: 0 });
    }
  });

  test('a damaged frame becomes silence and what follows keeps its time', async () => {
    const good = (await decodeAudio(fixture('flac-8-stereo.flac'))).audio.channels[0]!;
    const { audio, remarks } = await decodeAudio(fixture('nasty/damaged-flac-8-stereo.flac'));
    const damaged = audio.channels[0]!;
    expect(remarks).toEqual(['Damaged FLAC frames became silence (0.06 s).']);
    // the third of four blocks of 1024 is hit
    expect(damaged.subarray(0, 2048)).toEqual(good.subarray(0, 2048));
    expect(damaged.subarray(2048, 3072)).toEqual(new Float32Array(1024));
    expect(damaged.subarray(3072)).toEqual(good.subarray(3072));
  });
});

/** Decodes with libFLAC itself. */
async function libFlac(bytes: Uint8Array): Promise<{ channelData: Float32Array[]; sampleRate: number; errors: unknown[] }> {
  const decoder = new FLACDecoder();
  await decoder.ready;
  try {
    return await decoder.decodeFile(bytes);
  } finally {
    decoder.free();
  }
}

describe('encodeFlac', () => {
  const random = createRandom(3);
  const noise = Float32Array.from({ length: 5000 }, () => 1.9 * random.uniform() - 0.95);
  const sounds: Record<string, Float32Array[]> = {
    'a chirp with clicks': [signalChannel(0, 16000, 9000)],
    'two different channels': [signalChannel(0, 16000, 9000), signalChannel(1, 16000, 9000)],
    'two nearly equal channels': [signalChannel(0, 16000, 5000), signalChannel(0, 16000, 5000).map((x, i) => x + (i % 3) / 32768)],
    'opposite channels': [signalChannel(0, 16000, 5000), signalChannel(0, 16000, 5000).map((x) => -x)],
    'white noise': [noise],
    'silence and a constant': [new Float32Array(5000), new Float32Array(5000).fill(0.25)],
    'full-scale square': [Float32Array.from({ length: 5000 }, (_, i) => ((i >> 4) % 2 === 0 ? 1 : -1))],
    'one sample': [Float32Array.of(0.5)],
    'seventeen samples': [noise.subarray(0, 17)],
    'eight channels': Array.from({ length: 8 }, (_, c) => signalChannel(c, 16000, 4100)),
  };

  for (const [name, channels] of Object.entries(sounds)) {
    test.each([16, 24] as const)(`${name}: libFLAC and our reader give the %i-bit samples back bit for bit`, async (bitsPerSample) => {
      const bytes = encodeFlac({ channels, sampleRate: 16000 }, { bitsPerSample });
      const expected = channels.map((samples) => asFloats(quantize(samples, bitsPerSample), bitsPerSample));
      const ours = await decodeAudio(bytes);
      expect(ours.remarks).toEqual([]);
      expect(ours.format).toEqual({ container: 'flac', codec: 'flac', sampleRate: 16000, channelCount: channels.length, bitsPerSample });
      expect(ours.audio.channels).toEqual(expected);
      const theirs = await libFlac(bytes);
      expect(theirs.errors).toEqual([]);
      expect(theirs.sampleRate).toBe(16000);
      // the library scales by 1/(2^(bits-1) - 1), so its integers are found again by rounding
      const scale = 2 ** (bitsPerSample - 1) - 1;
      expect(theirs.channelData.map((samples) => Int32Array.from(samples, (x) => Math.round(x * scale)))).toEqual(
        channels.map((samples) => quantize(samples, bitsPerSample)),
      );
    });
  }

  test('is smaller than WAV for a voice-like signal and hardly larger for noise', () => {
    const chirp = { samples: signalChannel(1, 16000, 16000), sampleRate: 16000 };
    // 0.6 is what flac -8 reaches on it, rounded up
    expect(encodeFlac(chirp).length).toBeLessThan(0.65 * encodeWav(chirp).length);
    const white = { samples: noise, sampleRate: 16000 };
    expect(encodeFlac(white).length).toBeLessThan(1.01 * encodeWav(white).length);
  });

  test('any short sound of any layout comes back exactly', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom(16 as const, 24 as const),
        fc.constantFrom(1, 0.01, 0.0001),
        fc.integer(),
        async (count, length, bitsPerSample, level, seed) => {
          const source = createRandom(seed);
          const channels = Array.from({ length: count }, () => Float32Array.from({ length }, () => level * (2.2 * source.uniform() - 1.1)));
          const { audio } = await decodeAudio(encodeFlac({ channels, sampleRate: 44100 }, { bitsPerSample }));
          expect(audio.channels).toEqual(channels.map((samples) => asFloats(quantize(samples, bitsPerSample), bitsPerSample)));
        },
      ),
      { numRuns: 100 },
    );
  });

  test.each([8000, 11025, 44100, 22000, 65535, 100010, 123457, 192000])(
    'a rate of %i Hz is told by every frame, or else by the stream info',
    async (sampleRate) => {
      const bytes = encodeFlac({ samples: signalChannel(0, 16000, 5000), sampleRate });
      expect((await decodeAudio(bytes)).format.sampleRate).toBe(sampleRate);
      // libFLAC is given frames without the stream info
      if (sampleRate !== 123457) expect(await libFlac(bytes)).toMatchObject({ sampleRate, errors: [] });
    },
  );

  test('a sample rate beyond 20 bits is refused', () => {
    expect(() => encodeFlac({ samples: new Float32Array(2), sampleRate: 2_000_000 })).toThrow(InputError);
  });
});
