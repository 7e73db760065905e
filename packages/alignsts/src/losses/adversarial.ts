import type { Ops } from '../model/ops.ts';

/** Least-squares GAN (Mao et al. 2017): scores of real mels go to 1, of sung ones to 0; the generator wants 1. 1:1 weights (A7 32). */
export function discriminatorLoss<T>(ops: Ops<T>, realScores: T, fakeScores: T): T {
  return ops.add(meanSquare(ops, ops.sub(realScores, 1)), meanSquare(ops, fakeScores));
}

export function generatorLoss<T>(ops: Ops<T>, fakeScores: T /* [B, windows] */): T {
  return meanSquare(ops, ops.sub(fakeScores, 1));
}

function meanSquare<T>(ops: Ops<T>, x: T): T {
  return ops.mean(ops.mul(x, x), [0, 1], false);
}
