/** Calls the command line in this process, in a fresh folder, with what it reads and writes held in memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ExitCode, type Io, run, type Sink } from '../../packages/cli/src/index.ts';

export type Outcome = { code: ExitCode; stdout: string; stderr: string; stdoutBytes: Uint8Array };

export type Surroundings = {
  cwd?: string;
  stdin?: Uint8Array | string;
  /** Standard error is a terminal: bars are drawn. */
  terminal?: boolean;
};

export async function call(words: readonly string[], { cwd = tmpdir(), stdin, terminal = false }: Surroundings = {}): Promise<Outcome> {
  const stdout = memorySink(false);
  const stderr = memorySink(terminal);
  const io: Io = {
    cwd,
    stdin: {
      isTerminal: stdin === undefined,
      async *chunks() {
        // in pieces, as a pipe delivers
        const bytes = Buffer.from(stdin ?? '');
        for (let at = 0; at < bytes.length; at += 65536) yield new Uint8Array(bytes.subarray(at, at + 65536));
      },
    },
    stdout,
    stderr,
  };
  const code = await run(words, io);
  return { code, stdout: stdout.bytes().toString(), stderr: stderr.bytes().toString(), stdoutBytes: stdout.bytes() };
}

/** An empty folder that is gone when the test is over. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'alignsts-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function memorySink(isTerminal: boolean): Sink & { bytes(): Buffer } {
  const parts: Buffer[] = [];
  return {
    isTerminal,
    columns: 80,
    write: async (data) => {
      parts.push(Buffer.from(data));
    },
    bytes: () => Buffer.concat(parts),
  };
}
