/** `alignsts align`: where each moment of a sung reference is said in the speech; moves the labels of the speech onto the reference. */
import { extname } from 'node:path';
import { durationOf, InputError } from '@alignsts/signal';
import {
  alignmentFigure,
  alignSpeech,
  FRAME_RATE,
  formatTextGrid,
  frameTime,
  readTextGrid,
  type SpeechAlignment,
  type TextGrid,
  timeInReference,
} from 'alignsts';
import { type Command, defineCommand } from '../command.ts';
import { readInput } from '../input-file.ts';
import { flag, text } from '../options.ts';
import { checkOutputs, type OutputFile, writeTogether } from '../output-files.ts';
import { checkPicturePath, encodePicture } from '../picture-file.ts';
import { named, readRecording } from '../sound-file.ts';

export const align: Command = defineCommand({
  name: 'align',
  summary: 'find when each word of a recording of speech comes in a sung recording of the same words',
  operands: [
    { name: 'SPEECH', about: 'somebody speaking, or - for standard input' },
    { name: 'REFERENCE', about: 'the same words sung (or spoken otherwise), or - for standard input' },
  ],
  options: {
    out: text('FILE', '.json: the path; .csv: a row for every frame of the reference; .TextGrid: labels on the time of the reference', {
      short: 'o',
    }),
    labels: text('FILE', 'a TextGrid of SPEECH, whose labels are moved; without it, marks at every tenth of a second of speech'),
    picture: text('FILE', 'draw it: .svg or .png'),
    overwrite: flag('overwrite files that exist', { short: 'y' }),
  },
  examples: [
    {
      line: 'alignsts align spoken.wav sung.wav --picture path.png',
      says: 'a picture of the path; the moved speech should look like the reference',
    },
    {
      line: 'alignsts align spoken.wav sung.wav --labels spoken.TextGrid -o sung.TextGrid',
      says: 'annotate the speech once, get the song annotated',
    },
    { line: 'alignsts align spoken.wav sung.wav --json', says: 'for scripts: the time in the speech for every frame of the reference' },
  ],
  async run({ operands, options, io, reporter }) {
    const [speechPath, referencePath] = operands as [string, string];
    const { out, labels, picture } = options;
    if (out !== undefined) checkAlignmentPath(out);
    if (picture !== undefined) checkPicturePath(picture);
    const outputs = [out, picture].filter((path) => path !== undefined);
    const inputs = [speechPath, referencePath, ...(labels === undefined ? [] : [labels])];
    if (inputs.filter((path) => path === '-').length > 1)
      throw new InputError("Only one input can come from standard input ('-'). Name files for the others.");
    if (reporter.json && outputs.includes('-'))
      throw new InputError("--json and '-' both write to standard output. Name a file for the output.");
    await checkOutputs(io, outputs, { overwrite: options.overwrite, inputs });

    const speech = await readRecording(io, speechPath, 'the speech');
    const reference = await readRecording(io, referencePath, 'the reference');
    const grid = labels === undefined ? tenths(durationOf(speech.audio)) : await readLabels(await readInput(io, labels));
    reporter.progress({ stage: 'align', done: 0, of: 1 });
    const alignment = alignSpeech(speech.audio, reference.audio);
    const end = durationOf(reference.audio);

    const files: OutputFile[] = [];
    if (out !== undefined) files.push({ path: out, content: tableOf(alignment, out, grid, end) });
    if (picture !== undefined) {
      const title = `${speech.file.name} along ${reference.file.name}`;
      const drawing = alignmentFigure({ title, speech: speech.audio, reference: reference.audio, speechTime: alignment.speechTime });
      files.push({ path: picture, content: encodePicture(drawing, picture) });
    }
    await writeTogether(io, files, options);
    if (reporter.json) await io.stdout.write(jsonOf(alignment));
    else if (!outputs.includes('-')) await io.stdout.write(summaryOf(alignment, durationOf(speech.audio), end));
    for (const remark of [...speech.remarks, ...reference.remarks]) reporter.note(remark);
    for (const path of outputs) if (path !== '-') reporter.note(`wrote ${path}`);
  },
});

function checkAlignmentPath(path: string): void {
  if (path !== '-' && !['.json', '.csv', '.textgrid'].includes(extname(path).toLowerCase())) {
    throw new InputError(`${path} is no alignment that can be written: .json, .csv and .TextGrid are. Give it one of these endings.`);
  }
}

async function readLabels(file: { name: string; bytes: Uint8Array }): Promise<TextGrid> {
  return named(file.name, () => readTextGrid(file.bytes));
}

function tableOf(alignment: SpeechAlignment, path: string, grid: TextGrid, end: number): string {
  const ending = extname(path).toLowerCase();
  if (ending === '.textgrid') return formatTextGrid(moved(grid, alignment, end));
  if (ending !== '.csv') return jsonOf(alignment);
  const rows = Array.from(alignment.speechTime, (time, t) => `${frameTime(t).toFixed(6)},${time.toFixed(6)}`);
  return `reference_time,speech_time\n${rows.join('\n')}\n`;
}

function jsonOf({ speechTime, distance }: SpeechAlignment): string {
  return `${JSON.stringify({ frameRate: FRAME_RATE, distance, speechTime: Array.from(speechTime, (time) => Number(time.toFixed(5))) })}\n`;
}

function summaryOf({ speechTime, distance }: SpeechAlignment, spoken: number, sung: number): string {
  const last = speechTime.length - 1;
  const quarters = [0.25, 0.5, 0.75].map(
    (share) => `${(share * sung).toFixed(2)} s ← ${speechTime[Math.round(share * last)]!.toFixed(2)} s`,
  );
  return [
    `${sung.toFixed(2)} s of reference from ${spoken.toFixed(2)} s of speech: ${(sung / spoken).toFixed(2)} times as long`,
    `at ${quarters.join(', at ')}`,
    `mean distance ${distance.toFixed(2)} (2 to 3 for the same words, more for others)`,
    '',
  ].join('\n');
}

/** A mark every tenth of a second. */
function tenths(duration: number): TextGrid {
  const points = Array.from({ length: Math.ceil(duration / 0.1) }, (_, i) => ({ time: i / 10, label: (i / 10).toFixed(1) }));
  return { start: 0, end: duration, tiers: [{ kind: 'point', name: 'seconds of speech', points }] };
}

/** The labels at the times of the reference. What the reference does not say, or says in no time, is left out. */
function moved(grid: TextGrid, alignment: SpeechAlignment, end: number): TextGrid {
  const at = (time: number): number => Math.min(end, timeInReference(alignment, time));
  const tiers = grid.tiers.map((tier): TextGrid['tiers'][number] => {
    if (tier.kind === 'interval') {
      const intervals = tier.intervals
        .filter(({ label }) => label !== '')
        .map(({ start, end: stop, label }) => ({ start: at(start), end: at(stop), label }))
        .filter(({ start, end: stop }) => stop - start > 1e-6);
      return { ...tier, intervals };
    }
    const points = tier.points
      .map(({ time, label }) => ({ time: at(time), label }))
      .filter(({ time }, i, all) => i === 0 || time > all[i - 1]!.time);
    return { ...tier, points };
  });
  return { start: 0, end, tiers };
}
