import { createMelSpectrogram, createRandom, type Hertz, type Random, type Seconds } from '@alignsts/signal';
import { createRhythm, HOP, pitchBins, SAMPLE_RATE } from 'alignsts';
import type { Config } from 'alignsts/model';
import type { TrainingItem } from '../item.ts';

/**
 * A corpus made by rule, for tests and first steps: invented words of a few sounds, spoken and sung by invented voices. Everything a pair is
 * about is known exactly: sounds, durations, F0, and which spoken frame each sung frame comes from. The audio is additive synthesis through
 * formants, the features are the real ones, but for content and timbre, which are stand-ins ("rule") a few numbers wide.
 */
type Sound = {
  voiced: boolean;
  /** Formants, Hz, or the band of the noise. */
  peaks: readonly Hertz[];
  bandwidth: Hertz;
  level: number;
};

const SOUNDS: readonly Sound[] = [
  { voiced: true, peaks: [800, 1250, 2600], bandwidth: 220, level: 1 }, // a
  { voiced: true, peaks: [350, 2200, 2900], bandwidth: 200, level: 0.9 }, // i
  { voiced: true, peaks: [400, 850, 2400], bandwidth: 180, level: 0.9 }, // u
  { voiced: true, peaks: [550, 1800, 2500], bandwidth: 200, level: 0.95 }, // e
  { voiced: false, peaks: [6000], bandwidth: 2500, level: 0.25 }, // s
  { voiced: false, peaks: [3000], bandwidth: 1400, level: 0.3 }, // sh
  { voiced: true, peaks: [280, 1100], bandwidth: 120, level: 0.4 }, // m
];
const VOWELS = 4;

type Event = { sound: number; start: Seconds; end: Seconds; pitch: Hertz };

type Voice = { name: string; formants: number; tilt: number };

export type RuleMadeOptions = {
  items: number;
  seed: number;
  /** Syllables in a phrase. Default 3. */
  syllables?: number;
};

/** Pairs whose features fit `config` (content encoder "rule", timbre encoder "rule"). */
export function ruleMadeCorpus(config: Config, { items, seed, syllables = 3 }: RuleMadeOptions): TrainingItem[] {
  const random = createRandom(seed);
  const voices = ['low', 'middle', 'high'].map((name, index): Voice => ({ name, formants: 0.9 + 0.1 * index, tilt: -9 - 2 * index }));
  const melOf = createMelSpectrogram({ bins: config.features.melBins });
  const rhythmOf = createRhythm(config.features.rhythm);
  return Array.from({ length: items }, (_, index) => {
    const voice = voices[index % voices.length]!;
    const { spoken, sung } = phrase(syllables, random);
    const speech = synthesise(spoken, voice, random);
    const song = synthesise(sung, voice, random);
    const speechMel = melOf(speech.samples);
    const mel = melOf(song.samples);
    const contentFrames = Math.max(1, Math.round(spoken.at(-1)!.end * 50));
    return {
      id: `rule-${index}`,
      speaker: voice.name,
      content: contentOf(spoken, contentFrames, config.features.content.channels, random),
      timbre: timbreOf(voice, config.features.timbre.channels),
      pitch: pitchBins(song.f0, config.features.pitch),
      mel: mel.values,
      rhythm: rhythmOf(song.samples),
      speechRhythm: rhythmOf(speech.samples),
      speechMel: speechMel.values,
      source: Int32Array.from({ length: mel.frames }, (__, t) => sourceFrame((t * HOP) / SAMPLE_RATE, spoken, sung, contentFrames)),
    };
  });
}

/** The same syllables spoken and sung: consonants keep their length, vowels take a note each. */
function phrase(syllables: number, random: Random): { spoken: Event[]; sung: Event[] } {
  const spoken: Event[] = [];
  const sung: Event[] = [];
  const append = (events: Event[], sound: number, duration: Seconds, pitch: Hertz): void => {
    const start = events.at(-1)?.end ?? 0;
    events.push({ sound, start, end: start + duration, pitch });
  };
  for (let syllable = 0; syllable < syllables; syllable++) {
    const consonant = VOWELS + random.integer(SOUNDS.length - VOWELS);
    const vowel = random.integer(VOWELS);
    const note = 330 * 2 ** (random.integer(8) / 12);
    const length = 0.07 + 0.03 * random.uniform();
    append(spoken, consonant, length, 210);
    append(spoken, vowel, 0.12 + 0.06 * random.uniform(), 210 - 5 * syllable);
    append(sung, consonant, length, note);
    append(sung, vowel, 0.22 + 0.28 * random.uniform(), note);
  }
  return { spoken, sung };
}

/** Harmonics through formants for voiced sounds, filtered noise for the others, 10 ms ramps between. */
function synthesise(events: readonly Event[], voice: Voice, random: Random): { samples: Float32Array; f0: Float32Array /* [T] */ } {
  const count = Math.round(events.at(-1)!.end * SAMPLE_RATE);
  const samples = new Float32Array(count);
  const f0 = new Float32Array(1 + Math.floor(count / HOP));
  for (const event of events) {
    const sound = SOUNDS[event.sound]!;
    const [from, to] = [Math.round(event.start * SAMPLE_RATE), Math.round(event.end * SAMPLE_RATE)];
    const ramp = 0.01 * SAMPLE_RATE;
    const edge = (n: number): number => Math.min(1, (n - from) / ramp, (to - n) / ramp);
    // an unvoiced sound is a sum of close partials with random phases, which is noise of exactly that spectrum
    const step = sound.voiced ? event.pitch : 37;
    for (let frequency = step; frequency < 9000; frequency += step) {
      const gain = 0.1 * sound.level * resonance(frequency, sound, voice) * (sound.voiced ? 1 : 0.3);
      if (gain < 1e-5) continue;
      const phase = sound.voiced ? 0 : 2 * Math.PI * random.uniform();
      const turn = (2 * Math.PI * frequency) / SAMPLE_RATE;
      // a recurrence instead of a sine a sample: 2·cos(w)·y1 − y2
      const twice = 2 * Math.cos(turn);
      let [before, now] = [Math.sin(phase - turn), Math.sin(phase)];
      for (let n = from; n < to; n++) {
        samples[n]! += gain * edge(n) * now;
        [before, now] = [now, twice * now - before];
      }
    }
    if (!sound.voiced) continue;
    for (let t = Math.ceil(from / HOP); t * HOP < to; t++) f0[t] = event.pitch;
  }
  return { samples, f0 };
}

function resonance(frequency: Hertz, sound: Sound, voice: Voice): number {
  const tilt = sound.voiced ? 10 ** ((voice.tilt / 20) * Math.log2(Math.max(frequency, 300) / 300)) : 1;
  const peaks = sound.peaks.map((peak) => 1 / (1 + ((frequency - peak * voice.formants) / sound.bandwidth) ** 2));
  return tilt * (0.05 + Math.max(...peaks));
}

/** Stand-in content: which sound each spoken frame is, spread over the channels, with a little noise. */
function contentOf(events: readonly Event[], frames: number, channels: number, random: Random): Float32Array /* [N, C] */ {
  const content = new Float32Array(frames * channels);
  for (let n = 0; n < frames; n++) {
    const time = (n + 0.5) / 50;
    const { sound } = events.find((event) => time < event.end) ?? events.at(-1)!;
    for (let c = 0; c < channels; c++) content[n * channels + c] = (c % SOUNDS.length === sound ? 1 : 0) + 0.1 * random.normal();
  }
  return content;
}

/** Stand-in timbre: unit norm, no negative numbers, as Resemblyzer's. */
function timbreOf(voice: Voice, channels: number): Float32Array {
  const values = Float32Array.from({ length: channels }, (_, k) => Math.max(0, Math.sin((k + 1) * voice.formants * 3)));
  const norm = Math.hypot(...values);
  return values.map((value) => value / norm);
}

/** The spoken frame that a moment of the song comes from: linear within each sound. */
function sourceFrame(time: Seconds, spoken: readonly Event[], sung: readonly Event[], contentFrames: number): number {
  const index = sung.findIndex((event) => time < event.end);
  const place = index < 0 ? sung.length - 1 : index;
  const [from, to] = [sung[place]!, spoken[place]!];
  const share = Math.min(1, (time - from.start) / (from.end - from.start));
  return Math.min(contentFrames - 1, Math.floor((to.start + share * (to.end - to.start)) * 50));
}
