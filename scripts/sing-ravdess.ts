// Sings every pair of a folder with pairs.tsv (columns speech, singing, statement, actor: paths inside the folder, words, who) and writes the songs
// with a list of what belongs together (id, speech, target, output, lyrics, group; tab-separated) for a judge:
//   npx tsx --conditions=source scripts/sing-ravdess.ts DATA OUT [--engine template] [--every 7]
// The melody is the sung clip, so engine template follows it and engine model sings the notes found in it. --every 7 takes each seventh pair.
// Prints the real-time factor: seconds of processor for a second of song, reading and writing included.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeAudio, durationOf, encodeWav } from '@alignsts/signal';
import { type ConvertOptions, convert, prepareMelody, prepareRecording } from 'alignsts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { engine: { type: 'string', default: 'template' }, every: { type: 'string', default: '1' } },
});
const [data, out] = positionals;
if (data === undefined || out === undefined) {
  console.error('Name the folder with pairs.tsv and a folder for the songs: scripts/sing-ravdess.ts DATA OUT');
  process.exit(2);
}
mkdirSync(out, { recursive: true });

const started = process.cpuUsage();
let sung = 0;
const list = [['id', 'speech', 'target', 'output', 'lyrics', 'group'].join('\t')];
for (const pair of readPairs(join(data, 'pairs.tsv')).filter((_, i) => i % Number(values.every) === 0)) {
  const [speechPath, targetPath] = [resolve(data, pair['speech']!), resolve(data, pair['singing']!)];
  const id = basename(targetPath, extname(targetPath));
  const { audio } = await decodeAudio(readFileSync(speechPath));
  const speech = prepareRecording(audio, 'the speech').audio;
  const melody = await prepareMelody(readFileSync(targetPath));
  const { song, remarks } = await convert({ speech, ...melody }, { engine: values.engine as NonNullable<ConvertOptions['engine']> });
  const output = resolve(out, `${id}.wav`);
  writeFileSync(output, encodeWav(song.audio));
  list.push([id, speechPath, targetPath, output, pair['statement']!, pair['actor']!].join('\t'));
  sung += durationOf(song.audio);
  for (const remark of remarks) console.log(`${id}: ${remark}`);
}
writeFileSync(join(out, 'list.tsv'), `${list.join('\n')}\n`);
const { user, system } = process.cpuUsage(started);
console.log(
  `${list.length - 1} songs, ${sung.toFixed(1)} s, at ${((user + system) / 1e6 / sung).toFixed(3)} of real time; list in ${join(out, 'list.tsv')}`,
);

function readPairs(path: string): Record<string, string>[] {
  const [header, ...rows] = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  return rows.map((row) => Object.fromEntries(row.map((value, i) => [header![i]!, value])));
}
