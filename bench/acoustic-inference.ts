// How fast the acoustic half sings 5.33 s (1,000 frames) on two cores, and what smaller weights cost: condition once, denoiser four times, or
// twice for the student. Run: node --conditions=source --import tsx bench/acoustic-inference.ts [CHECKPOINT.safetensors]
// Without a checkpoint the weights are drawn, the decoder's last layer too, so the mel errors tell the order of magnitude only.
import { readFileSync } from 'node:fs';
import { createRandom } from '@alignsts/signal';
import { readCheckpoint } from '@alignsts/train';
import {
  type AlignstsModel,
  type AlignstsParams,
  type Config,
  type FloatArray,
  fillTree,
  initAlignsts,
  mapTree,
  normal,
  readConfig,
  type Weight,
} from 'alignsts/model';
import {
  type AcousticGraphs,
  type Graph,
  recordAlignsts,
  sha256,
  singMel,
  type WeightFormat,
  withWeightFormat,
  writeModel,
} from 'alignsts/onnx';
import { openGraph } from 'alignsts/onnx/node';

const FRAMES = 1000;
const CONTENT_FRAMES = 267;
const THREADS = Number(process.env['THREADS'] ?? 2);

const [path] = process.argv.slice(2);
const checkpoint = path === undefined ? undefined : readCheckpoint(readFileSync(path), path);
const release: unknown = JSON.parse(readFileSync(new URL('../configs/release.json', import.meta.url), 'utf8'));
const config = (checkpoint?.config ?? readConfig(release, 'release.json')) as Config as AlignstsModel;
const { features, model } = config;
const random = createRandom(1);
const weights = weightsOf();

const input = {
  content: Float32Array.from({ length: CONTENT_FRAMES * features.content.channels }, () => random.normal()),
  contentFrames: CONTENT_FRAMES,
  pitch: Int32Array.from({ length: FRAMES }, (_, t) => 80 + Math.round(20 * Math.sin(t / 50))),
  timbre: Float32Array.from({ length: features.timbre.channels }, () => Math.abs(random.normal()) / 16),
};

console.log(
  `${config.name}, ${FRAMES} frames of mel from ${CONTENT_FRAMES} of content, ${THREADS} threads; medians of 9 runs, ms (CPU ms of all threads)\n`,
);
console.log('weights    MB   open  condition      denoiser       4 steps        2 steps        mel error, mean |log10|');
let reference: Float32Array | undefined;
for (const format of ['float32', 'float16', 'int8'] satisfies WeightFormat[]) {
  let [size, opening] = [0, 0];
  const opened = new Map<string, Graph>();
  for (const graph of recordAlignsts(config, weights)) {
    const bytes = writeModel(withWeightFormat(graph, format));
    size += bytes.length;
    const hash = await sha256(bytes);
    const start = performance.now();
    opened.set(graph.name, await openGraph(bytes, { sha256: hash, threads: THREADS }));
    opening += performance.now() - start;
  }
  const graphs: AcousticGraphs = {
    condition: opened.get('condition')!,
    ...(opened.get('denoiser') && { denoiser: opened.get('denoiser')! }),
  };
  const sing = (steps: number) => singMel(graphs, model.decoder, features.melBins, input, { random: createRandom(7), steps });
  const four = await timed(() => sing(4));
  const two = await timed(() => sing(2));
  const { mel } = await sing(4);
  reference ??= mel;
  const error = mel.reduce((sum, value, i) => sum + Math.abs(value - reference![i]!), 0) / mel.length;
  const both = ({ wall, cpu }: Time): string => `${wall.toFixed(0).padStart(5)} (${cpu.toFixed(0)})`.padEnd(15);
  const once = { wall: (four.wall - two.wall) / 2, cpu: (four.cpu - two.cpu) / 2 };
  const before = { wall: two.wall - 2 * once.wall, cpu: two.cpu - 2 * once.cpu };
  console.log(
    `${format.padEnd(8)} ${(size / 1e6).toFixed(1).padStart(5)}  ${opening.toFixed(0).padStart(5)}  ${both(before)}${both(once)}${both(four)}${both(two)}${error.toFixed(4)}`,
  );
  for (const graph of opened.values()) await graph.close();
}

type Time = { wall: number; cpu: number };

async function timed(run: () => Promise<unknown>): Promise<Time> {
  const times: Time[] = [];
  for (let i = 0; i < 11; i++) {
    const [wall, cpu] = [performance.now(), process.cpuUsage()];
    await run();
    const { user, system } = process.cpuUsage(cpu);
    if (i >= 2) times.push({ wall: performance.now() - wall, cpu: (user + system) / 1000 });
  }
  const median = (values: number[]): number => values.sort((a, b) => a - b)[4]!;
  return { wall: median(times.map(({ wall }) => wall)), cpu: median(times.map(({ cpu }) => cpu)) };
}

function weightsOf(): { params: AlignstsParams<FloatArray>; codebook: Float32Array } {
  const tree = initAlignsts(config);
  if (checkpoint !== undefined) {
    const params = mapTree(tree, (_: Weight, name): FloatArray => checkpoint.weights[name]!);
    return { params, codebook: checkpoint.buffers['codebook']!.data };
  }
  // a fresh decoder says nothing: its last layer starts at zero
  if (tree.denoiser) tree.denoiser.output.weight = normal(1 / 16, features.melBins, model.hidden);
  const codebook = Float32Array.from({ length: model.rhythmAdaptor.codes * model.hidden }, () => random.normal());
  return { params: fillTree(tree, 1), codebook };
}
