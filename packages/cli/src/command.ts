/** What a command is. A new command is one file in commands/ that calls `defineCommand`, and one line in commands/table.ts. */
import type { Io } from './io.ts';
import { flag, type Option, type OptionTable, type Values } from './options.ts';
import type { Reporter } from './reporter.ts';

export type Operand = { name: string; about: string; optional?: boolean };

export type Example = { line: string; says: string };

export type Call<Table extends OptionTable> = {
  operands: string[];
  options: Values<Table>;
  /** Options that were written out, as opposed to left at their default. */
  given: ReadonlySet<string>;
  io: Io;
  reporter: Reporter;
};

export type Command<Table extends OptionTable = OptionTable> = {
  name: string;
  /** One line in the list of commands; starts with a verb. */
  summary: string;
  /** What a reader of `--help` should know beyond the options; optional. */
  details?: string;
  operands: Operand[];
  options: Table;
  examples: Example[];
  run(call: Call<Table & typeof commonOptions>): Promise<void>;
};

/** Options that every command understands. */
export const commonOptions: Record<'json' | 'quiet' | 'debug' | 'help', Option<boolean>> = {
  json: flag('print the result as JSON on standard output, and progress as one JSON object a line on standard error'),
  quiet: flag('print errors only', { short: 'q' }),
  debug: flag('when the fault is ours, print the stack as well'),
  help: flag('print this page', { short: 'h' }),
};

/** Keeps the option types inside, and shows the outside one plain type. */
export function defineCommand<Table extends OptionTable>(command: Command<Table>): Command {
  return command as unknown as Command;
}
