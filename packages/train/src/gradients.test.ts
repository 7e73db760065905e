import '../../../test/support/one-thread.ts';
import { createRandom } from '@alignsts/signal';
import type { Tensor } from '@alignsts/torch';
import * as torch from '@alignsts/torch';
import {
  countWeights,
  critic,
  crossAttention,
  denoiser,
  discriminator,
  encoder,
  type FloatArray,
  fftDecoder,
  fillTree,
  guidedAttentionLoss,
  initCritic,
  initCrossAttention,
  initDenoiser,
  initDiscriminator,
  initEncoder,
  initFftDecoder,
  initParekh,
  initPitchEncoder,
  initRhythmPredictor,
  initSpeechSplit,
  initWuYang,
  mapTree,
  namedLeaves,
  type ParekhConfig,
  parekh,
  pitchEncoder,
  projectCondition,
  rhythmPredictor,
  spectralNorm,
  speechSplit,
  ssimLoss,
  wuYang,
} from 'alignsts/model';
import { describe, expect, test } from 'vitest';
import { createLibtorchOps } from './ops-libtorch.ts';

/** Every kind of block: the gradient of each parameter, along a random direction, against a central difference in float64. */
const ops = createLibtorchOps({ precision: 'float64' });
const random = createRandom(11);
const normal = (...shape: number[]): Tensor => {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal());
  return torch.fromTypedArray(data, shape, { dtype: 'float64' });
};
const whole = (values: number[], shape: number[] = [values.length]): Tensor => torch.fromTypedArray(Int32Array.from(values), shape);

const attention = {
  ...{ hidden: 8, layers: 2, heads: 2, dropout: 0, innerDropout: 0, window: 0.5, windowInclusive: true, ffnHidden: 16, ffnKernel: 3 },
};
const encoded = (lengths: number[]) => {
  const features = normal(lengths.length, Math.max(...lengths), 8);
  const mask = torch.fromTypedArray(
    Float64Array.from(lengths.flatMap((length) => Array.from({ length: Math.max(...lengths) }, (_, t) => (t < length ? 1 : 0)))),
    [lengths.length, Math.max(...lengths), 1],
  );
  return { features: torch.mul(features, mask), lengths: whole(lengths), mask };
};

type Block = { params: unknown; run: (params: never) => Tensor };
const blockOf = <P>(params: P, run: (params: never) => Tensor): Block => ({ params, run });

function blocks(): Record<string, Block> {
  const [query, memory] = [encoded([7, 4]), encoded([5, 3])];
  const timbre = normal(2, 1, 8);
  const mel = normal(2, 7, 10);
  const baseline = {
    speechMel: normal(2, 6, 10),
    speechLengths: whole([6, 4]),
    pitch: whole([3, 0, 5, 5, 2, 1, 0, 4, 4, 0, 1, 0, 0, 0], [2, 7]),
    lengths: whole([7, 4]),
    timbre: normal(2, 4),
  };
  const convolutions = { layers: 2, kernel: 3, stride: 2, groups: 4 };
  const predictor = { attention, convLayers: 2, kernel: 3, stride: 2, dropout: 0, codes: 6, timbre: true };
  const denoising = { melBins: 10, hidden: 8, blocks: 3, dilationCycle: 2 };
  const decoding = { melBins: 10, hidden: 8, layers: 2, heads: 2, dropout: 0, ffnHidden: 16, ffnKernel: 3 };
  const adversary = { windows: [8, 16], hidden: 4 };
  const parekhConfig: ParekhConfig = { system: 'parekh2020', widths: [8, 6, 4], code: 3, skip: 2 };
  const splitConfig = { system: 'speechsplit2', bottleneck: 2, contentCode: 2, rhythmCode: 1, pitchCode: 2, envelope: 'speech' } as const;
  const wuYangConfig = { system: 'wu-yang-2020', hidden: 32, pitchChannels: 4, skip: 3, balance: 1, paired: 0.5 } as const;
  const condition = normal(2, 7, 8);
  const level = whole([1, 3]);
  const crops = [normal(2, 8, 80), normal(2, 16, 80)];
  const spectra = [4, 16, 64, 512, 512, 512, 512, 512, 10].map((rows) => normal(rows, 1));
  return {
    encoder: blockOf(initEncoder(convolutions, 8, 8), (p) => encoder(ops, convolutions, p, query.features, query.lengths).features),
    'pitch encoder': blockOf(
      initPitchEncoder(convolutions, 6, 8),
      (p) => pitchEncoder(ops, convolutions, p, baseline.pitch, baseline.lengths).features,
    ),
    'cross-attention': blockOf(initCrossAttention(attention), (p) => crossAttention(ops, attention, p, query, memory).features),
    'rhythm predictor': blockOf(initRhythmPredictor(predictor), (p) => rhythmPredictor(ops, predictor, p, query, memory, timbre).logits),
    denoiser: blockOf(initDenoiser(denoising), (p) =>
      denoiser(ops, denoising, p, mel, level, projectCondition(ops, p as never, condition) as Tensor[], query.mask),
    ),
    'FFT decoder': blockOf(initFftDecoder(decoding), (p) => fftDecoder(ops, decoding, p, condition, query.mask)),
    discriminator: blockOf(initDiscriminator(adversary, 80), (p) => discriminator(ops, p, crops)),
    'Parekh 2020': blockOf(initParekh(parekhConfig, 10, 6), (p) => parekh(ops, parekhConfig, p, baseline, { pitchRows: 6 }).compressed),
    SpeechSplit2: blockOf(initSpeechSplit(splitConfig, 10, 4), (p) => speechSplit(ops, splitConfig, p, baseline, { melBins: 10 })),
    'Wu and Yang 2020': blockOf(initWuYang(wuYangConfig, 10, 6), (p) => wuYang(ops, wuYangConfig, p, baseline, { melBins: 10 })),
    'its critic': blockOf(initCritic(10), (p) => critic(ops, p, spectra, mel, query.mask).mel),
    'SSIM and guided attention': blockOf(
      {
        mel: { shape: [2, 7, 80], fill: { kind: 'normal', deviation: 1 } },
        map: { shape: [2, 7, 5], fill: { kind: 'uniform', bound: 1 } },
      },
      (p: never) => {
        const { mel: x, map } = p as { mel: Tensor; map: Tensor };
        const similarity = ssimLoss(ops, x, torch.zeros([2, 7, 80], { dtype: 'float64' }), query.mask, { melBins: 80, offset: 6 });
        return torch.add(similarity, guidedAttentionLoss(ops, map, query.mask, memory.mask, { guide: 0.1, mean: 'item' }));
      },
    ),
  };
}

describe.skipIf(!torch.hasTorch())('gradients agree with differences', () => {
  test.each(Object.entries(torch.hasTorch() ? blocks() : {}))('%s', (block, { params, run }) => {
    const leaves = mapTree(fillTree(params, 5), ({ data, shape }: FloatArray): Tensor => {
      const leaf = torch.fromTypedArray(data, shape, { dtype: 'float64' });
      leaf.requiresGrad = true;
      return leaf;
    });
    const first = run(leaves as never);
    const weights = normal(...first.shape);
    const value = (): Tensor => torch.sum(torch.mul(run(leaves as never), weights), null);
    torch.backward(value());
    // spectral normalisation holds its singular vectors still; the test below checks it where they have settled
    const checked = namedLeaves<Tensor>(leaves).filter(
      ({ name, leaf }) => block !== 'its critic' || !name.endsWith('weight') || leaf.rank < 3,
    );
    // leaf by leaf, or in one direction through all of them where the widths are fixed and large
    const groups = countWeights(params) > 500_000 ? [checked] : checked.map((leaf) => [leaf]);
    for (const group of groups) {
      const draws = group.map(({ leaf }) => normal(...leaf.shape));
      // of length 1, so that few rectifiers change sides within a step
      const length = Math.sqrt(draws.reduce((sum, draw) => sum + torch.linalgVectorNorm(draw).item() ** 2, 0));
      const move = (offset: number): void => group.forEach(({ leaf }, i) => void torch.add_(leaf, draws[i]!, { alpha: offset / length }));
      const gradient = group.reduce(
        (sum, { leaf }, i) => sum + (leaf.grad ? torch.sum(torch.mul(leaf.grad, draws[i]!), null).item() : 0),
        0,
      );
      const at = (offset: number): number =>
        torch.scope(() =>
          torch.noGrad(() => {
            move(offset);
            const result = value().item();
            move(-offset);
            return result;
          }),
        );
      const difference = (at(1e-6) - at(-1e-6)) / 2e-6;
      expect([gradient / length], group.map(({ name }) => name).join()).toBeAllClose([difference], { atol: 2e-6, rtol: 2e-5 });
    }
  });

  test('spectral normalisation, once its vectors have settled', () => {
    const weight = normal(4, 3, 2);
    weight.requiresGrad = true;
    let vector = normal(4, 1);
    for (let i = 0; i < 500; i++) vector = torch.scope(() => torch.noGrad(() => spectralNorm(ops, weight, vector).vector));
    const mix = normal(4, 3, 2);
    const value = (w: Tensor): Tensor => torch.sum(torch.mul(spectralNorm(ops, w, vector).weight, mix), null);
    const direction = normal(4, 3, 2);
    const [gradient] = torch.grad([value(weight)], [weight]);
    const at = (offset: number): number => torch.noGrad(() => value(torch.add(weight, direction, { alpha: offset })).item());
    const difference = (at(1e-6) - at(-1e-6)) / 2e-6;
    expect(torch.sum(torch.mul(gradient!, direction), null).item()).toBeCloseTo(difference, 6);
    // and the largest singular value of what comes out is 1: no unit vector is made longer
    const matrix = torch.flatten(torch.detach(spectralNorm(ops, weight, vector).weight), 1);
    const gram = torch.matmul(matrix, torch.transpose(matrix, 0, 1));
    let longest = normal(4, 1);
    for (let i = 0; i < 500; i++) longest = torch.div(torch.matmul(gram, longest), torch.linalgVectorNorm(torch.matmul(gram, longest)));
    expect(torch.linalgVectorNorm(torch.matmul(gram, longest)).item()).toBeCloseTo(1, 6);
  });
});
