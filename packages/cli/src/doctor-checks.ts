/** What `alignsts doctor` looks at. A new part of the program that needs something of the machine adds one entry here. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type Check = {
  name: string;
  /** What does not work without it. */
  about: string;
  /** Without a needed part nothing is sung; without an optional one, only what `about` says. */
  needed: boolean;
  look: () => Finding | Promise<Finding>;
};

export type Finding = {
  good: boolean;
  /** What was found, in a few words. */
  found: string;
  /** What to do about it. */
  remedy?: string;
};

const OLDEST_NODE = [20, 19] as const;
const GIBIBYTE = 2 ** 30;
/** The package that the decoders belong to; they are looked for from there, as it does. */
const SIGNAL = '@alignsts/signal';

export const doctorChecks: readonly Check[] = [
  { name: 'node', about: 'everything', needed: true, look: nodeVersion },
  { name: 'memory', about: 'recordings of some minutes', needed: false, look: memory },
  { name: 'cores', about: 'speed', needed: false, look: () => ({ good: true, found: `${availableParallelism()}` }) },
  { name: 'Opus', about: 'recordings in Ogg Opus', needed: false, look: () => loads('opus-decoder', SIGNAL) },
  { name: 'MP3', about: 'recordings in MP3', needed: false, look: () => loads('mpg123-decoder', SIGNAL) },
  { name: 'Ogg Vorbis', about: 'recordings in Ogg Vorbis', needed: false, look: () => loads('@wasm-audio-decoders/ogg-vorbis', SIGNAL) },
  { name: 'pictures as PNG', about: '--picture FILE.png (SVG pictures need nothing)', needed: false, look: () => loads('@resvg/resvg-js') },
];

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const found = `${process.versions.node} on ${process.platform} ${process.arch}`;
  return good ? { good, found } : { good, found, remedy: `install Node ${OLDEST_NODE.join('.')} or newer from nodejs.org` };
}

function memory(): Finding {
  const found = `${(totalmem() / GIBIBYTE).toFixed(1)} GB, ${(freemem() / GIBIBYTE).toFixed(1)} GB free`;
  return totalmem() > GIBIBYTE ? { good: true, found } : { good: false, found, remedy: 'work on recordings of less than a minute' };
}

/** Loads a package as the commands would, so that a missing or broken one is found here and not in the middle of the work. */
async function loads(name: string, owner?: string): Promise<Finding> {
  try {
    const here = createRequire(import.meta.url);
    const from = owner === undefined ? here : createRequire(import.meta.resolve(owner));
    const entry = from.resolve(name);
    await import(pathToFileURL(entry).href);
    return { good: true, found: `${name} ${versionAbove(entry, name)}` };
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0]!;
    return {
      good: false,
      found: `${name} does not load: ${reason}`,
      remedy: `npm install ${name}, on this machine and with this version of Node`,
    };
  }
}

/** The version in the package.json that lies above a package's entry; `exports` often hides it from a plain import. */
function versionAbove(entry: string, name: string): string {
  for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (!existsSync(path)) continue;
    const { name: found, version } = JSON.parse(readFileSync(path, 'utf8')) as { name?: string; version?: string };
    if (found === name && version) return version;
  }
  return '(of unknown version)';
}
