import { expect, test } from 'vitest';
import { readConfig } from './read.ts';

const files: Record<string, unknown> = {
  'base.json': { name: 'base', model: { system: 'alignsts', hidden: 128, groups: 8 }, losses: { guided: 10 } },
  'loop.json': { extends: 'other.json', name: 'loop' },
  'other.json': { extends: 'loop.json', name: 'other' },
};
const open = (name: string) => ({ json: files[name], path: name });
const read = (json: unknown) => readConfig(json, 'my.json', open);

test('what is left out takes its default, and what is said overrides field by field', () => {
  const config = read({ extends: 'base.json', name: 'mine', model: { system: 'alignsts', groups: 4 } });
  expect(config.name).toBe('mine');
  expect(config.model).toMatchObject({ system: 'alignsts', hidden: 128, groups: 4, ffnKernel: 9 });
  expect(config.losses).toMatchObject({ guided: 10, l1: 0.5, commitment: 0.25 });
});

test("another system or decoder replaces the base's whole", () => {
  expect(read({ extends: 'base.json', name: 'b', model: { system: 'parekh2020' } }).model).toEqual({
    system: 'parekh2020',
    widths: [512, 256, 128],
    code: 64,
    skip: 32,
  });
  const gan = read({ name: 'g', model: { system: 'alignsts', decoder: { kind: 'fft' } } });
  expect(gan.model).toMatchObject({ decoder: { kind: 'fft', layers: 4, heads: 2, dropout: 0.1 } });
});

test.each([
  [{ name: 'x', model: { system: 'alignsts', hiden: 3 } }, 'hiden'],
  [{ name: 'x', training: { clip: -1 } }, 'training.clip is -1'],
  [{ name: 'x', model: { system: 'alignsts', pitchEncoder: { kernel: 4 } } }, 'a kernel must be odd'],
  [{ name: 'x', model: { system: 'alignsts', hidden: 250 } }, 'model.hidden is 250, not a multiple of model.groups (16)'],
  [{ name: 'x', features: { pitch: { rows: 200 } } }, 'features.pitch.rows is 200, too few for 255 levels'],
  [{ name: 'x', features: { pitch: { low: 2000 } } }, 'Low must be the lower'],
  [
    { name: 'x', model: { system: 'alignsts', rhythmEncoder: { layers: 3 } } },
    'the rhythm encoder shortens by 8 (stride ^ layers) and the predictor by 4',
  ],
  [{ name: 'x', model: { system: 'alignsts', contentEncoder: { stride: 2 } } }, 'set their stride to 1'],
  [{ model: {} }, 'name'],
  ['text', 'holds no configuration'],
  [{ extends: 'loop.json', name: 'x' }, 'leads back to it'],
])('%j is refused with a sentence that says why', (json, message) => {
  expect(() => read(json)).toThrow(message);
});

test('without a way to open files a base is refused', () => {
  expect(() => readConfig({ extends: 'base.json', name: 'x' }, 'my.json')).toThrow('cannot be opened from here');
});
