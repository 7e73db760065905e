import { type Audio, createRandom, durationOf, encodeWav, InputError } from '@alignsts/signal';
import { describe, expect, test } from 'vitest';
import { FRAME_RATE, framesOf } from '../grid.ts';
import { playAsTone } from '../melody/play-as-tone.ts';
import { transpose } from '../melody/transpose.ts';
import { parseTune } from '../melody/tune.ts';
import { type ConvertOptions, convert } from './convert.ts';
import type { EngineName, SingingEngine, SingRequest } from './engine.ts';
import { prepareMelody } from './prepare-melody.ts';
import { stretchRecording } from './stretch-recording.ts';

/** Stands for a voice: a tone with harmonics at the pitch of speech. */
function voice(seconds: number, hertz: number): Audio {
  const pitch = 69 + 12 * Math.log2(hertz / 440);
  return playAsTone(transpose(parseTune(`@60 A4:${seconds}`), pitch - 69));
}

/** An engine that plays the melody as a tone and remembers what it was asked. */
function recorder(gain = 1): { engineOf: (name: EngineName) => SingingEngine; requests: (SingRequest & { name: EngineName })[] } {
  const requests: (SingRequest & { name: EngineName })[] = [];
  const engineOf = (name: EngineName): SingingEngine => ({
    name,
    async sing(request) {
      requests.push({ ...request, name });
      const { samples, sampleRate } = playAsTone(request.melody);
      const audio = { samples: samples.map((value) => gain * value), sampleRate };
      return { audio, f0: request.melody.f0, alignment: new Float32Array(request.melody.f0.length), segments: [], remarks: ['sung'] };
    },
  });
  return { engineOf, requests };
}

async function converted(tune: string, options: ConvertOptions = {}, speech = voice(1, 120)) {
  const { engineOf, requests } = recorder();
  const conversion = await convert({ speech, melody: parseTune(tune) }, { engineOf, ...options });
  return { ...conversion, request: requests[0]! };
}

describe('the melody on its way to the engine', () => {
  test('notes are moved by octaves into the range of the speaker, and that is said', async () => {
    const { melody, remarks } = await converted('@60 C6:1 E6:1 G6:1');
    // a speaker at 120 Hz is comfortable around 170 Hz, nearest octave of E: E3
    expect(melody.notes!.map(({ pitch }) => pitch)).toEqual([48, 52, 55]);
    expect(remarks.join(' ')).toContain('octave');
  });

  test('semitones that are asked for are sung as asked; on and off overrule', async () => {
    const pitches = async (options: ConvertOptions) => (await converted('@60 C4:2', options)).melody.notes![0]!.pitch;
    expect(await pitches({ semitones: 3 })).toBe(63);
    expect(await pitches({ fit: false })).toBe(60);
    expect(await pitches({ semitones: 14, fit: true })).toBe(50);
  });

  test('a recording keeps its pitch unless asked', async () => {
    const sung = voice(1.5, 440);
    const { engineOf, requests } = recorder();
    const melody = { ...parseTune('@60 A4:1.5'), source: { kind: 'recording' as const } };
    await convert({ speech: voice(1, 110), melody, reference: sung }, { engineOf });
    await convert({ speech: voice(1, 110), melody, reference: sung }, { engineOf, fit: true });
    expect(requests.map((request) => request.melody.notes![0]!.pitch)).toEqual([69, 57]);
  });

  test('tempo divides every time, and a sung reference keeps pace', async () => {
    const { song, request } = await converted('@60 C4:2', { tempo: 2 });
    expect(durationOf(song.audio)).toBe(1);
    expect(request.melody.f0.length).toBe(framesOf(1));
    const sung = voice(2, 220);
    const { engineOf, requests } = recorder();
    const { melody, reference } = await prepareMelody(encodeWav(sung));
    await convert({ speech: voice(1, 110), melody, reference: reference! }, { engineOf, tempo: 2 });
    expect(requests[0]!.reference!.samples.length).toBe(24000);
    expect(requests[0]!.melody.duration).toBe(1);
  });

  test('the same seed gives the engine the same random numbers', async () => {
    const first = (await converted('@60 C4:1', { seed: 7 })).request.random.uniform();
    expect(first).toBe(createRandom(7).uniform());
  });
});

describe('which engine sings', () => {
  const sung = voice(2, 220);
  test('auto: the model for notes, the template for a recording', async () => {
    expect((await converted('@60 C4:1')).engine).toBe('model');
    const { engineOf } = recorder();
    const { melody, reference } = await prepareMelody(encodeWav(sung));
    expect((await convert({ speech: voice(1, 110), melody, reference: reference! }, { engineOf })).engine).toBe('template');
  });

  test('the model gets notes, found in the pitch where none were written', async () => {
    const { engineOf, requests } = recorder();
    const curve = { f0: parseTune('@60 A3:1 C4:1').f0, duration: 2, source: { kind: 'f0-table' as const }, remarks: [] };
    const { remarks } = await convert({ speech: voice(1, 110), melody: curve }, { engineOf });
    expect(requests[0]!.name).toBe('model');
    expect(requests[0]!.melody.notes!.map(({ pitch }) => Math.round(pitch))).toEqual([57, 60]);
    expect(remarks).toContain("2 notes were found in the melody's pitch.");
  });

  test('the template without a sung reference is refused', async () => {
    await expect(converted('@60 C4:1', { engine: 'template' })).rejects.toThrow("Engine 'template' needs a sung recording as melody.");
  });
});

describe('what makes no sense is refused', () => {
  const refused = (tune: string, options: ConvertOptions = {}) => expect(converted(tune, { fit: false, ...options })).rejects;
  test('a melody far longer or shorter than the speech', async () => {
    await refused('@60 C4:40').toThrow('The melody sounds for 40.0 s and the speech lasts 1.0 s: more than 30 times as long.');
    await expect(converted('@60 C4:1', {}, voice(5, 120))).rejects.toThrow(
      /sounds for 1\.0 s and the speech lasts 5\.0 s: less than a quarter/,
    );
  });

  test('a melody longer than what is sung at once', async () => {
    const speech = { samples: new Float32Array(24000 * 60), sampleRate: 24000 };
    await expect(converted(`@60 ${'C4:100 '.repeat(4)}`, { fit: false }, speech)).rejects.toThrow(
      'The melody lasts 6.7 minutes, and at most 5 minutes',
    );
  });

  test('a melody that no voice can reach', async () => {
    await refused('@60 C8:1').toThrow('too high to be sung');
    await refused('@60 C0:1').toThrow('too low to be sung');
    await refused('@60 C4:1', { semitones: 48 }).toThrow(InputError);
  });

  test('a tempo that is none', async () => {
    await refused('@60 C4:1', { tempo: 0 }).toThrow('the tempo factor is 0; 0.1 to 10 are allowed');
  });

  test('speech without a voiced frame cannot set the range', async () => {
    const random = createRandom(3);
    const noise = { samples: Float32Array.from({ length: 24000 }, () => 0.1 * random.normal()), sampleRate: 24000 };
    await expect(converted('@60 C4:1', {}, noise)).rejects.toThrow('the speech has no voiced frame');
  });
});

describe('what the engine gives back', () => {
  test('a song beyond full scale is turned down as a whole and says so', async () => {
    const { engineOf } = recorder(8);
    const { song, remarks } = await convert({ speech: voice(1, 120), melody: parseTune('@60 C3:1') }, { engineOf });
    const peak = song.audio.samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(peak).toBeCloseTo(0.999, 5);
    expect(remarks.at(-1)).toBe('The song was turned down by 6.0 dB, so that nothing clips.');
  });

  test('a song with a sample that is no number is a bug, not an input error', async () => {
    const { engineOf } = recorder(Number.NaN);
    const conversion = convert({ speech: voice(1, 120), melody: parseTune('@60 C3:1') }, { engineOf });
    await expect(conversion).rejects.toThrow('the song has the sample NaN');
    await expect(conversion).rejects.not.toBeInstanceOf(InputError);
  });
});

test('a stretched recording is longer and keeps its pitch', async () => {
  const stretched = stretchRecording(voice(1, 150), 1.5);
  expect(stretched.samples.length).toBe(36000);
  const { melody } = await prepareMelody(encodeWav(stretched));
  const steady = melody.f0.subarray(Math.round(0.3 * FRAME_RATE), Math.round(1.2 * FRAME_RATE));
  // the tracker's own scatter on re-synthesised pulses is about 10 cents
  expect(steady).toBeAllClose(new Float32Array(steady.length).fill(150), { rtol: 0.008, atol: 0 });
});
