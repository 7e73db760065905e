import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeMono } from '../audio-file/decode-audio.ts';
import { InputError } from '../input-error.ts';
import { createRandom } from '../random.ts';
import { trackF0 } from './track-f0.ts';

const RATE = 24000;

function tone(hertz: number, seconds: number, harmonics = [1], rate = RATE): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * rate) }, (_, n) =>
    harmonics.reduce((sum, amplitude, h) => sum + 0.3 * amplitude * Math.sin((2 * Math.PI * (h + 1) * hertz * n) / rate), 0),
  );
}

function cents(a: number, b: number): number {
  return 1200 * Math.log2(a / b);
}

/** Frames whose window (75 ms) lies inside the sound. */
function inner(f0: Float32Array): Float32Array {
  return f0.subarray(8, f0.length - 8);
}

describe('against Praat’s own values (fixtures/make/f0.py)', () => {
  type Values = { start: number; f0: number[]; strength: number[] };
  const folder = new URL('../../../../fixtures/f0/', import.meta.url);
  const clips: Record<string, Record<'praat' | 'mel', Values>> = JSON.parse(readFileSync(new URL('praat.json', folder), 'utf8'));
  // largest difference in cents over both grids: some 1.3 times what is achieved
  const bounds: Record<string, number> = {
    'speech-low': 0.028,
    'speech-noisy': 0.017,
    'speech-high': 0.11,
    'song-ornamented': 0.075,
    'song-high': 0.056,
    'song-plain': 0.02,
  };

  test.each(Object.keys(bounds))('%s has the same voicing in every frame and the same pitch', async (name) => {
    const { audio } = await decodeMono(readFileSync(new URL(`${name}.flac`, folder)));
    for (const frames of ['praat', 'mel'] as const) {
      const { f0, confidence, start } = trackF0(audio, { frames });
      const expected = clips[name]![frames];
      expect(start).toBeCloseTo(expected.start, 9);
      expect(Array.from(f0, (f) => f > 0)).toEqual(expected.f0.map((f) => f > 0));
      const voiced = expected.f0.flatMap((f, t) => (f > 0 ? [t] : []));
      expect(voiced.length).toBeGreaterThan(0.4 * f0.length);
      expect(Math.max(...voiced.map((t) => Math.abs(cents(f0[t]!, expected.f0[t]!))))).toBeLessThan(bounds[name]!);
      expect(Math.max(...voiced.map((t) => Math.abs(confidence[t]! - expected.strength[t]!)))).toBeLessThan(
        1e-5, // kept to five digits
      );
    }
  });
});

describe('known pitches', () => {
  test.each([85, 110, 220.5, 440, 747])('a tone of %f Hz is tracked to 0.1 cents, sine or rich', (hertz) => {
    for (const harmonics of [[1], [1, 0.8, 0.6, 0.4, 0.3, 0.2]]) {
      const { f0, confidence } = trackF0({ samples: tone(hertz, 0.5, harmonics), sampleRate: RATE });
      for (const f of inner(f0)) expect(Math.abs(cents(f, hertz))).toBeLessThan(0.1);
      expect(Math.min(...inner(confidence))).toBeGreaterThan(hertz < 100 ? 0.95 : 0.99); // a mean over so few periods takes some of a tone at the floor away
    }
  });

  test('the fundamental may be missing', () => {
    const { f0 } = trackF0({ samples: tone(150, 0.5, [0, 1, 1, 1]), sampleRate: RATE });
    for (const f of inner(f0)) expect(Math.abs(cents(f, 150))).toBeLessThan(0.5);
  });

  test('a glide is followed: each frame has the pitch of its centre', () => {
    const samples = new Float32Array(RATE);
    const pitchAt = (n: number): number => 200 * 2 ** (n / RATE); // an octave a second
    let phase = 0;
    for (let n = 0; n < samples.length; n++) {
      samples[n] = 0.3 * (Math.sin(phase) + 0.5 * Math.sin(2 * phase));
      phase += (2 * Math.PI * pitchAt(n)) / RATE;
    }
    const { f0 } = trackF0({ samples, sampleRate: RATE });
    for (let m = 8; m < f0.length - 8; m++) expect(Math.abs(cents(f0[m]!, pitchAt(128 * m)))).toBeLessThan(1);
  });

  test('above the ceiling, or in noise, there is no pitch', () => {
    expect(Math.max(...trackF0({ samples: tone(900, 0.3), sampleRate: RATE }, { ceiling: 440, floor: 330 }).f0)).toBe(0);
    const random = createRandom(3);
    const noise = Float32Array.from({ length: RATE }, () => 0.1 * random.normal());
    expect(trackF0({ samples: noise, sampleRate: RATE }).f0.filter((f) => f > 0).length).toBeLessThan(5);
  });

  test('confidence is the share of power that is periodic: 1/(1 + noise/tone)', () => {
    const random = createRandom(4);
    for (const decibels of [20, 10, 5]) {
      const share = 1 / (1 + 10 ** (-decibels / 10));
      const level = 0.3 * Math.SQRT1_2 * 10 ** (-decibels / 20);
      const samples = tone(200, 2).map((value) => value + level * random.normal());
      const confidence = inner(trackF0({ samples, sampleRate: RATE }).confidence);
      const mean = confidence.reduce((sum, value) => sum + value, 0) / confidence.length;
      expect(mean).toBeGreaterThan(share - 0.02);
      expect(mean).toBeLessThan(share + 0.03); // the highest of noisy maxima is a little higher
    }
  });

  test('other rates, hops, the short Hann window and a high floor give the same pitch', () => {
    const variants = [
      { rate: 16000, options: { hop: 160 } },
      { rate: 44100, options: { hop: 441 } },
      { rate: RATE, options: { veryAccurate: false } },
      { rate: RATE, options: { floor: 200 } },
      { rate: 8000, options: { hop: 80, floor: 200, ceiling: 600 } },
    ];
    for (const { rate, options } of variants) {
      const { f0, hop } = trackF0({ samples: tone(311, 0.4, [1, 0.5], rate), sampleRate: rate }, options);
      expect(hop).toBe('hop' in options ? options.hop : 128);
      for (const f of f0.subarray(10, f0.length - 10)) expect(Math.abs(cents(f, 311))).toBeLessThan(0.5);
    }
  });
});

describe('frames', () => {
  test('frame m of the mel grid is centred on sample 128·m, and there are 1 + floor(n/128)', () => {
    for (const length of [0, 1, 127, 128, 129, 5000]) {
      const { f0, confidence, start } = trackF0({ samples: new Float32Array(length), sampleRate: RATE });
      expect(f0.length).toBe(1 + Math.floor(length / 128));
      expect(confidence.length).toBe(f0.length);
      expect(start).toBe(0);
    }
  });

  test('the mel grid is Praat’s grid on the sound with zeros around it', () => {
    const random = createRandom(5);
    // an odd function around its middle: its mean is 0 with and without the zeros, which the silence measure looks at
    const half = tone(140, 0.3, [1, 0.7, 0.5]).map((value) => value + 0.02 * random.normal());
    const samples = Float32Array.from([...half, ...half.map((value) => -value).reverse()]);
    const frames = 1 + Math.floor(samples.length / 128);
    const padded = new Float32Array(128 * (frames + 14));
    padded.set(samples, 960);
    const mel = trackF0({ samples, sampleRate: RATE });
    const praat = trackF0({ samples: padded, sampleRate: RATE }, { frames: 'praat' });
    expect(praat.start).toBe(960);
    expect(mel.f0).toBeAllClose(praat.f0, { atol: 1e-4, rtol: 0 });
    expect(mel.confidence).toBeAllClose(praat.confidence, { atol: 1e-5, rtol: 0 });
  });
});

describe('edges', () => {
  test('silence, nothing, one sample, a constant and a click are unvoiced', () => {
    const click = new Float32Array(4000);
    click[2000] = 1;
    for (const samples of [
      new Float32Array(0),
      new Float32Array(1),
      Float32Array.of(0.5),
      new Float32Array(4000),
      new Float32Array(4000).fill(0.3),
      click,
    ]) {
      const { f0, confidence } = trackF0({ samples, sampleRate: RATE });
      expect(f0.every((f) => f === 0)).toBe(true);
      expect(confidence.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  test('a quiet stretch beside a loud one is unvoiced, alone it is voiced', () => {
    const quiet = tone(200, 0.5).map((value) => 0.005 * value);
    const loud = tone(200, 0.5);
    const { f0 } = trackF0({ samples: Float32Array.from([...quiet, ...loud]), sampleRate: RATE });
    expect(Math.max(...f0.subarray(10, 80))).toBe(0);
    expect(f0[120]).toBeGreaterThan(199);
    expect(trackF0({ samples: quiet, sampleRate: RATE }).f0[40]).toBeGreaterThan(199);
  });

  test('gain changes nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: -30, max: 10 }), fc.integer({ min: 1, max: 1000 }), (exponent, seed) => {
        const random = createRandom(seed);
        const samples = tone(180, 0.15, [1, 0.5, 0.3]).map((value) => value + 0.05 * random.normal());
        const one = trackF0({ samples, sampleRate: RATE });
        const other = trackF0({ samples: samples.map((value) => value * 2 ** exponent), sampleRate: RATE });
        expect(other.f0).toBeAllClose(one.f0, { atol: 1e-4, rtol: 0 });
        expect(other.confidence).toBeAllClose(one.confidence, { atol: 1e-6, rtol: 0 });
      }),
      { numRuns: 20 },
    );
  });

  test('whatever the sound and the options, pitches lie in range and confidences in 0 … 1', () => {
    fc.assert(
      fc.property(
        fc.record({
          rate: fc.integer({ min: 4000, max: 48000 }),
          floorShare: fc.double({ min: 0.002, max: 0.125, noNaN: true }),
          span: fc.double({ min: 1.1, max: 20, noNaN: true }),
          length: fc.integer({ min: 0, max: 3000 }),
          hop: fc.integer({ min: 50, max: 500 }),
          veryAccurate: fc.boolean(),
          period: fc.double({ min: 2, max: 300, noNaN: true }),
        }),
        ({ rate, floorShare, span, length, hop, veryAccurate, period }) => {
          const random = createRandom(length);
          const samples = Float32Array.from({ length }, (_, n) => ((n / period) % 1) - 0.5 + 0.1 * random.normal());
          const options = { floor: floorShare * rate, ceiling: floorShare * rate * span, hop, veryAccurate, voicingThreshold: 0.3 };
          const { f0, confidence } = trackF0({ samples, sampleRate: rate }, options);
          // a period a sample or two longer than the floor's is still found, which counts for much where a period has eight samples
          for (const f of f0) expect(f === 0 || (f > 0.8 * options.floor && f <= options.ceiling)).toBe(true);
          for (const value of confidence) expect(value >= 0 && value <= 1).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('bad samples and options are refused in words', () => {
    const samples = tone(200, 0.2);
    const call =
      (options: Parameters<typeof trackF0>[1], changed = samples) =>
      () =>
        trackF0({ samples: changed, sampleRate: RATE }, options);
    const broken = samples.slice();
    broken[17] = Number.NaN;
    expect(call({}, broken)).toThrow(/sample 17 is NaN/);
    expect(call({}, broken)).toThrow(InputError);
    expect(call({ hop: 0 })).toThrow(/hop is 0/);
    expect(call({ floor: 0 })).toThrow(/floor is 0 Hz/);
    expect(call({ floor: 80, ceiling: 70 })).toThrow(/ceiling is 70 Hz/);
    expect(call({ candidates: 1 })).toThrow(/candidates is 1/);
    expect(call({ octaveCost: Number.NaN })).toThrow(/octaveCost is NaN/);
    expect(call({ frames: 'praat' }, tone(200, 0.05))).toThrow(/0.050 s long but one window at a floor of 80 Hz needs 0.075 s/);
  });
});
