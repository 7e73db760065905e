/** The command line from its words to an exit code: finds the command, reads its options, runs it, and puts every error in words. */
import { InputError } from '@alignsts/signal';
import { closestWord } from './closest-word.ts';
import { type Command, commonOptions } from './command.ts';
import { commands } from './commands/table.ts';
import { EXIT, type ExitCode, Interrupted } from './exit-code.ts';
import { commandPage, overviewPage } from './help.ts';
import type { Io } from './io.ts';
import { parseOptions } from './options.ts';
import { createReporter } from './reporter.ts';
import { versionOfThisPackage } from './version.ts';

/**
 * Runs one call. Nothing escapes as an exception.
 * @param argv the words after the program's name, such as `['melody', 'tune.mid', '--json']`
 */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const json = argv.includes('--json');
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (error instanceof Interrupted) return EXIT.interrupted;
    if (error instanceof InputError) {
      await io.stderr.write(json ? `${JSON.stringify({ type: 'error', message: error.message })}\n` : `alignsts: ${error.message}\n`);
      return EXIT.input;
    }
    await io.stderr.write(bugReport(error, { json, stack: argv.includes('--debug') }));
    return EXIT.bug;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [first, ...rest] = argv;
  if (first === undefined) {
    await io.stderr.write(overviewPage(commands, versionOfThisPackage()));
    return EXIT.input;
  }
  if (first === '--version' || first === '-V') {
    await io.stdout.write(`${versionOfThisPackage()}\n`);
    return EXIT.ok;
  }
  if (first === '--help' || first === '-h' || first === 'help') {
    await io.stdout.write(rest[0] === undefined ? overviewPage(commands, versionOfThisPackage()) : commandPage(commandNamed(rest[0])));
    return EXIT.ok;
  }
  const command = commandNamed(first);
  const { values, given, operands } = parseOptions(rest, { ...command.options, ...commonOptions }, `alignsts ${command.name} --help`);
  if (values.help) {
    await io.stdout.write(commandPage(command));
    return EXIT.ok;
  }
  const most = command.operands.length;
  if (operands.length > most) {
    const allowed = most === 0 ? 'no operands' : command.operands.map(({ name }) => name).join(' ');
    throw new InputError(`'${operands[most]}' is one operand too many: alignsts ${command.name} takes ${allowed}.`);
  }
  const missing = command.operands.find(({ optional }, i) => !optional && i >= operands.length);
  if (missing) {
    throw new InputError(
      `alignsts ${command.name} needs ${missing.name}: ${missing.about}. \`alignsts ${command.name} --help\` shows examples.`,
    );
  }
  const reporter = createReporter(io.stderr, values);
  try {
    await command.run({ operands, options: values, given, io, reporter });
  } finally {
    await reporter.close();
  }
  return EXIT.ok;
}

function commandNamed(word: string): Command {
  const command = commands.find(({ name }) => name === word);
  if (command) return command;
  const names = commands.map(({ name }) => name);
  if (word.startsWith('-'))
    throw new InputError(`The command comes first: alignsts COMMAND ${word}. The commands are ${names.join(', ')}.`);
  const meant = closestWord(word, names);
  throw new InputError(`There is no command '${word}'. ${meant ? `Did you mean ${meant}?` : `The commands are ${names.join(', ')}.`}`);
}

function bugReport(error: unknown, { json, stack }: { json: boolean; stack: boolean }): string {
  const message = error instanceof Error ? error.message : String(error);
  const trace = stack && error instanceof Error ? error.stack : undefined;
  if (json) return `${JSON.stringify({ type: 'bug', message, ...(trace && { stack: trace }) })}\n`;
  const advice = stack ? '' : ' Run it again with --debug and report what it prints.';
  return `alignsts: this is a bug in alignsts, not a fault of yours: ${message}.${advice}\n${trace ? `${trace}\n` : ''}`;
}
