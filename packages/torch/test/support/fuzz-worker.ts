/**
 * Calls operators with arguments of all kinds at random: `node fuzz-worker.ts seed calls`. Prints { calls, answers, errors } as JSON. The last
 * call is on standard error with TORCH_FUZZ_TRACE=1, to find what crashed.
 */
import { writeSync } from 'node:fs';
import { operators } from '../../scripts/operators.mjs';
import {
  backward,
  call,
  createGenerator,
  fromBytes,
  fromTypedArray,
  grad,
  hasOperator,
  schemaOf,
  scope,
  setThreads,
  Tensor,
  tensor,
  toTypedArray,
  type Value,
} from '../../src/index.ts';

// tiny tensors: more threads would only wait for each other
setThreads(1);

const [seedText = '1', countText = '1000'] = process.argv.slice(2);
let state = Number(seedText) >>> 0;
function random(): number {
  // mulberry32
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

// sizes are small, or so large that no address space holds them: in between the machine's memory would be tested, not the addon
const numbers = [
  0,
  1,
  2,
  3,
  4,
  -1,
  -2,
  7,
  0.5,
  -0.5,
  -0,
  1e-300,
  1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 52,
  -(2 ** 52),
  2 ** 53,
  2 ** 60,
  -(2 ** 63),
];
const strings = [
  '',
  'mean',
  'reflect',
  'constant',
  'floor',
  'float32',
  'int64',
  'bool',
  'complex64',
  'bfloat16',
  'cpu',
  'meta',
  'cuda:0',
  'cuda:99',
  'strided',
  'preserve',
  'none',
  '\u0000',
  'ü'.repeat(300),
];
const shapes = [[], [0], [1], [2], [3], [2, 3], [3, 2], [1, 1], [2, 3, 4], [2, 2, 2, 2], [0, 3], [4, 4]];
const dtypes = ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool', 'bfloat16', 'float16', 'complex64'] as const;

function anyTensor(): Tensor {
  const shape = pick(shapes);
  const dtype = pick(dtypes);
  const made = call('aten::mul.Scalar', call('aten::ones', shape, 'float32') as Tensor, Math.floor(random() * 5) - 1) as Tensor;
  const x = call('aten::to.dtype', made, dtype) as Tensor;
  if (dtype.startsWith('float') && random() < 0.3) x.requiresGrad = true;
  if (random() < 0.05) x.free();
  if (random() < 0.03) return new Tensor(pick([...numbers, x.handle + 1, x.handle * 2]));
  if (random() < 0.05) return call('aten::to.dtype_layout', x, null, null, 'meta') as Tensor;
  return x;
}

function anyValue(depth = 0): Value {
  const kind = random();
  if (kind < 0.35) return anyTensor();
  if (kind < 0.55) return pick(numbers);
  if (kind < 0.62) return random() < 0.5;
  if (kind < 0.69) return pick(strings);
  if (kind < 0.74) return null;
  if (kind < 0.78) return undefined;
  if (kind < 0.81) return pick([0n, 1n, -1n, 2n ** 62n, -(2n ** 63n), 2n ** 64n]);
  if (kind < 0.83) return createGenerator(1);
  if (kind < 0.85) return pick([{}, Symbol('s'), () => 1, new Date(), Promise.resolve(1), new Map()]) as never;
  if (kind < 0.87) return pick([new Float64Array([1, Number.NaN]), new Int32Array([2, 3]), new Float32Array(0)]);
  if (depth > 2) return [];
  return Array.from({ length: Math.floor(random() * 4) }, () => anyValue(depth + 1));
}

/** A value of the argument's own kind, most of the time: wrong in one place gets further than wrong in all. */
function fitting(type: string): Value {
  if (random() < 0.2) return anyValue();
  const plain = type.replace(/\?$/, '');
  if (type.endsWith('?') && random() < 0.4) return null;
  if (plain === 'Tensor') return anyTensor();
  if (plain.endsWith('[]')) return Array.from({ length: Math.floor(random() * 4) }, () => fitting(plain.slice(0, -2)));
  if (plain === 'bool') return random() < 0.5;
  if (plain === 'str') return pick(strings);
  if (plain === 'ScalarType') return pick(dtypes);
  if (plain === 'Device') return pick(['cpu', 'meta']);
  if (plain === 'Generator') return createGenerator(2);
  return random() < 0.7 ? Math.floor(random() * 5) - 1 : pick(numbers);
}

const skipped = new Set((process.env['TORCH_FUZZ_SKIP'] ?? '').split(','));
const names = operators.flatMap(({ op }) => op).filter((name) => hasOperator(name) && !skipped.has(name));
const others = [
  () => backward(anyValue() as never, anyValue() as never),
  () => grad([anyTensor()], [anyTensor()], { gradOutputs: [anyTensor()] }),
  () => grad(anyValue() as never, anyValue() as never),
  () => fromTypedArray(anyValue() as never, anyValue() as never),
  () => fromBytes(new Uint8Array(8), pick(dtypes), anyValue() as never),
  () => tensor(anyValue() as never),
  () => toTypedArray(anyTensor()),
  () => {
    anyTensor().requiresGrad = true;
  },
  () => {
    anyTensor().grad = anyTensor();
  },
  () => anyTensor().item(),
];

let answers = 0;
let errors = 0;
const calls = Number(countText);
for (let i = 0; i < calls; i++) {
  scope(() => {
    try {
      if (random() < 0.05) {
        pick(others)();
      } else {
        const name = pick(names);
        const schema = schemaOf(name).arguments;
        const args = schema.map(({ type }) => fitting(type));
        if (random() < 0.1) args.pop();
        if (random() < 0.05) args.push(anyValue());
        if (process.env['TORCH_FUZZ_TRACE']) writeSync(2, `${i} ${name} ${args.map(show).join(', ')}\n`);
        call(name, ...args);
      }
      answers++;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      errors++;
    }
  });
}
writeSync(1, `${JSON.stringify({ calls, answers, errors })}\n`);

function show(value: unknown): string {
  if (value instanceof Tensor) {
    try {
      return String(value);
    } catch {
      return 'freed tensor';
    }
  }
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  return typeof value === 'bigint' ? `${value}n` : typeof value === 'symbol' ? 'symbol' : (JSON.stringify(value) ?? String(value));
}
