// Tracking the pitch of a real voice by Praat's method, and finding the notes in it.
import { readFileSync } from 'node:fs';
import { decodeMono, segmentNotes, trackF0 } from '@alignsts/signal';
import { FRAME_RATE, noteName } from 'alignsts';

const { audio } = await decodeMono(readFileSync(new URL('audio/sung-lobo.flac', import.meta.url)));
const { f0, confidence } = trackF0(audio); // [T] Hz, 0 = unvoiced

const voiced = f0.filter((hertz) => hertz > 0).length;
const notes = segmentNotes({ f0, confidence }, FRAME_RATE);
const names = notes.slice(0, 4).map(({ pitch }) => noteName(Math.round(pitch)));
console.log(`${Math.round((100 * voiced) / f0.length)} % voiced, ${notes.length} notes, beginning ${names.join(' ')}`);
// prints: 75 % voiced, 12 notes, beginning D3 D#3 F3 D3
