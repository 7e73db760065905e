// Copies recordings by the vocoder and by the source-filter synthesis, from the same analysis, and writes a list of each for any judge of sung audio:
//   npx tsx --conditions=source scripts/copy-scores.ts WEIGHTS.safetensors OUT SECONDS RECORDING...
// OUT receives <id>.<kind>.wav and <kind>.tsv (id speech target output lyrics lang group) for the kinds original, source-filter and vocoder. Of each
// recording the first SECONDS are used. Prints the vocoder's processor time a second of sound.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { createRandom, createResampler, decodeMono, encodeWav, synthesizeVoice } from '@alignsts/signal';
import { analyzeForCopy, loadVoiceVocoder } from '../packages/train/src/vocoder/copy-voice.ts';

const [weights, out, seconds, ...recordings] = process.argv.slice(2);
if (weights === undefined || out === undefined || recordings.length === 0) {
  process.stderr.write('usage: copy-scores.ts WEIGHTS.safetensors OUT SECONDS RECORDING...\n');
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const vocoder = await loadVoiceVocoder(weights);
const HEADER = 'id\tspeech\ttarget\toutput\tlyrics\tlang\tgroup';
const lists: Record<string, string[]> = {};
for (const path of recordings) {
  const { audio } = await decodeMono(readFileSync(path));
  const whole = audio.sampleRate === 24000 ? audio.samples : createResampler(audio.sampleRate, 24000)(audio.samples);
  const samples = whole.slice(0, Math.round(Number(seconds) * 24000));
  const id = basename(path).replace(/\.[^.]*$/, '');
  const write = (kind: string, sound: Float32Array): string => {
    const file = resolve(join(out, `${id}.${kind}.wav`));
    writeFileSync(file, encodeWav({ samples: sound, sampleRate: 24000 }));
    return file;
  };
  const length = samples.length;
  const original = write('original', samples);
  const { frames, features, f0 } = analyzeForCopy(samples);
  const began = process.cpuUsage();
  const spoken = vocoder.speak({ features, f0 }, length);
  const spent = process.cpuUsage(began);
  const sounds = { 'source-filter': synthesizeVoice(frames, { length, random: createRandom(1) }), vocoder: spoken };
  const files = { original, ...Object.fromEntries(Object.entries(sounds).map(([kind, sound]) => [kind, write(kind, sound)])) };
  for (const [kind, file] of Object.entries(files)) {
    lists[kind] ??= [HEADER];
    lists[kind].push([id, original, original, file, '', 'en', id].join('\t'));
  }
  process.stdout.write(
    `${id}: ${((spent.user + spent.system) / 1e6 / (length / 24000)).toFixed(3)} s of processor time a second of sound\n`,
  );
}
for (const [kind, rows] of Object.entries(lists)) writeFileSync(join(out, `${kind}.tsv`), `${rows.join('\n')}\n`);
