/** How a call ends. Shells and scripts may rely on these numbers; README.md and every `--help` list them. */
export const EXIT = {
  /** All that was asked for is written. */
  ok: 0,
  /** A fault of this program. */
  bug: 1,
  /** A fault the caller can mend: bad input, a wrong option, a file in the way. */
  input: 2,
  /** Ctrl-C or a polite kill while files were being written (128 + SIGINT). */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Thrown when the user interrupts; everything half-done has been removed by then. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
