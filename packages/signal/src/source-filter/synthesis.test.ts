import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VOWEL_A, vowel, vowelPower } from '../../../../test/support/vowel.ts';
import { decodeMono } from '../audio-file/decode-audio.ts';
import { InputError } from '../input-error.ts';
import { createRandom } from '../random.ts';
import { analyzeVoice } from './analyze-voice.ts';
import { highPass } from './high-pass.ts';
import { synthesizeVoice } from './synthesis.ts';
import type { VoiceFrames } from './voice-frames.ts';
import { warpFrames } from './warp-frames.ts';

const RATE = 24000;

function steady(options: { frames: number; f0: number; power?: (hertz: number) => number; ratio?: number }): VoiceFrames {
  const { frames, f0, power = () => 1, ratio = f0 > 0 ? 1e-3 : 1 } = options;
  return {
    frames,
    bins: 513,
    sampleRate: RATE,
    hop: 128,
    fftSize: 1024,
    f0: new Float32Array(frames).fill(f0),
    envelope: Float32Array.from({ length: frames * 513 }, (_, i) => power(((i % 513) * RATE) / 1024)),
    aperiodicity: new Float32Array(frames * 2).fill(ratio),
    bandFrequencies: Float32Array.of(0, 12000),
  };
}

/** Copies with another F0: warpFrames along the source's own time. */
function sungAt(frames: VoiceFrames, factor: number): VoiceFrames {
  const time = Float32Array.from({ length: frames.frames }, (_, t) => t);
  return warpFrames(
    frames,
    time,
    frames.f0.map((pitch) => pitch * factor),
  );
}

/** The period around sample `centre` by the peak of the autocorrelation, refined by a parabola. */
function pitchByAutocorrelation(samples: Float32Array, centre: number, guess: number): number {
  const length = Math.ceil((12 * RATE) / guess);
  const correlation = (lag: number): number => {
    let sum = 0;
    let before = 0;
    let after = 0;
    for (let n = centre - (length >> 1); n < centre + (length >> 1); n++) {
      sum += samples[n]! * samples[n + lag]!;
      before += samples[n]! ** 2;
      after += samples[n + lag]! ** 2;
    }
    return sum / Math.sqrt(before * after);
  };
  // ten periods at once: a tenth of the error
  const lag = Math.round((10 * RATE) / guess);
  let best = lag;
  for (let l = lag - Math.ceil(lag / 40); l <= lag + Math.ceil(lag / 40); l++) if (correlation(l) > correlation(best)) best = l;
  const [a, b, c] = [correlation(best - 1), correlation(best), correlation(best + 1)];
  return (10 * RATE) / (best + (0.5 * (a - c)) / (a - 2 * b + c));
}

function power(samples: Float32Array): number {
  return samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
}

describe('pitch', () => {
  test.each([60, 100, 233.3, 440, 777.7, 1000])('frames of F0 = %f Hz sound at that F0, to 2 cents', (f0) => {
    const samples = synthesizeVoice(steady({ frames: 188, f0, power: (f) => vowelPower(f, VOWEL_A) }), {
      length: RATE,
      random: createRandom(1),
    });
    const heard = pitchByAutocorrelation(samples, 9000, f0);
    expect(Math.abs(1200 * Math.log2(heard / f0))).toBeLessThan(2);
  });

  test.each([0.5, 0.749, 1, 1.3348, 2, 3.3])(
    'a vowel of 150 Hz sung at %f times its F0 has exactly that F0 and keeps its envelope',
    (factor) => {
      const source = vowel({ f0: 150, length: RATE, rate: RATE, resonances: VOWEL_A });
      const frames = analyzeVoice({ samples: source, sampleRate: RATE }, new Float32Array(188).fill(150));
      const f0 = 150 * factor;
      const samples = synthesizeVoice(sungAt(frames, factor), { length: RATE, random: createRandom(1) });
      expect(Math.abs(1200 * Math.log2(pitchByAutocorrelation(samples, 9000, f0) / f0))).toBeLessThan(3);
      const again = analyzeVoice({ samples, sampleRate: RATE }, new Float32Array(188).fill(f0));
      // between its harmonics a high voice does not show the envelope: compare at them, 80 Hz or more apart, where the source is within 30 dB of its top
      let [sum, count] = [0, 0];
      for (let f = f0; f < 4500; f += f0) {
        const k = 90 * 513 + Math.round((f * 1024) / RATE);
        sum += Math.abs(10 * Math.log10(again.envelope[k]! / frames.envelope[k]!));
        count++;
      }
      expect(sum / count).toBeLessThan(1.5);
    },
  );

  test('an F0 that glides is followed: the number of pulses is the integral of F0', () => {
    const frames = steady({ frames: 376, f0: 100 });
    for (let t = 0; t < 376; t++) frames.f0[t] = 100 * 2 ** (t / 187.5);
    const samples = synthesizeVoice(frames, { length: 48000, random: createRandom(1) });
    let pulses = 0;
    // white pulses of power 1 are √P high, more than 7 here; their ripples stay below half of that
    for (let n = 1; n < samples.length - 1; n++)
      if (samples[n]! > 4.5 && samples[n]! >= samples[n - 1]! && samples[n]! > samples[n + 1]!) pulses++;
    const integral = (100 / Math.LN2) * 3;
    expect(Math.abs(pulses - integral)).toBeLessThanOrEqual(1);
  });
});

describe('level and spectrum', () => {
  test.each([0, 70, 200, 500, 1000])('white frames of power 1 at F0 = %i Hz sound with power 1, to 0.3 dB', (f0) => {
    for (const ratio of [1e-3, 0.5, 1]) {
      const samples = synthesizeVoice(steady({ frames: 376, f0, ratio }), { length: 48000, random: createRandom(2) });
      expect(Math.abs(10 * Math.log10(power(samples.subarray(2000, 46000))))).toBeLessThan(0.3);
    }
  });

  test('noise stays noise: its copy is white, as loud, and has no period', () => {
    const random = createRandom(3);
    const noise = Float32Array.from({ length: 48000 }, () => 0.1 * random.normal());
    const frames = analyzeVoice({ samples: noise, sampleRate: RATE }, new Float32Array(376));
    const copy = synthesizeVoice(frames, { length: 48000, random: createRandom(4) });
    expect(Math.abs(10 * Math.log10(power(copy) / power(noise)))).toBeLessThan(0.5);
    for (let lag = 20; lag < 400; lag++) {
      let sum = 0;
      for (let n = 0; n < 40000; n++) sum += copy[n]! * copy[n + lag]!;
      // 40 000 independent products: one standard deviation is 0.005
      expect(Math.abs(sum / 40000 / power(copy))).toBeLessThan(0.03);
    }
  });

  test('copies of real voices are as loud as the originals above 80 Hz in every second, to 1 dB', async () => {
    const folder = new URL('../../../../fixtures/f0/', import.meta.url);
    const praat = JSON.parse(readFileSync(new URL('praat.json', folder), 'utf8'));
    for (const name of Object.keys(praat)) {
      const { audio } = await decodeMono(readFileSync(new URL(`${name}.flac`, folder)));
      const frames = analyzeVoice(audio, Float32Array.from(praat[name].mel.f0 as number[]));
      const copy = synthesizeVoice(frames, { length: audio.samples.length, random: createRandom(5) });
      // one of these rooms rumbles at 20 Hz, louder than the singer; analysis takes out what is slower than its windows
      const [after, before] = [copy, audio.samples].map((samples) => highPass(samples, RATE, { cutoff: 80, order: 4 }));
      for (const from of [0, copy.length - RATE]) {
        const change = 10 * Math.log10(power(after!.subarray(from, from + RATE)) / power(before!.subarray(from, from + RATE)));
        expect(Math.abs(change), `${name} from sample ${from}`).toBeLessThan(1);
      }
    }
  });

  test('a click between silences stays where it was, to 3 ms', () => {
    const samples = new Float32Array(12000);
    for (let n = 0; n < 120; n++) samples[6000 + n] = n % 2 === 0 ? 0.5 : -0.4;
    const copy = synthesizeVoice(analyzeVoice({ samples, sampleRate: RATE }, new Float32Array(94)), {
      length: 12000,
      random: createRandom(6),
    });
    const energy = (from: number, to: number): number => copy.subarray(from, to).reduce((sum, x) => sum + x * x, 0);
    expect(energy(6000 - 72, 6120 + 72) / energy(0, 12000)).toBeGreaterThan(0.9);
  });
});

describe('voicing', () => {
  test('a voiced frame whose aperiodicity is 1 is noise, and an unvoiced frame is noise whatever its aperiodicity', () => {
    const options = { length: 12000, random: createRandom(7) };
    for (const frames of [steady({ frames: 94, f0: 120, ratio: 1 }), steady({ frames: 94, f0: 0, ratio: 1e-3 })]) {
      const samples = synthesizeVoice(frames, options);
      const crest = Math.max(...samples.subarray(2000, 10000).map(Math.abs)) / Math.sqrt(power(samples.subarray(2000, 10000)));
      // pulses of 120 Hz stand √200 = 14 times above their mean, noise 4 to 5 times
      expect(crest).toBeLessThan(6);
    }
  });

  test('between voiced and unvoiced frames the level dips and swells by less than 3 dB', () => {
    const frames = steady({ frames: 188, f0: 150 });
    for (let t = 60; t < 120; t++) frames.f0[t] = 0;
    const samples = synthesizeVoice(frames, { length: RATE, random: createRandom(8) });
    for (const edge of [60, 120]) {
      for (let start = 128 * edge - 1600; start <= 128 * edge + 800; start += 160) {
        // five periods of 150 Hz
        expect(Math.abs(10 * Math.log10(power(samples.subarray(start, start + 800))))).toBeLessThan(3);
      }
    }
  });
});

describe('edges', () => {
  test('silence stays silent', () => {
    const frames = analyzeVoice({ samples: new Float32Array(12000), sampleRate: RATE }, new Float32Array(94).fill(100));
    const copy = synthesizeVoice(frames, { length: 12000, random: createRandom(9) });
    // -140 dB: the floor under logarithms
    expect(Math.max(...copy.map(Math.abs))).toBeLessThan(1e-7);
  });

  test('any frames, any voicing and any length give as many finite samples as asked, the same for the same seed', () => {
    const voicing = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 40, max: 1200, noNaN: true })), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(voicing, fc.integer({ min: 0, max: 3000 }), (f0, length) => {
        const frames = { ...steady({ frames: f0.length, f0: 0, ratio: 0.1 }), f0: Float32Array.from(f0) };
        const [first, second] = [1, 1].map((seed) => synthesizeVoice(frames, { length, random: createRandom(seed) }));
        expect(first!.length).toBe(length);
        expect(first!.every(Number.isFinite)).toBe(true);
        expect(second).toEqual(first);
      }),
      { numRuns: 30 },
    );
  });

  test('an F0 far below any voice still has its noise between the pulses', () => {
    const samples = synthesizeVoice(steady({ frames: 188, f0: 9, ratio: 0.999 }), { length: RATE, random: createRandom(3) });
    expect(Math.abs(10 * Math.log10(power(samples.subarray(2000, 22000))))).toBeLessThan(0.5);
  });

  test('one frame of a sound shorter than a frame works, and an envelope of zeros is silence', () => {
    const frames = analyzeVoice({ samples: new Float32Array(100).fill(0.1), sampleRate: RATE }, Float32Array.of(200));
    expect(synthesizeVoice(frames, { length: 100, random: createRandom(1) }).every(Number.isFinite)).toBe(true);
    const empty = synthesizeVoice(steady({ frames: 4, f0: 100, power: () => 0 }), { length: 512, random: createRandom(1) });
    expect(Math.max(...empty.map(Math.abs))).toBeLessThan(1e-12);
  });

  test('an F0 that is no number, frames that disagree and a broken length are named', () => {
    expect(() => analyzeVoice({ samples: new Float32Array(9), sampleRate: RATE }, Float32Array.of(100, Number.NaN))).toThrow(
      /F0 at frame 1 is NaN/,
    );
    const frames = steady({ frames: 3, f0: 100 });
    expect(() => synthesizeVoice({ ...frames, f0: new Float32Array(2) }, { length: 9, random: createRandom(1) })).toThrow(
      /3 frames, 2 values of F0/,
    );
    expect(() => synthesizeVoice(frames, { length: 1.5, random: createRandom(1) })).toThrow(InputError);
  });
});
