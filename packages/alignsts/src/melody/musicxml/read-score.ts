import { InputError } from '@alignsts/signal';
import { readMeasure } from './read-measure.ts';
import type { PartState, Score, ScoreTally } from './score.ts';
import { childOf, childrenOf, readXml, type XmlElement } from './xml.ts';

/** MusicXML 1.0 … 4.0, part-wise or time-wise, read measure by measure into a Score. */

const MOST_NOTES = 500_000;
const MOST_MEASURES = 20_000;
const MOST_PARTS = 1000;

/** @throws InputError if the text is no MusicXML score or passes a limit. */
export function readScore(text: string): { score: Score; tally: ScoreTally } {
  const score: Score = { parts: [], flow: [], lengths: [], tempos: [] };
  const tally: ScoreTally = { notes: 0, graceNotes: 0, unpitched: 0, withoutDuration: 0 };
  const states = new Map<string, PartState>();
  const emptyLengths: number[] = []; // by time signature, for measures in which nothing stands
  let inner = 'measure'; // the element that holds the notes of one part in one measure
  let partId = '';
  let measureIndex = -1;
  let concertPitch = false;

  const stateOf = (id: string): PartState => {
    let state = states.get(id);
    if (!state) {
      if (states.size === MOST_PARTS)
        throw new InputError(`the score has more than ${MOST_PARTS} parts. Export only the part that is to be sung.`);
      state = { part: { id, name: '', measures: [], filled: [], bars: [] }, divisions: 1, transpose: new Map(), barLength: 4 };
      states.set(id, state);
      score.parts.push(state.part);
    }
    return state;
  };
  const onPart = (element: XmlElement, id: string): void => {
    if (measureIndex >= MOST_MEASURES)
      throw new InputError(`the score has more than ${MOST_MEASURES} measures. Export only the part that is to be sung.`);
    const state = stateOf(id);
    const { notes, length } = readMeasure(element, measureIndex, state, score, tally, concertPitch);
    state.part.measures[measureIndex] = notes;
    state.part.filled[measureIndex] = length;
    state.part.bars[measureIndex] = state.barLength;
    score.lengths[measureIndex] = Math.max(score.lengths[measureIndex] ?? 0, length);
    emptyLengths[measureIndex] = Math.max(emptyLengths[measureIndex] ?? 0, state.barLength);
    if (tally.notes > MOST_NOTES)
      throw new InputError(`the score has more than ${MOST_NOTES} notes. Export only the part that is to be sung.`);
  };

  readXml(text, {
    captures: (name) => name === inner || name === 'part-list' || name === 'work' || name === 'movement-title' || name === 'defaults',
    onOpen(name, attributes, depth) {
      if (depth === 1) {
        if (name === 'score-timewise') inner = 'part';
        else if (name !== 'score-partwise') {
          throw new InputError(
            `the XML holds <${name.slice(0, 40)}>, not a score; MusicXML with <score-partwise> or <score-timewise> is allowed. Export the score as MusicXML.`,
          );
        }
      } else if (name === 'part') {
        partId = attributes['id'] ?? '';
        measureIndex = -1;
      } else if (name === 'measure') measureIndex++;
    },
    onElement(element) {
      if (element.name === 'part-list') {
        for (const part of childrenOf(element, 'score-part'))
          stateOf(part.attributes['id'] ?? '').part.name = childOf(part, 'part-name')?.text ?? '';
      } else if (element.name === 'defaults') {
        concertPitch = childOf(element, 'concert-score') !== undefined;
      } else if (element.name === 'work' || element.name === 'movement-title') {
        const title = element.name === 'work' ? childOf(element, 'work-title')?.text : element.text;
        if (title) score.title ??= title;
      } else if (inner === 'measure') {
        measureIndex++;
        onPart(element, partId);
      } else onPart(element, element.attributes['id'] ?? '');
    },
  });
  if (score.lengths.length === 0) throw new InputError('the score has no measure. Export it again.');
  for (let i = 0; i < score.lengths.length; i++) if (!score.lengths[i]) score.lengths[i] = emptyLengths[i] ?? 4;
  markBareCoda(score);
  return { score, tally };
}

/** Of two coda signs that nothing explains, the first is where one leaves and the second where one arrives. */
function markBareCoda({ flow }: Score): void {
  if (flow.some((measure) => measure.toCoda !== undefined)) return;
  const signs = flow.filter((measure) => measure.coda.length > 0);
  if (signs.length < 2) return;
  signs[0]!.coda = [];
  signs[0]!.toCoda = '';
}
