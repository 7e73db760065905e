/** What `alignsts doctor` looks at. A new part of the program that needs something of the machine adds one entry here. */
import { createRequire } from 'node:module';
import { availableParallelism, freemem, totalmem } from 'node:os';

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

export const doctorChecks: readonly Check[] = [
  { name: 'node', about: 'everything', needed: true, look: nodeVersion },
  { name: 'memory', about: 'recordings of some minutes', needed: false, look: memory },
  { name: 'cores', about: 'speed', needed: false, look: () => ({ good: true, found: `${availableParallelism()}` }) },
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

/** Loads a package as the commands would, so that a missing or broken native part is found here and not in the middle of the work. */
async function loads(name: string): Promise<Finding> {
  try {
    await import(name);
    const { version } = createRequire(import.meta.url)(`${name}/package.json`) as { version: string };
    return { good: true, found: `${name} ${version}` };
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0]!;
    return { good: false, found: `${name} does not load: ${reason}`, remedy: 'npm install, on this machine and with this version of Node' };
  }
}
