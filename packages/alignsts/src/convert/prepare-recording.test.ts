import { createRandom, InputError } from '@alignsts/signal';
import { describe, expect, test } from 'vitest';
import { LONGEST_RECORDING, prepareRecording } from './prepare-recording.ts';

/** A 150 Hz tone of the given length. */
function tone(seconds: number, sampleRate: number, amplitude = 0.5): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * sampleRate) },
    (_, n) => amplitude * Math.sin((2 * Math.PI * 150 * n) / sampleRate),
  );
}

const prepare = (samples: Float32Array | Float32Array[], sampleRate = 24000) =>
  prepareRecording({ channels: Array.isArray(samples) ? samples : [samples], sampleRate }, 'the speech');

const complaint = (...input: Parameters<typeof prepare>): string => {
  try {
    prepare(...input);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  return 'accepted';
};

describe('what comes through the door', () => {
  test.each([4000, 8000, 11025, 16000, 22050, 44100, 48000, 96000, 192000])('%i Hz comes out at 24 kHz, the same sound', (sampleRate) => {
    const { audio, remarks } = prepare(tone(0.5, sampleRate), sampleRate);
    expect(audio.sampleRate).toBe(24000);
    expect(Math.abs(audio.samples.length - 12000)).toBeLessThanOrEqual(1);
    expect(remarks).toEqual([]);
    // away from the ends, where the resampler sees the silence outside the recording
    expect(audio.samples.subarray(2000, 10000)).toBeAllClose(tone(0.5, 24000).subarray(2000, 10000), { atol: 2e-4, rtol: 0 });
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('%i channels are averaged', (count) => {
    const channels = Array.from({ length: count }, (_, c) => tone(0.3, 24000, 0.1 * (c + 1)));
    const mean = (0.1 * (count + 1)) / 2;
    expect(prepare(channels).audio.samples).toBeAllClose(tone(0.3, 24000, mean), { atol: 1e-6, rtol: 0 });
  });

  test('a quiet recording, a slightly clipped one and channels that cancel come with a remark', () => {
    expect(prepare(tone(0.5, 24000, 0.005)).remarks).toEqual([
      'The speech is very quiet (peak -46 dB): noise will be heard. Speak closer to the microphone.',
    ]);
    // of a sine limited at 98 % of its height, 2·acos(0.98)/π = 12.8 % stand at the limit, a sample more on each flat top; here it lasts for a tenth of the time
    const clipped = tone(1, 24000, 0.5).map((value, n) => (n < 2400 ? Math.max(-0.49, Math.min(0.49, value)) : 0.97 * value));
    expect(prepare(clipped).remarks).toEqual([
      'The speech is clipped in places (1.4 % of its samples stand at the limit): loud vowels may sound rough.',
    ]);
    const one = tone(0.5, 24000);
    expect(prepare([one, one.map((value) => -0.99 * value)]).remarks.join()).toContain('The channels cancel each other');
  });

  test('loud noise and a clean sine at any rate are not taken for clipping', () => {
    const random = createRandom(5);
    expect(prepare(Float32Array.from({ length: 24000 }, () => 0.3 * random.normal())).remarks).toEqual([]);
    for (const sampleRate of [8000, 48000, 192000]) expect(prepare(tone(0.5, sampleRate, 1), sampleRate).remarks).toEqual([]);
  });
});

describe('what is refused, in a sentence that says what to do', () => {
  test('silence, also silence with an offset', () => {
    const message = 'the speech is 2.0 s of silence (nothing above -80 dB). Check the microphone, or give another recording.';
    expect(complaint(new Float32Array(48000))).toBe(message);
    expect(complaint(new Float32Array(48000).fill(0.25))).toBe(message);
  });

  test('50 ms, and more than the longest recording', () => {
    expect(complaint(tone(0.05, 24000))).toBe('the speech is 50 ms long, and at least 200 ms are needed. Give a word or a sentence.');
    expect(complaint(new Float32Array(0))).toBe('the speech is 0 ms long, and at least 200 ms are needed. Give a word or a sentence.');
    expect(complaint(new Float32Array(4000 * 1800), 4000)).toBe(
      `the speech is 30.0 minutes long, and at most ${LONGEST_RECORDING / 60} minutes are sung at once. Cut it into phrases.`,
    );
  });

  test('a recording clipped to pieces', () => {
    const square = tone(0.5, 24000).map((value) => Math.max(-0.2, Math.min(0.2, value)));
    expect(complaint(square)).toMatch(
      /^the speech is clipped: 7\d % of its samples stand at the limit, and at most 10 % are allowed\. Record it again with less gain\.$/,
    );
  });

  test('samples that are no numbers, and whole numbers in a float file', () => {
    const broken = tone(0.5, 24000);
    broken[6000] = Number.NaN;
    expect(complaint(broken)).toBe('the speech has a sample that is no number (NaN at 0.250 s). Export it again, as 16-bit or 24-bit WAV.');
    broken[6000] = Number.POSITIVE_INFINITY;
    expect(complaint(broken)).toContain('(Infinity at 0.250 s)');
    expect(complaint(tone(0.5, 24000, 20000))).toBe(
      'the speech reaches 2.00e+4, and full scale is 1: whole numbers were saved as float. Export it again, as 16-bit or 24-bit WAV.',
    );
  });

  test('rates and channel counts out of range', () => {
    expect(complaint(tone(0.5, 3999), 3999)).toContain('a sample rate of 3999 Hz, and 4000 to 192000 Hz are allowed');
    expect(complaint(tone(0.5, 24000), Number.NaN)).toContain('a sample rate of NaN Hz');
    expect(complaint(Array.from({ length: 9 }, () => tone(0.3, 24000)))).toContain('the speech has 9 channels, and 1 to 8 are allowed');
    expect(complaint([])).toContain('the speech has 0 channels');
  });
});
