import '../../../test/support/one-thread.ts';
import type { Tensor } from '@alignsts/torch';
import * as torch from '@alignsts/torch';
import type { FloatArray, Ops, TrainingResult } from 'alignsts/model';
import { blockConfigs, frameMask, initAlignsts, losses, mapTree, namedLeaves, trainingPath, updateVectorQuantizer } from 'alignsts/model';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  CONTENT_LENGTHS,
  itemOf,
  LENGTHS,
  type Padded,
  REFERENCE_VARIANTS,
  type ReferenceVariant,
  readReference,
  referenceBatch,
  referenceCodebook,
  referenceConfig,
  referenceNoise,
  referenceWeights,
  SPEECH_LENGTHS,
} from '../../../test/support/alignsts-reference.ts';
import { createLibtorchOps } from './ops-libtorch.ts';

const ops = createLibtorchOps();
const tensorOf = ({ data, shape }: Padded | FloatArray): Tensor => torch.fromTypedArray(data, shape);
const integers = (values: readonly number[], shape: readonly number[] = [values.length]): Tensor =>
  torch.fromTypedArray(Int32Array.from(values), shape);

function step(variant: ReferenceVariant) {
  const config = referenceConfig(variant);
  const params = mapTree(referenceWeights(initAlignsts(config)), (leaf: FloatArray): Tensor => {
    const tensor = tensorOf(leaf);
    tensor.requiresGrad = true;
    return tensor;
  });
  const batch = referenceBatch(5);
  const { codes, hidden } = blockConfigs(config).vectorQuantizer;
  const codebook = torch.fromTypedArray(referenceCodebook(), [codes, hidden]);
  const quantizer = { codebook, counts: torch.full([codes], 3, { dtype: 'float32' }), sums: torch.mul(codebook, 3) };
  const input = {
    content: tensorOf(batch.content),
    contentLengths: integers(CONTENT_LENGTHS),
    pitch: integers(Array.from(batch.pitch.data), batch.pitch.shape.slice(0, 2)),
    lengths: integers(LENGTHS),
    timbre: tensorOf(batch.timbre),
    speechRhythm: tensorOf(batch.speechRhythm),
    speechLengths: integers(SPEECH_LENGTHS),
  };
  const target = { mel: tensorOf(batch.mel), rhythm: tensorOf(batch.rhythm) };
  const draws = { level: integers([0, 2, 4]), noise: tensorOf(batch.noise) };
  const result: TrainingResult<Tensor> = trainingPath(ops, config, params, quantizer, input, target, draws);
  const { predictor } = config.model.rhythmAdaptor;
  const settings = {
    losses: config.losses,
    ...{ melBins: 80, codes, predictorAttention: predictor.attention, alignerAttention: config.model.aligner.attention },
  };
  const contentMask = frameMask(ops, input.contentLengths, input.content);
  return { config, params, quantizer, result, terms: losses(ops, settings, { result, mel: target.mel, contentMask }) };
}

describe.skipIf(!torch.hasTorch()).each(REFERENCE_VARIANTS)('a training step of %s on a padded batch', (variant) => {
  const reference = readReference(`alignsts-${variant}`);
  let ran: ReturnType<typeof step>;
  beforeAll(() => {
    ran = step(variant);
  });

  test('predicts the mels that PyTorch predicts item by item', () => {
    const { result } = ran;
    const mel = torch.toFloat32Array(result.mel);
    reference.items.forEach((item, b) => {
      expect(itemOf(mel, result.mel.shape, b, LENGTHS[b]!)).toBeAllClose(item.mel, { atol: 3e-5, rtol: 3e-5 });
    });
  });

  test('has the losses of the specification', () => {
    const values = Object.fromEntries(Object.entries(ran.terms).map(([name, term]) => [name, term!.item()]));
    expect(Object.keys(values).sort()).toEqual(Object.keys(reference.losses).sort());
    for (const [name, value] of Object.entries(reference.losses))
      expect([values[name]], name).toBeAllClose([value], { atol: 2e-6, rtol: 2e-5 });
  });

  test('has the gradients of the items alone, parameter by parameter', () => {
    torch.backward(ran.terms.total);
    const largest = Math.max(...Object.values(reference.gradients).map(([norm]) => norm));
    const found = namedLeaves<Tensor>(ran.params).flatMap(({ name, leaf }) => {
      if (leaf.grad === null) return [];
      const values = torch.toFloat32Array(leaf.grad);
      const direction = referenceNoise(`direction ${name}`, values.length);
      const norm = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
      return [[name, [norm, values.reduce((sum, value, i) => sum + value * direction[i]!, 0)]] as const];
    });
    expect(found.map(([name]) => name).sort()).toEqual(Object.keys(reference.gradients).sort());
    for (const [name, values] of found) {
      // float32: a gradient that should vanish keeps the rounding of those it passed through
      expect(values, name).toBeAllClose(reference.gradients[name]!, { atol: 1e-6 * largest, rtol: 2e-4 });
    }
  });

  if (variant === 'no-rhythm-adaptor') return;
  test('moves the codebook by the real frames alone', () => {
    const { config, quantizer, result } = ran;
    const { encoded, ids } = result.rhythm!;
    const uniform = torch.zeros([6, 1]);
    const next = updateVectorQuantizer(ops as Ops<Tensor>, blockConfigs(config).vectorQuantizer, quantizer, encoded, ids, uniform);
    const { counts, sums, codebook } = reference.quantizer!;
    const tolerance = { atol: 2e-6, rtol: 1e-5 };
    expect(torch.toFloat32Array(next.counts)).toBeAllClose(counts, tolerance);
    expect(torch.toFloat32Array(next.sums)).toBeAllClose(sums, tolerance);
    expect(torch.toFloat32Array(next.codebook)).toBeAllClose(codebook, tolerance);
  });
});
