import type { Ops } from '../model/ops.ts';
import type { Judgement } from './discriminators.ts';

/** Least-squares GAN (Mao et al. 2017) with feature matching (Kumar et al. 2019), summed over the judges as in HiFi-GAN (Kong et al. 2020, Eq. 1-4). */
export function judgesLoss<T>(f: Ops<T>, real: readonly Judgement<T>[], fake: readonly Judgement<T>[]): T {
  return total(
    f,
    real.map((judgement, i) => f.add(meanSquare(f, f.sub(f.toFloat(judgement.scores), 1)), meanSquare(f, f.toFloat(fake[i]!.scores)))),
  );
}

/** What the generator pays for being recognised. */
export function deceptionLoss<T>(f: Ops<T>, fake: readonly Judgement<T>[]): T {
  return total(
    f,
    fake.map(({ scores }) => meanSquare(f, f.sub(f.toFloat(scores), 1))),
  );
}

/** Mean distance of the judges' inner layers between the recording and the generated sound; the recording's are taken as fixed. */
export function featureLoss<T>(f: Ops<T>, real: readonly Judgement<T>[], fake: readonly Judgement<T>[]): T {
  return total(
    f,
    real.flatMap((judgement, i) =>
      judgement.features.map((layer, j) =>
        f.mean(f.abs(f.sub(f.detach(f.toFloat(layer)), f.toFloat(fake[i]!.features[j]!))), [0, 1, 2, 3], false),
      ),
    ),
  );
}

function meanSquare<T>(f: Ops<T>, x: T /* [B, 1, H, W] */): T {
  return f.mean(f.mul(x, x), [0, 1, 2, 3], false);
}

function total<T>(f: Ops<T>, terms: readonly T[]): T {
  return terms.reduce((sum, term) => f.add(sum, term));
}
