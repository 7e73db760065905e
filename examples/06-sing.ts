// The whole product: speech and melody in, song out.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { decodeMono, durationOf, encodeWav } from '@alignsts/signal';
import { convert, prepareMelody, prepareRecording } from 'alignsts';

const { audio } = await decodeMono(readFileSync(new URL('audio/never-surpassed.flac', import.meta.url)));
const speech = prepareRecording({ channels: [audio.samples], sampleRate: audio.sampleRate }, 'the speech').audio;
const tune = new TextEncoder().encode('@100 R:1/4 G4:3/4=has G4:1/4=ne- A4:1=ver G4:1=been C5:1=sur- B4:2=passed');

const { song, engine, remarks } = await convert({ speech, ...(await prepareMelody(tune)) }, { seed: 1 });
for (const remark of remarks) console.log(remark);

const folder = new URL('../out/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('example-song.wav', folder), encodeWav(song.audio));
const vowels = song.segments.filter(({ kind }) => kind === 'vowel').length;
console.log(`engine ${engine} sang ${vowels} vowels in ${durationOf(song.audio).toFixed(2)} s: out/example-song.wav`);
// prints: engine model sang 6 vowels in 3.75 s: out/example-song.wav
