/** `alignsts features`: what the system sees in a recording (§3.2, §3.3, §4.1.2): mel, F0, energy and rhythm, and the speech on one note. */
import { extname } from 'node:path';
import {
  type Audio,
  createMelSpectrogram,
  createRandom,
  createStft,
  durationOf,
  energyContour,
  flattenPitch,
  InputError,
  type MelSpectrogram,
  trackF0,
} from '@alignsts/signal';
import { createRhythm, FRAME_RATE, frameTime, HOP, RHYTHM_PRESETS, type RhythmPreset, recordingFigure, SAMPLE_RATE } from 'alignsts';
import { type Command, defineCommand } from '../command.ts';
import { encodeNpy } from '../npy.ts';
import { choice, flag, number, text } from '../options.ts';
import { checkOutputs, type OutputFile, writeTogether } from '../output-files.ts';
import { checkPicturePath, encodePicture } from '../picture-file.ts';
import { checkSoundPath, encodeSound, readRecording } from '../sound-file.ts';

const CURVES = ['mel', 'f0', 'confidence', 'energy', 'rhythm'] as const;

export const features: Command = defineCommand({
  name: 'features',
  summary: 'write what the system sees in a recording: mel spectrogram, F0, energy and rhythm curve',
  details: `Everything is on the product's grid: ${SAMPLE_RATE} Hz, one frame every ${HOP} samples (${FRAME_RATE} a second), frame m centred on sample ${HOP}·m.`,
  operands: [{ name: 'FILE', about: 'a recording (WAV, FLAC, MP3, Ogg, M4A), or - for standard input' }],
  options: {
    out: text('FILE', '.json: all of it; .csv: a row a frame with the curves; .npy: one array, see --what', { short: 'o' }),
    what: choice(CURVES, 'what a .npy file holds', { default: 'mel' }),
    rhythm: choice(['paper', 'release', 'evaluation'], 'which reading of Eq. 3', { default: 'paper' }),
    floor: number('HZ', 'lowest pitch that is looked for', { min: 40, max: 400, default: 80 }),
    ceiling: number('HZ', 'highest pitch that is looked for', { min: 100, max: 2000, default: 750 }),
    flattened: text('FILE', 'write the recording with its pitch flattened to its mean, as .wav or .flac'),
    picture: text('FILE', 'draw it: .svg or .png'),
    seed: number('N', 'seed of the noise in the flattened recording', { min: 0, max: 2 ** 32 - 1, whole: true, default: 1 }),
    overwrite: flag('overwrite files that exist', { short: 'y' }),
  },
  examples: [
    { line: 'alignsts features speech.wav', says: 'length, level and pitch in a few lines' },
    {
      line: 'alignsts features speech.wav -o mel.npy --picture speech.png',
      says: 'the mel spectrogram for NumPy ([T, 80], log10 amplitude), and a picture',
    },
    { line: 'alignsts features song.flac -o - --json | jq .f0', says: 'for scripts' },
  ],
  async run({ operands, options, io, reporter }) {
    const [path] = operands as [string];
    const { out, flattened, picture } = options;
    if (out !== undefined) checkTablePath(out);
    if (flattened !== undefined) checkSoundPath(flattened);
    if (picture !== undefined) checkPicturePath(picture);
    const outputs = [out, flattened, picture].filter((name) => name !== undefined);
    if (reporter.json && outputs.includes('-'))
      throw new InputError("--json and '-' both write to standard output. Name a file for the output.");
    await checkOutputs(io, outputs, { overwrite: options.overwrite, inputs: [path] });
    const { file, audio, remarks } = await readRecording(io, path, 'the recording');
    const seen = featuresOf(audio, options);

    const files: OutputFile[] = [];
    if (out !== undefined) files.push({ path: out, content: tableOf(seen, out, options.what) });
    if (flattened !== undefined) {
      const flat = flattenPitch(audio, seen.f0, { random: createRandom(options.seed) });
      files.push({ path: flattened, content: encodeSound(flat, flattened, 16) });
    }
    if (picture !== undefined)
      files.push({ path: picture, content: encodePicture(recordingFigure({ title: file.name, audio, ...seen }), picture) });
    await writeTogether(io, files, options);

    if (reporter.json) await io.stdout.write(jsonOf(seen));
    else if (!outputs.includes('-')) await io.stdout.write(summaryOf(file.name, audio, seen));
    for (const remark of remarks) reporter.note(remark);
    for (const name of outputs) if (name !== '-') reporter.note(`wrote ${name}`);
  },
});

type Features = {
  mel: MelSpectrogram; // [T, 80] log10 amplitude
  f0: Float32Array; // [T] Hz, 0 = unvoiced
  confidence: Float32Array; // [T]
  energy: Float32Array; // [T] L2 norm of the magnitude spectrum
  rhythm: Float32Array; // [T] in (0, 1)
};

function featuresOf(audio: Audio, { rhythm, floor, ceiling }: { rhythm: RhythmPreset; floor: number; ceiling: number }): Features {
  const { magnitude, bins } = createStft({ size: 512, hop: HOP })(audio.samples);
  const { f0, confidence } = trackF0(audio, { hop: HOP, floor, ceiling });
  return {
    mel: createMelSpectrogram()(audio.samples),
    f0,
    confidence,
    energy: energyContour(magnitude, bins),
    rhythm: createRhythm(RHYTHM_PRESETS[rhythm])(audio.samples),
  };
}

function checkTablePath(path: string): void {
  if (path !== '-' && !['.json', '.csv', '.npy'].includes(extname(path).toLowerCase())) {
    throw new InputError(`${path} is no table that can be written: .json, .csv and .npy are. Give it one of these endings.`);
  }
}

function tableOf(features: Features, path: string, what: (typeof CURVES)[number]): Uint8Array | string {
  const ending = extname(path).toLowerCase();
  if (ending === '.npy') {
    return what === 'mel'
      ? encodeNpy(features.mel.values, [features.mel.frames, features.mel.bins])
      : encodeNpy(features[what], [features.f0.length]);
  }
  return ending === '.csv' ? csvOf(features) : jsonOf(features);
}

function csvOf({ f0, confidence, energy, rhythm }: Features): string {
  const rows = Array.from(f0, (hertz, m) =>
    [frameTime(m).toFixed(6), hertz.toFixed(3), confidence[m]!.toFixed(4), energy[m]!.toFixed(5), rhythm[m]!.toFixed(5)].join(','),
  );
  return `time,f0,confidence,energy,rhythm\n${rows.join('\n')}\n`;
}

function jsonOf({ mel, f0, confidence, energy, rhythm }: Features): string {
  const rounded = (values: Float32Array): number[] => Array.from(values, (value) => Number(value.toPrecision(6)));
  const rows = Array.from({ length: mel.frames }, (_, m) => rounded(mel.values.subarray(m * mel.bins, (m + 1) * mel.bins)));
  const curves = { f0: rounded(f0), confidence: rounded(confidence), energy: rounded(energy), rhythm: rounded(rhythm) };
  return `${JSON.stringify({ sampleRate: SAMPLE_RATE, hop: HOP, frameRate: FRAME_RATE, frames: mel.frames, ...curves, mel: rows })}\n`;
}

function summaryOf(name: string, audio: Audio, { f0, mel }: Features): string {
  const voiced = f0.filter((hertz) => hertz > 0).sort();
  let peak = 0;
  let power = 0;
  for (const sample of audio.samples) {
    peak = Math.max(peak, Math.abs(sample));
    power += sample * sample;
  }
  const decibels = (amplitude: number): string => `${(20 * Math.log10(amplitude)).toFixed(1)} dB`;
  const quantile = (share: number): string => `${voiced[Math.min(voiced.length - 1, Math.floor(share * voiced.length))]!.toFixed(0)} Hz`;
  const pitch =
    voiced.length === 0
      ? 'no voiced frame'
      : `${((100 * voiced.length) / f0.length).toFixed(0)} % of frames voiced, median ${quantile(0.5)}, 5 % to 95 %: ${quantile(0.05)} to ${quantile(0.95)}`;
  return [
    `${name}: ${durationOf(audio).toFixed(2)} s, ${mel.frames} frames`,
    `level   peak ${decibels(peak)}, mean ${decibels(Math.sqrt(power / audio.samples.length))}`,
    `pitch   ${pitch}`,
    '',
  ].join('\n');
}
