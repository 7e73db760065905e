/** Configurations by file or by the name of one in configs/. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '@alignsts/signal';
import { type Config, readConfig } from 'alignsts/model';

/** The repository's own presets, where this runs from a checkout. */
const presets = fileURLToPath(new URL('../../../configs/', import.meta.url));

/**
 * @param name a path, or a name such as `release` or `ablations/no-f0-skip`
 * @param folder what a path is relative to
 * @throws InputError that says where was looked, or what in the file is wrong
 */
export function openConfig(name: string, folder: string): Config {
  const candidates = [resolve(folder, name), resolve(folder, 'configs', `${name}.json`), join(presets, `${name}.json`)];
  const path = candidates.find((candidate) => candidate.endsWith('.json') && existsSync(candidate));
  if (path === undefined)
    throw new InputError(`There is no configuration ${name}: ${candidates.join(', ')} were looked for. Name a .json file.`);
  return readConfig(readJson(path), path, (base, from) => {
    const basePath = join(dirname(from), base);
    if (!existsSync(basePath)) throw new InputError(`${from} extends ${base}, but ${basePath} does not exist.`);
    return { json: readJson(basePath), path: basePath };
  });
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new InputError(`${path} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}.`);
  }
}
