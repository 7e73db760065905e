/** The frame around every command: help, versions, suggestions, exit codes. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commands } from '../../packages/cli/src/commands/table.ts';
import { call } from './call.ts';

test.each(['overview', ...commands.map(({ name }) => name)])('the help of %s is as recorded', async (name) => {
  const { code, stdout, stderr } = await call(name === 'overview' ? ['--help'] : [name, '--help']);
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  await expect(stdout.replace(/alignsts \d+\.\d+\.\d+:/, 'alignsts VERSION:')).toMatchFileSnapshot(`help/${name}.txt`);
});

test('`help COMMAND` and `COMMAND -h` print the same page', async () => {
  for (const { name } of commands) expect((await call(['help', name])).stdout).toBe((await call([name, '-h'])).stdout);
});

test('every command shows at least one example of itself', () => {
  for (const { name, examples } of commands) {
    expect(examples.length).toBeGreaterThan(0);
    for (const { line } of examples) expect(line).toContain(`alignsts ${name}`);
  }
});

test('--version prints the package version', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../packages/cli/package.json', import.meta.url), 'utf8')) as { version: string };
  expect(await call(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
});

test('no words at all print the overview and end with 2', async () => {
  const { code, stdout, stderr } = await call([]);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('Usage: alignsts COMMAND [options]');
});

test('a misspelt command or option is answered with the nearest one, in one line, with 2', async () => {
  expect(await call(['doctr'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: "alignsts: There is no command 'doctr'. Did you mean doctor?\n",
  });
  expect((await call(['--json', 'doctor'])).stderr).toContain('The command comes first: alignsts COMMAND --json.');
  const wrong = await call(['doctor', '--jsno']);
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toBe('alignsts: There is no option --jsno. Did you mean --json? `alignsts doctor --help` lists all options.\n');
  expect((await call(['doctor', 'now'])).stderr).toBe("alignsts: 'now' is one operand too many: alignsts doctor takes no operands.\n");
});

test('with --json an error is an object on standard error', async () => {
  const { code, stderr } = await call(['doctor', 'now', '--json']);
  expect(code).toBe(2);
  expect(JSON.parse(stderr)).toEqual({ type: 'error', message: "'now' is one operand too many: alignsts doctor takes no operands." });
});

test('doctor finds this machine fit to run the tests', async () => {
  const { code, stdout } = await call(['doctor', '--json']);
  expect(code).toBe(0);
  const { parts } = JSON.parse(stdout) as { parts: { name: string; good: boolean; found: string }[] };
  expect(parts.find(({ name }) => name === 'node')).toMatchObject({ good: true, found: expect.stringContaining(process.versions.node) });
  const text = (await call(['doctor'])).stdout;
  for (const { name } of parts) expect(text).toContain(name);
});
