// Sings spoken sentences to tunes with as many notes as syllables, by engine model, and measures what comes out:
//   npx tsx --conditions=source scripts/sing-scores.ts DATA OUT [COUNT] [stretch]
// DATA holds ravdess-dev/ and ljspeech/ (see docs/experiments.md), OUT receives the songs as WAV, a picture of each (SVG), the tone of the melody as the
// target, and list.tsv (id speech target output lyrics group) for any judge of sung audio. COUNT sentences of each corpus (default 10).
// With stretch, the speech is drawn out evenly to the length of the notes and given their pitch: what one gets without knowing where its vowels are.
// Prints, for every song and on average: accuracy of the pitch that is heard against the pitch that was meant (RCA, RPA within 50 cents; RCAv where both
// are voiced) and against the plain notes, syllables found against syllables in the text, and seconds of work a second of song.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { analyzeVoice, createRandom, decodeAudio, durationOf, encodeWav, synthesizeVoice, trackF0, warpFrames } from '@alignsts/signal';
import {
  bootstrapMean,
  convert,
  FRAME_RATE,
  pairFrames,
  parseTune,
  playAsTone,
  prepareRecording,
  rawChromaAccuracy,
  rawPitchAccuracy,
  SAMPLE_RATE,
  type SingingEngine,
  songFigure,
  voicedChromaAccuracy,
} from 'alignsts';

type Sentence = { id: string; path: string; text: string; syllables: string[]; lyrics: boolean; group: string };

/** Scale degrees of public-domain tunes, in semitones above the keynote. */
const TUNES: Record<string, number[]> = {
  twinkle: [0, 0, 7, 7, 9, 9, 7, 5, 5, 4, 4, 2, 2, 0],
  ode: [4, 4, 5, 7, 7, 5, 4, 2, 0, 0, 2, 4, 4, 2, 2],
  jacques: [0, 2, 4, 0, 0, 2, 4, 0, 4, 5, 7, 4, 5, 7],
  greensleeves: [0, 3, 5, 7, 8, 7, 5, 2, -2, 0, 2, 3, 0, 0, -1, 0, 2, -1, -5],
};

/** Evenly drawn out between the first note's start and the last one's end; plain steps of pitch where the speech is voiced. */
const EVEN_STRETCH: SingingEngine = {
  name: 'model',
  async sing({ speech, melody, random }) {
    const frames = analyzeVoice(speech, trackF0(speech).f0);
    const first = Math.round(melody.notes![0]!.start * FRAME_RATE);
    const last = Math.round(melody.notes!.at(-1)!.end * FRAME_RATE);
    const sourceTime = Float32Array.from(melody.f0, (_, t) => ((t - first) / (last - first)) * frames.frames);
    const inside = (time: number): boolean => time >= 0 && time < frames.frames && frames.f0[Math.floor(time)]! > 0;
    const f0 = melody.f0.map((hertz, t) => (inside(sourceTime[t]!) ? hertz : 0));
    const samples = synthesizeVoice(warpFrames(frames, sourceTime, f0), { length: Math.round(melody.duration * SAMPLE_RATE), random });
    return {
      audio: { samples, sampleRate: SAMPLE_RATE },
      f0,
      alignment: sourceTime.map((time) => time / FRAME_RATE),
      segments: [],
      remarks: [],
    };
  },
};

const [data, out, countText, baseline] = process.argv.slice(2);
if (data === undefined || out === undefined) {
  console.error('Name the folder of the recordings and a folder for the songs: scripts/sing-scores.ts DATA OUT [COUNT]');
  process.exit(2);
}
const count = Number(countText ?? 10);
mkdirSync(out, { recursive: true });

const sentences = [...ravdess(join(data, 'ravdess-dev'), count), ...ljspeech(join(data, 'ljspeech/tests/data/ljspeech'), count)];
const rows: Record<string, number>[] = [];
const groups: string[] = [];
const list = ['id\tspeech\ttarget\toutput\tlyrics\tgroup'];
for (const [i, sentence] of sentences.entries()) {
  const [name, degrees] = Object.entries(TUNES)[i % Object.keys(TUNES).length]!;
  const melody = parseTune(tuneFor(sentence, degrees), { name });
  const { audio: speech } = await prepareRecording((await decodeAudio(readFileSync(sentence.path))).audio, sentence.id);
  const began = performance.now();
  const conversion = await convert(
    { speech, melody },
    { engine: 'model', ...(baseline === 'stretch' && { engineOf: () => EVEN_STRETCH }) },
  );
  const seconds = (performance.now() - began) / 1000;
  const { song } = conversion;
  const heard = trackF0(song.audio).f0;
  const meant = pairFrames(song.f0, heard);
  const plain = pairFrames(conversion.melody.f0, heard);
  const vowels = song.segments.filter(({ kind }) => kind === 'vowel').length;
  const row = {
    RCA: rawChromaAccuracy(meant),
    RPA: rawPitchAccuracy(meant),
    RCAv: voicedChromaAccuracy(meant),
    'RCA to notes': rawChromaAccuracy(plain),
    'syllables off': Math.abs(vowels - sentence.syllables.length),
    'real time': seconds / durationOf(song.audio),
  };
  rows.push(row);
  groups.push(sentence.group);
  const output = resolve(out, `${sentence.id}.wav`);
  const target = resolve(out, `${sentence.id}-tone.wav`);
  writeFileSync(output, encodeWav(song.audio));
  writeFileSync(target, encodeWav(playAsTone({ ...conversion.melody, f0: song.f0 })));
  const title = `${sentence.id}: ${sentence.text}`;
  writeFileSync(join(out, `${sentence.id}.svg`), songFigure({ title, subtitle: name, speech, song, melody: conversion.melody }));
  list.push([sentence.id, resolve(sentence.path), target, output, sentence.text, sentence.group].join('\t'));
  console.log(`${sentence.id}\t${shown(row)}\t${sentence.syllables.length} syllables, ${vowels} vowels\t${conversion.remarks.join(' ')}`);
}
writeFileSync(join(out, 'list.tsv'), `${list.join('\n')}\n`);
console.log(`\nmean and 95 % interval of ${rows.length} songs`);
for (const key of Object.keys(rows[0] ?? {})) {
  const { mean, low, high } = bootstrapMean(
    rows.map((row) => row[key]!),
    { random: createRandom(1), groups },
  );
  console.log(`${key.padEnd(14)} ${mean.toFixed(3)}  (${low.toFixed(3)} to ${high.toFixed(3)})`);
}

function shown(row: Record<string, number>): string {
  return Object.entries(row)
    .map(([key, value]) => `${key} ${value.toFixed(2)}`)
    .join('  ');
}

/** One beat a syllable after an upbeat of silence, the last note of three beats; words as lyrics where their syllables are certain. */
function tuneFor({ syllables, lyrics }: Sentence, degrees: number[]): string {
  const names = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];
  const notes = syllables.map((syllable, i) => {
    const pitch = 60 + degrees[i % degrees.length]!;
    const beats = i + 1 === syllables.length ? 3 : 1;
    return `${names[pitch % 12]}${Math.floor(pitch / 12) - 1}:${beats}${lyrics ? `=${syllable}` : ''}`;
  });
  return `@100 R:1/2 ${notes.join(' ')} R:1`;
}

/** The two sentences of RAVDESS, spread over people and emotions. */
function ravdess(folder: string, most: number): Sentence[] {
  if (!existsSync(folder)) return [];
  const syllables: Record<string, string[]> = {
    'Kids are talking by the door': ['Kids', 'are', 'talk-', 'ing', 'by', 'the', 'door'],
    'Dogs are sitting by the door': ['Dogs', 'are', 'sit-', 'ting', 'by', 'the', 'door'],
  };
  const pairs = readFileSync(join(folder, 'pairs.tsv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
  const step = Math.max(1, Math.floor(pairs.length / most));
  return pairs
    .filter((_, i) => i % step === 0)
    .slice(0, most)
    .map(([actor, , , , text, , path]) => ({
      id: path!.replace(/^.*\/|\.flac$/g, ''),
      path: join(folder, path!),
      text: text!,
      syllables: syllables[text!]!,
      lyrics: true,
      group: `ravdess ${actor}`,
    }));
}

/** Sentences of LJ Speech of up to 30 syllables, counted in their spelling. */
function ljspeech(folder: string, most: number): Sentence[] {
  if (!existsSync(folder)) return [];
  return readFileSync(join(folder, 'metadata.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('|'))
    .map(([id, , text]) => ({
      id: id!,
      path: join(folder, 'wavs', `${id}.flac`),
      text: text!,
      syllables: text!
        .toLowerCase()
        .match(/[a-z']+/g)!
        .flatMap((word) => new Array<string>(syllablesIn(word)).fill('la')),
      lyrics: false,
      group: id!,
    }))
    .filter(({ path, syllables }) => existsSync(path) && syllables.length <= 30)
    .slice(0, most);
}

/** Groups of vowel letters, a silent e at the end taken off: right for most English words. */
function syllablesIn(word: string): number {
  const groups = word
    .replace(/(?<=[^aeiouy]{1})(e|es|ed)$/, (end) => (/[td]ed$|[sxz]es$|[^aeiou]le$/.test(word) ? end : ''))
    .match(/[aeiouy]+/g);
  return Math.max(1, groups?.length ?? 0);
}
