// Builds every package that has sources into its dist/, in the order of the arrows, and lets publint look at what would be published.
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = ['signal', 'torch', 'alignsts', 'train', 'cli', 'studio'].filter((name) =>
  existsSync(join(root, 'packages', name, 'src/index.ts')),
);
const node = (script, ...words) =>
  execFileSync(process.execPath, [join(root, 'node_modules', script), ...words], { cwd: root, stdio: 'inherit' });

for (const name of packages) {
  rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true });
  node('typescript/bin/tsc', '-p', `packages/${name}/tsconfig.build.json`);
  node('publint/src/cli.js', `packages/${name}`, '--strict');
}
