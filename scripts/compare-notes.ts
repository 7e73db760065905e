// Compares the notes we find in a recording with notes written down by ear (rows of start, Hz, duration; comma-separated, no header):
//   npx tsx --conditions=source scripts/compare-notes.ts RECORDING NOTES.csv [MORE.csv]
// Prints precision, recall and F of notes whose start is within 50 ms and whose pitch is within 50 cents (the definition of MIREX and
// mir_eval: the largest one-to-one matching), and the same between the first two annotators.
import { readFileSync } from 'node:fs';
import { decodeMono, resample, segmentNotes, trackF0 } from '@alignsts/signal';

type Note = { start: number; pitch: number };

const [recording, ...tables] = process.argv.slice(2);
if (recording === undefined || tables.length === 0) {
  console.error('Name a recording and at least one table of its notes: scripts/compare-notes.ts RECORDING NOTES.csv');
  process.exit(2);
}
const { audio } = await decodeMono(readFileSync(recording));
const track = trackF0(resample(audio, 24000));
const found = segmentNotes(track, track.sampleRate / track.hop);
const annotators = tables.map(readNotes);
for (const [i, notes] of annotators.entries()) console.log(`${tables[i]}: ${scores(notes, found)}`);
if (annotators.length > 1) console.log(`the second annotator by the first: ${scores(annotators[0]!, annotators[1]!)}`);

function readNotes(path: string): Note[] {
  const rows = readFileSync(path, 'utf8').trim().split('\n');
  return rows
    .map((row) => row.split(',').map(Number))
    .map(([start, hertz]) => ({ start: start!, pitch: 69 + 12 * Math.log2(hertz! / 440) }));
}

function scores(reference: Note[], estimate: Note[]): string {
  const matches = largestMatching(reference, estimate);
  const precision = matches / estimate.length;
  const recall = matches / reference.length;
  const f = matches === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return `${reference.length} notes, ${estimate.length} found; precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}, F ${f.toFixed(3)}`;
}

/** Size of the largest one-to-one matching, by augmenting paths (Kuhn 1955). */
function largestMatching(reference: Note[], estimate: Note[]): number {
  const fits = reference.map(({ start, pitch }) =>
    estimate.flatMap((note, j) => (Math.abs(note.start - start) <= 0.05 && Math.abs(note.pitch - pitch) <= 0.5 ? [j] : [])),
  );
  const takenBy = new Map<number, number>();
  const place = (i: number, seen: Set<number>): boolean => {
    for (const j of fits[i]!) {
      if (seen.has(j)) continue;
      seen.add(j);
      const holder = takenBy.get(j);
      if (holder === undefined || place(holder, seen)) {
        takenBy.set(j, i);
        return true;
      }
    }
    return false;
  };
  return reference.filter((_, i) => place(i, new Set())).length;
}
