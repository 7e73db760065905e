/** `alignsts melody`: what a melody file holds, printed and drawn, and written as MIDI, CSV or a tone. */
import { InputError } from '@alignsts/signal';
import {
  drawTerminal,
  type Melody,
  melodyFigure,
  melodyToCsv,
  melodyToMidi,
  noteName,
  notesToCsv,
  playAsTone,
  prepareMelody,
  scaleTempo,
  transpose,
} from 'alignsts';
import { type Command, defineCommand } from '../command.ts';
import { melodyOptions, readMelodyInput, readOptionsOf } from '../melody-input.ts';
import { flag, number, text } from '../options.ts';
import { checkOutputs, type OutputFile, writeTogether } from '../output-files.ts';
import { checkPicturePath, encodePicture } from '../picture-file.ts';
import { checkSoundPath, encodeSound, named } from '../sound-file.ts';

export const melody: Command = defineCommand({
  name: 'melody',
  summary: 'show what a melody holds, and write it as MIDI, CSV, a tone or a picture',
  operands: [
    { name: 'FILE|TUNE', about: 'a recording, MIDI, MusicXML, .mxl, an F0 table, a text tune, a tune typed here, or - for standard input' },
  ],
  options: {
    transpose: number('SEMITONES', 'move it higher, or lower below 0', { short: 'k', min: -48, max: 48, default: 0 }),
    tempo: number('FACTOR', 'make it faster; 2 is twice as fast', { min: 0.1, max: 10, default: 1 }),
    ...melodyOptions,
    midi: text('FILE', 'write it as MIDI'),
    csv: text('FILE', 'write the pitch curve as CSV: time, f0 and, where it was tracked, confidence'),
    notes: text('FILE', 'write the notes as CSV'),
    tone: text('FILE', 'play it as a soft tone into a .wav or .flac'),
    picture: text('FILE', 'draw it: .svg or .png'),
    ascii: flag('draw with plain characters only'),
    overwrite: flag('overwrite files that exist', { short: 'y' }),
  },
  examples: [
    { line: 'alignsts melody score.mxl', says: 'the notes of the part with words, and a drawing' },
    {
      line: 'alignsts melody humming.wav --midi humming.mid --tone humming-tone.wav',
      says: 'the notes that somebody hummed, as MIDI and to listen to',
    },
    { line: "alignsts melody '@90 C4:1=Hel- E4:1=lo G4:2=world' --json", says: 'a typed tune, for scripts' },
  ],
  async run({ operands, options, io, reporter }) {
    const [source] = operands as [string];
    const { midi, csv, notes, tone, picture } = options;
    if (tone !== undefined) checkSoundPath(tone);
    if (picture !== undefined) checkPicturePath(picture);
    const outputs = [midi, csv, notes, tone, picture].filter((path) => path !== undefined);
    if (reporter.json && outputs.includes('-'))
      throw new InputError("--json and '-' both write to standard output. Name a file for the output.");
    const input = await readMelodyInput(io, source);
    await checkOutputs(io, outputs, { overwrite: options.overwrite, inputs: input.typed ? [] : [source] });
    const read = await named(input.name, () => prepareMelody(input.bytes, readOptionsOf(input, options)));
    const paced = options.tempo === 1 ? read.melody : scaleTempo(read.melody, options.tempo);
    const shown = options.transpose === 0 ? paced : transpose(paced, options.transpose);

    const files: OutputFile[] = [];
    if (midi !== undefined) files.push({ path: midi, content: melodyToMidi(shown, { bends: 'f0' }) });
    if (csv !== undefined) files.push({ path: csv, content: melodyToCsv(shown) });
    if (notes !== undefined) files.push({ path: notes, content: notesToCsv(shown) });
    if (tone !== undefined) files.push({ path: tone, content: encodeSound(playAsTone(shown), tone, 16) });
    if (picture !== undefined)
      files.push({ path: picture, content: encodePicture(melodyFigure({ title: input.name, melody: shown }), picture) });
    await writeTogether(io, files, options);

    if (reporter.json) await io.stdout.write(`${JSON.stringify(jsonOf(shown))}\n`);
    else if (!outputs.includes('-')) {
      const width = Math.min(120, io.stdout.columns);
      await io.stdout.write(`${headOf(shown)}\n\n${drawTerminal(shown, { width, ascii: options.ascii })}\n\n${noteTable(shown)}`);
    }
    for (const remark of shown.remarks) reporter.note(remark);
    for (const path of outputs) if (path !== '-') reporter.note(`wrote ${path}`);
  },
});

const KINDS: Record<Melody['source']['kind'], string> = {
  recording: 'tracked from a recording',
  'f0-table': 'from an F0 table',
  midi: 'from a MIDI file',
  musicxml: 'from a MusicXML score',
  tune: 'from a text tune',
};

/** One line: where it comes from, length, notes, range and tempo. */
function headOf({ source, duration, notes = [], f0 }: Melody): string {
  const voiced = f0.filter((hertz) => hertz > 0);
  const [lowest, highest] = [voiced.reduce((a, b) => Math.min(a, b)), voiced.reduce((a, b) => Math.max(a, b))];
  const range =
    notes.length > 0
      ? `${noteName(Math.round(Math.min(...notes.map(({ pitch }) => pitch))))} to ${noteName(Math.round(Math.max(...notes.map(({ pitch }) => pitch))))}, `
      : '';
  const tempo = source.tempo === undefined ? '' : `, ${Number(source.tempo.toFixed(2))} beats a minute`;
  const name = source.name ? `${source.name}: ` : '';
  return `${name}${KINDS[source.kind]}, ${duration.toFixed(2)} s, ${notes.length} notes, ${range}${lowest.toFixed(1)} to ${highest.toFixed(1)} Hz${tempo}`;
}

const ROWS = 200;

function noteTable({ notes = [] }: Melody): string {
  if (notes.length === 0) return 'no notes\n';
  const rows = notes.slice(0, ROWS).map(({ start, end, pitch, lyric }) => {
    const off = Math.round(100 * (pitch - Math.round(pitch)));
    const cents = off === 0 ? '' : `${off > 0 ? '+' : '−'}${Math.abs(off)} ct`;
    const word = lyric
      ? `${visible(lyric.text)}${lyric.syllabic === 'begin' || lyric.syllabic === 'middle' ? '-' : ''}${lyric.extend ? ' _' : ''}`
      : '';
    return `${start.toFixed(3).padStart(8)} ${end.toFixed(3).padStart(8)} ${noteName(Math.round(pitch)).padStart(5)} ${cents.padStart(6)}  ${word}`.trimEnd();
  });
  const rest = notes.length > ROWS ? `… and ${notes.length - ROWS} more (--notes FILE writes all)\n` : '';
  return `${'start s'.padStart(8)} ${'end s'.padStart(8)} ${'note'.padStart(5)}\n${rows.join('\n')}\n${rest}`;
}

/** A control character in a file must not steer the terminal it is shown on. */
function visible(word: string): string {
  return word.replace(/\p{C}/gu, '?');
}

function jsonOf({ source, duration, notes = [], f0, confidence, remarks }: Melody): unknown {
  const rounded = (values: Float32Array, digits: number): number[] => Array.from(values, (value) => Number(value.toFixed(digits)));
  return {
    source,
    duration,
    notes: notes.map((note) => ({ ...note, name: noteName(Math.round(note.pitch)) })),
    frameRate: 187.5,
    f0: rounded(f0, 3),
    ...(confidence && { confidence: rounded(confidence, 3) }),
    remarks,
  };
}
