/** What a call of `alignsts sing` is to do, from its options or from a side-car, checked as far as it can be before the work begins. */
import { basename, extname, isAbsolute } from 'node:path';
import { InputError } from '@alignsts/signal';
import type { Call, commonOptions } from './command.ts';
import { type InputFile, readInput } from './input-file.ts';
import type { Io } from './io.ts';
import { type MelodyInput, readMelodyInput, typedTune } from './melody-input.ts';
import { kebab, type Values } from './options.ts';
import { checkOutputs } from './output-files.ts';
import { checkPicturePath } from './picture-file.ts';
import { type OutputKind, pathFromSidecar, readSidecar, type Sidecar, type SidecarInput } from './sidecar.ts';
import type { fileOptions, songOptions } from './sing-options.ts';
import { songOptions as songTable } from './sing-options.ts';
import { checkSoundPath } from './sound-file.ts';

export type SingPlan = {
  speech: InputFile;
  melody: MelodyInput;
  song: Values<typeof songOptions>;
  outputs: PlannedOutput[];
  overwrite: boolean;
  /** The song that has to come out, when it is made again. */
  expected?: Sidecar;
};

export type PlannedOutput = { kind: OutputKind; path: string };

type SingCall = Call<typeof songOptions & typeof fileOptions & typeof commonOptions>;

/** @throws InputError for missing or contradicting options, and for files that cannot be read or written */
export async function planSong(call: SingCall): Promise<SingPlan> {
  return call.options.replay === undefined ? planFromOptions(call) : planFromSidecar(call, call.options.replay);
}

async function planFromOptions({ operands, options, io }: SingCall): Promise<SingPlan> {
  const [operand] = operands;
  if (operand !== undefined && options.input !== undefined) {
    throw new InputError(`The speech is named twice, as ${operand} and as --input ${options.input}. Name it once.`);
  }
  const speechPath = operand ?? options.input;
  if (speechPath === undefined)
    throw new InputError('No speech is given: alignsts sing SPEECH --melody MELODY. `alignsts sing --help` shows examples.');
  const { melody: melodyPath } = options;
  if (melodyPath === undefined) {
    throw new InputError("No melody is given. Add --melody FILE, or type a tune: --melody '@90 C4:1 D4:1 E4:2'.");
  }
  if (speechPath === '-' && melodyPath === '-')
    throw new InputError("Speech and melody cannot both come from standard input ('-'). Name a file for one of them.");

  const outputs: PlannedOutput[] = [{ kind: 'audio', path: options.out ?? songPathFor(speechPath) }];
  for (const kind of ['picture', 'midi', 'textgrid', 'sidecar'] as const) {
    const path = options[kind];
    if (path !== undefined) outputs.push({ kind, path });
  }
  await checkPlannedOutputs(io, outputs, { overwrite: options.overwrite, json: options.json, inputs: [speechPath, melodyPath] });
  const speech = await readInput(io, speechPath);
  const melody = await readMelodyInput(io, melodyPath);
  return { speech, melody, song: pick(options), outputs, overwrite: options.overwrite };
}

/** Beside a side-car, only these options make sense. */
const WITH_REPLAY = new Set(['replay', 'out', 'overwrite', 'json', 'quiet', 'debug']);

async function planFromSidecar({ operands, options, given, io }: SingCall, path: string): Promise<SingPlan> {
  const surplus = [...given].find((key) => !WITH_REPLAY.has(key));
  if (surplus !== undefined || operands.length > 0) {
    const named = surplus === undefined ? operands[0] : `--${kebab(surplus)}`;
    throw new InputError(
      `--replay takes everything from ${path}, so ${named} has no place beside it. Remove it, or sing anew without --replay.`,
    );
  }
  const file = await readInput(io, path);
  const sidecar = readSidecar(new TextDecoder().decode(file.bytes), file.name);
  const outputs = replayedOutputs(sidecar, path, options.out);
  const inputPaths = [sidecar.inputs.speech, sidecar.inputs.melody].flatMap((input) =>
    input.path === undefined ? [] : [pathFromSidecar(input.path, path)],
  );
  await checkPlannedOutputs(io, outputs, { overwrite: options.overwrite, json: options.json, inputs: [...inputPaths, path] });
  const speech = await readRecorded(sidecar.inputs.speech, path, (source) => readInput(io, source));
  const melody = await readRecorded(sidecar.inputs.melody, path, (source, typed) =>
    typed ? typedTune(source) : readMelodyInput(io, source),
  );
  return { speech, melody, song: restore(sidecar, file.name), outputs, overwrite: options.overwrite, expected: sidecar };
}

/** The same files at the same places; with --out the song alone, there. A side-car from elsewhere must not choose places outside its folder. */
function replayedOutputs(sidecar: Sidecar, path: string, out: string | undefined): PlannedOutput[] {
  if (out !== undefined) {
    const before = sidecar.outputs.find(({ kind }) => kind === 'audio')?.path ?? '-';
    const [ending, wanted] = [out, before].map((name) => (name === '-' ? '.wav' : extname(name).toLowerCase()));
    if (ending === wanted) return [{ kind: 'audio', path: out }];
    throw new InputError(`The song was written as ${wanted}, and ${out} would be other bytes. Name a ${wanted} file.`);
  }
  return sidecar.outputs
    .filter(({ kind }) => kind !== 'sidecar')
    .map((output) => {
      if (isAbsolute(output.path) || output.path.split('/').includes('..')) {
        throw new InputError(`${path} names the output ${output.path}, outside its own folder. Say where the song is to go: --out FILE.`);
      }
      return { kind: output.kind, path: pathFromSidecar(output.path, path) };
    });
}

async function readRecorded<T extends InputFile>(
  input: SidecarInput,
  sidecarPath: string,
  read: (source: string, typed: boolean) => T | Promise<T>,
): Promise<T> {
  const file = await (input.text === undefined ? read(pathFromSidecar(input.path ?? '-', sidecarPath), false) : read(input.text, true));
  if (file.sha256 !== input.sha256) {
    throw new InputError(
      `${file.name} is not what the song was made from (SHA-256 ${file.sha256.slice(0, 12)}… and not ${input.sha256.slice(0, 12)}…). Restore it, or sing anew without --replay.`,
    );
  }
  return file;
}

/** The options in a side-car, through the same checks as those that are typed. */
function restore(sidecar: Sidecar, name: string): Values<typeof songOptions> {
  const values: Record<string, unknown> = Object.fromEntries(Object.entries(songTable).map(([key, { fallback }]) => [key, fallback]));
  for (const [key, value] of Object.entries(sidecar.options)) {
    const option = Object.hasOwn(songTable, key) ? songTable[key as keyof typeof songTable] : undefined;
    if (!option)
      throw new InputError(
        `${name} holds the option '${key}', which this version does not know. Replay it with alignsts ${sidecar.madeBy.alignsts}.`,
      );
    values[key] = option.placeholder ? option.read(String(value), `${kebab(key)} in ${name}`) : value === true;
  }
  // made by the same engine again, even if 'auto' has come to mean another
  values['engine'] = songTable.engine.read(sidecar.engine, `engine in ${name}`);
  return values as Values<typeof songOptions>;
}

async function checkPlannedOutputs(
  io: Io,
  outputs: PlannedOutput[],
  { overwrite, json, inputs }: { overwrite: boolean; json: boolean; inputs: string[] },
): Promise<void> {
  for (const { kind, path } of outputs) {
    if (kind === 'audio') checkSoundPath(path);
    if (kind === 'picture') checkPicturePath(path);
    if (json && path === '-') throw new InputError("--json and '-' both write to standard output. Name a file for the output.");
  }
  await checkOutputs(
    io,
    outputs.map(({ path }) => path),
    { overwrite, inputs },
  );
}

function pick(options: Values<typeof songOptions>): Values<typeof songOptions> {
  return Object.fromEntries(Object.keys(songTable).map((key) => [key, options[key as keyof typeof songTable]])) as Values<
    typeof songOptions
  >;
}

function songPathFor(speech: string): string {
  return speech === '-' ? 'sung.wav' : `${basename(speech, extname(speech))}-sung.wav`;
}
