// Compares our F0 with Praat's own on the clips that `python fixtures/make/f0.py clips DATA FOLDER` has prepared:
//   npx tsx --conditions=source scripts/compare-f0.ts FOLDER
// Prints, per clip and over all, the share of frames with equal voicing and the share of frames voiced in both that are within 2 cents,
// on Praat's grid and on the mel grid, and the real-time factors of both programs. Exits with 1 when a share is below 99 %.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMono, trackF0 } from '@alignsts/signal';

type Values = { start: number; f0: number[]; strength: number[] };
type Clip = { file: string; name: string; seconds: number; praat: Values; mel: Values };

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Name the folder that fixtures/make/f0.py has written: scripts/compare-f0.ts FOLDER');
  process.exit(2);
}
const clips: Clip[] = JSON.parse(readFileSync(join(folder, 'praat.json'), 'utf8'));
const total = { praat: emptyCount(), mel: emptyCount() };
let seconds = 0;
let work = 0;
let praatWork = 0;
console.log('voicing equal / within 2 cents / largest difference in cents, on Praat’s grid | on the mel grid');
for (const clip of clips) {
  const { audio } = await decodeMono(readFileSync(join(folder, clip.file)));
  praatWork += clip.seconds;
  const cells: string[] = [];
  for (const frames of ['praat', 'mel'] as const) {
    const begin = performance.now();
    const { f0 } = trackF0(audio, { frames });
    work += performance.now() - begin;
    seconds += audio.samples.length / audio.sampleRate;
    const count = compare(f0, clip[frames].f0);
    add(total[frames], count);
    cells.push(line(count));
  }
  console.log(`${clip.name.slice(-48).padEnd(48)}  ${cells.join('  |  ')}`);
}
console.log(`${`all ${clips.length} clips`.padEnd(48)}  ${line(total.praat)}  |  ${line(total.mel)}`);
console.log(
  `frames ${total.mel.frames}, voiced in both ${total.mel.both}; real-time factor ${(work / 1000 / seconds).toFixed(4)}, Praat’s ${((2 * praatWork) / seconds).toFixed(4)}`,
);
const good = [total.praat, total.mel].every(({ equal, frames, near, both }) => equal >= 0.99 * frames && near >= 0.99 * both);
process.exit(good ? 0 : 1);

type Count = { frames: number; equal: number; both: number; near: number; largest: number };

function emptyCount(): Count {
  return { frames: 0, equal: 0, both: 0, near: 0, largest: 0 };
}

function compare(ours: Float32Array, theirs: number[]): Count {
  if (ours.length !== theirs.length) throw new Error(`${ours.length} frames, but Praat has ${theirs.length}`);
  const count = { ...emptyCount(), frames: ours.length };
  for (let t = 0; t < ours.length; t++) {
    if (ours[t]! > 0 === theirs[t]! > 0) count.equal++;
    if (!(ours[t]! > 0 && theirs[t]! > 0)) continue;
    const cents = Math.abs(1200 * Math.log2(ours[t]! / theirs[t]!));
    count.both++;
    if (cents < 2) count.near++;
    count.largest = Math.max(count.largest, cents);
  }
  return count;
}

function add(sum: Count, count: Count): void {
  sum.frames += count.frames;
  sum.equal += count.equal;
  sum.both += count.both;
  sum.near += count.near;
  sum.largest = Math.max(sum.largest, count.largest);
}

function line({ frames, equal, both, near, largest }: Count): string {
  return `${(equal / frames).toFixed(5)} ${(both > 0 ? near / both : 1).toFixed(5)} ${largest.toFixed(3).padStart(8)}`;
}
