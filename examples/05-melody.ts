// Melodies of every kind become one thing: a pitch for every frame and, where there are some, notes with lyrics.
import { readFileSync } from 'node:fs';
import { comfortableRange, fitToVoice, parseTune, readMelody, scaleTempo } from 'alignsts';

const typed = parseTune('@90 C5:1=Hel- E5:1=lo G5:2=world');
const score = await readMelody(readFileSync(new URL('tunes/amazing-grace.musicxml', import.meta.url)));
console.log(
  `typed: ${typed.notes!.length} notes in ${typed.duration.toFixed(2)} s; score: ${score.notes!.length} notes, "${score.notes![0]!.lyric!.text}-"`,
);

// a speaker at 110 Hz, and a little faster
const { melody, reason } = fitToVoice(scaleTempo(typed, 1.2), comfortableRange([110]));
console.log(reason);
console.log(`now ${melody.notes!.map(({ pitch }) => pitch).join(' ')} in ${melody.duration.toFixed(2)} s`);
// prints: now 48 52 55 in 2.22 s
