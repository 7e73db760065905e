/**
 * What a running command tells the person on standard error: notes, and progress as a bar on a terminal, as NDJSON with `--json`
 * (`{"type":"progress","stage":"…","done":1,"of":4}`), and as nothing where nobody looks.
 */
import type { Progress } from 'alignsts';
import type { Sink } from './io.ts';

export type Reporter = {
  /** True when a result has to be printed as JSON. */
  json: boolean;
  progress(progress: Progress): void;
  /** A plain sentence: what was guessed, moved, left out or written. */
  note(sentence: string): void;
  /** Takes the bar off the screen and waits until all is written. */
  close(): Promise<void>;
};

export function createReporter(stderr: Sink, { json, quiet }: { json: boolean; quiet: boolean }): Reporter {
  let last: Promise<void> = Promise.resolve();
  const write = (line: string): void => {
    last = stderr.write(line);
  };
  const bar = stderr.isTerminal && !json && !quiet;
  let shown = false;
  const clear = (): void => {
    if (shown) write('\r\x1b[K');
    shown = false;
  };
  return {
    json,
    progress: ({ stage, done, of }) => {
      if (quiet) return;
      if (json) write(`${JSON.stringify({ type: 'progress', stage, done, of })}\n`);
      else if (bar) {
        write(`\r\x1b[K${progressBar(stage, done / of, stderr.columns)}`);
        shown = true;
      }
    },
    note: (sentence) => {
      if (quiet) return;
      clear();
      write(json ? `${JSON.stringify({ type: 'note', text: sentence })}\n` : `${sentence}\n`);
    },
    close: () => {
      clear();
      return last;
    },
  };
}

/** @example progressBar('align', 0.5, 40) // 'align            ████████▌       50 %' with the bar as wide as fits */
export function progressBar(stage: string, share: number, columns: number): string {
  const full = Math.min(1, Math.max(0, share));
  const width = Math.max(4, Math.min(40, columns - 24));
  const eighths = Math.round(full * width * 8);
  const blocks = '█'.repeat(eighths >> 3) + (eighths & 7 ? ' ▏▎▍▌▋▊▉'[eighths & 7] : '');
  return `${stage.slice(0, 16).padEnd(16)} ${blocks.padEnd(width, '░')} ${String(Math.round(full * 100)).padStart(3)} %`;
}
