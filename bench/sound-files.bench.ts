// Reading, writing and resampling 10 s of sound. The mean in milliseconds, divided by 10 000, is the real-time factor.
// Lossy files are the 0.4 s fixtures read 25 times, each with a decoder of its own.
import { readFileSync } from 'node:fs';
import { createRandom, createResampler, decodeAudio, decodeMono, encodeFlac, encodeWav } from '@alignsts/signal';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { bench, describe } from 'vitest';

const random = createRandom(1);
// noise through one pole: about as compressible as a voice
let state = 0;
const voice = (length: number): Float32Array =>
  Float32Array.from({ length }, () => {
    state = 0.95 * state + 0.05 * random.normal();
    return state;
  });

describe('resampling 10 s', () => {
  for (const [from, to] of [
    [48000, 24000],
    [44100, 24000],
    [24000, 16000],
    [16000, 24000],
  ] as const) {
    const samples = voice(10 * from);
    const run = createResampler(from, to);
    bench(`${from} to ${to} Hz`, () => {
      run(samples);
    });
  }
});

describe('10 s of stereo at 48 kHz', () => {
  const stereo = { channels: [voice(480000), voice(480000)], sampleRate: 48000 };
  const wav = encodeWav(stereo);
  const flac = encodeFlac(stereo);
  bench('read WAV', async () => void (await decodeAudio(wav)));
  bench('read WAV to one channel', async () => void (await decodeMono(wav)));
  bench('read FLAC', async () => void (await decodeAudio(flac)));
  bench('read FLAC with libFLAC as WebAssembly (peer)', async () => {
    const decoder = new FLACDecoder();
    await decoder.ready;
    await decoder.decodeFile(flac);
    decoder.free();
  });
  bench('write WAV', () => void encodeWav(stereo));
  bench('write FLAC', () => void encodeFlac(stereo));
});

describe('10 s in 25 lossy files', async () => {
  for (const name of ['lame-vbr-stereo.mp3', 'oggenc-stereo.ogg', 'opusenc-stereo-60ms.opus', 'ffmpeg-stereo.m4a']) {
    const bytes = readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url));
    bench(name, async () => {
      for (let i = 0; i < 25; i++) await decodeAudio(bytes);
    });
  }
});
