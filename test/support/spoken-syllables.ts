/**
 * Speech by formula, of which it is known where every sound begins: vowels and murmurs as harmonics under resonances (vowel.ts), hisses as noise that is
 * differenced twice, silences. Sounds fade into each other over 10 ms around their border.
 */
import { type Audio, createRandom } from '@alignsts/signal';
import { type Resonance, VOWEL_A, vowel } from './vowel.ts';

/** a, i, u: vowels. n: a nasal murmur. s: a sibilant. _: silence. */
export type SpokenSound = 'a' | 'i' | 'u' | 'n' | 's' | '_';

const RATE = 24000;
const FADE = 240;

const RESONANCES: Partial<Record<SpokenSound, Resonance[]>> = {
  a: VOWEL_A,
  i: [
    { frequency: 320, bandwidth: 70 },
    { frequency: 2200, bandwidth: 120 },
    { frequency: 2900, bandwidth: 180 },
    { frequency: 3700, bandwidth: 250 },
  ],
  u: [
    { frequency: 340, bandwidth: 70 },
    { frequency: 900, bandwidth: 90 },
    { frequency: 2300, bandwidth: 200 },
    { frequency: 3400, bandwidth: 300 },
  ],
  n: [
    { frequency: 250, bandwidth: 60 },
    { frequency: 1400, bandwidth: 400 },
  ],
};
/** Root mean square of each sound. */
const LEVELS: Record<SpokenSound, number> = { a: 0.1, i: 0.07, u: 0.07, n: 0.03, s: 0.03, _: 0 };

export type Spoken = { audio: Audio; sounds: { sound: SpokenSound; start: number; end: number }[] };

/** @example speak('_:0.3 s:0.1 a:0.15 _:0.3') // 0.85 s; the vowel lies from 0.4 to 0.55 s */
export function speak(text: string, { f0 = 120, seed = 1 }: { f0?: number; seed?: number } = {}): Spoken {
  const sounds: Spoken['sounds'] = [];
  let time = 0;
  for (const word of text.trim().split(/\s+/)) {
    const [sound, seconds] = word.split(':') as [SpokenSound, string];
    sounds.push({ sound, start: time, end: time + Number(seconds) });
    time += Number(seconds);
  }
  const length = Math.round(time * RATE);
  const samples = new Float32Array(length);
  const sources = new Map<SpokenSound, Float32Array>();
  for (const { sound, start, end } of sounds) {
    if (sound === '_') continue;
    if (!sources.has(sound)) sources.set(sound, sourceOf(sound, length, f0, seed));
    const source = sources.get(sound)!;
    const from = Math.round(start * RATE);
    const to = Math.round(end * RATE);
    for (let n = Math.max(0, from - FADE / 2); n < Math.min(length, to + FADE / 2); n++) {
      const edge = Math.min(n - (from - FADE / 2), to + FADE / 2 - n) / FADE;
      samples[n] = samples[n]! + source[n]! * Math.min(1, edge);
    }
  }
  return { audio: { samples, sampleRate: RATE }, sounds };
}

function sourceOf(sound: SpokenSound, length: number, f0: number, seed: number): Float32Array {
  const resonances = RESONANCES[sound];
  const source = resonances ? vowel({ f0, length, rate: RATE, resonances }) : hiss(length, seed);
  const level = Math.sqrt(source.reduce((sum, value) => sum + value * value, 0) / length);
  return source.map((value) => (value * LEVELS[sound]) / level);
}

/** White noise differenced twice: +12 dB an octave. */
function hiss(length: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const white = Float64Array.from({ length: length + 2 }, () => random.normal());
  return Float32Array.from({ length }, (_, n) => white[n + 2]! - 2 * white[n + 1]! + white[n]!);
}
