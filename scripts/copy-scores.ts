// Copies recordings by the vocoder and by the source-filter synthesis, from the same analysis, and writes a list for any judge of sung audio:
//   npx tsx --conditions=source scripts/copy-scores.ts WEIGHTS.safetensors OUT SECONDS RECORDING...
// OUT receives <id>.original.wav, <id>.source-filter.wav, <id>.vocoder.wav and list.tsv (id speech target output lyrics group). Of each recording the first
// SECONDS are used. Prints seconds of work a second of sound.
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
const rows = ['id\tspeech\ttarget\toutput\tlyrics\tlang\tgroup'];
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
  const copies = { 'source-filter': synthesizeVoice(frames, { length, random: createRandom(1) }), vocoder: spoken };
  for (const [kind, sound] of Object.entries(copies))
    rows.push([`${id}.${kind}`, original, original, write(kind, sound), '', 'en', kind].join('\t'));
  process.stdout.write(
    `${id}: ${((spent.user + spent.system) / 1e6 / (length / 24000)).toFixed(3)} s of processor time a second of sound\n`,
  );
}
writeFileSync(join(out, 'list.tsv'), `${rows.join('\n')}\n`);
