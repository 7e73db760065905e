import { analyzeVoice, createRandom, trackF0 } from '@alignsts/signal';
import * as torch from '@alignsts/torch';
import { mapTree, type Weight } from 'alignsts/model';
import {
  createIstftGenerator,
  createSynthesis,
  createVoiceFeatures,
  initIstftGenerator,
  parseVocoderConfig,
  pulseTrain,
  synthesize,
  VOICE_CHANNELS,
  type VocoderConfig,
} from 'alignsts/vocoder';
import { createLibtorchOps } from '../ops-libtorch.ts';

/**
 * Copy-synthesis: a recording is analysed as `sing` does and made again from its features alone. What is lost here is lost by every song that the
 * vocoder sings.
 */
export type VoiceVocoder = {
  config: VocoderConfig;
  /** @param frames features [T, 85] and F0 [T] of a voice on the grid of 128 samples @returns [length] samples at 24 kHz */
  speak(frames: { features: Float32Array; f0: Float32Array }, length: number, seed?: number): Float32Array;
};

const HOP = 128;
/** Frames repeated at either end, so that the first and the last sample are reached by four windows. */
const MARGIN = 2;

/** Reads weights that saveVocoderWeights wrote; the configuration is in the file. @throws Error when a tensor is missing or of another size. */
export async function loadVoiceVocoder(path: string): Promise<VoiceVocoder> {
  const { tensors, metadata } = await torch.loadSafetensors(path);
  const config = parseVocoderConfig(JSON.parse(metadata['config'] ?? '{}'));
  if (config.generator.head !== 'envelope')
    throw new Error(`${path} is a vocoder of mel spectra; copies need one whose head is "envelope".`);
  const params = mapTree(initIstftGenerator(config.generator), ({ shape }: Weight, name): torch.Tensor => {
    const stored = tensors[name];
    if (stored === undefined || String(stored.shape) !== String(shape)) {
      throw new Error(`${path} holds ${name} as [${stored?.shape}], but its own configuration needs [${shape}].`);
    }
    return torch.keep(torch.to(stored, { dtype: 'float32' }));
  });
  const ops = createLibtorchOps();
  const network = createIstftGenerator(config.generator);
  const synthesis = createSynthesis();

  return {
    config,
    speak({ features, f0 }, length, seed = 1) {
      const frames = f0.length + 2 * MARGIN;
      const sourceLength = (frames + 3) * HOP;
      const random = createRandom(seed);
      const pulses = new Float32Array(sourceLength);
      // sources begin 256 samples before the first frame's centre
      pulses.set(pulseTrain(f0, { sampleRate: 24000, length: f0.length * HOP }), (MARGIN + 2) * HOP);
      const noise = Float32Array.from({ length: sourceLength }, () => random.normal());
      return torch.scope(() =>
        torch.noGrad(() => {
          const upload = (values: Float32Array, shape: readonly number[]): torch.Tensor => torch.fromTypedArray(values, shape);
          const filters = network(
            ops,
            params,
            upload(repeatEnds(features, VOICE_CHANNELS), [1, frames, VOICE_CHANNELS]),
            upload(repeatEnds(f0, 1), [1, frames, 1]),
          );
          const sources = { pulses: upload(pulses, [1, sourceLength]), noise: upload(noise, [1, sourceLength]) };
          const sound = torch.toFloat32Array(synthesize(ops.full, synthesis, filters, sources, frames));
          // the sound begins 128 samples after the first frame's centre
          return sound.slice((MARGIN - 1) * HOP, (MARGIN - 1) * HOP + length);
        }),
      );
    },
  };
}

/** [T, C] to [T + 2·MARGIN, C]. */
function repeatEnds(values: Float32Array, channels: number): Float32Array {
  const padded = new Float32Array(values.length + 2 * MARGIN * channels);
  padded.set(values, MARGIN * channels);
  for (let m = 0; m < MARGIN; m++) {
    padded.set(values.subarray(0, channels), m * channels);
    padded.set(values.subarray(values.length - channels), values.length + (MARGIN + m) * channels);
  }
  return padded;
}

/** Everything a copy is made from. */
export function analyzeForCopy(samples: Float32Array): {
  frames: ReturnType<typeof analyzeVoice>;
  features: Float32Array;
  f0: Float32Array;
} {
  const sound = { samples, sampleRate: 24000 };
  const { f0 } = trackF0(sound);
  const frames = analyzeVoice(sound, f0);
  return { frames, features: createVoiceFeatures()(frames), f0 };
}
