// Type-checks every package with its own library set (pure packages see neither Node nor DOM), then all tests together.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const projects = readdirSync('packages')
  .map((name) => `packages/${name}/tsconfig.json`)
  .filter((path) => existsSync(path) && existsSync(path.replace('tsconfig.json', 'src/index.ts')));
let failed = false;
for (const project of [...projects, 'tsconfig.json']) {
  try {
    execFileSync('node_modules/.bin/tsc', ['-p', project], { stdio: 'inherit' });
  } catch {
    console.error(`types do not check in ${project}`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);
