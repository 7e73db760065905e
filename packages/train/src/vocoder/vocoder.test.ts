import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createRandom, createRealFft, trackF0 } from '@alignsts/signal';
import type { Tensor } from '@alignsts/torch';
import * as torch from '@alignsts/torch';
import { type FloatArray, fillTree, mapTree } from 'alignsts/model';
import {
  createIstftGenerator,
  createSynthesis,
  createTransform,
  type Filters,
  featureLoss,
  initIstftGenerator,
  initJudges,
  judge,
  judgesLoss,
  parseVocoderConfig,
  pulseTrain,
  spectralLoss,
  synthesize,
  VOICE_CHANNELS,
} from 'alignsts/vocoder';
import { describe, expect, test } from 'vitest';
import { createLibtorchOps } from '../ops-libtorch.ts';
import { loadVoiceVocoder } from './copy-voice.ts';

const WEIGHTS = fileURLToPath(new URL('../../../../weights/vocoder-envelope.safetensors', import.meta.url));
const BINS = 257;
const gauss = (seed: number, length: number): Float32Array => {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => random.normal());
};
const rms = (samples: Float32Array): number => Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);

/** Features of a flat spectrum with power 0.01 (a standard deviation of 0.1 in white noise), a third of the amplitude noise. */
const flatVoice = (frames: number): Float32Array =>
  Float32Array.from({ length: frames * VOICE_CHANNELS }, (_, i) => (i % VOICE_CHANNELS < 80 ? Math.log(0.01) : Math.log(1 / 3)));

describe.skipIf(!torch.hasTorch())('the inverse-STFT vocoder', () => {
  const ops = createLibtorchOps();
  const f = ops.full;
  const synthesis = createSynthesis();
  const upload = (values: Float32Array, ...shape: number[]): Tensor => torch.fromTypedArray(values, shape);

  test('a transform is the windowed FFT', () => {
    const { forward, bins, size } = createTransform(256, 1);
    const samples = gauss(3, size);
    const windowed = Float64Array.from(samples, (value, n) => value * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size)));
    const re = new Float64Array(bins);
    const im = new Float64Array(bins);
    createRealFft(size).forward(windowed, re, im);
    // float32 sums of 256 terms that reach 20
    const product = torch.toFloat32Array(torch.matmul(upload(samples, 1, size), upload(forward, size, 2 * bins)));
    expect(product).toBeAllClose([...re, ...im], { atol: 3e-5, rtol: 0 });
  });

  test.each(['pulses', 'noise'] as const)('a filter of one gives the %s back, 384 samples in', (which) => {
    const frames = 21;
    const sources = { pulses: gauss(1, (frames + 3) * 128), noise: gauss(2, (frames + 3) * 128) };
    const fill = (value: number): Tensor => upload(new Float32Array(frames * BINS).fill(value), 1, frames, BINS);
    const filters: Filters<Tensor> = {
      pulseRe: fill(which === 'pulses' ? 1 : 0),
      pulseIm: fill(0),
      noise: fill(which === 'noise' ? 1 : 0),
    };
    const rows = { pulses: upload(sources.pulses, 1, (frames + 3) * 128), noise: upload(sources.noise, 1, (frames + 3) * 128) };
    const sound = torch.toFloat32Array(synthesize(f, synthesis, filters, rows, frames));
    expect(sound).toBeAllClose(sources[which].subarray(384, 384 + (frames - 3) * 128), { atol: 1e-5, rtol: 0 });
  });

  test('the spectral loss is zero on equal sounds, and ln 2 and 1 on a sound of twice the amplitude', () => {
    const length = 4096;
    const samples = gauss(4, length);
    const transforms = [256, 512].map((size) => createTransform(size));
    const limit = upload(Float32Array.of(12000), 1, 1, 1);
    const loss = (sound: Float32Array) => {
      const { logMagnitude, convergence } = spectralLoss(
        f,
        transforms,
        upload(samples, 1, length),
        upload(sound, 1, length),
        limit,
        length,
      );
      return [logMagnitude.item() as number, convergence.item() as number];
    };
    // √1e-8 over the norm of the spectrum
    expect(loss(samples)).toBeAllClose([0, 0], { atol: 3e-6, rtol: 0 });
    // the floors of 1e-4 and 1e-8 are felt in the quietest bins
    expect(loss(samples.map((value) => 2 * value))).toBeAllClose([Math.LN2, 1], { atol: 1e-4, rtol: 0 });
  });

  test('judges that hear the same twice find no distance, and cannot lose less than with scores that tell apart', () => {
    const config = parseVocoderConfig({
      ...{ name: 'judges', discriminators: { periods: [2, 3], periodChannels: [4, 8], resolutions: [512], resolutionChannels: 4 } },
    }).discriminators;
    const params = mapTree(fillTree(initJudges(config), 3), ({ data, shape }: FloatArray): Tensor => torch.fromTypedArray(data, shape));
    const heard = (samples: Float32Array) =>
      judge(ops, config, params, [createTransform(512)], upload(samples, 1, 4096), upload(Float32Array.of(12000), 1, 1, 1), 4096);
    const real = heard(gauss(5, 4096));
    expect(real.length).toBe(3);
    expect(featureLoss(f, real, real).item()).toBe(0);
    expect(featureLoss(f, real, heard(gauss(6, 4096))).item()).toBeGreaterThan(0.01);
    // (s − 1)² + s² is least at ½ where both scores are one
    expect(judgesLoss(f, real, real).item()).toBeGreaterThanOrEqual(3 * 0.5);
  });

  test('untrained, it is a source-filter vocoder: asked power in pulses and in noise, asked pitch, asked length', () => {
    const config = parseVocoderConfig({ name: 'untrained', generator: { hidden: 32, blocks: 2 } });
    const params = mapTree(
      fillTree(initIstftGenerator(config.generator), 7),
      ({ data, shape }: FloatArray): Tensor => torch.fromTypedArray(data, shape),
    );
    const frames = 67;
    const network = createIstftGenerator(config.generator);
    const sing = (pitch: number): Float32Array => {
      const f0 = new Float32Array(frames).fill(pitch);
      const length = (frames + 3) * 128;
      const pulses = pulseTrain(new Float32Array(frames + 3).fill(pitch), { sampleRate: 24000, length });
      const filters = network(ops, params, upload(flatVoice(frames), 1, frames, VOICE_CHANNELS), upload(f0, 1, frames, 1));
      const sources = { pulses: upload(pulses, 1, length), noise: upload(gauss(8, length), 1, length) };
      return torch.toFloat32Array(torch.noGrad(() => synthesize(f, synthesis, filters, sources, frames)));
    };
    for (const pitch of [0, 210]) {
      const sound = sing(pitch);
      expect(sound.length).toBe((frames - 3) * 128);
      // the last layer begins within 10 % of nothing in each bin
      expect(rms(sound) / 0.1).toBeGreaterThan(0.93);
      expect(rms(sound) / 0.1).toBeLessThan(1.07);
    }
    const { f0 } = trackF0({ samples: sing(210), sampleRate: 24000 });
    const voiced = f0.filter((value) => value > 0);
    expect(voiced.length).toBeGreaterThan(0.9 * f0.length);
    expect(voiced.reduce((sum, value) => sum + value, 0) / voiced.length).toBeCloseTo(210, 0);
  });

  test('its gradient is that of differences', () => {
    const double = createLibtorchOps({ precision: 'float64' });
    const config = parseVocoderConfig({ name: 'small', generator: { hidden: 8, blocks: 1, kernel: 3 } }).generator;
    const frames = 19;
    const leaves = mapTree(fillTree(initIstftGenerator(config), 5), ({ data, shape }: FloatArray): Tensor => {
      const leaf = torch.fromTypedArray(data, shape, { dtype: 'float64' });
      leaf.requiresGrad = true;
      return leaf;
    });
    const constant = (values: Float32Array, ...shape: number[]): Tensor => torch.fromTypedArray(values, shape, { dtype: 'float64' });
    const length = (frames + 3) * 128;
    const flat = flatVoice(frames);
    const features = constant(
      gauss(9, frames * VOICE_CHANNELS).map((value, i) => flat[i]! + 0.3 * value),
      ...[1, frames, VOICE_CHANNELS],
    );
    const f0 = Float32Array.from({ length: frames }, (_, m) => (m % 7 < 5 ? 150 + 10 * m : 0));
    const network = createIstftGenerator(config);
    const sources = { pulses: constant(gauss(10, length), 1, length), noise: constant(gauss(11, length), 1, length) };
    const heard = (frames - 3) * 128;
    const target = constant(gauss(12, heard), 1, heard);
    const transform = createTransform(512);
    const value = (): Tensor => {
      const filters = network(double, leaves, features, constant(f0, 1, frames, 1));
      const sound = synthesize(double.full, synthesis, filters, sources, frames);
      const limit = constant(Float32Array.of(9000), 1, 1, 1);
      const { logMagnitude, convergence } = spectralLoss(double.full, [transform], target, sound, limit, heard);
      return torch.add(logMagnitude, convergence);
    };
    torch.backward(value());
    const directed = [leaves.embed.weight, leaves.blocks[0]!.depthwise.weight, leaves.output.weight];
    directed.forEach((leaf, index) => {
      const direction = constant(gauss(20 + index, leaf.numel), ...leaf.shape);
      const slope = torch.sum(torch.mul(leaf.grad!, direction), null).item() as number;
      const at = (step: number): number =>
        torch.noGrad(() => {
          const shift = torch.mul(direction, step);
          torch.copy_(torch.detach(leaf), torch.add(leaf, shift));
          const result = value().item() as number;
          torch.copy_(torch.detach(leaf), torch.sub(leaf, shift));
          return result;
        });
      const difference = (at(1e-5) - at(-1e-5)) / 2e-5;
      expect(Math.abs(slope)).toBeGreaterThan(1e-6);
      expect(Math.abs(slope - difference) / Math.abs(difference)).toBeLessThan(1e-4);
    });
  });

  test('the stored weights are those of the manifest and sing the pitch that is asked for', async () => {
    const manifest = JSON.parse(readFileSync(new URL('manifest.json', `file://${WEIGHTS}`), 'utf8')) as {
      files: { name: string; bytes: number; sha256: string }[];
    };
    const entry = manifest.files.find(({ name }) => name === 'vocoder-envelope.safetensors')!;
    const bytes = readFileSync(WEIGHTS);
    expect(bytes.length).toBe(entry.bytes);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(entry.sha256);

    const vocoder = await loadVoiceVocoder(WEIGHTS);
    const frames = 100;
    const sound = vocoder.speak({ features: flatVoice(frames), f0: new Float32Array(frames).fill(330) }, 99 * 128);
    expect(sound.length).toBe(99 * 128);
    const voiced = trackF0({ samples: sound, sampleRate: 24000 }).f0.filter((value) => value > 0);
    expect(voiced.length).toBeGreaterThan(80);
    expect(1200 * Math.abs(Math.log2(voiced.toSorted()[voiced.length >> 1]! / 330))).toBeLessThan(5);
    const again = vocoder.speak({ features: flatVoice(frames), f0: new Float32Array(frames).fill(330) }, 99 * 128);
    expect(again).toEqual(sound);
  });
});
