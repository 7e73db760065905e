// The torch package on one GPU: first its GPU checks, then training steps of the 20-layer denoiser (bench/torch-denoiser.ts) at B = 20, T = 1000 in
// several forms. torch-bench.sh prepares and starts it, and runs Python's PyTorch on the same network beside it.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import cases from '../../fixtures/torch/operators.json' with { type: 'json' };
import {
  abs,
  captureStep,
  configureTorch,
  cuda,
  loadTorch,
  manualSeed,
  max,
  scope,
  sub,
  transpose,
} from '../../packages/torch/src/index.ts';
import { gpuChecks, type OperatorCase } from '../../packages/torch/test/support/gpu-checks.ts';
import {
  type Batch,
  exampleBatch,
  forwardFlops,
  initDenoiser,
  masterTrainer,
  plainDenoiser,
  plainTrainer,
  type Trainer,
  timeMajorDenoiser,
} from '../torch-denoiser.ts';

const ITEMS = 20;
const FRAMES = 1000;

const { version } = loadTorch();
const { name, capability, multiprocessors } = cuda.properties();
console.log(`${name}, capability ${capability}, ${multiprocessors} multiprocessors; libtorch ${version}; Node ${process.version}\n`);
const failed = process.argv.includes('--no-checks') ? 0 : runChecks();
console.log(`both ways to write the denoiser differ by at most ${formsDiffer().toExponential(1)} (float32)`);

// dense bf16 matrix products, NVIDIA's data sheets; for other cards the share is left out
const peak = /H100|H200/.test(name) ? 989e12 : /A100/.test(name) ? 312e12 : undefined;
console.log(`\nDenoiser, B = ${ITEMS}, T = ${FRAMES}: forward, L1 loss, backward, AdamW`);
console.log(`${'form'.padEnd(58)} ms a step  TFLOP/s  of bf16 peak  peak memory`);
configureTorch({ tf32: true, cudnnBenchmark: true });
measure('float32 (TF32), eager', () => plainTrainer('cuda', false), { timeMajor: false, capture: false });
measure('bfloat16 autocast, eager', () => plainTrainer('cuda', true), { timeMajor: false, capture: false });
measure('bfloat16 autocast, CUDA graph', () => plainTrainer('cuda', true), { timeMajor: false, capture: true });
measure('bfloat16 time-major with one master copy, eager', () => masterTrainer('cuda', { fused: false }), {
  timeMajor: true,
  capture: false,
});
measure('bfloat16 time-major with one master copy, CUDA graph', () => masterTrainer('cuda', { fused: false }), {
  timeMajor: true,
  capture: true,
});
measure('the same with fused gate and residual, eager', () => masterTrainer('cuda', { fused: true }), { timeMajor: true, capture: false });
measure('the same with fused gate and residual, CUDA graph', () => masterTrainer('cuda', { fused: true }), {
  timeMajor: true,
  capture: true,
});

if (cuda.deviceCount() > 1) await twoGpus();
process.exitCode = failed > 0 ? 1 : 0;

function runChecks(): number {
  let failures = 0;
  for (const { title, run } of gpuChecks(cases as unknown as OperatorCase[])) {
    try {
      scope(run);
      console.log(`ok      ${title}`);
    } catch (error) {
      failures++;
      console.log(`FAILED  ${title}\n${String((error as Error).stack ?? error).slice(0, 6000)}`);
    }
  }
  return failures;
}

/** The largest difference between the plain and the time-major form, fused and not, for the same weights and inputs. */
function formsDiffer(): number {
  configureTorch({ tf32: false });
  return scope(() => {
    const params = initDenoiser('cuda');
    const batch = exampleBatch(2, 64, 'cuda');
    const timeMajor = { ...batch, x: transpose(batch.x, 1, 2), condition: transpose(batch.condition, 1, 2) };
    const plain = transpose(plainDenoiser(params, batch), 1, 2);
    const differences = [false, true].map((fused) => {
      const other = timeMajorDenoiser(params, timeMajor, { fused, dtype: 'float32' });
      return max(abs(sub(plain, other))).item() / max(abs(plain)).item();
    });
    return Math.max(...differences);
  });
}

function measure(title: string, makeTrainer: () => Trainer, { timeMajor, capture }: { timeMajor: boolean; capture: boolean }): void {
  try {
    scope(() => {
      manualSeed(1);
      const { step, state } = makeTrainer();
      const batch = exampleBatch(ITEMS, FRAMES, 'cuda', timeMajor);
      const captured = capture ? captureStep(step, batch, { preserve: state }) : undefined;
      const run = captured ?? step;
      const { milliseconds, losses } = time(run, batch);
      const flops = 3 * forwardFlops(ITEMS, FRAMES);
      const rate = flops / (milliseconds / 1000);
      const share = peak ? `${((rate / peak) * 100).toFixed(1)} %` : '';
      const memory = `${(cuda.memoryStats().peakReserved / 2 ** 30).toFixed(1)} GiB`;
      console.log(
        `${title.padEnd(58)} ${milliseconds.toFixed(2).padStart(9)} ${(rate / 1e12).toFixed(0).padStart(8)} ${share.padStart(13)} ${memory.padStart(12)}   loss ${losses}`,
      );
      captured?.dispose();
    });
  } catch (error) {
    console.log(`${title.padEnd(58)} FAILED: ${String((error as Error).stack ?? error).slice(0, 3000)}`);
  }
  cuda.synchronize();
  cuda.emptyCache();
  cuda.resetPeakMemory();
}

/** The median of nine runs of ten steps, on the GPU's own clock; and the loss before and after. */
function time(run: Trainer['step'], batch: Batch): { milliseconds: number; losses: string } {
  const lossNow = (): number => scope(() => run(batch).loss.item());
  const first = lossNow();
  for (let i = 0; i < 10; i++) scope(() => void run(batch));
  const runs = Array.from({ length: 9 }, () => {
    const start = new cuda.Event().record();
    for (let i = 0; i < 10; i++) scope(() => void run(batch));
    return start.millisecondsTo(new cuda.Event().record()) / 10;
  });
  const median = runs.sort((a, b) => a - b)[4]!;
  return { milliseconds: median, losses: `${first.toFixed(4)} -> ${lossNow().toFixed(4)}` };
}

/** Two processes over NCCL must train as one process on the joined batch; the worker is bundled beside this file. */
async function twoGpus(): Promise<void> {
  const worker = fileURLToPath(new URL('./distributed-worker.mjs', import.meta.url));
  const start = async (env: Record<string, string>): Promise<{ weights: number[][] }> => {
    const { stdout } = await promisify(execFile)(process.execPath, [worker], { env: { ...process.env, TEST_DEVICE: 'cuda', ...env } });
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as { weights: number[][] };
  };
  try {
    const alone = await start({});
    const shared = { WORLD_SIZE: '2', MASTER_ADDR: '127.0.0.1', MASTER_PORT: '29511' };
    const both = await Promise.all(['0', '1'].map((rank) => start({ ...shared, RANK: rank, LOCAL_RANK: rank })));
    const worst = Math.max(
      ...both.flatMap(({ weights }) => weights.flatMap((list, i) => list.map((value, k) => Math.abs(value - alone.weights[i]![k]!)))),
    );
    console.log(
      `\n${worst < 1e-5 ? 'ok     ' : 'FAILED '} two processes over NCCL train as one: weights differ by at most ${worst.toExponential(1)}`,
    );
  } catch (error) {
    console.log(`\nFAILED  two processes over NCCL: ${String(error).slice(0, 3000)}`);
  }
}
