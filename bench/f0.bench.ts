// F0 of 10 s of speech and song at 24 kHz, hop 128, beside pitchy (McLeod's method, window 2048).
// The mean in milliseconds, divided by 10 000, is the real-time factor.
import { readFileSync } from 'node:fs';
import { decodeMono, segmentNotes, trackF0 } from '@alignsts/signal';
import { PitchDetector } from 'pitchy';
import { bench, describe } from 'vitest';

const CLIPS = ['speech-low', 'song-plain', 'speech-high', 'song-ornamented', 'speech-noisy', 'song-high'];
const samples = new Float32Array(240000);
const clips = await Promise.all(
  CLIPS.map(async (name) => (await decodeMono(readFileSync(new URL(`../fixtures/f0/${name}.flac`, import.meta.url)))).audio.samples),
);
for (let at = 0, i = 0; at < samples.length; i++) {
  const clip = clips[i % clips.length]!.subarray(0, samples.length - at);
  samples.set(clip, at);
  at += clip.length;
}
const audio = { samples, sampleRate: 24000 };
const track = trackF0(audio);

describe('F0 of 10 s of voice', () => {
  bench('trackF0 (Praat’s method, 75 ms window)', () => {
    trackF0(audio);
  });

  bench('trackF0 with the short Hann window', () => {
    trackF0(audio, { veryAccurate: false });
  });

  const detector = PitchDetector.forFloat32Array(2048);
  bench('pitchy, window 2048', () => {
    for (let start = 0; start + 2048 <= samples.length; start += 128) detector.findPitch(samples.subarray(start, start + 2048), 24000);
  });

  bench('segmentNotes of the curve', () => {
    segmentNotes(track, 187.5);
  });
});
