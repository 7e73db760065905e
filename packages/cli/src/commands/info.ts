/** `alignsts info`: what a configuration amounts to: parameters by module, shapes, rates. */
import { FRAME_RATE } from 'alignsts';
import { type ConfigDescription, describeConfig } from 'alignsts/model';
import { type Command, defineCommand } from '../command.ts';
import { openConfig } from '../config-file.ts';

export const info: Command = defineCommand({
  name: 'info',
  summary: "tell a model configuration's parameters by module, shapes and frame rates",
  operands: [{ name: 'CONFIG', about: 'a .json file, or a name from configs/ such as release or ablations/no-f0-skip' }],
  options: {},
  examples: [
    { line: 'alignsts info release', says: "the released configuration's 26,150,488 parameters, module by module" },
    { line: 'alignsts info default --json', says: 'the same for scripts' },
  ],
  async run({ operands, io, reporter }) {
    const description = describeConfig(openConfig(operands[0]!, io.cwd), FRAME_RATE);
    await io.stdout.write(reporter.json ? `${JSON.stringify(description, null, 2)}\n` : textOf(description));
  },
});

function textOf({ name, system, parameters, modules, adversary, shapes, rates, receptiveField }: ConfigDescription): string {
  const count = (value: number): string => value.toLocaleString('en').padStart(12);
  const rows = (table: Record<string, string>): string[] => Object.entries(table).map(([key, value]) => `  ${key.padEnd(18)} ${value}`);
  return [
    `${name} (${system})`,
    `${count(parameters)}  parameters`,
    ...Object.entries(modules).map(([module, value]) => `${count(value)}    ${module}`),
    ...(adversary === undefined ? [] : [`${count(adversary)}  trained against it, not used to sing`]),
    'shapes (T singing, N content, S speech frames)',
    ...rows(shapes),
    'frames a second',
    ...rows(Object.fromEntries(Object.entries(rates).map(([key, value]) => [key, String(value)]))),
    ...(receptiveField === undefined
      ? []
      : [`receptive field of the decoder: ${receptiveField} frames, ${(receptiveField / rates['singing']!).toFixed(2)} s`]),
    '',
  ].join('\n');
}
