/**
 * One process of a data-parallel training run, told its place by the environment as torchrun does. Prints its final weights, losses and what
 * the collectives gave, as one line of JSON. With WORLD_SIZE unset it trains alone on the whole batch.
 */
import { writeSync } from 'node:fs';
import {
  adamw,
  clipGradNorm,
  detach,
  div,
  fromTypedArray,
  grad,
  joinProcessGroup,
  linear,
  mseLoss,
  scope,
  slice,
  type Tensor,
  tanh,
  tensor,
  toFloat32Array,
  toNestedArray,
  tree,
} from '../../src/index.ts';

const device = process.env['TEST_DEVICE'] === 'cuda' ? 'cuda' : 'cpu';
const group = joinProcessGroup({ timeout: 60, ...(device === 'cpu' ? { backend: 'gloo' as const } : {}) });
const { rank, size } = group;

const ramp = (shape: number[], phase: number): Tensor =>
  fromTypedArray(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (((i * 37 + phase * 101) % 64) - 32) / 64),
    shape,
    { device },
  );

// each process starts from weights of its own, which the broadcast replaces
const params = { w1: ramp([12, 5], 1 + 50 * rank), b1: ramp([12], 2 + 50 * rank), w2: ramp([2, 12], 3 + 50 * rank) };
for (const parameter of tree.flatten(params)) parameter.requiresGrad = true;
group.broadcast(params);

const items = 8;
const share = items / size;
const mine = (x: Tensor): Tensor => slice(x, 0, rank * share, (rank + 1) * share);
const x = mine(ramp([items, 5], 7));
const y = mine(ramp([items, 2], 9));
const optimizer = adamw(params, { lr: 0.01 });
const losses: number[] = [];
for (let step = 0; step < 10; step++) {
  scope(() => {
    const loss = mseLoss(linear(tanh(linear(x, params.w1, params.b1)), params.w2), y);
    const gradients = grad(loss, tree.flatten(params));
    group.averageGradients(gradients);
    clipGradNorm(gradients, 0.1);
    optimizer.step(gradients);
    const mean = div(detach(loss), size);
    group.allReduce(mean);
    losses.push(mean.item());
  });
}

const largest = tensor([rank, -rank], { device });
group.allReduce(largest, 'max');
const gathered = group.allGather(tensor([rank], { device })).map((part) => toNestedArray(part));
group.barrier();
const weights = tree.flatten(params).map((parameter) => [...toFloat32Array(parameter)]);
writeSync(1, `${JSON.stringify({ rank, weights, losses, largest: toNestedArray(largest), gathered })}\n`);
group.close();
