import { createRandom, InputError, type Random } from '@alignsts/signal';
import * as torch from '@alignsts/torch';
import {
  type AlignstsModel,
  type AlignstsParams,
  decode,
  denoise,
  type FloatArray,
  frameMask,
  inferencePath,
  initAlignsts,
  mapTree,
  projectCondition,
} from 'alignsts/model';
import {
  type Graph,
  type GraphTensor,
  type OpenGraph,
  recordAlignsts,
  sha256,
  type WeightFormat,
  withWeightFormat,
  writeModel,
} from 'alignsts/onnx';
import type { Checkpoint } from './checkpoint.ts';
import { createLibtorchOps } from './ops-libtorch.ts';

/**
 * A trained AlignSTS as the files that the product runs. Each graph is compared with the same weights in libtorch on inputs of random lengths
 * before it is handed out: what would sing differently from what was trained is an error, not a file.
 */
export type ExportedGraph = {
  /** condition, denoiser or decoder. */
  name: string;
  bytes: Uint8Array;
  sha256: string;
  weights: WeightFormat;
  /** Difference from libtorch over all outputs (see ALLOWED); undefined where there was no libtorch to compare. */
  difference?: number;
};

export type ExportOptions = {
  weights?: WeightFormat;
  openGraph: OpenGraph;
  /** Compare with libtorch; false only where none is installed. Default true. */
  check?: boolean;
  seed?: number;
};

/**
 * Allowed differences. float32: the largest single difference, relative to the output's largest number. The others round the weights
 * themselves, so there the root mean square counts: halves keep 11 bits, bytes 8.
 */
const ALLOWED: Record<WeightFormat, number> = { float32: 1e-4, float16: 1e-2, int8: 0.15 };

export async function exportGraphs(checkpoint: Checkpoint, options: ExportOptions): Promise<ExportedGraph[]> {
  const { weights: format = 'float32', openGraph, check = true, seed = 1 } = options;
  const config = alignstsConfig(checkpoint);
  const params = paramsOf(config, checkpoint);
  const codebook = checkpoint.buffers['codebook']?.data ?? new Float32Array(config.model.rhythmAdaptor.codes * config.model.hidden);
  const exported: ExportedGraph[] = [];
  const random = createRandom(seed);
  for (const graph of recordAlignsts(config, { params, codebook })) {
    const bytes = writeModel(withWeightFormat(graph, format), {
      config: config.name,
      updates: String(checkpoint.updates),
      weights: format,
    });
    const hash = await sha256(bytes);
    if (!check) {
      exported.push({ name: graph.name, bytes, sha256: hash, weights: format });
      continue;
    }
    const opened = await openGraph(bytes, { sha256: hash, threads: 1 });
    try {
      const difference = await differenceOf(opened, config, params, codebook, format, random);
      if (!(difference <= ALLOWED[format])) {
        throw new Error(
          `The exported ${graph.name} graph differs from libtorch by ${difference} (relative), more than ${ALLOWED[format]} for ${format} weights.`,
        );
      }
      exported.push({ name: graph.name, bytes, sha256: hash, weights: format, difference });
    } finally {
      await opened.close();
    }
  }
  return exported;
}

function alignstsConfig({ config }: Checkpoint): AlignstsModel {
  if (config.model.system !== 'alignsts')
    throw new InputError(`${config.name} is ${config.model.system}, a baseline; only AlignSTS is exported for the product.`);
  return config as AlignstsModel;
}

/** The checkpoint's weights as the configuration's tree. */
function paramsOf(config: AlignstsModel, { weights }: Checkpoint): AlignstsParams<FloatArray> {
  return mapTree(initAlignsts(config), ({ shape }: { shape: readonly number[] }, name): FloatArray => {
    const found = weights[name];
    if (found === undefined || found.shape.join() !== shape.join()) {
      throw new InputError(
        `The checkpoint has ${name} as ${found ? `[${found.shape}]` : 'nothing'}, the configuration wants [${shape}]. They do not belong together.`,
      );
    }
    return found;
  });
}

/** Runs graph and libtorch on the same random inputs, batches of two items of different length, three times. */
async function differenceOf(
  graph: Graph,
  config: AlignstsModel,
  params: AlignstsParams<FloatArray>,
  codebook: Float32Array,
  format: WeightFormat,
  random: Random,
): Promise<number> {
  let largest = 0;
  for (let round = 0; round < 3; round++) {
    const inputs = randomInputs(graph, config, random);
    const outputs = await graph.run(inputs);
    const expected = torch.scope(() => torch.noGrad(() => inLibtorch(config, params, codebook, inputs)));
    // rhythm codes are a choice: where two are almost equally likely rounding decides, and what follows differs rightly
    const choseAlike =
      outputs['codes'] === undefined || Array.from(outputs['codes'].data).every((code, i) => code === expected['codes']![i]);
    for (const [name, { data }] of Object.entries(outputs)) {
      if (name === 'codes' || (!choseAlike && name !== 'logits')) continue;
      largest = Math.max(largest, format === 'float32' ? greatest(data, expected[name]!) : rootMeanSquare(data, expected[name]!));
    }
  }
  return largest;
}

function greatest(found: ArrayLike<number>, expected: Float32Array): number {
  let [difference, size] = [0, 1e-9];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(found[i]! - expected[i]!));
    size = Math.max(size, Math.abs(expected[i]!));
  }
  return difference / size;
}

function rootMeanSquare(found: ArrayLike<number>, expected: Float32Array): number {
  let [difference, size] = [0, 1e-9];
  for (let i = 0; i < expected.length; i++) {
    difference += (found[i]! - expected[i]!) ** 2;
    size += expected[i]! ** 2;
  }
  return Math.sqrt(difference / size);
}

/** Numbers for whatever inputs the graph has. */
function randomInputs(graph: Graph, { features, model }: AlignstsModel, random: Random): Record<string, GraphTensor> {
  const longest = (least: number, most: number): number => least + random.integer(most - least + 1);
  const [frames, contentFrames, speechFrames] = [longest(20, 90), longest(10, 40), longest(20, 60)];
  const normal = (...shape: number[]): GraphTensor => ({
    data: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => random.normal()),
    shape,
  });
  const integers = (shape: number[], of: () => number): GraphTensor => ({
    data: Int32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, of),
    shape,
  });
  const lengths = (most: number): GraphTensor => ({ data: Int32Array.of(most, longest(1, most)), shape: [2] });
  const all: Record<string, () => GraphTensor> = {
    content: () => normal(2, contentFrames, features.content.channels),
    contentLengths: () => lengths(contentFrames),
    pitch: () => integers([2, frames], () => random.integer(features.pitch.levels + 1)),
    lengths: () => lengths(frames),
    timbre: () => normal(2, features.timbre.channels),
    speechRhythm: () => normal(2, speechFrames, 1),
    speechLengths: () => lengths(speechFrames),
    noisy: () => normal(2, frames, features.melBins),
    level: () => integers([2], () => random.integer(model.decoder.kind === 'diffusion' ? model.decoder.steps : 1)),
    condition: () => normal(2, frames, model.hidden),
  };
  return Object.fromEntries(graph.inputs.map((name) => [name, all[name]!()]));
}

/** What the same weights give in libtorch, output by output. */
function inLibtorch(
  config: AlignstsModel,
  params: AlignstsParams<FloatArray>,
  codebook: Float32Array,
  inputs: Record<string, GraphTensor>,
): Record<string, Float32Array> {
  const ops = createLibtorchOps();
  const { codes, hidden } = { codes: config.model.rhythmAdaptor.codes, hidden: config.model.hidden };
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [name, torch.fromTypedArray(data, shape)]),
  ) as Record<string, torch.Tensor>;
  const weights = mapTree(params, ({ data, shape }: FloatArray): torch.Tensor => torch.fromTypedArray(data, shape));
  const numbers = (outputs: Record<string, torch.Tensor | undefined>): Record<string, Float32Array> =>
    Object.fromEntries(Object.entries(outputs).flatMap(([name, x]) => (x === undefined ? [] : [[name, torch.toFloat32Array(x)]])));
  const { noisy, level, condition, lengths, content } = tensors;
  if (content !== undefined) {
    const quantizer = { codebook: torch.fromTypedArray(codebook, [codes, hidden]) };
    const result = inferencePath(ops, config, weights, quantizer, tensors as never);
    return numbers({ condition: result.condition, codes: result.codes, logits: result.logits, attention: result.attention.aligner.at(-1) });
  }
  const mask = frameMask(ops, lengths!, condition!);
  if (noisy === undefined) return numbers({ mel: decode(ops, config, weights, { condition: condition!, mask }) });
  return numbers({ clean: denoise(ops, config, weights, noisy, level!, projectCondition(ops, weights.denoiser!, condition!), mask) });
}
