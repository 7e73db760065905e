import { readFileSync } from 'node:fs';
import { analyzeVoice, decodeMono, resample, trackF0 } from '@alignsts/signal';
import { describe, expect, test } from 'vitest';
import { type SpokenSound, speak } from '../../../../../../test/support/spoken-syllables.ts';
import { FRAME_RATE } from '../../../grid.ts';
import { closeVoicingHoles } from './close-voicing-holes.ts';
import { type SpeechAcoustics, speechAcoustics } from './speech-acoustics.ts';
import { expectedBetween } from './spelled-sounds.ts';
import { findSyllables } from './syllable-nuclei.ts';

function listen(audio: Parameters<typeof trackF0>[0]): SpeechAcoustics {
  return speechAcoustics(analyzeVoice(audio, closeVoicingHoles(trackF0(audio, { floor: 70, voicingThreshold: 0.45 }).f0)));
}

const VOWELS: SpokenSound[] = ['a', 'i', 'u'];

describe('speech by formula', () => {
  const cases = {
    'sibilants between vowels': '_:0.2 s:0.1 a:0.15 s:0.1 i:0.12 s:0.12 u:0.15 _:0.3',
    'nasals between vowels': '_:0.2 n:0.08 a:0.15 n:0.08 i:0.15 n:0.08 a:0.15 _:0.3',
    'closures between vowels': '_:0.2 a:0.12 _:0.08 a:0.12 _:0.08 i:0.15 _:0.3',
    'a pause between vowels': '_:0.2 s:0.1 a:0.2 _:0.5 n:0.07 u:0.2 _:0.2',
  };

  test.each(Object.entries(cases))('%s: as many nuclei as vowels, each within 30 ms of its vowel', (_, text) => {
    const { audio, sounds } = speak(text);
    const { nuclei } = findSyllables(listen(audio));
    const vowels = sounds.filter(({ sound }) => VOWELS.includes(sound));
    expect(nuclei).toHaveLength(vowels.length);
    nuclei.forEach(({ start, peak, end }, i) => {
      const vowel = vowels[i]!;
      // the analysis window is three periods (25 ms) and a vowel's edge is where it has risen to 9 dB below its peak
      expect(Math.abs(start / FRAME_RATE - vowel.start)).toBeLessThan(0.03);
      expect(Math.abs(end / FRAME_RATE - vowel.end)).toBeLessThan(0.03);
      expect(peak).toBeGreaterThanOrEqual(start);
      expect(peak).toBeLessThan(end);
    });
  });

  test.each(Object.entries(cases))('%s: every sound is found in its class', (_, text) => {
    const { audio, sounds } = speak(text);
    const { segments } = findSyllables(listen(audio));
    for (const { sound, start, end } of sounds) {
      const middle = ((start + end) / 2) * FRAME_RATE;
      const found = segments.find((segment) => segment.start <= middle && middle < segment.end)!.kind;
      const expected =
        sound === '_'
          ? end - start < 0.15
            ? 'plosive'
            : 'silence'
          : { a: 'vowel', i: 'vowel', u: 'vowel', n: 'nasal', s: 'fricative' }[sound];
      expect(`${sound} at ${start.toFixed(2)}: ${found}`).toBe(`${sound} at ${start.toFixed(2)}: ${expected}`);
    }
  });

  test('segments follow each other without gaps, and nuclei are voiced', () => {
    const acoustics = listen(speak(cases['sibilants between vowels']).audio);
    const { nuclei, segments } = findSyllables(acoustics);
    expect(segments[0]!.start).toBe(0);
    expect(segments.at(-1)!.end).toBe(acoustics.frames);
    segments.slice(1).forEach((segment, i) => {
      expect(segment.start).toBe(segments[i]!.end);
    });
    for (const { start, end } of nuclei) expect(acoustics.voiced.subarray(start, end).every((voiced) => voiced === 1)).toBe(true);
  });

  test('a short voiced sound alone between pauses is no syllable', () => {
    const { nuclei } = findSyllables(listen(speak('_:0.3 s:0.1 a:0.2 n:0.08 a:0.2 _:0.5 n:0.06 _:0.4').audio));
    expect(nuclei).toHaveLength(2);
  });

  test('silence and noise have no nuclei, and are silence and friction', () => {
    const silence = findSyllables(listen({ samples: new Float32Array(12000), sampleRate: 24000 }));
    expect(silence).toEqual({ nuclei: [], segments: [{ kind: 'silence', start: 0, end: 94 }] });
    const hiss = findSyllables(listen(speak('s:0.5').audio));
    expect(hiss.nuclei).toEqual([]);
    expect(new Set(hiss.segments.map(({ kind }) => kind))).toEqual(new Set(['fricative']));
  });
});

describe('lyrics', () => {
  // a swell inside the long vowel makes a second peak there, and the last syllable is weak
  const { audio } = speak('_:0.2 s:0.1 a:0.12 u:0.03 a:0.12 s:0.1 i:0.15 s:0.08 u:0.06 _:0.3');
  const acoustics = listen(audio);

  test('the number of syllables is theirs, and hisses lie where they are spelled', () => {
    const words = [{ text: 'sa' }, { text: 'sis' }, { text: 'su' }];
    const { nuclei } = findSyllables(acoustics, { expected: expectedBetween(words) });
    expect(nuclei.map(({ peak }) => peak / FRAME_RATE).map((time) => (time < 0.57 ? 'sa' : time < 0.87 ? 'sis' : 'su'))).toEqual([
      'sa',
      'sis',
      'su',
    ]);
  });

  test('a syllable more, without a hiss, is found inside the long vowel', () => {
    const words = [{ text: 'sa' }, { text: 'a' }, { text: 'sis' }, { text: 'su' }];
    const { nuclei } = findSyllables(acoustics, { expected: expectedBetween(words) });
    expect(nuclei.map(({ peak }) => peak / FRAME_RATE).map((time) => (time < 0.57 ? 'sa' : time < 0.87 ? 'sis' : 'su'))).toEqual([
      'sa',
      'sa',
      'sis',
      'su',
    ]);
  });

  test('more syllables than there are peaks give all peaks', () => {
    const words = new Array(40).fill({ text: 'la' });
    const { nuclei } = findSyllables(acoustics, { expected: expectedBetween(words) });
    expect(nuclei.length).toBeGreaterThanOrEqual(4);
    expect(nuclei.length).toBeLessThan(40);
  });
});

test('a reader who says "has never been surpassed" is heard to say six syllables (examples/audio)', async () => {
  const bytes = readFileSync(new URL('../../../../../../examples/audio/never-surpassed.flac', import.meta.url));
  const { nuclei } = findSyllables(listen(resample((await decodeMono(bytes)).audio, 24000)));
  expect(nuclei).toHaveLength(6);
});
