// Re-synthesis of 10 s of speech and song at 24 kHz three semitones higher, beside the programs that are installed here of Rubber Band, Praat's PSOLA and
// SoX's WSOLA (they also start, read and write a file: some 10 ms; Praat finds its own F0). The mean in milliseconds, divided by 10 000, is the
// real-time factor of one core.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  analyzeVoice,
  createRandom,
  decodeMono,
  dtw,
  encodeWav,
  flattenPitch,
  synthesizeVoice,
  trackF0,
  warpFrames,
} from '@alignsts/signal';
import { afterAll, bench, describe } from 'vitest';

const SEMITONES = 3;
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
const { f0 } = trackF0(audio);
const frames = analyzeVoice(audio, f0);
const higher = f0.map((pitch) => pitch * 2 ** (SEMITONES / 12));
const time = Float32Array.from({ length: f0.length }, (_, t) => t);
const synthesis = { length: samples.length };

const folder = mkdtempSync(join(tmpdir(), 'bench-source-filter-'));
const input = join(folder, 'in.wav');
const output = join(folder, 'out.wav');
const script = join(folder, 'psola.praat');
writeFileSync(input, encodeWav({ channels: [samples], sampleRate: 24000 }));
writeFileSync(
  script,
  `Read from file: "${input}"
manipulation = To Manipulation: 0.01, 75, 600
tier = Extract pitch tier
Shift frequencies: 0, 10, ${SEMITONES}, "semitones"
selectObject: manipulation
plusObject: tier
Replace pitch tier
selectObject: manipulation
Get resynthesis (overlap-add)
Save as WAV file: "${output}"
`,
);
const runs = (command: string, args: string[]): boolean => spawnSync(command, args).status === 0;

describe('10 s of voice, three semitones higher', () => {
  bench('analyzeVoice and synthesizeVoice', () => {
    synthesizeVoice(warpFrames(analyzeVoice(audio, f0), time, higher), { ...synthesis, random: createRandom(1) });
  });

  bench('F0, analyzeVoice and synthesizeVoice', () => {
    const own = trackF0(audio).f0;
    synthesizeVoice(
      { ...analyzeVoice(audio, own), f0: own.map((pitch) => pitch * 2 ** (SEMITONES / 12)) },
      { ...synthesis, random: createRandom(1) },
    );
  });

  const rubberBand = ['-q', '-p', String(SEMITONES), '-F', input, output];
  bench.skipIf(!runs('rubberband', rubberBand))('Rubber Band, formants kept', () => {
    runs('rubberband', rubberBand);
  });

  const praat = ['--run', script];
  bench.skipIf(!runs('praat', praat))('Praat, overlap-add', () => {
    runs('praat', praat);
  });

  const sox = [input, output, 'pitch', String(100 * SEMITONES)];
  bench.skipIf(!runs('sox', sox))('SoX pitch (formants move)', () => {
    runs('sox', sox);
  });
});

describe('parts', () => {
  bench('analyzeVoice of 10 s', () => {
    analyzeVoice(audio, f0);
  });

  bench('synthesizeVoice of 10 s', () => {
    synthesizeVoice(frames, { ...synthesis, random: createRandom(1) });
  });

  bench('warpFrames of 10 s', () => {
    warpFrames(
      frames,
      time.map((t) => t + 0.5),
      higher,
    );
  });

  bench('flattenPitch of 10 s', () => {
    flattenPitch(audio, f0, { random: createRandom(1) });
  });

  // 10 s against 10 s
  const table = Float32Array.from({ length: f0.length * f0.length }, (_, n) => ((n * 7919) % 101) / 101);
  bench('dtw of 1876 by 1876 frames, unit steps', () => {
    dtw({ rows: f0.length, cols: f0.length, cost: table });
  });

  bench('dtw of 1876 by 1876 frames, runs up to 2 rows and 8 columns, band of 375', () => {
    dtw({ rows: f0.length, cols: f0.length, cost: table, maxRun: { rows: 2, cols: 8 }, band: { radius: 375 } });
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));
