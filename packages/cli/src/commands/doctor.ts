/** `alignsts doctor`: is everything there that this program needs, and what to do where it is not. */
import { InputError } from '@alignsts/signal';
import { type Command, defineCommand } from '../command.ts';
import { type Check, doctorChecks, type Finding } from '../doctor-checks.ts';
import { versionOfThisPackage } from '../version.ts';

export const doctor: Command = defineCommand({
  name: 'doctor',
  summary: 'look whether this machine has all that is needed, and say what is missing',
  operands: [],
  options: {},
  examples: [
    {
      line: 'alignsts doctor',
      says: 'one line for every part, and what to do about the missing ones; ends with 2 when a needed part is missing',
    },
    { line: 'alignsts doctor --json', says: 'the same for scripts' },
  ],
  async run({ io, reporter }) {
    const results: (Check & Finding)[] = [];
    for (const check of doctorChecks) results.push({ ...check, ...(await check.look()) });
    if (reporter.json) {
      const parts = results.map(({ name, about, needed, good, found, remedy }) => ({
        name,
        good,
        needed,
        found,
        about,
        ...(remedy && { remedy }),
      }));
      await io.stdout.write(`${JSON.stringify({ version: versionOfThisPackage(), parts }, null, 2)}\n`);
    } else await io.stdout.write(results.map(line).join(''));
    const missing = results.filter(({ good, needed }) => needed && !good);
    if (missing.length > 0)
      throw new InputError(`${missing.map(({ name }) => name).join(' and ')} missing: ${missing.map(({ remedy }) => remedy).join('; ')}.`);
  },
});

function line({ name, about, needed, good, found, remedy }: Check & Finding): string {
  const mark = good ? 'ok     ' : needed ? 'MISSING' : 'absent ';
  const advice = good ? '' : `\n          needed for ${about}${remedy ? `; ${remedy}` : ''}`;
  return `${mark}  ${name.padEnd(16)} ${found}${advice}\n`;
}
