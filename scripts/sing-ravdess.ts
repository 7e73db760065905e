// Sings every spoken clip of a folder of pairs after its sung twin, in one process, for the independent judge (docs/experiments.md).
// usage: npx tsx --conditions=source scripts/sing-ravdess.ts PAIRS_FOLDER OUT_FOLDER [template|model] [first] [count]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { decodeAudio, encodeWav } from '@alignsts/signal';
import { convert, type EngineName, prepareMelody, prepareRecording } from 'alignsts';

const [folder, out, engine = 'template', first = '0', count = '1000000'] = process.argv.slice(2);
if (!folder || !out) throw new Error('name the folder that holds pairs.tsv, and the folder for the songs');
mkdirSync(out, { recursive: true });
const [header, ...lines] = readFileSync(join(folder, 'pairs.tsv'), 'utf8').trim().split('\n');
const columns = header!.split('\t');
const began = performance.now();
let seconds = 0;
for (const line of lines.slice(Number(first), Number(first) + Number(count))) {
  const row = Object.fromEntries(line.split('\t').map((value, i) => [columns[i]!, value]));
  const speechPath = join(folder, row['speech']!);
  const songPath = join(folder, row['singing']!);
  const speech = prepareRecording((await decodeAudio(readFileSync(speechPath))).audio, speechPath);
  const { melody, reference } = await prepareMelody(readFileSync(songPath), { name: songPath });
  const { song } = await convert(
    { speech: speech.audio, melody, ...(reference && { reference }) },
    { engine: engine as EngineName, fit: false },
  );
  seconds += melody.duration;
  writeFileSync(join(out, `${basename(songPath).replace(/\.[^.]*$/, '')}.wav`), encodeWav(song.audio, { sampleFormat: 16 }));
}
console.log(
  `${seconds.toFixed(1)} s of song, real-time factor ${((performance.now() - began) / 1000 / seconds).toFixed(3)}, reading and writing included`,
);
