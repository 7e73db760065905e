/** `alignsts sing`: speech and melody in; song, and on request picture, MIDI, TextGrid and side-car out. */
import { durationOf } from '@alignsts/signal';
import { type Conversion, convert, type PreparedMelody, prepareMelody } from 'alignsts';
import { type Command, defineCommand } from '../command.ts';
import { readOptionsOf } from '../melody-input.ts';
import { writeTogether } from '../output-files.ts';
import { compareWithExpected, renderSong } from '../render-song.ts';
import type { Reporter } from '../reporter.ts';
import { fileOptions, songOptions } from '../sing-options.ts';
import { planSong, type SingPlan } from '../sing-plan.ts';
import { decodeRecording, named } from '../sound-file.ts';

export const sing: Command = defineCommand({
  name: 'sing',
  summary: 'turn a recording of speech and a melody into song: the same words, the same voice',
  operands: [
    { name: 'SPEECH', about: 'a recording of somebody speaking (WAV, FLAC, MP3, Ogg, M4A), or - for standard input', optional: true },
  ],
  options: { ...fileOptions, ...songOptions },
  examples: [
    { line: 'alignsts sing hello.wav --melody tune.mid', says: 'sings hello.wav to the tune and writes hello-sung.wav' },
    {
      line: "alignsts sing hello.wav -m '@120 G4:1 G4:1 A4:2 G4:2 C5:2 B4:4' -o song.flac",
      says: 'a tune typed on the command line, the song as FLAC',
    },
    {
      line: 'alignsts sing spoken.wav -m sung.wav -o song.wav --picture song.png',
      says: 'follows a sung recording of the same words, and draws what was done',
    },
    {
      line: 'alignsts sing hello.wav -m score.mxl --part Alto --verse 2 -k -2 --tempo 0.9 -y',
      says: 'the second verse of a part, two semitones down, a tenth slower, over an older song',
    },
    { line: 'record | alignsts sing - -m tune.txt -o - | play', says: 'in a pipe: speech from standard input, WAV to standard output' },
    {
      line: 'alignsts sing --replay song.json -o again.wav',
      says: 'the same song again, bit for bit, from the side-car that --sidecar song.json wrote',
    },
  ],
  async run(call) {
    const { io, reporter } = call;
    const plan = await planSong(call);
    const started = performance.now();
    const speech = await decodeRecording(plan.speech, 'the speech');
    const prepared = await named(plan.melody.name, () => prepareMelody(plan.melody.bytes, readOptionsOf(plan.melody, plan.song)));
    const conversion = await sung(plan, speech.audio, prepared, reporter);
    const remarks = [...speech.remarks, ...conversion.remarks];
    for (const remark of remarks) reporter.note(remark);

    reporter.progress({ stage: 'write', done: 0, of: 1 });
    const files = renderSong(plan, { speech: speech.audio, conversion, remarks, cwd: io.cwd });
    for (const sentence of compareWithExpected(plan, files)) reporter.note(sentence);
    await writeTogether(io, files, plan);

    const seconds = (performance.now() - started) / 1000;
    const duration = durationOf(conversion.song.audio);
    if (reporter.json) {
      const outputs = files.map(({ kind, path, hash }) => ({ kind, path, sha256: hash }));
      const result = { engine: conversion.engine, duration, seconds, realTimeFactor: seconds / duration, outputs, remarks };
      await io.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    } else {
      const [song, ...rest] = files.map(({ path }) => (path === '-' ? 'standard output' : path));
      const beside = rest.length > 0 ? `, and ${rest.join(', ')}` : '';
      reporter.note(`${song}: ${duration.toFixed(2)} s of song by engine ${conversion.engine}, made in ${seconds.toFixed(1)} s${beside}`);
    }
  },
});

function sung(
  plan: SingPlan,
  speech: Parameters<typeof convert>[0]['speech'],
  { melody, reference }: PreparedMelody,
  reporter: Reporter,
): Promise<Conversion> {
  const { engine, transpose, tempo, fit, seed } = plan.song;
  return convert(
    { speech, melody, ...(reference && { reference }) },
    {
      engine,
      semitones: transpose,
      tempo,
      ...(fit !== 'auto' && { fit: fit === 'on' }),
      seed,
      onProgress: reporter.progress,
    },
  );
}
