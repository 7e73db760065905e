// Builds the addon against the libtorch that is found, once for each version: `node build.mjs`. It prints one line of JSON:
// { addon, version, home, … } or { missing: true, looked: […] }. Nothing is built where the sources and the libtorch are unchanged.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findLibtorch } from './find-libtorch.mjs';

const native = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

const { found, looked } = findLibtorch();
if (!found) {
  process.stdout.write(`${JSON.stringify({ missing: true, looked })}\n`);
} else {
  try {
    const addon = process.argv.includes('--find-only') ? null : await build(found);
    process.stdout.write(`${JSON.stringify({ addon, looked, ...found })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ failed: String(error instanceof Error ? error.message : error), looked, ...found })}\n`);
    process.exitCode = 1;
  }
}

async function build(libtorch) {
  const compiler = process.env.CXX ?? 'g++';
  const folder = join(native, '../build', libtorch.version);
  const addon = join(folder, 'torch.node');
  const stampFile = join(folder, 'stamp');
  const library = statSync(join(libtorch.lib, 'libtorch_cpu.so'));
  const stamp = hash([
    compiler,
    JSON.stringify(libtorch),
    `${library.size} ${library.mtimeMs}`,
    readFileSync(fileURLToPath(import.meta.url), 'utf8'),
    ...sourceTexts(),
  ]);
  const current = () => existsSync(addon) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (current()) return addon;

  mkdirSync(folder, { recursive: true });
  const release = await lock(join(folder, 'lock'));
  try {
    if (current()) return addon;
    const flags = compileFlags(libtorch);
    const link = linkFlags(libtorch);
    const headers = readdirSync(native).filter((name) => name.endsWith('.hpp'));
    const headerText = headers.map((name) => readFileSync(join(native, name), 'utf8'));
    const jobs = readdirSync(native)
      .filter((name) => name.endsWith('.cpp'))
      .map((name) => {
        const text = readFileSync(join(native, name), 'utf8');
        const object = join(folder, `${name}.${hash([compiler, ...flags, ...headerText, text]).slice(0, 16)}.o`);
        return { name, object };
      });
    const waiting = jobs.filter(({ object }) => !existsSync(object));
    const worker = async () => {
      for (let job = waiting.shift(); job; job = waiting.shift()) {
        await run(compiler, [...flags, '-c', join(native, job.name), '-o', `${job.object}.part`]);
        renameSync(`${job.object}.part`, job.object);
      }
    };
    await Promise.all(Array.from({ length: Math.min(availableParallelism(), 8) }, worker));
    const temporary = `${addon}.${process.pid}`;
    await run(compiler, ['-shared', '-o', temporary, ...jobs.map(({ object }) => object), ...link]);
    renameSync(temporary, addon);
    writeFileSync(stampFile, stamp);
    const wanted = new Set(jobs.map(({ object }) => object));
    for (const name of readdirSync(folder)) {
      if (/\.o(\.part)?$/.test(name) && !wanted.has(join(folder, name))) rmSync(join(folder, name), { force: true });
    }
    return addon;
  } finally {
    release();
  }
}

function compileFlags({ include, cudaInclude, cxx11Abi, lib }) {
  const folders = [...include, ...(cudaInclude ?? [])].flatMap((folder) => (folder === '/usr/include' ? [] : ['-isystem', folder]));
  const napi = ['node-addon-api', 'node-api-headers/include'].map((name) => `-I${packageFolder(name)}`);
  const defines = [`-D_GLIBCXX_USE_CXX11_ABI=${cxx11Abi ? 1 : 0}`, '-DNODE_ADDON_API_DISABLE_DEPRECATED'];
  if (cudaInclude) defines.push('-DTORCH_NODE_CUDA', '-DUSE_CUDA');
  if (exportsSymbol(join(lib, 'libtorch_cpu.so'), 'ProcessGroupGlooC')) defines.push('-DUSE_C10D_GLOO');
  if (
    cudaInclude?.some((folder) => existsSync(join(folder, 'nccl.h'))) &&
    exportsSymbol(join(lib, 'libtorch_cuda.so'), 'ProcessGroupNCCLC')
  ) {
    defines.push('-DUSE_C10D_NCCL');
  }
  // from 2.12 or 2.13 on, libtorch counts the references to its graph's nodes in the nodes themselves
  const variables = readFileSync(join(include[0], 'torch/csrc/autograd/variable.h'), 'utf8');
  if (variables.includes('intrusive_ptr<Node>')) defines.push('-DTORCH_NODE_INTRUSIVE_NODES');
  // the stand-ins come last: real headers of the same name are used where they exist
  const standIns = ['-idirafter', join(native, 'stand-ins')];
  return [
    '-std=c++17',
    '-O2',
    '-fPIC',
    '-fvisibility=hidden',
    '-Wall',
    '-Wno-unused-local-typedefs',
    ...defines,
    ...napi,
    ...folders,
    ...standIns,
  ];
}

function linkFlags({ lib, cudaInclude }) {
  const libraries = ['torch', 'torch_cpu', 'c10', ...(cudaInclude ? ['torch_cuda', 'c10_cuda'] : [])];
  // operators register themselves when a library is loaded, so it is linked even where no symbol of it is named
  const flags = ['-Wl,--no-as-needed', `-L${lib}`, ...libraries.map((name) => `-l${name}`), `-Wl,-rpath,${lib}`];
  if (cudaInclude) flags.push(...cudaRuntime(cudaInclude));
  return flags;
}

/** libcudart itself, for the events and streams that are called directly. */
function cudaRuntime(cudaInclude) {
  for (const include of cudaInclude) {
    for (const folder of ['../lib', '../lib64']) {
      const lib = join(include, folder);
      if (!existsSync(lib)) continue;
      const name = readdirSync(lib).find((entry) => /^libcudart\.so(\.\d+)?$/.test(entry));
      if (name) return [join(lib, name), `-Wl,-rpath,${lib}`];
    }
  }
  return ['-lcudart'];
}

function packageFolder(path) {
  const [name, ...rest] = path.split('/');
  return join(dirname(require.resolve(`${name}/package.json`)), ...rest);
}

function exportsSymbol(library, part) {
  if (!existsSync(library)) return false;
  try {
    const symbols = execFileSync('nm', ['-D', '--defined-only', library], { encoding: 'utf8', maxBuffer: 1 << 30 });
    return symbols.includes(part);
  } catch {
    return false;
  }
}

function sourceTexts() {
  const texts = [];
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (/\.(cpp|hpp|h)$/.test(entry.name)) texts.push(entry.name, readFileSync(path, 'utf8'));
    }
  };
  visit(native);
  return texts;
}

function hash(parts) {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex');
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.on('error', (error) => {
      reject(
        new Error(`the compiler '${command}' could not be run (${error.message}): install g++, or name another with the variable CXX`),
      );
    });
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} failed on ${args[args.indexOf('-c') + 1] ?? 'linking'}:\n${errors.slice(0, 4000)}`));
    });
  });
}

/** One build at a time: the file holds the builder's process id, and a dead builder's lock is taken over. */
async function lock(file) {
  for (;;) {
    try {
      const descriptor = openSync(file, 'wx');
      writeSync(descriptor, String(process.pid));
      closeSync(descriptor);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    try {
      const pid = Number(readFileSync(file, 'utf8'));
      const fresh = Date.now() - statSync(file).mtimeMs < 2000;
      if (!fresh && !(pid > 0 && alive(pid))) rmSync(file, { force: true });
    } catch {
      // released in between
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
