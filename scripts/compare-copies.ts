// Compares our source-filter analysis and synthesis with WORLD's on clips with Praat's F0:
//   python fixtures/make/f0.py clips DATA FOLDER
//   python fixtures/make/source-filter.py clips FOLDER
//   npx tsx --conditions=source scripts/compare-copies.ts FOLDER
// Writes our copies beside WORLD's as NN.ours.wav. Prints, over all clips: the difference of the envelopes (CheapTrick alone), of the band aperiodicities
// and of voicing; and of both copies the level above 80 Hz second by second and the harmonicity by bands (correlation of the sound with itself one period
// later, in voiced frames), beside the originals'; and processor seconds per second of sound.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeVoice, createRandom, decodeMono, encodeWav, highPass, synthesizeVoice } from '@alignsts/signal';

type Clip = { file: string; name: string; mel: { f0: number[] } };

const HOP = 128;
const RATE = 24000;
/** Corners of the harmonicity's bands, Hz; each is cut out by a difference of two high-passes. */
const BANDS: [number, number][] = [
  [500, 1500],
  [2000, 4000],
  [5000, 7000],
  [8000, 10000],
];

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Name the folder that fixtures/make/source-filter.py has filled: scripts/compare-copies.ts FOLDER');
  process.exit(2);
}
const clips: Clip[] = JSON.parse(readFileSync(join(folder, 'praat.json'), 'utf8'));
const worldSeconds: Record<string, number> = JSON.parse(readFileSync(join(folder, 'world.json'), 'utf8'));

const envelopeVoiced: number[] = [];
const envelopeUnvoiced: number[] = [];
const ratios: { ours: number[]; world: number[] }[] = [1, 2, 3].map(() => ({ ours: [], world: [] }));
let [voiced, sameVoicing, seconds, analysis, synthesis] = [0, 0, 0, 0, 0];
const levels: Record<'ours' | 'world', number[]> = { ours: [], world: [] };
const harmonicity: Record<'original' | 'ours' | 'world', number[][]> = {
  original: BANDS.map(() => []),
  ours: BANDS.map(() => []),
  world: BANDS.map(() => []),
};

for (const clip of clips) {
  const stem = join(folder, clip.file.replace(/\.wav$/, ''));
  const { audio } = await decodeMono(readFileSync(join(folder, clip.file)));
  const f0 = Float32Array.from(clip.mel.f0);

  const plain = analyzeVoice(audio, f0, {
    matchHarmonics: false,
    voicedReach: 0,
    unvoicedReach: 0,
    aperiodicityReach: 0,
    biasTakenBack: 0,
  });
  const envelope = floats(`${stem}.envelope.f32`);
  const ratio = floats(`${stem}.ratio.f32`);
  for (let t = 0; t < f0.length; t++) {
    let sum = 0;
    for (let k = 0; k < plain.bins; k++)
      sum += Math.abs(10 * Math.log10(plain.envelope[t * plain.bins + k]! / envelope[t * plain.bins + k]!));
    (f0[t]! > 0 ? envelopeVoiced : envelopeUnvoiced).push(sum / plain.bins);
    if (f0[t]! <= 0) continue;
    voiced++;
    const ourNoise = plain.aperiodicity[5 * t]! === 1;
    const theirNoise = ratio[4 * t]! > 0.99;
    if (ourNoise === theirNoise) sameVoicing++;
    if (ourNoise || theirNoise) continue;
    for (let b = 1; b <= 3; b++) {
      ratios[b - 1]!.ours.push(20 * Math.log10(plain.aperiodicity[5 * t + b]!));
      ratios[b - 1]!.world.push(20 * Math.log10(ratio[4 * t + b]!));
    }
  }

  const begin = cpu();
  const frames = analyzeVoice(audio, f0);
  const middle = cpu();
  const copy = synthesizeVoice(frames, { length: audio.samples.length, random: createRandom(1) });
  synthesis += cpu() - middle;
  analysis += middle - begin;
  seconds += audio.samples.length / RATE;
  writeFileSync(`${stem}.ours.wav`, encodeWav({ samples: copy, sampleRate: RATE }, { sampleFormat: 'float' }));

  const world = (await decodeMono(readFileSync(`${stem}.world.wav`))).audio.samples;
  for (const [name, samples] of [['ours', copy] as const, ['world', world] as const])
    levels[name].push(...levelChanges(audio.samples, samples));
  for (const [name, samples] of [['original', audio.samples] as const, ['ours', copy] as const, ['world', world] as const]) {
    for (const [b, band] of BANDS.entries()) harmonicity[name][b]!.push(...correlations(bandPass(samples, band), f0));
  }
}

console.log(`${clips.length} clips, ${seconds.toFixed(0)} s, ${voiced} voiced frames`);
console.log(
  `envelope (CheapTrick): median difference ${median(envelopeVoiced).toFixed(4)} dB voiced, ${median(envelopeUnvoiced).toFixed(4)} dB unvoiced`,
);
console.log(`voicing (LoveTrain): equal in ${((100 * sameVoicing) / voiced).toFixed(2)} % of the frames with F0`);
for (const [b, { ours, world }] of ratios.entries()) {
  const difference = mean(ours.map((d, n) => Math.abs(d - world[n]!)));
  console.log(
    `aperiodicity at ${3 * (b + 1)} kHz (D4C): mean difference ${difference.toFixed(2)} dB, correlation ${correlation(ours, world).toFixed(4)}`,
  );
}
for (const name of ['ours', 'world'] as const) {
  const sorted = levels[name].toSorted((a, b) => a - b);
  const at = (share: number): string => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(2);
  console.log(
    `level of ${name} over the original, each second: mean ${mean(sorted).toFixed(2)} dB, 5 % below ${at(0.05)}, 5 % above ${at(0.95)}`,
  );
}
for (const [b, [low, high]] of BANDS.entries()) {
  const cells = (['original', 'ours', 'world'] as const).map((name) => `${name} ${mean(harmonicity[name][b]!).toFixed(3)}`);
  console.log(`harmonicity ${low} to ${high} Hz: ${cells.join(', ')}`);
}
const worldTotal = Object.values(worldSeconds).reduce((sum, s) => sum + s, 0);
console.log(
  `processor seconds per second: analysis ${(analysis / seconds).toFixed(4)}, synthesis ${(synthesis / seconds).toFixed(4)}; WORLD together ${(worldTotal / seconds).toFixed(4)}`,
);

function floats(path: string): Float32Array {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function power(samples: Float32Array): number {
  return samples.reduce((sum, x) => sum + x * x, 0);
}

/** Of every whole second with a level above -60 dB. */
function levelChanges(original: Float32Array, copy: Float32Array): number[] {
  const [before, after] = [original, copy].map((samples) => highPass(samples, RATE, { cutoff: 80, order: 4 }));
  const changes: number[] = [];
  for (let start = 0; start + RATE <= original.length; start += RATE) {
    const reference = power(before!.subarray(start, start + RATE));
    if (reference > 1e-6 * RATE) changes.push(10 * Math.log10(power(after!.subarray(start, start + RATE)) / reference));
  }
  return changes;
}

function bandPass(samples: Float32Array, [low, high]: [number, number]): Float32Array {
  const above = highPass(samples, RATE, { cutoff: low, order: 8 });
  const beyond = highPass(above, RATE, { cutoff: high, order: 8 });
  return above.map((x, n) => x - beyond[n]!);
}

/** In every fifth voiced frame, the largest normalised correlation of four periods with the sound one period later, give or take two samples. */
function correlations(samples: Float32Array, f0: Float32Array): number[] {
  const found: number[] = [];
  for (let t = 0; t < f0.length; t += 5) {
    if (f0[t]! <= 0) continue;
    const period = RATE / f0[t]!;
    const from = HOP * t - Math.floor(2 * period);
    const to = HOP * t + Math.floor(2 * period);
    if (from < 0 || to + period + 3 > samples.length) continue;
    let best = 0;
    for (let lag = Math.floor(period) - 2; lag <= period + 3; lag++) {
      let [product, first, second] = [0, 1e-20, 1e-20];
      for (let n = from; n < to; n++) {
        product += samples[n]! * samples[n + lag]!;
        first += samples[n]! ** 2;
        second += samples[n + lag]! ** 2;
      }
      best = Math.max(best, product / Math.sqrt(first * second));
    }
    found.push(best);
  }
  return found;
}

function mean(values: number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function correlation(a: number[], b: number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let n = 0; n < a.length; n++) {
    ab += (a[n]! - ma) * (b[n]! - mb);
    aa += (a[n]! - ma) ** 2;
    bb += (b[n]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}
