/**
 * What must hold on a GPU, as plain functions: cuda.test.ts runs them as tests, bench/gpu/torch-bench.ts on machines that have no test runner.
 */
import assert from 'node:assert/strict';
import {
  adamw,
  add,
  autocast,
  backward,
  call,
  captureStep,
  checkpoint,
  clipGradNorm,
  configureTorch,
  createGenerator,
  cuda,
  customGradient,
  dropout,
  empty,
  fromTypedArray,
  full,
  fusedElementwise,
  grad,
  hasOperator,
  isPinned,
  linear,
  liveTensors,
  manualSeed,
  matmul,
  mseLoss,
  mul,
  pinMemory,
  type Result,
  randn,
  scope,
  sigmoid,
  square,
  sum,
  Tensor,
  tanh,
  tensor,
  to,
  toFloat32Array,
  tree,
  type Value,
  zeros,
} from '../../src/index.ts';
import { type HashedSpec, hashed } from './hashed.ts';

type Spec = HashedSpec | number | boolean | string | null | Spec[];
export type OperatorCase = {
  op: string;
  args: Spec[];
  outputs: ({ shape: number[]; values: number[] } | number | boolean)[];
  gradients?: (number[] | null)[];
};

export type GpuCheck = { title: string; run: () => void };

/** `cases` are those of fixtures/torch/operators.json. */
export function gpuChecks(cases: readonly OperatorCase[]): GpuCheck[] {
  return [
    { title: 'the GPU tells its properties and counts its memory', run: memory },
    { title: `${cases.length} operator cases give PyTorch's CPU values and gradients`, run: () => operators(cases) },
    { title: 'streams and events order and time work', run: streams },
    { title: 'pinned memory and non-blocking copies carry the right numbers', run: pinned },
    { title: 'seeds fix the random numbers of the GPU', run: seeds },
    { title: 'autocast multiplies in bfloat16', run: mixedPrecision },
    { title: 'checkpoint and customGradient work although the GPU has its own backward thread', run: callbacks },
    { title: 'a fused function equals its operators, with gradients and broadcasting', run: fused },
    { title: 'a captured step trains as the eager one, to the same weights', run: captured },
    { title: 'a captured step draws new random numbers at each replay', run: capturedRandom },
    { title: 'a step that waits for the GPU cannot be captured, says so, and leaves the GPU usable', run: notCapturable },
    { title: 'memory stays flat over a thousand steps, and running out of it is an error', run: flat },
  ];
}

function memory(): void {
  assert.ok(cuda.deviceCount() > 0);
  const { name, totalMemory, multiprocessors, capability } = cuda.properties();
  assert.ok(name.length > 3 && totalMemory > 2 ** 30 && multiprocessors > 10);
  assert.match(capability, /^\d+\.\d+$/);
  const before = cuda.memoryStats().allocated;
  cuda.resetPeakMemory();
  const x = zeros([1024, 1024], { device: 'cuda' });
  assert.equal(cuda.memoryStats().allocated - before, 4 * 2 ** 20);
  x.free();
  assert.equal(cuda.memoryStats().allocated, before);
  assert.ok(cuda.memoryStats().peakAllocated >= before + 4 * 2 ** 20);
  cuda.emptyCache();
  cuda.synchronize();
  assert.throws(() => cuda.memoryStats('cuda:99'), /there is no GPU 99/);
}

function operators(cases: readonly OperatorCase[]): void {
  configureTorch({ tf32: false });
  const failures: string[] = [];
  for (const [i, entry] of cases.entries()) {
    if (!hasOperator(entry.op)) continue;
    try {
      scope(() => operatorCase(entry));
    } catch (error) {
      failures.push(`${entry.op} (case ${i}): ${(error as Error).message.split('\n').slice(0, 3).join(' ')}`);
    }
  }
  assert.deepEqual(failures, []);
}

/** Operators whose CUDA form differs from the CPU's by design, not by rounding. */
const CPU_ONLY = new Set([
  'aten::is_pinned',
  // statistics come back in other layouts or unused
  'aten::native_batch_norm',
]);

function operatorCase(entry: OperatorCase): void {
  if (CPU_ONLY.has(entry.op)) return;
  const inputs: Tensor[] = [];
  const written: Tensor[] = [];
  const build = (spec: Spec): Value => {
    if (Array.isArray(spec)) return spec.map(build);
    if (typeof spec !== 'object' || spec === null) return spec;
    const made = to(hashed({ ...spec, grad: false }), { device: 'cuda' });
    if (spec.grad) made.requiresGrad = true;
    written.push(made);
    if (spec.grad) inputs.push(made);
    return made;
  };
  const args = entry.args.map(build);
  const makesTensors = /::(zeros|ones|full|arange|linspace|eye|hann_window)(\.|$)/.test(entry.op);
  const result = call(entry.op, ...args);
  const outputs = result === null ? written : leaves(result);
  for (const [k, expected] of entry.outputs.entries()) {
    if (typeof expected !== 'object') {
      assert.equal(outputs[k], expected);
      continue;
    }
    const output = outputs[k] as Tensor;
    assert.deepEqual(output.shape, expected.shape);
    if (!makesTensors) assert.match(output.device, /^cuda/);
    // transforms and recurrences sum in another order; 1e-5 is a few units of float32 in the last place of sums of dozens
    if (entry.op !== 'aten::empty_like') close(numbers(output), expected.values, 2e-5);
  }
  if (!entry.gradients) return;
  const taking = outputs.filter((output): output is Tensor => output instanceof Tensor && output.requiresGrad);
  const gradOutputs = taking.map((output, k) => {
    const dtype = output.dtype.startsWith('complex') ? 'complex64' : 'float32';
    return to(hashed({ tensor: output.shape, seed: 1000 + k, lo: -1, hi: 1, dtype, grad: false }), { device: 'cuda' });
  });
  const gradients = grad(taking, inputs, { gradOutputs, allowUnused: true });
  for (const [k, expected] of entry.gradients.entries()) {
    if (expected !== null) close(numbers(gradients[k]!), expected, 5e-5);
  }
}

function streams(): void {
  const x = randn([512, 512], { device: 'cuda' });
  const side = new cuda.Stream();
  const ready = new cuda.Event().record();
  const start = new cuda.Event();
  const end = new cuda.Event();
  const y = side.run(() => {
    ready.wait();
    start.record();
    let z = x;
    for (let i = 0; i < 20; i++) z = matmul(z, x);
    end.record();
    return mul(z, 0);
  });
  side.synchronize();
  assert.ok(start.millisecondsTo(end) > 0);
  assert.equal(sum(y).item() || 0, 0);
}

function pinned(): void {
  const values = Float32Array.from({ length: 1000 }, (_, i) => i);
  const stage = pinMemory(fromTypedArray(values));
  assert.equal(isPinned(stage), true);
  const onGpu = to(stage, { device: 'cuda', nonBlocking: true });
  cuda.synchronize();
  assert.deepEqual(toFloat32Array(onGpu), values);
  assert.equal(empty([3], { device: 'cpu', pinMemory: true }).shape[0], 3);
}

function seeds(): void {
  const draw = (): Float32Array => toFloat32Array(randn([8], { device: 'cuda' }));
  manualSeed(3);
  const first = draw();
  manualSeed(3);
  assert.deepEqual(draw(), first);
  assert.notDeepEqual(draw(), first);
  const own = (): Float32Array => toFloat32Array(randn([8], { device: 'cuda', generator: createGenerator(3, 'cuda') }));
  assert.deepEqual(own(), own());
}

function mixedPrecision(): void {
  const x = randn([16, 16], { device: 'cuda' });
  const y = autocast('cuda', 'bfloat16', () => matmul(x, x));
  assert.equal(y.dtype, 'bfloat16');
  // sums of 16 products of normal numbers, each with 8 bits
  close(toFloat32Array(y), toFloat32Array(matmul(x, x)), 0.15);
}

function callbacks(): void {
  const cube = customGradient({
    forward: ([x]) => ({ outputs: [mul(x!, square(x!))], saved: [x!] }),
    backward: ([gradient], [x]) => [mul(gradient!, mul(square(x!), 3))],
  });
  const x = tensor([1, 2, 3], { device: 'cuda', requiresGrad: true });
  backward(sum(cube(x)[0]!));
  assert.deepEqual(toFloat32Array(x.grad!), new Float32Array([3, 12, 27]));

  const w = randn([8, 8], { device: 'cuda' });
  w.requiresGrad = true;
  const block = (weight: Tensor, input: Tensor): Tensor => scope(() => tanh(dropout(linear(input, weight), 0.5, true)));
  const input = randn([4, 8], { device: 'cuda' });
  const run = (body: (weight: Tensor, input: Tensor) => Tensor): Float32Array => {
    manualSeed(5);
    return toFloat32Array(grad(sum(square(body(w, body(w, input)))), [w])[0]!);
  };
  close(
    run((weight, y) => checkpoint(block, [weight, y])),
    run(block),
    1e-5,
  );
}

/** tanh(a)·sigmoid(b), the gate of WaveNet. */
export const gate: (...inputs: Tensor[]) => readonly Tensor[] = fusedElementwise({
  forward: 'template <typename T> T gate(T a, T b) { return T(tanhf(float(a)) / (1.f + expf(-float(b)))); }',
  backward: `template <typename T> void gate_backward(T g, T a, T b, T& da, T& db) {
    const float t = tanhf(float(a)), s = 1.f / (1.f + expf(-float(b))), gradient = float(g);
    da = T(gradient * s * (1.f - t * t));
    db = T(gradient * t * s * (1.f - s));
  }`,
  reference: (a, b) => [mul(tanh(a!), sigmoid(b!))],
});

function fused(): void {
  const a = randn([4, 5, 6], { device: 'cuda' });
  const b = randn([4, 1, 6], { device: 'cuda' });
  for (const x of [a, b]) x.requiresGrad = true;
  const [y] = gate(a, b);
  const reference = mul(tanh(a), sigmoid(b));
  close(toFloat32Array(y!), toFloat32Array(reference), 1e-6);
  const mine = grad(sum(square(y!)), [a, b]);
  const theirs = grad(sum(square(reference)), [a, b]);
  for (const [i, gradient] of mine.entries()) close(toFloat32Array(gradient), toFloat32Array(theirs[i]!), 1e-5);
  const half = to(a, { dtype: 'bfloat16' });
  assert.equal(gate(half, half)[0]!.dtype, 'bfloat16');
  assert.throws(() => gate(a, tensor([1])), /takes GPU tensors/);
  const broken = fusedElementwise({
    forward: 'template <typename T> T broken(T a) { return nonsense; }',
    backward: 'template <typename T> T b(T g, T a) { return g; }',
    reference: (x) => [x!],
  });
  assert.throws(() => broken(a));
}

type Batch = { x: Tensor; y: Tensor };

function network(): {
  params: Record<string, Tensor>;
  step: (batch: Batch) => { loss: Tensor };
  setRate: (rate: number) => void;
  state: unknown;
} {
  const params = { w1: randn([32, 8], { device: 'cuda' }), b1: zeros([32], { device: 'cuda' }), w2: randn([4, 32], { device: 'cuda' }) };
  for (const parameter of tree.flatten(params)) parameter.requiresGrad = true;
  const optimizer = adamw(params, { lr: 0.01 });
  const step = ({ x, y }: Batch): { loss: Tensor } => {
    const loss = autocast('cuda', 'bfloat16', () =>
      mseLoss(to(linear(tanh(linear(x, params.w1, params.b1)), params.w2), { dtype: 'float32' }), y),
    );
    const gradients = grad(loss, tree.flatten(params));
    clipGradNorm(gradients, 0.5);
    optimizer.step(gradients);
    return { loss };
  };
  return { params, step, setRate: optimizer.setLearningRate, state: optimizer.state };
}

function captured(): void {
  const batches = Array.from({ length: 12 }, (_, i) => {
    manualSeed(100 + i);
    return { x: randn([16, 8], { device: 'cuda' }), y: randn([16, 4], { device: 'cuda' }) };
  });
  const train = (capture: boolean): { losses: number[]; weights: Float32Array[] } => {
    manualSeed(1);
    const { params, step, setRate, state } = network();
    const run = capture ? captureStep(step, batches[0]!, { preserve: [params, state] }) : step;
    const losses = batches.map((batch, i) => {
      setRate(0.02 / (1 + i));
      return scope(() => run(batch).loss.item());
    });
    return { losses, weights: tree.flatten(params).map(toFloat32Array) };
  };
  const eager = train(false);
  const graph = train(true);
  close(Float32Array.from(graph.losses), eager.losses, 1e-5);
  for (const [i, weights] of graph.weights.entries()) close(weights, eager.weights[i]!, 1e-4);
  const { step } = network();
  const run = captureStep(step, batches[0]!);
  assert.throws(() => run({ x: zeros([3, 8], { device: 'cuda' }), y: batches[0]!.y }), /record one step for each shape/);
  run.dispose();
}

function capturedRandom(): void {
  const generator = createGenerator(4, 'cuda');
  const step = captureStep(
    (x: Tensor) => ({ first: dropout(x, 0.5, true), own: randn([64], { device: 'cuda', generator }) }),
    full([64], 1, { device: 'cuda' }),
    {
      generators: [generator],
    },
  );
  const draw = (): { first: Float32Array; own: Float32Array } => {
    const { first, own } = step(full([64], 1, { device: 'cuda' }));
    return { first: toFloat32Array(first), own: toFloat32Array(own) };
  };
  const [one, two] = [draw(), draw()];
  assert.notDeepEqual(one.first, two.first);
  assert.notDeepEqual(one.own, two.own);
  assert.ok(one.first.every((value) => value === 0 || value === 2));
}

function notCapturable(): void {
  const x = zeros([4], { device: 'cuda' });
  assert.throws(
    () => captureStep((y: Tensor) => add(y, sum(y).item() + 1), x),
    /could not be recorded as a CUDA graph[\s\S]*nothing may wait for the GPU/,
  );
  assert.equal(sum(add(x, 1)).item(), 4);
  const run = captureStep((y: Tensor) => add(y, 1), x);
  assert.equal(sum(run(add(x, 1))).item(), 8);
}

function flat(): void {
  const { step } = network();
  const batch = { x: randn([16, 8], { device: 'cuda' }), y: randn([16, 4], { device: 'cuda' }) };
  const many = (count: number): void => {
    for (let i = 0; i < count; i++) scope(() => void step(batch));
  };
  many(50);
  const [live, bytes] = [liveTensors(), cuda.memoryStats().allocated];
  many(1000);
  assert.deepEqual([liveTensors(), cuda.memoryStats().allocated], [live, bytes]);
  assert.throws(() => zeros([2 ** 45], { device: 'cuda' }), /out of memory|overflow/i);
  assert.equal(sum(add(zeros([2], { device: 'cuda' }), 1)).item(), 2);
}

function leaves(result: Result): (Result | Tensor)[] {
  return Array.isArray(result) ? result.flatMap(leaves) : [result];
}

function numbers(value: Tensor): Float32Array {
  return toFloat32Array(value.dtype.startsWith('complex') ? (call('aten::view_as_real', value) as Tensor) : value);
}

/** Every element within `tolerance`, absolute and relative. */
function close(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    const bound = tolerance * (1 + Math.abs(expected[i]!));
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= bound, `element ${i} is ${actual[i]}, expected ${expected[i]} within ${bound}`);
  }
}
