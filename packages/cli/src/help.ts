/** The pages that `--help` prints, made from the same tables that parse the command line. */
import { type Command, commonOptions } from './command.ts';
import { kebab, type OptionTable } from './options.ts';

const WIDTH = 100;

export const EXIT_CODES = 'Exit codes: 0 done · 1 a fault of ours · 2 bad input or usage · 130 interrupted';

export function overviewPage(commands: readonly Command[], version: string): string {
  const rows = commands.map(({ name, summary }): Row => [name, summary]);
  return [
    `alignsts ${version}: spoken words, sung`,
    '',
    'Usage: alignsts COMMAND [options]',
    '',
    'Commands',
    ...columns(rows),
    '',
    'alignsts COMMAND --help explains a command, with examples. alignsts --version prints the version.',
    EXIT_CODES,
    '',
  ].join('\n');
}

export function commandPage({ name, summary, details, operands, options, examples }: Command): string {
  const operandText = operands.map((operand) => (operand.optional ? `[${operand.name}]` : operand.name)).join(' ');
  return [
    ...wrap(`alignsts ${name}: ${summary}`, WIDTH),
    '',
    `Usage: alignsts ${name} ${operandText ? `${operandText} ` : ''}[options]`,
    ...(details ? ['', ...wrap(details, WIDTH)] : []),
    ...(operands.length > 0 ? ['', 'Operands', ...columns(operands.map((operand): Row => [operand.name, operand.about]))] : []),
    ...(Object.keys(options).length > 0 ? ['', 'Options', ...columns(optionRows(options))] : []),
    '',
    'Options of every command',
    ...columns(optionRows(commonOptions)),
    '',
    'Examples',
    ...examples.flatMap(({ line, says }) => [`  $ ${line}`, ...wrap(says, WIDTH - 6).map((text) => `      ${text}`)]),
    '',
    EXIT_CODES,
    '',
  ].join('\n');
}

type Row = [head: string, text: string];

function optionRows(table: OptionTable): Row[] {
  return Object.entries(table).map(([key, { short, placeholder, about, defaultText }]): Row => {
    const head = `${short ? `-${short}, ` : '    '}--${kebab(key)}${placeholder ? ` ${placeholder}` : ''}`;
    return [head, defaultText === undefined ? about : `${about} (default ${defaultText})`];
  });
}

/** Two columns; a head that is too long for its column gets a line of its own. */
function columns(rows: Row[]): string[] {
  const width = Math.min(30, Math.max(...rows.map(([head]) => head.length)));
  return rows.flatMap(([head, text]) => {
    const lines = wrap(text, WIDTH - width - 4);
    const indent = ' '.repeat(width + 4);
    const first = head.length > width ? [`  ${head}`, `${indent}${lines[0]}`] : [`  ${head.padEnd(width)}  ${lines[0]}`];
    return [...first, ...lines.slice(1).map((line) => indent + line)];
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else line = line ? `${line} ${word}` : word;
    }
    lines.push(line);
  }
  return lines;
}
