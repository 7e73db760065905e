/**
 * The way to libtorch: finds it, builds the addon against it once (native/build.mjs), and loads it when it is first used.
 * Importing this package touches nothing of that, so a program without libtorch fails only where it really needs tensors.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The addon's functions, as native/*.cpp define them. Numbers named `handle` come from the addon and mean nothing else. */
export type Native = {
  wire(capacity: number): Float64Array;
  lookup(name: string): number | null;
  call(operator: number, argumentCount: number, length: number, strings: string[] | undefined): number;
  timeInCpp(operator: number, argumentCount: number, length: number, times: number): number;
  schema(operator: number): OperatorSchema;
  operatorNames(): string[];
  describe(handle: number): number;
  strides(handle: number): number;
  item(handle: number): number | boolean;
  bytes(handle: number): ArrayBuffer;
  view(handle: number): ArrayBuffer;
  fromBytes(bytes: NodeJS.TypedArray, dtype: number, rank: number): number;
  freeTensors(count: number): void;
  account(handle: number): void;
  liveTensors(): number;
  backward(length: number): void;
  grad(length: number): number;
  setBackwardHandler(handler: (node: number, capacity: number) => number): void;
  attachNode(node: number, length: number): number;
  deadNodes(): number[];
  setRequiresGrad(handle: number, on: boolean): void;
  gradient(handle: number): void;
  setGradient(handle: number, gradient: number | null): void;
  setGradMode(on: boolean): boolean;
  enterInferenceMode(): void;
  leaveInferenceMode(): void;
  build(): { version: string; cuda: boolean; gloo: boolean; nccl: boolean };
  threads(): number;
  setThreads(count: number): void;
  autocast(device: number): void;
  setAutocast(device: number, enabled: boolean, dtype: number): void;
  autocastNesting(step: number): void;
  setAutocastCache(on: boolean): boolean;
  manualSeed(seed: number): void;
  createGenerator(device: number, index: number, seed: number): number;
  freeGenerator(handle: number): void;
  generatorState(handle: number, device: number, index: number): number;
  setGeneratorState(handle: number, device: number, index: number, state: number): void;
  setOption(name: string, on: boolean): void;
  cudaDeviceCount(): number;

  // only where the addon was built with CUDA
  cudaProperties(device: number): { name: string; totalMemory: number; multiprocessors: number; capability: string };
  cudaSetDevice(device: number): void;
  cudaSynchronize(device: number): void;
  cudaMemory(device: number): { allocated: number; peakAllocated: number; reserved: number; peakReserved: number };
  cudaResetPeakMemory(device: number): void;
  cudaEmptyCache(): void;
  cudaStream(device: number): number;
  cudaCurrentStream(device: number): number;
  cudaUseStream(stream: number): void;
  cudaStreamSynchronize(stream: number): void;
  cudaFreeStream(stream: number): void;
  cudaEvent(): number;
  cudaRecordEvent(event: number): void;
  cudaWaitEvent(event: number): void;
  cudaElapsed(start: number, end: number): number;
  cudaFreeEvent(event: number): void;
  cudaGraph(): number;
  cudaBeginCapture(graph: number, ...generators: number[]): void;
  cudaEndCapture(graph: number): void;
  cudaAbandonCapture(graph: number): void;
  cudaReplay(graph: number): void;
  cudaFreeGraph(graph: number): void;
  fused(length: number, strings: string[]): number;

  // only createProcessGroup, which throws, where the libtorch has no c10d
  createProcessGroup(backend: string, host: string, port: number, rank: number, size: number, timeout: number): number;
  closeProcessGroup(group: number): void;
  allReduce(group: number, tensor: number, what: number): number;
  broadcast(group: number, tensor: number, root: number): number;
  allGather(group: number, tensor: number, length: number): number;
  barrier(group: number): number;
  waitWork(work: number): void;
};

/** An operator as libtorch declares it. */
export type OperatorSchema = { text: string; arguments: SchemaArgument[]; returns: SchemaArgument[] };
export type SchemaArgument = {
  name: string;
  type: string;
  length: number | null;
  keywordOnly: boolean;
  written: boolean;
  default: string | null;
};

/** What was found on this machine. `missing` says in words what to install; it is undefined when the addon runs. */
export type TorchDescription = {
  version?: string;
  path?: string;
  threads?: number;
  devices: string[];
  gloo?: boolean;
  nccl?: boolean;
  looked: string[];
  missing?: string;
};

type BuildReport = { missing?: true; failed?: string; looked: string[]; addon: string; version: string; home: string };

const REMEDY =
  'Install one of: `node packages/torch/native/install-libtorch.mjs` (PyTorch CPU wheel into .cache/libtorch), `pip install torch`, ' +
  'or Debian/Ubuntu `apt-get install libtorch-dev libopenblas0-pthread`; or set TORCH_HOME to a libtorch folder. g++ is needed too.';

const buildScript: string = fileURLToPath(new URL('../native/build.mjs', import.meta.url));

/** The loaded addon and the wire that it shares with JS; `native` is undefined until the first use. */
export const link: { native: Native | undefined; wire: Float64Array; report: BuildReport | undefined; failure: Error | undefined } = {
  native: undefined,
  wire: new Float64Array(0),
  report: undefined,
  failure: undefined,
};

/**
 * Loads libtorch now instead of at the first use, and says what was loaded. The first time on a machine this compiles the addon
 * (about a minute); later it takes a tenth of a second.
 * @throws Error where no libtorch is found or the addon cannot be built, with what to install.
 */
export function loadTorch(): { version: string; path: string; cuda: boolean } {
  const native = nativeAddon();
  return { version: link.report!.version, path: link.report!.home, cuda: native.cudaDeviceCount() > 0 };
}

/** Whether tensors can be used here: loads libtorch and answers with false, instead of throwing, where there is none. */
export function hasTorch(): boolean {
  try {
    nativeAddon();
    return true;
  } catch {
    return false;
  }
}

/** What libtorch is here: version, path, devices; or what to install where there is none. Builds the addon if that is still to do. */
export async function describeTorch(): Promise<TorchDescription> {
  if (!link.native) {
    const report = await runBuildAsync();
    if (report.missing || report.failed) return { devices: [], looked: report.looked, missing: explain(report) };
  }
  try {
    const native = nativeAddon();
    const { gloo, nccl } = native.build();
    const devices = ['cpu', ...Array.from({ length: native.cudaDeviceCount() }, (_, index) => `cuda:${index}`)];
    const { version, home: path, looked } = link.report!;
    return { version, path, threads: native.threads(), devices, gloo, nccl, looked };
  } catch (error) {
    return { devices: [], looked: link.report?.looked ?? [], missing: (error as Error).message };
  }
}

/** The addon, loaded on first use. */
export function nativeAddon(): Native {
  return link.native ?? load();
}

function load(): Native {
  if (link.failure) throw link.failure;
  try {
    const report = runBuild();
    link.report = report;
    if (report.missing || report.failed) throw new Error(explain(report));
    let native: Native;
    try {
      native = createRequire(import.meta.url)(report.addon) as Native;
    } catch (error) {
      throw new Error(`libtorch ${report.version} in ${report.home} could not be loaded: ${(error as Error).message}. ${REMEDY}`);
    }
    link.wire = native.wire(0);
    link.native = native;
    return native;
  } catch (error) {
    link.failure = error as Error;
    throw error;
  }
}

function explain(report: BuildReport): string {
  if (report.missing) return `no libtorch was found (${report.looked.join('; ')}). ${REMEDY}`;
  return `the addon could not be built for libtorch ${report.version} in ${report.home}: ${report.failed}`;
}

function runBuild(): BuildReport {
  const { stdout, stderr, error } = spawnSync(process.execPath, [buildScript], { encoding: 'utf8', env: quietEnvironment() });
  return parseReport(stdout ?? '', error ? error.message : stderr);
}

function runBuildAsync(): Promise<BuildReport> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [buildScript], { stdio: ['ignore', 'pipe', 'pipe'], env: quietEnvironment() });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    child.on('error', (error) => resolve(parseReport('', error.message)));
    child.on('close', () => resolve(parseReport(stdout, stderr)));
  });
}

function quietEnvironment(): NodeJS.ProcessEnv {
  // a parent's loaders and inspectors do not belong into the build
  const { NODE_OPTIONS: _, ...environment } = process.env;
  return environment;
}

function parseReport(stdout: string, problem: string): BuildReport {
  const line = stdout.trim().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(line) as BuildReport;
  } catch {
    return { failed: `native/build.mjs gave no answer: ${problem.slice(0, 2000)}`, looked: [], addon: '', version: '?', home: '?' };
  }
}
