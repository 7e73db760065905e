// Installs what a fresh machine lacks: the npm packages, exactly as locked. Takes a moment when nothing is missing.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: Node 20.19 or newer is needed. Install it and run the command again.`);
  process.exit(2);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const lacking = lackingPackages();
if (lacking.length > 0) {
  console.error(`installing ${lacking.length} npm packages (once) …`);
  // onnxruntime-node's own post-install step fetches CUDA files that this project never uses
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  try {
    // not `npm ci`: it refuses a lock file that lacks some platform's optional package, and not every registry has them all
    execFileSync('npm', ['install', '--no-save', '--no-fund', '--no-audit', '--loglevel=error'], {
      cwd: root,
      env,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
  } catch {
    console.error('The npm packages could not be installed (npm says why above). Is the network there? Then run the command again.');
    process.exit(1);
  }
}

/** Packages of package-lock.json that npm's own record of node_modules lacks or has in another version. */
function lackingPackages() {
  const wanted = packagesIn(join(root, 'package-lock.json'));
  const record = join(root, 'node_modules', '.package-lock.json');
  const present = existsSync(record) ? packagesIn(record) : {};
  return Object.entries(wanted)
    .filter(([path, { optional, link }]) => path.startsWith('node_modules/') && !optional && !link)
    .filter(([path, { version }]) => present[path]?.version !== version)
    .map(([path]) => path);
}

function packagesIn(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}
