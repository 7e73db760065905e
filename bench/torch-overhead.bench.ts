/**
 * What a call from TypeScript costs on top of the same call from C++: each bench makes 1000 calls, so its mean in milliseconds is microseconds
 * a call. Goal: at most 2 µs more. Tensors are tiny, so that the operator itself costs next to nothing. The first bench prints the differences.
 */
import { bench, describe } from 'vitest';
import { write } from '../packages/torch/src/call.ts';
import {
  add,
  conv1d,
  hasTorch,
  layerNorm,
  op,
  scope,
  setThreads,
  type Tensor,
  tensor,
  type Value,
  zeros,
} from '../packages/torch/src/index.ts';
import { nativeAddon } from '../packages/torch/src/libtorch.ts';

const CALLS = 1000;

type Case = { name: string; operator: string; args: Value[]; fromTypeScript: () => void };

function cases(): Case[] {
  const x = tensor([1, 2, 3, 4]);
  const y = tensor([4, 3, 2, 1]);
  const image = zeros([1, 4, 8]);
  const kernel = zeros([4, 4, 3]);
  const rows = zeros([2, 8]);
  const weight = zeros([8]);
  const list: Tensor[] = [x, y, x, y];
  const cat = op('aten::cat');
  return [
    { name: 'add', operator: 'aten::add.Tensor', args: [x, y], fromTypeScript: () => void add(x, y) },
    {
      name: 'conv1d',
      operator: 'aten::conv1d',
      args: [image, kernel, null, [1], [1], [1], 1],
      fromTypeScript: () => void conv1d(image, kernel, null, { padding: 1 }),
    },
    {
      name: 'layer_norm',
      operator: 'aten::layer_norm',
      args: [rows, [8], weight, weight, 1e-5],
      fromTypeScript: () => void layerNorm(rows, [8], weight, weight, { eps: 1e-5 }),
    },
    { name: 'cat of 4', operator: 'aten::cat', args: [list, 0], fromTypeScript: () => void cat(list, 0) },
  ];
}

function fromCpp({ operator, args }: Case): number {
  const native = nativeAddon();
  const id = native.lookup(operator)!;
  const length = args.reduce<number>((position, value) => write(value, position), 0);
  return native.timeInCpp(id, args.length, length, CALLS);
}

function fromTypeScript({ fromTypeScript: run }: Case): number {
  const start = process.hrtime.bigint();
  scope(() => {
    for (let i = 0; i < CALLS; i++) run();
  });
  return Number(process.hrtime.bigint() - start) / CALLS;
}

const list = hasTorch() ? cases() : [];
if (hasTorch()) {
  // two threads that wait for each other on a busy machine would measure the machine
  setThreads(1);
  // the fastest of many, since a busy machine only ever adds
  const fastest = (measure: (entry: Case) => number, entry: Case): number => Math.min(...Array.from({ length: 50 }, () => measure(entry)));
  for (const entry of list) {
    const [cpp, ts] = [fastest(fromCpp, entry), fastest(fromTypeScript, entry)];
    process.stdout.write(
      `${entry.name.padEnd(12)} C++ ${cpp.toFixed(0)} ns, TypeScript ${ts.toFixed(0)} ns: ${(ts - cpp).toFixed(0)} ns more a call\n`,
    );
  }
}

describe.skipIf(!hasTorch())('1000 calls', () => {
  for (const entry of list) {
    bench(`${entry.name} from C++`, () => void fromCpp(entry), { time: 300 });
    bench(`${entry.name} from TypeScript`, () => void fromTypeScript(entry), { time: 300 });
  }
});
