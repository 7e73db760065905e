import type { AlignstsConfig, Config } from '../config/config.ts';
import { initAlignsts } from './alignsts.ts';
import { initParekh } from './baselines/parekh2020.ts';
import { initSpeechSplit } from './baselines/speechsplit2.ts';
import { initCritic, initWuYang } from './baselines/wu-yang-2020.ts';
import { blockConfigs } from './block-configs.ts';
import { receptiveField } from './diffusion-decoder/denoiser.ts';
import { initDiscriminator } from './multi-window-discriminator.ts';
import { countWeights, type Tree, type Weight } from './params.ts';

/** What a configuration amounts to, without training anything: parameters, shapes, rates. */
export type ConfigDescription = {
  name: string;
  system: Config['model']['system'];
  /** Trained parameters of what is used at inference. */
  parameters: number;
  modules: Record<string, number>;
  /** Trained beside the model and thrown away: discriminator or critic. */
  adversary?: number;
  /** Names of axes: T singing frames, N content frames, S speech frames at the singing's rate. */
  shapes: Record<string, string>;
  /** Frames a second. */
  rates: Record<string, number>;
  /** Mel frames around one frame that its decoding depends on; absent where it is the whole phrase. */
  receptiveField?: number;
};

/** Fresh parameters of whatever system the configuration names. */
export function initModel(config: Config): { [module: string]: Tree<Weight> } {
  const { model, features } = config;
  switch (model.system) {
    case 'alignsts':
      return initAlignsts(config as Config & { model: AlignstsConfig });
    case 'parekh2020':
      return initParekh(model, features.melBins, features.pitch.rows);
    case 'speechsplit2':
      return initSpeechSplit(model, features.melBins, features.timbre.channels);
    case 'wu-yang-2020':
      return initWuYang(model, features.melBins, features.pitch.rows);
  }
}

/** @param frameRate of the singing, frames a second (grid.ts) */
export function describeConfig(config: Config, frameRate: number): ConfigDescription {
  const { model, features } = config;
  const params = initModel(config);
  const modules = Object.fromEntries(Object.entries(params).map(([name, part]) => [name, countWeights(part)]));
  const common = {
    name: config.name,
    system: model.system,
    parameters: countWeights(params),
    modules,
    ...adversaryOf(config),
  };
  const output = { timbre: `[${features.timbre.channels}]`, pitch: '[T]', mel: `[T, ${features.melBins}]` };
  if (model.system !== 'alignsts') {
    return { ...common, shapes: { speechMel: `[S, ${features.melBins}]`, ...output }, rates: { singing: frameRate } };
  }
  const { rhythmStride, denoiser } = blockConfigs(config as Config & { model: AlignstsConfig });
  return {
    ...common,
    shapes: {
      content: `[N, ${features.content.channels}]`,
      ...output,
      rhythmCodes: `[⌈T/${rhythmStride}⌉] of ${model.rhythmAdaptor.codes}`,
      attention: '[T, N]',
      condition: `[T, ${model.hidden}]`,
    },
    // every content encoder of this project gives 50 frames a second (spec A1.6)
    rates: { singing: frameRate, content: 50, rhythmCodes: frameRate / rhythmStride },
    ...(denoiser && { receptiveField: receptiveField(denoiser) }),
  };
}

function adversaryOf(config: Config): { adversary?: number } {
  const { adversarial, features, model } = config;
  if (model.system === 'wu-yang-2020') return { adversary: countWeights(initCritic(features.melBins)) };
  return adversarial.weight > 0 ? { adversary: countWeights(initDiscriminator(adversarial, features.melBins)) } : {};
}
