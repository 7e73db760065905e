/**
 * The 20-layer denoiser of AlignSTS (a non-causal WaveNet, 15,086,416 parameters) as a load for benchmarks of the torch package: written plainly,
 * as the Python beside it is, and written for the GPU. torch_denoiser.py is its twin.
 */
import {
  adamw,
  add,
  autocast,
  cat,
  chunk,
  conv1d,
  conv2d,
  copy_,
  cos,
  createGenerator,
  type Device,
  detach,
  div,
  fromTypedArray,
  fusedElementwise,
  grad,
  l1Loss,
  linear,
  mish,
  mul,
  narrow,
  noGrad,
  randn,
  relu,
  reshape,
  scope,
  sigmoid,
  sin,
  squeeze,
  type Tensor,
  tanh,
  to,
  transpose,
  tree,
  unsqueeze,
  zeros,
} from '../packages/torch/src/index.ts';

export const MELS = 80;
export const WIDTH = 256;
export const BLOCKS = 20;

type Layer = { w: Tensor; b: Tensor };
export type Denoiser = {
  input: Layer; // [256, 80, 1]
  level1: Layer; // [1024, 256]
  level2: Layer; // [256, 1024]
  blocks: { level: Layer; conv: Layer; condition: Layer; out: Layer }[];
  skip: Layer; // [256, 256, 1]
  output: Layer; // [80, 256, 1]
};

export type Batch = { x: Tensor; level: Tensor; condition: Tensor; target: Tensor };

/** Shapes of all weights; `rows` of a convolution are [out, in, kernel]. */
function shapes(): Record<string, unknown> {
  const layer = (...w: number[]): { w: number[]; b: number[] } => ({ w, b: [w[0]!] });
  return {
    input: layer(WIDTH, MELS, 1),
    level1: layer(4 * WIDTH, WIDTH),
    level2: layer(WIDTH, 4 * WIDTH),
    blocks: Array.from({ length: BLOCKS }, () => ({
      level: layer(WIDTH, WIDTH),
      conv: layer(2 * WIDTH, WIDTH, 3),
      condition: layer(2 * WIDTH, WIDTH, 1),
      out: layer(2 * WIDTH, WIDTH, 1),
    })),
    skip: layer(WIDTH, WIDTH, 1),
    output: layer(MELS, WIDTH, 1),
  };
}

/** Kaiming-normal weights, zero biases, by seed. */
export function initDenoiser(device: Device): Denoiser {
  const generator = createGenerator(1, device);
  const build = (node: unknown): unknown => {
    if (Array.isArray(node) && typeof node[0] === 'number') {
      const shape = node as number[];
      if (shape.length === 1) return zeros(shape, { device });
      const fanIn = shape.slice(1).reduce((a, b) => a * b, 1);
      return scope(() => mul(randn(shape, { generator, device }), Math.sqrt(2 / fanIn)));
    }
    if (Array.isArray(node)) return node.map(build);
    return Object.fromEntries(Object.entries(node as object).map(([key, child]) => [key, build(child)]));
  };
  const params = build(shapes()) as Denoiser;
  for (const parameter of tree.flatten(params)) parameter.requiresGrad = true;
  return params;
}

/** [B, 80, T] noise, [B] levels, [B, 256, T] condition, [B, 80, T] target; time-major where `timeMajor`. */
export function exampleBatch(items: number, frames: number, device: Device, timeMajor = false): Batch {
  const generator = createGenerator(2, device);
  const noise = (channels: number): Tensor =>
    randn(timeMajor ? [items, frames, channels] : [items, channels, frames], { generator, device });
  const level = fromTypedArray(
    Float32Array.from({ length: items }, (_, i) => i % 5),
    [items],
    { device },
  );
  return { x: noise(MELS), level, condition: noise(WIDTH), target: noise(MELS) };
}

/** Multiply-adds of one pass, times two: what a step is measured by; a training step takes three times as many. */
export function forwardFlops(items: number, frames: number): number {
  const perFrame = MELS * WIDTH + BLOCKS * (3 + 1 + 1) * WIDTH * 2 * WIDTH + WIDTH * WIDTH + WIDTH * MELS;
  return 2 * items * frames * perFrame;
}

/** Sinusoid of the diffusion level, two linear layers with Mish between. [B] to [B, 256] */
function levelEmbedding(p: Denoiser, level: Tensor, dtype: 'float32' | 'bfloat16'): Tensor {
  const frequencies = fromFrequencies(level.device);
  const angles = mul(unsqueeze(level, 1), frequencies);
  const embedded = to(cat([sin(angles), cos(angles)], 1), { dtype });
  return linear(mish(linear(embedded, p.level1.w, p.level1.b)), p.level2.w, p.level2.b);
}

const frequencyTables = new Map<string, Tensor>();

function fromFrequencies(device: Device): Tensor {
  const known = frequencyTables.get(device);
  if (known) return known;
  const half = WIDTH / 2;
  const table = fromTypedArray(
    Float32Array.from({ length: half }, (_, k) => 10_000 ** (-k / (half - 1))),
    [half],
    { device },
  );
  table.kept = true;
  frequencyTables.set(device, table);
  return table;
}

/** As one writes it first, and as the Python twin is: channels before time, every operator by itself. */
export function plainDenoiser(p: Denoiser, { x: noisy, level, condition }: Omit<Batch, 'target'>): Tensor {
  let x = relu(conv1d(noisy, p.input.w, p.input.b));
  const embedded = levelEmbedding(p, level, 'float32');
  let skips: Tensor | undefined;
  for (const [i, block] of p.blocks.entries()) {
    const dilation = 2 ** (i % 4);
    const y = add(x, unsqueeze(linear(embedded, block.level.w, block.level.b), 2));
    const z = add(
      conv1d(y, block.conv.w, block.conv.b, { padding: dilation, dilation }),
      conv1d(condition, block.condition.w, block.condition.b),
    );
    const [gate, filter] = chunk(z, 2, 1) as [Tensor, Tensor];
    const [residual, skip] = chunk(conv1d(mul(sigmoid(gate), tanh(filter)), block.out.w, block.out.b), 2, 1) as [Tensor, Tensor];
    x = div(add(x, residual), Math.SQRT2);
    skips = skips ? add(skips, skip) : skip;
  }
  const merged = relu(conv1d(div(skips!, Math.sqrt(BLOCKS)), p.skip.w, p.skip.b));
  return conv1d(merged, p.output.w, p.output.b);
}

/** sigmoid(a)·tanh(b) in one kernel each way. */
const fusedGate = fusedElementwise({
  forward: 'template <typename T> T gate(T a, T b) { return T(tanhf(float(b)) / (1.f + __expf(-float(a)))); }',
  backward: `template <typename T> void gate_backward(T g, T a, T b, T& da, T& db) {
    const float t = tanhf(float(b)), s = 1.f / (1.f + __expf(-float(a))), gradient = float(g);
    da = T(gradient * t * s * (1.f - s));
    db = T(gradient * s * (1.f - t * t));
  }`,
  reference: (a, b) => [mul(sigmoid(a!), tanh(b!))],
});

/** (x + r)/√2 in one kernel each way. */
const fusedResidual = fusedElementwise({
  forward: 'template <typename T> T residual(T x, T r) { return T((float(x) + float(r)) * 0.70710678118654752f); }',
  backward: `template <typename T> void residual_backward(T g, T x, T r, T& dx, T& dr) {
    dx = T(float(g) * 0.70710678118654752f);
    dr = dx;
  }`,
  reference: (x, r) => [mul(add(x!, r!), Math.SQRT1_2)],
});

/**
 * The same function for tensor cores: time before channels, [B, T, C], which cuDNN calls channels-last and GEMMs read as rows, so nothing is
 * transposed; 1×1 convolutions are linear layers; the two biases that meet before the gate are added once, inside a GEMM.
 */
export function timeMajorDenoiser(
  p: Denoiser,
  { x: noisy, level, condition }: Omit<Batch, 'target'>,
  options: { fused: boolean; dtype: 'float32' | 'bfloat16' },
): Tensor {
  const { fused, dtype } = options;
  const pointwise = (x: Tensor, { w, b }: Layer): Tensor => linear(x, squeeze(w, 2), b);
  let x = relu(pointwise(to(noisy, { dtype }), p.input));
  const embedded = levelEmbedding(p, level, dtype);
  const c = to(condition, { dtype });
  let skips: Tensor | undefined;
  for (const [i, block] of p.blocks.entries()) {
    const dilation = 2 ** (i % 4);
    const y = add(x, unsqueeze(linear(embedded, block.level.w, block.level.b), 1));
    const image = unsqueeze(transpose(y, 1, 2), 2); // [B, C, 1, T], channels last
    const convolved = conv2d(image, unsqueeze(block.conv.w, 2), null, { padding: [0, dilation], dilation: [1, dilation] });
    const sum = linear(c, squeeze(block.condition.w, 2), add(block.conv.b, block.condition.b));
    const z = add(transpose(squeeze(convolved, 2), 1, 2), sum);
    const [gate, filter] = chunk(z, 2, 2) as [Tensor, Tensor];
    const gated = fused ? fusedGate(gate, filter)[0]! : mul(sigmoid(gate), tanh(filter));
    const [residual, skip] = chunk(pointwise(gated, block.out), 2, 2) as [Tensor, Tensor];
    x = fused ? fusedResidual(x, residual)[0]! : div(add(x, residual), Math.SQRT2);
    skips = skips ? add(skips, skip) : skip;
  }
  const merged = relu(pointwise(div(skips!, Math.sqrt(BLOCKS)), p.skip));
  return pointwise(merged, p.output);
}

export type Trainer = { step: (batch: Batch) => { loss: Tensor }; state: unknown; parameters: number };

/** Forward, L1 loss, backward and AdamW over separate float32 parameters, with or without autocast: the loop that Python's twin runs. */
export function plainTrainer(device: Device, mixed: boolean): Trainer {
  const params = initDenoiser(device);
  const flat = tree.flatten(params);
  const optimizer = adamw(params, { lr: 1e-4 });
  const lossOf = (batch: Batch): Tensor => l1Loss(to(plainDenoiser(params, batch), { dtype: 'float32' }), batch.target);
  const step = (batch: Batch): { loss: Tensor } => {
    const loss = mixed ? autocast(device === 'cpu' ? 'cpu' : 'cuda', 'bfloat16', () => lossOf(batch)) : lossOf(batch);
    optimizer.step(grad(loss, flat));
    return { loss };
  };
  return { step, state: [params, optimizer.state], parameters: tree.count(params) };
}

/**
 * The same training with one flat float32 master of all weights: cast to bfloat16 as a whole, gradients gathered as a whole, one AdamW over one
 * tensor. Leaves are views of the cast copy.
 */
export function masterTrainer(device: Device, options: { fused: boolean }): Trainer {
  const initial = initDenoiser(device);
  const pieces = tree.flatten(initial);
  const master = noGrad(() => cat(pieces.map((piece) => reshape(stored(piece), [-1]))));
  const working = to(detach(master), { dtype: 'bfloat16' });
  const leaves: Tensor[] = [];
  let offset = 0;
  const params = tree.map(initial, (piece) => {
    const { numel, shape } = piece;
    const flat = detach(narrow(working, 0, offset, numel));
    offset += numel;
    // convolutions lie in memory as [out, kernel, in], which is what channels-last kernels read
    const leaf = shape.length === 3 ? transpose(reshape(flat, [shape[0]!, shape[2]!, shape[1]!]), 1, 2) : reshape(flat, shape);
    const own = detach(leaf);
    own.requiresGrad = true;
    leaves.push(own);
    return own;
  });
  const optimizer = adamw([master], { lr: 1e-4 });
  const step = (batch: Batch): { loss: Tensor } => {
    const predicted = timeMajorDenoiser(params, batch, { fused: options.fused, dtype: 'bfloat16' });
    const loss = l1Loss(to(predicted, { dtype: 'float32' }), batch.target);
    const gradients = grad(loss, leaves);
    noGrad(() => {
      const flat = cat(gradients.map((gradient) => reshape(stored(gradient), [-1])));
      optimizer.step([to(flat, { dtype: 'float32' })]);
      copy_(working, master);
    });
    return { loss };
  };
  return { step, state: [master, working, optimizer.state], parameters: master.numel };
}

/** A convolution's weight in the order in which the flat master holds it. */
function stored(weight: Tensor): Tensor {
  return weight.rank === 3 ? transpose(weight, 1, 2) : weight;
}
