// Puts a libtorch where the package finds it: PyTorch's CPU wheel into .cache/libtorch of the current folder, by `python3 -m venv` and pip.
// Does nothing where a libtorch is found already, unless --force is given. Then builds the addon.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findLibtorch } from './find-libtorch.mjs';

// the version that the tests' reference values were made with
const VERSION = '2.13.0';
const folder = join(process.cwd(), '.cache/libtorch');

if (process.argv.includes('--force') || !findLibtorch().found) {
  if (!existsSync(join(folder, 'bin/pip'))) {
    rmSync(folder, { recursive: true, force: true });
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  }
  // where pip is pointed at PyTorch's index of CPU wheels (PIP_INDEX_URL), this fetches a tenth of the bytes
  const install = spawnSync(join(folder, 'bin/pip'), ['install', '--quiet', `torch==${VERSION}`], { stdio: 'inherit' });
  if (install.status !== 0) {
    process.stderr.write(
      'pip could not install torch. Debian and Ubuntu have another: apt-get install libtorch-dev libopenblas0-pthread\n',
    );
    process.exit(1);
  }
}
const build = join(dirname(fileURLToPath(import.meta.url)), 'build.mjs');
process.exit(spawnSync(process.execPath, [build], { stdio: 'inherit' }).status ?? 1);
