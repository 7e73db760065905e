/** `alignsts evaluate`: every metric over a list of pairs, as a table, JSON or a page with players and pictures. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Audio, type AudioFormat, createRandom, decodeMono, encodeFlac, InputError, resample } from '@alignsts/signal';
import {
  comparisonFigure,
  createReport,
  type EvaluatedItem,
  type EvaluateOptions,
  evaluatePair,
  type ItemMedia,
  type ManifestItem,
  parseManifest,
  reportJson,
  reportPage,
  reportTable,
  SAMPLE_RATE,
} from 'alignsts';
import { type Command, defineCommand } from '../command.ts';
import { readInput } from '../input-file.ts';
import type { Io } from '../io.ts';
import { flag, number, text } from '../options.ts';
import { checkOutputs, type OutputFile, writeTogether } from '../output-files.ts';
import { named } from '../sound-file.ts';

/** Seconds; longer pairs cannot be compared in 1 GB. */
const LONGEST = 600;

export const evaluate: Command = defineCommand({
  name: 'evaluate',
  summary: 'measure how well songs match their targets: pitch, spectrum, rhythm and voicing, with confidence intervals',
  details:
    'MANIFEST is a table (tab-separated, with a header) or JSON Lines with at least the columns id, target (the real singing) and output (the song to judge); speech, lyrics and group may follow. Files are looked for beside the manifest. Where every line names a group, such as the speaker, intervals are taken over groups.',
  operands: [{ name: 'MANIFEST', about: 'the list of pairs: .tsv or .jsonl, or - for standard input' }],
  options: {
    html: text('FILE', 'write a page with means, a table that sorts, players and pictures; it needs no other file'),
    report: text('FILE', 'write all values as JSON'),
    floor: number('HZ', 'lowest pitch that is looked for', { min: 40, max: 400, default: 80 }),
    ceiling: number('HZ', 'highest pitch that is looked for; 1000 suits sopranos', { min: 100, max: 2000, default: 750 }),
    tolerance: number('CENTS', 'how near a pitch must be to count as right', { min: 1, max: 600, default: 50 }),
    seed: number('N', 'seed of the bootstrap', { min: 0, max: 2 ** 32 - 1, whole: true, default: 1 }),
    overwrite: flag('overwrite files that exist', { short: 'y' }),
  },
  examples: [
    { line: 'alignsts evaluate pairs.tsv', says: 'a table: one line for every pair, then means and 95 % intervals' },
    { line: 'alignsts evaluate pairs.tsv --html report.html', says: 'the same as a page to look at and listen to' },
    {
      line: 'alignsts evaluate pairs.jsonl --json --ceiling 1000 > report.json',
      says: 'for scripts, with a pitch ceiling for high voices',
    },
  ],
  async run({ operands, options, io, reporter }) {
    const [manifestPath] = operands as [string];
    const outputs = [options.html, options.report].filter((path) => path !== undefined);
    if (reporter.json && outputs.includes('-'))
      throw new InputError("--json and '-' both write to standard output. Name a file for the output.");
    await checkOutputs(io, outputs, { overwrite: options.overwrite, inputs: [manifestPath] });
    const manifest = await readInput(io, manifestPath);
    const items = await named(manifest.name, () => parseManifest(new TextDecoder().decode(manifest.bytes)));
    const folder = manifestPath === '-' ? io.cwd : dirname(resolve(io.cwd, manifestPath));
    const settings: EvaluateOptions = { f0: { floor: options.floor, ceiling: options.ceiling }, tolerance: options.tolerance };

    const evaluated: EvaluatedItem[] = [];
    const pages = new Map<string, { players: Player[]; picture: string }>();
    for (const item of items) {
      reporter.progress({ stage: item.id, done: evaluated.length, of: items.length });
      const target = await openSound(io, folder, item.target, item);
      const output = await openSound(io, folder, item.output, item);
      evaluated.push({ item, values: await named(item.id, () => evaluatePair(target.audio, output.audio, settings)) });
      if (options.html === undefined) continue;
      const speech = item.speech === undefined ? [] : [playerOf('speech', await openSound(io, folder, item.speech, item))];
      pages.set(item.id, {
        players: [...speech, playerOf('target', target), playerOf('output', output)],
        picture: comparisonFigure({ title: item.id, target: target.audio, output: output.audio, f0: settings.f0! }),
      });
    }
    const report = createReport(evaluated, { random: createRandom(options.seed) });
    const mediaOf = ({ id }: ManifestItem): ItemMedia => {
      const { players, picture } = pages.get(id)!;
      return { audio: players.map(({ label, type, load }) => ({ label, type, bytes: load() })), picture };
    };
    const files: OutputFile[] = [];
    if (options.html !== undefined) files.push({ path: options.html, content: reportPage(report, { title: manifest.name, mediaOf }) });
    if (options.report !== undefined) files.push({ path: options.report, content: reportJson(report) });
    await writeTogether(io, files, options);
    if (!outputs.includes('-')) await io.stdout.write(reporter.json ? reportJson(report) : reportTable(report));
    for (const path of outputs) reporter.note(`wrote ${path}`);
  },
});

type Sound = { path: string; audio: Audio; format: AudioFormat };

async function openSound(io: Io, folder: string, path: string, item: ManifestItem): Promise<Sound> {
  const absolute = resolve(folder, path);
  return named(`item ${item.id}`, async () => {
    const { bytes } = await readInput(io, absolute);
    const { audio, format } = await decodeMono(bytes, { maxSeconds: LONGEST });
    return { path: absolute, audio: resample(audio, SAMPLE_RATE), format };
  });
}

type Player = { label: string; type: ItemMedia['audio'][number]['type']; load: () => Uint8Array };

const PLAYABLE: Partial<Record<AudioFormat['container'], Player['type']>> = {
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
};

/** The file as it is, read again when the page is written, so that a long list never lies in memory; what the page cannot hold goes as FLAC. */
function playerOf(label: string, { path, audio, format }: Sound): Player {
  const type = PLAYABLE[format.container];
  if (type) return { label, type, load: () => readFileSync(path) };
  const bytes = encodeFlac(audio);
  return { label, type: 'audio/flac', load: () => bytes };
}
