/**
 * Writing what the user asked for: every file is written beside its place under another name, and only when all of them are complete are
 * they renamed into place. So an error, a full disk or Ctrl-C leaves no half-written file, and never one file of a set without the others.
 */
import { randomBytes } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '@alignsts/signal';
import { Interrupted } from './exit-code.ts';
import type { Io } from './io.ts';

export type OutputFile = {
  /** As the user wrote it; `-` is standard output. */
  path: string;
  /** A large text may come in pieces, each made when its turn comes. */
  content: Uint8Array | string | Iterable<string>;
};

/**
 * Refuses what could not be written anyway, before any work is done.
 * @throws InputError when a file is in the way, its folder is missing, it is an input, or two outputs share a name
 */
export async function checkOutputs(
  io: Io,
  paths: readonly string[],
  { overwrite, inputs = [] }: { overwrite: boolean; inputs?: readonly string[] },
): Promise<void> {
  if (paths.filter((path) => path === '-').length > 1)
    throw new InputError("Only one output can go to standard output ('-'). Name a file for the others.");
  const seen = new Map<string, string>();
  const inputPlaces = new Set(inputs.filter((path) => path !== '-').map((path) => resolve(io.cwd, path)));
  for (const path of paths) {
    if (path === '-') continue;
    const absolute = resolve(io.cwd, path);
    if (seen.has(absolute)) throw new InputError(`${path} is named for two outputs. Give each its own file.`);
    seen.set(absolute, path);
    if (inputPlaces.has(absolute)) throw new InputError(`${path} is an input and would be overwritten. Name another output.`);
    await checkPlace(absolute, path, overwrite);
  }
}

/**
 * Writes all files, or none.
 * @throws InputError when a place has become unwritable; Interrupted when the user stops it: in both cases nothing is left behind
 */
export async function writeTogether(io: Io, files: readonly OutputFile[], { overwrite }: { overwrite: boolean }): Promise<void> {
  const steps: Step[] = [];
  const streams: OutputFile[] = [];
  for (const file of files) {
    const target = file.path === '-' ? undefined : await targetOf(resolve(io.cwd, file.path));
    if (target === undefined) streams.push(file);
    else steps.push({ ...file, target, beside: join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.part`) });
  }
  let interrupted = false;
  const hold = (): void => {
    interrupted = true;
  };
  process.on('SIGINT', hold);
  process.on('SIGTERM', hold);
  try {
    for (const { path, target, beside, content } of steps) {
      await checkPlace(target, path, overwrite);
      await writeFile(beside, content, { flag: 'wx' }).catch((error: unknown) => {
        throw writable(error, path);
      });
      if (interrupted) throw new Interrupted();
    }
    for (const { path, target, beside } of steps) {
      await rename(beside, target).catch((error: unknown) => {
        throw writable(error, path);
      });
    }
  } finally {
    process.off('SIGINT', hold);
    process.off('SIGTERM', hold);
    await Promise.all(steps.map(({ beside }) => rm(beside, { force: true })));
  }
  for (const { path, content } of streams) {
    if (path === '-') {
      for (const piece of typeof content === 'string' || content instanceof Uint8Array ? [content] : content) await io.stdout.write(piece);
    } else await writeFile(resolve(io.cwd, path), content);
  }
}

type Step = OutputFile & { target: string; beside: string };

/** Where the file really goes: a link keeps being a link. A device or pipe (/dev/null) is written into, never renamed over. */
async function targetOf(absolute: string): Promise<string | undefined> {
  const status = await statOf(absolute);
  if (!status) return absolute;
  return status.isFile() || status.isDirectory() ? realpath(absolute) : undefined;
}

async function checkPlace(absolute: string, path: string, overwrite: boolean): Promise<void> {
  const status = await statOf(absolute);
  if (status?.isDirectory()) throw new InputError(`${path} is a folder. Name a file in it.`);
  if (status?.isFile() && !overwrite) throw new InputError(`${path} exists already. Add -y to overwrite it, or name another file.`);
  if (!status && !(await statOf(dirname(absolute)))?.isDirectory()) {
    throw new InputError(`There is no folder ${dirname(path)} to write ${basename(path)} into. Make it first.`);
  }
}

async function statOf(absolute: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  return stat(absolute).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw writable(error, absolute);
  });
}

function writable(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new InputError(`${path} may not be written (${code}). Choose another folder.`);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new InputError(`There is no room left on the disk for ${path}. Make room or choose another folder.`);
  if (code === 'ENAMETOOLONG' || code === 'EINVAL' || code === 'ELOOP')
    return new InputError(`${path} is no possible file name here (${code}). Choose another.`);
  return error;
}
