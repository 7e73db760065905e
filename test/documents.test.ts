/** What the documents tell to type can be typed: scripts exist, options parse, files are there, links lead somewhere, printed drawings are real. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commonOptions } from '../packages/cli/src/command.ts';
import { commands } from '../packages/cli/src/commands/table.ts';
import { parseOptions } from '../packages/cli/src/options.ts';
import { call } from './cli/call.ts';

const root = resolve(import.meta.dirname, '..');
const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  ...['docs/guides', 'docs/decisions'].flatMap((folder) => readdirSync(resolve(root, folder)).map((name) => `${folder}/${name}`)),
].filter((path) => path.endsWith('.md'));

const blocks = (text: string, languages: string): string[] =>
  [...text.matchAll(new RegExp(`\`\`\`(?:${languages})\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, body]) => body!);

/** Words as a shell would make them, for what the documents use: blanks and quotes. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, plain]) => single ?? double ?? plain!);

describe.each(documents)('%s', (path) => {
  const text = readFileSync(resolve(root, path), 'utf8');
  const lines = blocks(text, 'sh|console').flatMap((body) => body.split('\n'));

  test('its npm scripts exist', () => {
    const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    for (const [, run] of text.matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(run);
  });

  test('its calls of alignsts have options and example files that exist', () => {
    for (const line of lines) {
      const typed = /npx alignsts ([^|><;]*)/.exec(line.replace(/ #.*$/, ''))?.[1];
      if (typed === undefined) continue;
      const [name, ...words] = wordsOf(typed);
      const command = commands.find((candidate) => candidate.name === name);
      expect(command, line).toBeDefined();
      const { operands, values } = parseOptions(words, { ...command!.options, ...commonOptions }, '');
      const read = [...operands, ...Object.values(values)];
      for (const file of read.filter((word): word is string => typeof word === 'string' && word.startsWith('examples/'))) {
        expect(existsSync(resolve(root, file)), file).toBe(true);
      }
    }
  });

  test('its links lead to files', () => {
    for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect(existsSync(resolve(root, dirname(path), target!)), target).toBe(true);
  });

  test('the melodies it prints are what the program prints', async () => {
    for (const body of blocks(text, 'console').filter((block) => block.startsWith('$ npx alignsts melody '))) {
      const [first, ...printed] = body.split('\n');
      const { stdout } = await call(wordsOf(first!.replace('$ npx alignsts ', '')), { cwd: root });
      expect(stdout).toBe(printed.join('\n'));
    }
  });
});
