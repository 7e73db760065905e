// Trains a small convolutional network to tell ten kinds of drawings apart: noisy 12×12 pictures of lines, drawn by rule, never the same twice.
// Run: npx tsx --conditions=source examples/torch-mnist-like.ts

import type { Tensor } from '@alignsts/torch';
import * as torch from '@alignsts/torch';

const SIDE = 12;
const KINDS = 10;

/** Kind k is a line at the angle 18°·k through a point near the middle, in noise. */
function draw(count: number, random: () => number): { pictures: Tensor; kinds: Tensor } {
  const pixels = new Float32Array(count * SIDE * SIDE);
  const kinds = BigInt64Array.from({ length: count }, () => BigInt(Math.floor(random() * KINDS)));
  for (let i = 0; i < count; i++) {
    const angle = (Math.PI * Number(kinds[i])) / KINDS;
    const offset = (random() - 0.5) * 4;
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const distance = Math.abs((x - 5.5) * Math.sin(angle) - (y - 5.5) * Math.cos(angle) + offset);
        pixels[(i * SIDE + y) * SIDE + x] = Math.exp(-distance * distance) + 0.6 * (random() - 0.5);
      }
    }
  }
  return { pictures: torch.fromTypedArray(pixels, [count, 1, SIDE, SIDE]), kinds: torch.fromTypedArray(kinds) };
}

const weight = (...shape: number[]): Tensor => {
  const fanIn = shape.slice(1).reduce((a, b) => a * b, 1);
  return torch.scope(() => torch.mul(torch.randn(shape), Math.sqrt(2 / fanIn)));
};

type Params = { conv1: Tensor; conv2: Tensor; out: { w: Tensor; b: Tensor } };

function classify(p: Params, pictures: Tensor): Tensor {
  const first = torch.relu(torch.conv2d(pictures, p.conv1, null, { padding: 1 })); // [B, 8, 12, 12]
  const second = torch.relu(torch.conv2d(torch.maxPool2d(first, 2), p.conv2, null, { padding: 1 })); // [B, 16, 6, 6]
  return torch.linear(torch.flatten(torch.maxPool2d(second, 2), 1), p.out.w, p.out.b); // [B, 10]
}

torch.manualSeed(1);
const params: Params = { conv1: weight(8, 1, 3, 3), conv2: weight(16, 8, 3, 3), out: { w: weight(KINDS, 144), b: torch.zeros([KINDS]) } };
for (const parameter of torch.tree.flatten(params)) parameter.requiresGrad = true;
const optimizer = torch.adamw(params, { lr: 3e-3 });

let seed = 1;
const random = (): number => {
  seed = (seed * 48271) % 2147483647; // Lehmer's generator
  return seed / 2147483647;
};
const test = draw(500, random);
const correct = (): number =>
  torch.scope(() =>
    torch.mean(torch.to(torch.eq(torch.argmax(classify(params, test.pictures), 1), test.kinds), { dtype: 'float32' })).item(),
  );

console.log(`${torch.tree.count(params)} parameters, ${Math.round(correct() * 100)} % right before`);
for (let update = 1; update <= 200; update++) {
  torch.scope(() => {
    const { pictures, kinds } = draw(64, random);
    const loss = torch.crossEntropyLoss(classify(params, pictures), kinds);
    optimizer.step(torch.grad(loss, torch.tree.flatten(params)));
    if (update % 50 === 0) console.log(`update ${update}: loss ${loss.item().toFixed(3)}`);
  });
}
console.log(correct() > 0.9 ? 'more than 90 % right after' : `only ${Math.round(correct() * 100)} % right after`);
// prints: more than 90 % right after
