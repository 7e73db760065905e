// A voice taken apart into pitch, spectral envelope and breath, and put together again half as fast and a fifth higher.
import { readFileSync } from 'node:fs';
import { analyzeVoice, createRandom, decodeMono, resample, synthesizeVoice, trackF0, warpFrames } from '@alignsts/signal';

const { audio } = await decodeMono(readFileSync(new URL('audio/never-surpassed.flac', import.meta.url)));
const speech = resample(audio, 24000);
const frames = analyzeVoice(speech, trackF0(speech).f0);

const sourceTime = Float32Array.from({ length: 2 * frames.frames }, (_, t) => t / 2); // frames of the source
const f0 = sourceTime.map((time) => 1.5 * frames.f0[Math.floor(time)]!);
const slow = synthesizeVoice(warpFrames(frames, sourceTime, f0), { length: 2 * speech.samples.length, random: createRandom(1) });

const median = (values: Float32Array): number =>
  values.filter((hertz) => hertz > 0).sort()[Math.floor(values.filter((v) => v > 0).length / 2)]!;
const ratio = median(trackF0({ samples: slow, sampleRate: 24000 }).f0) / median(frames.f0);
console.log(`${(slow.length / speech.samples.length).toFixed(1)} times as long, pitch ${ratio.toFixed(1)} times as high`);
// prints: 2.0 times as long, pitch 1.5 times as high
