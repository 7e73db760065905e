/**
 * The side-car of a song: what it was made from and how, so that `alignsts sing --replay` makes the same bytes again, or says why it cannot.
 * Paths are relative to the side-car's own folder, so that a folder of files can be moved as a whole.
 */
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { InputError } from '@alignsts/signal';
import { z } from 'zod';
import { versionOfThisPackage } from './version.ts';

export type SidecarInput = {
  /** `-` for standard input; absent for a tune that was typed. */
  path?: string | undefined;
  /** The typed tune itself. */
  text?: string | undefined;
  sha256: string;
};

/** What has to be the same for two runs to give the same bytes. */
export type Maker = { alignsts: string; node: string; platform: string };

export type OutputKind = 'audio' | 'picture' | 'midi' | 'textgrid' | 'sidecar';

export type Sidecar = {
  kind: 'alignsts song';
  format: 1;
  madeBy: Maker;
  inputs: { speech: SidecarInput; melody: SidecarInput };
  /** The options as they were in force, defaults included. */
  options: Record<string, string | number | boolean>;
  /** The engine that sang; `options.engine` may have been 'auto'. */
  engine: string;
  /** The side-car itself has no hash. */
  outputs: { kind: OutputKind; path: string; sha256?: string | undefined }[];
  remarks: string[];
};

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256');
const input = z.object({ path: z.string().optional(), text: z.string().optional(), sha256: hash });
const kinds = ['audio', 'picture', 'midi', 'textgrid', 'sidecar'] as const satisfies readonly OutputKind[];

const sidecarSchema: z.ZodType<Sidecar> = z.object({
  kind: z.literal('alignsts song'),
  format: z.literal(1),
  madeBy: z.object({ alignsts: z.string(), node: z.string(), platform: z.string() }),
  inputs: z.object({ speech: input, melody: input }),
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  engine: z.string(),
  outputs: z.array(z.object({ kind: z.enum(kinds), path: z.string(), sha256: hash.optional() })),
  remarks: z.array(z.string()),
});

/** The runtime counts as well as the version: `Math.sin` and its kin may differ in the last bit between builds of Node. */
export function thisMaker(): Maker {
  return { alignsts: versionOfThisPackage(), node: process.versions.node, platform: `${process.platform} ${process.arch}` };
}

export function writeSidecar(sidecar: Sidecar): string {
  return `${JSON.stringify(sidecar, null, 2)}\n`;
}

/** @throws InputError when the text is no side-car of this format */
export function readSidecar(text: string, name: string): Sidecar {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(`${name} is no side-car: it is not JSON. Give the file that \`alignsts sing --sidecar\` wrote.`);
  }
  const parsed = sidecarSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new InputError(
    `${name} is no side-car that can be replayed (${path.join('.') || 'the whole'}: ${message}). Give the file that \`alignsts sing --sidecar\` wrote.`,
  );
}

/** A path of this call as the side-car keeps it. */
export function pathForSidecar(path: string, sidecarPath: string, cwd: string): string {
  if (path === '-') return path;
  const fromSidecar = relative(sidecarPath === '-' ? cwd : dirname(resolve(cwd, sidecarPath)), resolve(cwd, path));
  return fromSidecar.split(sep).join('/');
}

/** A path in a side-car as this call can open it. */
export function pathFromSidecar(path: string, sidecarPath: string): string {
  return path === '-' || isAbsolute(path) ? path : join(sidecarPath === '-' ? '.' : dirname(sidecarPath), path);
}
