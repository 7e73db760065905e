import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { MultichannelAudio } from '../audio.ts';
import { InputError } from '../input-error.ts';
import { decodeAudio, decodeMono } from './decode-audio.ts';
import { encodeFlac } from './flac-write.ts';
import { encodeWav } from './wav-write.ts';

const folder = new URL('../../../../fixtures/audio/', import.meta.url);
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));
const soundFiles = readdirSync(folder).filter((name) => /\.(?!json|md)[a-z0-9]+$/.test(name));
const sine = (length: number, sampleRate: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / sampleRate));

/** A 16-bit WAV header that declares whatever it is told, and `data`. */
function wav({ channels = 1, rate = 8000, declared = 0, data = new Uint8Array(0) }): Uint8Array {
  const bytes = encodeWav({ channels: Array.from({ length: Math.min(2, channels) }, () => new Float32Array(1)), sampleRate: rate }).slice(
    0,
    44,
  );
  const view = new DataView(bytes.buffer);
  view.setUint16(22, channels, true);
  view.setUint16(32, 2 * channels, true);
  view.setUint32(40, declared, true);
  const file = new Uint8Array(44 + data.length);
  file.set(bytes);
  file.set(data, 44);
  return file;
}

/** The largest typed array that is made while `work` runs, in bytes. */
async function largestAllocation(work: () => Promise<unknown>): Promise<number> {
  let largest = 0;
  const names = ['Float32Array', 'Float64Array', 'Uint8Array', 'Int32Array'] as const;
  for (const name of names) {
    const original = globalThis[name];
    const watched = new Proxy(original, {
      construct(target, args, newTarget) {
        const made = Reflect.construct(target, args, newTarget === watched ? target : newTarget) as Uint8Array;
        // a view on given memory is no allocation
        if (!(args[0] instanceof ArrayBuffer)) largest = Math.max(largest, made.byteLength);
        return made;
      },
    });
    vi.stubGlobal(name, watched);
  }
  await work().catch(() => undefined);
  vi.unstubAllGlobals();
  return largest;
}

afterEach(() => void vi.unstubAllGlobals());

describe('no allocation follows a declared size', () => {
  test('a WAV of 44 bytes that declares 4 GB', async () => {
    const file = wav({ channels: 2, rate: 48000, declared: 0xfffffff0 });
    expect(file.length).toBe(44);
    expect(await largestAllocation(() => decodeAudio(file))).toBeLessThan(1000);
  });

  test('the watcher sees an allocation that does happen', async () => {
    const file = encodeWav({ samples: sine(100000, 8000), sampleRate: 8000 });
    // the samples as float32
    expect(await largestAllocation(() => decodeAudio(file))).toBe(400000);
  });

  test.each(readdirSync(new URL('nasty/', folder)))('nasty/%s', async (name) => {
    // the collector grows by blocks of 1 MB, libraries keep buffers of up to 0.4 MB
    expect(await largestAllocation(() => decodeAudio(fixture(`nasty/${name}`)))).toBeLessThanOrEqual(1 << 20);
  });
});

describe('limits', () => {
  const second = encodeWav({ channels: [sine(8000, 8000), sine(8000, 8000)], sampleRate: 8000 });

  test('every limit names what was found, what is allowed and what to do', async () => {
    await expect(decodeAudio(second, { maxChannels: 1 })).rejects.toThrow('has 2 channels but 1 to 1 are accepted. Mix it down');
    await expect(decodeAudio(second, { minSampleRate: 16000 })).rejects.toThrow(
      'sample rate is 8000 Hz but 16000 to 192000 Hz are accepted',
    );
    await expect(decodeAudio(second, { maxSeconds: 0.5 })).rejects.toThrow('lasts longer than 0:00, the most that is accepted. Cut it');
    await expect(decodeAudio(second, { maxBytes: 50000 })).rejects.toThrow('the most that fits the memory limit');
    for (const limits of [{ maxChannels: 1 }, { minSampleRate: 16000 }, { maxSeconds: 0.5 }, { maxBytes: 50000 }]) {
      await expect(decodeAudio(second, limits)).rejects.toBeInstanceOf(InputError);
    }
  });

  test('what is exactly within the limits is read', async () => {
    // 44 + 32000 bytes of file, 2 × 8000 float32 samples
    const { audio } = await decodeAudio(second, { maxSeconds: 1, maxBytes: 44 + 32000 + 64000 });
    expect(audio.channels[0]!.length).toBe(8000);
    await expect(decodeAudio(second, { maxBytes: 44 + 32000 + 64000 - 1 })).rejects.toThrow('or read it mixed to one channel');
    await expect(decodeMono(second, { maxBytes: 44 + 32000 + 32000 })).resolves.toBeDefined();
  });

  test.each(soundFiles)('%s is stopped while it decodes', async (name) => {
    await expect(decodeAudio(fixture(name), { maxSeconds: 0.01 })).rejects.toThrow(/lasts longer than 0:00/);
    await expect(decodeAudio(fixture(name), { maxBytes: fixture(name).length + 100 })).rejects.toThrow(/memory limit/);
  });

  test('a FLAC bomb of silence stops at the limit, not at its end', async () => {
    // 4 minutes of silence in 5 KB of constant frames of 4096 samples
    const bomb = encodeFlac({ samples: new Float32Array(2_000_000), sampleRate: 8000 });
    expect(bomb.length).toBeLessThan(10000);
    const largest = await largestAllocation(() => decodeAudio(bomb, { maxSeconds: 10 }));
    expect(largest).toBeLessThanOrEqual(1 << 20);
  });
});

describe('decodeMono', () => {
  test.each(soundFiles)('%s gives the mean of its channels', async (name) => {
    const many = await decodeAudio(fixture(name));
    const one = await decodeMono(fixture(name));
    const mean = Float32Array.from({ length: many.audio.channels[0]!.length }, (_, i) => {
      let sum = 0;
      for (const channel of many.audio.channels) sum += channel[i]!;
      return sum / many.audio.channels.length;
    });
    expect(one.audio.samples).toEqual(mean);
    expect(one.format).toEqual(many.format);
  });

  test('channels that cancel each other are remarked on', async () => {
    const left = sine(800, 8000);
    const { audio, remarks } = await decodeMono(
      encodeWav({ channels: [left, left.map((x) => -x)], sampleRate: 8000 }, { sampleFormat: 'float' }),
    );
    expect(audio.samples).toEqual(new Float32Array(800));
    expect(remarks).toEqual([
      'The channels cancel each other: their mean loses all of their sound. Give a file with one of the channels alone.',
    ]);
  });
});

describe('whatever the bytes are', () => {
  const answers = async (bytes: Uint8Array): Promise<void> => {
    let audio: MultichannelAudio;
    try {
      ({ audio } = await decodeAudio(bytes));
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      return;
    }
    const length = audio.channels[0]!.length;
    expect(length).toBeGreaterThan(0);
    for (const channel of audio.channels) {
      expect(channel.length).toBe(length);
      expect(channel.every(Number.isFinite)).toBe(true);
    }
  };

  const magics = [
    'RIFF\0\0\0\0WAVEfmt ',
    'RF64\xff\xff\xff\xffWAVEds64',
    'fLaC\0\0\0\x22',
    'OggS\0\x02',
    '\0\0\0\x20ftypM4A ',
    '\xff\xfb\x90\0',
    '\xff\xf1\x50\x80',
    'ID3\x04',
  ];
  test('random bytes, also behind the first bytes of each format, give sound or an InputError', async () => {
    const magic = fc.constantFrom('', ...magics).map((text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
    await fc.assert(
      fc.asyncProperty(magic, fc.uint8Array({ maxLength: 400 }), (head, tail) => answers(Uint8Array.of(...head, ...tail))),
      { numRuns: 500 },
    );
  });

  const mutation = fc.record({
    edits: fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), value: fc.nat(255) }), { maxLength: 8 }),
    nearStart: fc.boolean(),
    cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 3 }),
  });
  test.each(soundFiles)('%s with bytes changed or cut off gives sound or an InputError', async (name) => {
    const good = fixture(name);
    await fc.assert(
      fc.asyncProperty(mutation, ({ edits, nearStart, cut }) => {
        const bytes = good.slice();
        // headers are where lies hurt
        const reach = nearStart ? Math.min(200, bytes.length) : bytes.length;
        for (const { at, value } of edits) bytes[Math.floor(at * reach)] = value;
        return answers(sealOggPages(bytes.subarray(0, cut === null ? bytes.length : Math.floor(cut * bytes.length))));
      }),
      { numRuns: 15 },
    );
  });
});

/** Sets the checksums of Ogg pages right again, so that changed bytes reach the decoders behind them. */
function sealOggPages(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 27 <= bytes.length && view.getUint32(at) === 0x4f676753; ) {
    let end = at + 27 + bytes[at + 26]!;
    for (let i = at + 27; i < at + 27 + bytes[at + 26]!; i++) end += bytes[i] ?? 0;
    if (end > bytes.length) break;
    view.setUint32(at + 22, 0, true);
    let crc = 0;
    for (let i = at; i < end; i++) {
      crc ^= bytes[i]! << 24;
      for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
    }
    view.setUint32(at + 22, crc >>> 0, true);
    at = end;
  }
  return bytes;
}

describe('missing optional decoders', () => {
  test('the package to install is named', async () => {
    vi.resetModules();
    vi.doMock('mpg123-decoder', () => {
      throw new Error('Cannot find package');
    });
    const { decodeAudio: decode } = await import('./decode-audio.ts');
    await expect(decode(fixture('lame-vbr-stereo.mp3'))).rejects.toThrow(
      'Reading MP3 needs the package mpg123-decoder. Install it with "npm install mpg123-decoder", or convert the file to WAV or FLAC.',
    );
    vi.doUnmock('mpg123-decoder');
  });
});
