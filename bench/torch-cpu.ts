// Training steps of the denoiser on the CPU, here and in Python's PyTorch, in turn, with the same number of threads:
//   npx tsx --conditions=source bench/torch-cpu.ts [items 2] [frames 128] [rounds 5] [threads 2]
// The package and `python3` (or the interpreter that TORCH_PYTHON names) should have the same version of PyTorch.
import { execFileSync } from 'node:child_process';
import { loadTorch, scope, setThreads } from '../packages/torch/src/index.ts';
import { exampleBatch, plainTrainer } from './torch-denoiser.ts';

const [items = 2, frames = 128, rounds = 5, threads = 2] = process.argv.slice(2).map(Number);
const python = process.env['TORCH_PYTHON'] ?? 'python3';
const steps = 5;

const { version } = loadTorch();
const pythonVersion = execFileSync(python, ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' }).trim();
console.log(`B = ${items}, T = ${frames}, ${threads} threads; libtorch ${version} here, ${pythonVersion} in Python`);
setThreads(threads);
const { step, parameters } = plainTrainer('cpu', false);
const batch = exampleBatch(items, frames, 'cpu');
scope(() => void step(batch));

type Times = { wall: number[]; processor: number[] };
const here: Times = { wall: [], processor: [] };
const there: Times = { wall: [], processor: [] };
for (let round = 0; round < rounds; round++) {
  for (let i = 0; i < steps; i++) {
    const start = performance.now();
    const busy = process.cpuUsage();
    scope(() => step(batch).loss.item());
    const { user, system } = process.cpuUsage(busy);
    here.wall.push(performance.now() - start);
    here.processor.push((user + system) / 1000);
  }
  const script = new URL('./torch_denoiser.py', import.meta.url).pathname;
  const report = execFileSync(python, [script, 'cpu', ...[items, frames, steps, threads].map(String)], { encoding: 'utf8' });
  const answer = JSON.parse(report) as { parameters: number } & Times;
  if (answer.parameters !== parameters) throw new Error(`${answer.parameters} parameters in Python, ${parameters} here`);
  there.wall.push(...answer.wall);
  there.processor.push(...answer.processor);
}

const median = (list: number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;
const milliseconds = (value: number): string => `${value.toFixed(1)} ms`.padStart(10);
console.log('a step        wall median   fastest  processor median');
for (const [name, times] of [
  ['TypeScript', here],
  ['Python', there],
] as const) {
  console.log(
    `${name.padEnd(12)} ${milliseconds(median(times.wall))} ${milliseconds(Math.min(...times.wall))} ${milliseconds(median(times.processor))}`,
  );
}
// on a busy machine the wall clock measures the others too; the processor time of one thread does not
const longer = (key: keyof Times): string => `${((median(here[key]) / median(there[key]) - 1) * 100).toFixed(1)} %`;
console.log(`TypeScript takes longer by ${longer('wall')} (wall), ${longer('processor')} (processor time)`);
