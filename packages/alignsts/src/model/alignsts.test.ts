import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read.ts';
import { type AlignstsModel, initAlignsts } from './alignsts.ts';
import { initDiscriminator } from './multi-window-discriminator.ts';
import { countWeights } from './params.ts';

const configs = new URL('../../../../configs/', import.meta.url).pathname;
const open = (name: string, from: string) => {
  const path = join(dirname(from), name);
  return { json: JSON.parse(readFileSync(path, 'utf8')) as unknown, path };
};
const read = (name: string, change: (json: Record<string, unknown>) => void = () => undefined): AlignstsModel => {
  const { json, path } = open(name, join(configs, 'x'));
  change(json as Record<string, unknown>);
  return readConfig(json, path, open) as Config as AlignstsModel;
};
const modules = (config: AlignstsModel): Record<string, number> =>
  Object.fromEntries(Object.entries(initAlignsts(config)).map(([name, params]) => [name, countWeights(params)]));
const total = (config: AlignstsModel): number => countWeights(initAlignsts(config));
/** The released configuration with one part of the model changed. */
const release = (part: Record<string, unknown>): AlignstsModel =>
  read('release.json', (json) => {
    const model = json['model'] as Record<string, unknown>;
    for (const [key, value] of Object.entries(part)) {
      const old = model[key];
      model[key] = typeof old === 'object' && typeof value === 'object' ? { ...old, ...value } : value;
    }
  });

test('the released configuration has 26,150,488 parameters, module by module as counted from the layer shapes', () => {
  expect(modules(read('release.json'))).toEqual({
    contentEncoder: 222_720,
    pitchEncoder: 1_062_144,
    rhythmEncoder: 462_080,
    rhythmPredictor: 3_544_839,
    aligner: 5_772_289,
    denoiser: 15_086_416,
  });
  expect(total(read('release.json'))).toBe(26_150_488);
});

test("the paper's predictor kernel makes 25,888,344", () => {
  expect(modules(read('paper.json'))['rhythmPredictor']).toBe(3_282_695);
  expect(total(read('paper.json'))).toBe(25_888_344);
});

test('the ablations remove exactly what they name', () => {
  const noRhythmAdaptor = modules(release({ rhythmAdaptor: { enabled: false } }));
  expect(noRhythmAdaptor).not.toHaveProperty('rhythmPredictor');
  expect(total(release({ rhythmAdaptor: { enabled: false } }))).toBe(22_605_649);
  expect(modules(release({ aligner: { enabled: false } }))).not.toHaveProperty('aligner');
  expect(total(release({ aligner: { enabled: false } }))).toBe(20_378_199);
  expect(modules(release({ fusion: { pitch: false } }))).toEqual(modules(read('release.json')));
});

test('the GAN variant has a generator of 22,628,697 parameters, its decoder 11,564,625, and a discriminator of 926,723', () => {
  const gan = release({ decoder: { kind: 'fft' } });
  expect(modules(gan)['fftDecoder']).toBe(11_564_625);
  expect(total(gan)).toBe(22_628_697);
  const { windows } = initDiscriminator({ windows: [32, 64, 128], hidden: 128 }, 80);
  expect(windows.map(countWeights)).toEqual([302_081, 307_201, 317_441]);
});

test.each([
  ['no-rhythm-adaptor', 'model.rhythmAdaptor.enabled'],
  ['no-cross-modal-alignment', 'model.aligner.enabled'],
  ['no-f0-skip', 'model.fusion.pitch'],
  ['zero-shot', 'features.content.of'],
])('configs/ablations/%s.json differs from the default in %s alone', (name, path) => {
  const flat = (node: unknown, prefix = ''): [string, unknown][] =>
    typeof node === 'object' && node !== null
      ? Object.entries(node).flatMap(([key, child]) => flat(child, prefix === '' ? key : `${prefix}.${key}`))
      : [[prefix, node]];
  const standard = new Map(flat(read('default.json')));
  const changed = flat(read(`ablations/${name}.json`)).filter(([key, value]) => standard.get(key) !== value);
  expect(changed.map(([key]) => key)).toEqual(['name', path]);
});

test('every preset, ablation and baseline in configs/ can be read', () => {
  const names = ['paper', 'release', 'default', 'tiny', 'small'];
  const ablations = ['no-rhythm-adaptor', 'no-cross-modal-alignment', 'no-f0-skip', 'gan', 'zero-shot'].map((name) => `ablations/${name}`);
  for (const name of [...names, ...ablations]) expect(total(read(`${name}.json`))).toBeGreaterThan(100_000);
});
