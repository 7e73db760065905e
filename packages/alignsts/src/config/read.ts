import { InputError } from '@alignsts/signal';
import type { Config } from './config.ts';
import { schema } from './schema.ts';

/**
 * From files to a configuration. A file may say `"extends": "../default.json"`; its own fields then override that file's, object by
 * object (arrays and a model of another system are replaced whole). What is left out everywhere takes the schema's default.
 */

/** How a named base is found; the product has no file system of its own. `from` is the file that names it. */
export type OpenBase = (name: string, from: string) => { json: unknown; path: string };

/**
 * @param path the file's name, for messages and for what its bases are relative to
 * @throws InputError that names the field, what it holds and what it may hold
 * @example readConfig({ name: 'wide', model: { system: 'alignsts', hidden: 512 } }, 'wide.json').model // hidden 512, the rest by default
 */
export function readConfig(json: unknown, path: string, openBase?: OpenBase): Config {
  const merged = withBases(json, path, openBase, [path]);
  const result = schema.safeParse(merged);
  if (result.success) return checked(result.data, path);
  const issue = result.error.issues[0]!;
  const where = issue.path.join('.');
  const value = issue.path.reduce<unknown>((node, key) => (isObject(node) ? node[String(key)] : undefined), merged);
  const unknown = issue.code === 'unrecognized_keys' ? ` It has no field ${issue.keys.join(', ')}.` : '';
  throw new InputError(
    `${path}: ${where === '' ? 'the configuration' : where} is ${JSON.stringify(value) ?? 'missing'}, which does not fit: ${issue.message}.${unknown} ` +
      'packages/alignsts/src/config/schema.ts lists every field.',
  );
}

function withBases(json: unknown, path: string, openBase: OpenBase | undefined, chain: string[]): unknown {
  if (!isObject(json)) throw new InputError(`${path} holds no configuration: a JSON object is needed.`);
  const { extends: baseName, ...own } = json;
  if (baseName === undefined) return own;
  if (typeof baseName !== 'string' || openBase === undefined) {
    throw new InputError(
      `${path} extends ${JSON.stringify(baseName)}, which cannot be opened from here. Merge the two files, or read it from disk.`,
    );
  }
  const base = openBase(baseName, path);
  if (chain.includes(base.path))
    throw new InputError(`${path} extends ${baseName}, which leads back to it: ${[...chain, base.path].join(' → ')}.`);
  return merge(withBases(base.json, base.path, openBase, [...chain, base.path]), own);
}

function merge(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  // another system or decoder is a different thing, not the same one with changes
  for (const tag of ['system', 'kind']) if (tag in over && over[tag] !== (base[tag] ?? over[tag])) return over;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) merged[key] = key in base ? merge(base[key], value) : value;
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What one field alone cannot tell. */
function checked(config: Config, path: string): Config {
  const { model, features } = config;
  if (features.pitch.low >= features.pitch.high) {
    throw new InputError(
      `${path}: features.pitch.low is ${features.pitch.low} Hz and high is ${features.pitch.high} Hz. Low must be the lower.`,
    );
  }
  if (features.pitch.rows <= features.pitch.levels) {
    throw new InputError(
      `${path}: features.pitch.rows is ${features.pitch.rows}, too few for ${features.pitch.levels} levels and the unvoiced index. Use at least ${features.pitch.levels + 1}.`,
    );
  }
  if (model.system !== 'alignsts') return config;
  const { hidden, groups, rhythmAdaptor, aligner, decoder } = model;
  const must = (divisor: number, field: string): void => {
    if (hidden % divisor !== 0) throw new InputError(`${path}: model.hidden is ${hidden}, not a multiple of ${field} (${divisor}).`);
  };
  must(2, 'the two halves of the position code');
  must(groups, 'model.groups');
  must(rhythmAdaptor.predictor.attention.heads, "the predictor's heads");
  must(aligner.attention.heads, "the aligner's heads");
  if (decoder.kind === 'fft') must(decoder.heads, "the decoder's heads");
  const { predictor } = rhythmAdaptor;
  const strides = [model.rhythmEncoder.stride ** model.rhythmEncoder.layers, model.rhythmEncoder.stride ** predictor.convLayers];
  if (rhythmAdaptor.enabled && strides[0] !== strides[1]) {
    throw new InputError(
      `${path}: the rhythm encoder shortens by ${strides[0]} (stride ^ layers) and the predictor by ${strides[1]} (stride ^ convLayers). They must agree.`,
    );
  }
  if (model.contentEncoder.stride !== 1 || model.pitchEncoder.stride !== 1) {
    throw new InputError(`${path}: the content and pitch encoders keep every frame; set their stride to 1.`);
  }
  return config;
}
