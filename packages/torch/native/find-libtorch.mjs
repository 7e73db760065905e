// Finds a libtorch on this machine. Order: TORCH_HOME, a `.cache/libtorch` made by install-libtorch.mjs, what `python3` would import,
// then the system's own (Debian libtorch-dev). Nothing of Python is run but the question where torch lies.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @returns {{ found: Libtorch | null, looked: string[] }} what was found first, and where was looked */
export function findLibtorch(env = process.env) {
  const looked = [];
  const candidates = [fromEnvironment, fromCache, fromPython, fromSystem];
  for (const candidate of candidates) {
    const found = candidate(env, looked);
    if (found) return { found, looked };
    // who names a folder wants that one, not another that happens to be there
    if (candidate === fromEnvironment && env.TORCH_HOME) break;
  }
  return { found: null, looked };
}

function fromEnvironment(env, looked) {
  if (!env.TORCH_HOME) {
    looked.push('TORCH_HOME: not set');
    return null;
  }
  const found = fromHome(env.TORCH_HOME) ?? fromVenv(env.TORCH_HOME) ?? fromPrefix(env.TORCH_HOME);
  looked.push(`TORCH_HOME=${env.TORCH_HOME}: ${found ? found.version : 'no libtorch there (expected include/ and lib/libtorch.so)'}`);
  return found;
}

function fromCache(_env, looked) {
  const starts = [process.cwd(), dirname(fileURLToPath(import.meta.url))];
  for (const start of starts) {
    for (let folder = resolve(start); ; folder = dirname(folder)) {
      const found = fromVenv(join(folder, '.cache/libtorch')) ?? fromHome(join(folder, '.cache/libtorch'));
      if (found) {
        looked.push(`.cache/libtorch: ${found.version}`);
        return found;
      }
      if (dirname(folder) === folder) break;
    }
  }
  looked.push('.cache/libtorch: not there');
  return null;
}

function fromPython(_env, looked) {
  const question = 'import importlib.util as u; s = u.find_spec("torch"); print(s.submodule_search_locations[0] if s else "")';
  let path = '';
  try {
    path = execFileSync('python3', ['-c', question], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 20_000 }).trim();
  } catch {
    looked.push('python3: not there, or it failed');
    return null;
  }
  const found = path ? fromHome(path) : null;
  looked.push(`python3: ${found ? found.version : path ? `torch in ${path} has no headers` : 'has no torch'}`);
  return found;
}

function fromSystem(_env, looked) {
  for (const prefix of ['/usr', '/usr/local']) {
    const found = fromPrefix(prefix);
    if (found) {
      looked.push(`${prefix}: ${found.version}`);
      return found;
    }
  }
  looked.push('system (libtorch-dev): not there');
  return null;
}

/** A folder as wheels and libtorch archives have it. */
function fromHome(home) {
  return libtorch(home, join(home, 'include'), join(home, 'lib'));
}

function fromVenv(venv) {
  const lib = join(venv, 'lib');
  if (!existsSync(lib)) return null;
  for (const python of readdirSync(lib).filter((name) => name.startsWith('python'))) {
    const found = fromHome(join(lib, python, 'site-packages/torch'));
    if (found) return found;
  }
  return null;
}

/** A prefix as distributions have it: libraries beside all others. */
function fromPrefix(prefix) {
  const multiarch = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch] ?? '';
  for (const lib of [join(prefix, 'lib', multiarch), join(prefix, 'lib')]) {
    const found = libtorch(prefix, join(prefix, 'include'), lib);
    if (found) return found;
  }
  return null;
}

function libtorch(home, include, lib) {
  const api = join(include, 'torch/csrc/api/include');
  if (!existsSync(join(lib, 'libtorch_cpu.so')) || !existsSync(api)) return null;
  const version = versionOf(home, include);
  if (!version) return null;
  const cudaInclude = existsSync(join(lib, 'libtorch_cuda.so')) ? cudaHeaders(home) : null;
  return {
    home,
    version,
    lib,
    include: [include, api],
    cudaInclude,
    cxx11Abi: cxx11Abi(home),
  };
}

function versionOf(home, include) {
  const python = join(home, 'version.py');
  if (existsSync(python)) {
    const match = /^__version__ *= *'([^']+)'/m.exec(readFileSync(python, 'utf8'));
    if (match) return match[1];
  }
  for (const header of ['torch/headeronly/version.h', 'torch/csrc/api/include/torch/version.h']) {
    const path = join(include, header);
    if (!existsSync(path)) continue;
    const text = readFileSync(path, 'utf8');
    const part = (name) => new RegExp(`#define TORCH_VERSION_${name} (\\d+)`).exec(text)?.[1];
    if (part('MAJOR')) return `${part('MAJOR')}.${part('MINOR')}.${part('PATCH')}`;
  }
  return null;
}

/** Old wheels (before 2.6) were built with the old string layout; everything else uses the compiler's own. */
function cxx11Abi(home) {
  const config = join(home, 'share/cmake/Torch/TorchConfig.cmake');
  return !(existsSync(config) && readFileSync(config, 'utf8').includes('_GLIBCXX_USE_CXX11_ABI=0'));
}

/** CUDA's own headers: beside the wheel (pip's nvidia packages) or a toolkit. */
function cudaHeaders(home) {
  const folders = [];
  const nvidia = join(home, '../nvidia');
  if (existsSync(nvidia)) for (const name of readdirSync(nvidia)) folders.push(join(nvidia, name, 'include'));
  for (const toolkit of [process.env.CUDA_HOME, process.env.CUDA_PATH, '/usr/local/cuda', '/usr']) {
    if (toolkit) folders.push(join(toolkit, 'include'));
  }
  const found = folders.filter((folder) => existsSync(folder));
  return found.some((folder) => existsSync(join(folder, 'cuda_runtime_api.h')))
    ? found.filter((folder) => folder !== '/usr/include')
    : null;
}
