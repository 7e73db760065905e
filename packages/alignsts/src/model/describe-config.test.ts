import { expect, test } from 'vitest';
import { readConfig } from '../config/read.ts';
import { describeConfig } from './describe-config.ts';

const describeJson = (json: object) => describeConfig(readConfig({ name: 'x', ...json }, 'x.json'), 187.5);
const split = (bottleneck: number, contentCode: number, rhythmCode: number) =>
  describeJson({
    features: { timbre: { channels: 82 } },
    model: { system: 'speechsplit2', bottleneck, contentCode, rhythmCode, pitchCode: 32 },
  });

test('SpeechSplit2 has the parameters of its released models: 20,058,576 large and 19,437,800 small', () => {
  expect(split(1, 32, 32).parameters).toBe(20_058_576);
  expect(split(8, 8, 1).parameters).toBe(19_437_800);
});

test('modules add up to the whole, for every system', () => {
  for (const system of ['alignsts', 'parekh2020', 'speechsplit2', 'wu-yang-2020']) {
    const { parameters, modules } = describeJson({ model: { system } });
    expect(
      Object.values(modules).reduce((sum, count) => sum + count, 0),
      system,
    ).toBe(parameters);
  }
});

test('tells shapes, rates and the receptive field of the default configuration', () => {
  const { shapes, rates, receptiveField } = describeJson({});
  expect(receptiveField).toBe(151);
  expect(rates).toEqual({ singing: 187.5, content: 50, rhythmCodes: 46.875 });
  expect(shapes).toMatchObject({ content: '[N, 512]', mel: '[T, 80]', rhythmCodes: '[⌈T/4⌉] of 6' });
});

test('counts what is trained only against the model apart', () => {
  const gan = describeJson({ model: { system: 'alignsts', decoder: { kind: 'fft' } }, adversarial: { weight: 0.1 } });
  expect(gan.adversary).toBe(926_723);
  expect(gan.receptiveField).toBeUndefined();
  expect(describeJson({}).adversary).toBeUndefined();
});
