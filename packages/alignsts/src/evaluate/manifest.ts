import { InputError } from '@alignsts/signal';
import { z } from 'zod';

/**
 * The list of pairs an evaluation runs over, as tab-separated text with a header line or as JSON Lines.
 * Paths are kept as written: whoever opens the files decides what they are relative to.
 */
export type ManifestItem = {
  /** Unique in the list; names the item in tables and reports. */
  id: string;
  /** The reference singing. */
  target: string;
  /** The singing to be judged. */
  output: string;
  /** The speech it was made from. */
  speech?: string;
  lyrics?: string;
  /** What belongs together, e.g. the speaker: intervals are then taken over groups. */
  group?: string;
};

const filled = z.string().trim().min(1, 'must not be empty');
const cell = z.string().trim().optional();

const manifestItemSchema = z.object({ id: filled, target: filled, output: filled, speech: cell, lyrics: cell, group: cell });

const COLUMNS = Object.keys(manifestItemSchema.shape);

/**
 * Reads a manifest. Columns and fields other than the known ones are left aside; empty lines are skipped.
 * Throws `InputError` with the line's number when a line cannot be read, an id comes twice, or nothing is listed.
 *
 * @example parseManifest('id\ttarget\toutput\na\tsong.wav\tours.wav\n') // [{ id: 'a', target: 'song.wav', output: 'ours.wav' }]
 */
export function parseManifest(text: string): ManifestItem[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const first = lines.find((line) => line.trim() !== '');
  if (first === undefined) throw new InputError(`The manifest is empty. ${FORMATS}`);
  const rows = first.trimStart().startsWith('{') ? readJsonLines(lines) : readTable(lines);
  if (rows.length === 0) throw new InputError(`The manifest lists no item. ${FORMATS}`);

  const seen = new Map<string, number>();
  return rows.map(({ line, value }) => {
    const parsed = manifestItemSchema.safeParse(value);
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0]!;
      throw new InputError(`Line ${line} of the manifest: ${path.join('.') || 'the item'}: ${message}.`);
    }
    const item = parsed.data;
    const earlier = seen.get(item.id);
    if (earlier !== undefined) {
      throw new InputError(
        `Line ${line} of the manifest repeats the id '${item.id}' of line ${earlier}. Give every item an id of its own.`,
      );
    }
    seen.set(item.id, line);
    return withoutEmptyCells(item);
  });
}

const FORMATS = 'Give tab-separated lines under a header with at least id, target and output, or one JSON object with these fields a line.';

type Row = { line: number; value: unknown };

function readJsonLines(lines: string[]): Row[] {
  const rows: Row[] = [];
  lines.forEach((text, index) => {
    if (text.trim() === '') return;
    try {
      rows.push({ line: index + 1, value: JSON.parse(text) });
    } catch {
      throw new InputError(`Line ${index + 1} of the manifest is not one JSON object: ${excerpt(text)}. Write one object a line.`);
    }
  });
  return rows;
}

function readTable(lines: string[]): Row[] {
  const start = lines.findIndex((line) => line.trim() !== '');
  const header = lines[start]!.split('\t').map((name) => name.trim());
  for (const name of ['id', 'target', 'output']) {
    if (!header.includes(name)) {
      throw new InputError(
        `The manifest's header (line ${start + 1}) has the columns ${header.map(excerpt).join(', ')} but no '${name}'. ${FORMATS}`,
      );
    }
  }
  for (const name of COLUMNS) {
    if (header.indexOf(name) !== header.lastIndexOf(name)) {
      throw new InputError(`The manifest's header (line ${start + 1}) has the column '${name}' twice. Keep one.`);
    }
  }
  const rows: Row[] = [];
  for (let i = start + 1; i < lines.length; i++) {
    if (lines[i]!.trim() === '') continue;
    const cells = lines[i]!.split('\t');
    if (cells.length > header.length) {
      throw new InputError(
        `Line ${i + 1} of the manifest has ${cells.length} columns where the header has ${header.length}. Remove the extra tabs.`,
      );
    }
    rows.push({ line: i + 1, value: Object.fromEntries(header.map((name, c) => [name, cells[c] ?? ''])) });
  }
  return rows;
}

function excerpt(text: string): string {
  return `'${text.length > 40 ? `${text.slice(0, 40)}…` : text}'`;
}

function withoutEmptyCells(item: z.infer<typeof manifestItemSchema>): ManifestItem {
  const { id, target, output, speech, lyrics, group } = item;
  return { id, target, output, ...(speech && { speech }), ...(lyrics && { lyrics }), ...(group && { group }) };
}
