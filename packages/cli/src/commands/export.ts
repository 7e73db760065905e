/** `alignsts export`: a trained checkpoint as the ONNX files the product runs, each compared with libtorch first. */
import { join } from 'node:path';
import { type Command, defineCommand } from '../command.ts';
import { readInput } from '../input-file.ts';
import { choice, flag, text } from '../options.ts';
import { checkOutputs, type OutputFile, writeTogether } from '../output-files.ts';

export const exportCommand: Command = defineCommand({
  name: 'export',
  summary: 'turn a trained checkpoint into the ONNX files that sing',
  details:
    'Writes FOLDER/NAME-condition.onnx and NAME-denoiser.onnx (or -decoder.onnx), and NAME.json with their SHA-256, the whole configuration and how far each differs from libtorch. A graph that differs too much is an error, and nothing is written.',
  operands: [{ name: 'CHECKPOINT', about: 'a .safetensors file that alignsts train wrote' }],
  options: {
    out: text('FOLDER', 'where the files go', { short: 'o', default: '.' }),
    name: text('NAME', "what the files are called; the configuration's name by default"),
    weights: choice(['float32', 'float16', 'int8'], 'how the weights are stored: as trained, in half the size, in a quarter', {
      default: 'float32',
    }),
    check: choice(['libtorch', 'none'], 'compare with libtorch; none only where there is none', { default: 'libtorch' }),
    overwrite: flag('overwrite files that exist', { short: 'y' }),
  },
  examples: [
    { line: 'alignsts export run/best.safetensors -o weights', says: 'float32 graphs and their manifest entry' },
    { line: 'alignsts export run/best.safetensors -o weights --weights int8', says: 'a quarter of the size, about twice as fast on a CPU' },
  ],
  async run({ operands, options, io, reporter }) {
    // loaded for this command alone: the others start faster, and run where no libtorch is
    const { exportGraphs, readCheckpoint } = await import('@alignsts/train');
    const { openGraph } = await import('alignsts/onnx/node');
    const input = await readInput(io, operands[0]!);
    const checkpoint = readCheckpoint(input.bytes, input.name);
    const name = options.name ?? checkpoint.config.name;
    const graphNames =
      checkpoint.config.model.system === 'alignsts' && checkpoint.config.model.decoder.kind === 'fft'
        ? ['condition', 'decoder']
        : ['condition', 'denoiser'];
    const pathOf = (graph: string): string => join(options.out, `${name}-${graph}.onnx`);
    const manifestPath = join(options.out, `${name}.json`);
    await checkOutputs(io, [...graphNames.map(pathOf), manifestPath], { overwrite: options.overwrite, inputs: [operands[0]!] });

    reporter.progress({ stage: 'export', done: 0, of: 1 });
    const graphs = await exportGraphs(checkpoint, { weights: options.weights, openGraph, check: options.check === 'libtorch' });
    const entries = graphs.map(({ name: graph, bytes, sha256, difference }) => ({
      ...{ graph, file: `${name}-${graph}.onnx`, bytes: bytes.length, sha256, weights: options.weights },
      ...(difference !== undefined && { differenceFromLibtorch: Number(difference.toPrecision(3)) }),
    }));
    const manifest = { name, updates: checkpoint.updates, graphs: entries, config: checkpoint.config };
    const files: OutputFile[] = graphs.map(({ name: graph, bytes }) => ({ path: pathOf(graph), content: bytes }));
    files.push({ path: manifestPath, content: `${JSON.stringify(manifest, null, 2)}\n` });
    await writeTogether(io, files, options);
    if (reporter.json) await io.stdout.write(`${JSON.stringify({ files: files.map(({ path }) => path), graphs: entries }, null, 2)}\n`);
    else {
      for (const { file, bytes, differenceFromLibtorch } of entries) {
        const compared = differenceFromLibtorch === undefined ? 'not compared' : `${differenceFromLibtorch} from libtorch`;
        await io.stdout.write(`${join(options.out, file)}  ${(bytes / 1e6).toFixed(1)} MB, ${compared}\n`);
      }
      reporter.note(`wrote ${manifestPath}`);
    }
  },
});
