import { InputError } from '@alignsts/signal';
import { emptyFlow, type MeasureFlow, type PartState, type Score, type ScoreLyric, type ScoreNote, type ScoreTally } from './score.ts';
import { childOf, childrenOf, numberIn, type XmlElement } from './xml.ts';

/** One measure of one part: its notes, and what it says about tempo and the order of measures. */

const STEPS = new Map(Object.entries({ C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 }));
/** Quarter notes in one beat unit of a metronome mark. */
const BEAT_UNITS = new Map(Object.entries({ breve: 8, whole: 4, half: 2, quarter: 1, eighth: 0.5, '16th': 0.25, '32nd': 0.125 }));
const LONGEST_DURATION = 10_000; // quarter notes
const LONGEST_TEXT = 200; // characters of a lyric or a direction

export function readMeasure(
  measure: XmlElement,
  index: number,
  state: PartState,
  score: Score,
  tally: ScoreTally,
  concertPitch: boolean,
): { notes: ScoreNote[]; length: number } {
  score.flow[index] ??= emptyFlow();
  const flow = score.flow[index];
  const notes: ScoreNote[] = [];
  let cursor = 0; // quarter notes
  let length = 0;
  let chordOnset = 0;
  for (const element of measure.children) {
    switch (element.name) {
      case 'attributes':
        readAttributes(element, state);
        break;
      case 'backup':
        cursor = Math.max(0, cursor - durationOf(element, state));
        break;
      case 'forward':
        cursor += durationOf(element, state);
        break;
      case 'note': {
        if (childOf(element, 'grace')) {
          tally.graceNotes++;
          break;
        }
        const duration = durationOf(element, state);
        const onset = childOf(element, 'chord') ? chordOnset : cursor;
        chordOnset = onset;
        cursor = Math.max(cursor, onset + duration);
        const note = childOf(element, 'cue') ? undefined : readNote(element, onset, duration, state, concertPitch);
        if (note) {
          tally.notes++;
          if (duration > 0) notes.push(note);
          else tally.withoutDuration++;
        } else if (childOf(element, 'unpitched')) tally.unpitched++;
        break;
      }
      case 'direction':
        readDirection(element, index, cursor, state, score, flow);
        break;
      case 'sound':
        readSound(element, index, cursor + offsetOf(element, state), score, flow);
        break;
      case 'barline':
        readBarline(element, flow);
        break;
    }
    length = Math.max(length, cursor);
  }
  return { notes, length };
}

function readAttributes(element: XmlElement, state: PartState): void {
  const divisions = numberIn(element, 'divisions');
  if (divisions !== undefined && divisions > 0) state.divisions = divisions;
  const time = childOf(element, 'time');
  // a signature such as 3+2/8 lists its groups; compound ones come as several pairs
  const beats = childrenOf(time, 'beats').map((beat) => beat.text.split('+').reduce((sum, part) => sum + Number(part), 0));
  const types = childrenOf(time, 'beat-type').map((type) => Number(type.text));
  const bar = beats.reduce((sum, count, i) => sum + (4 * count) / (types[i] ?? 4), 0);
  if (bar > 0 && bar <= LONGEST_DURATION) state.barLength = bar;
  for (const transpose of childrenOf(element, 'transpose')) {
    state.transpose.set(
      transpose.attributes['number'] ?? '',
      (numberIn(transpose, 'chromatic') ?? 0) + 12 * (numberIn(transpose, 'octave-change') ?? 0),
    );
  }
}

function durationOf(element: XmlElement, state: PartState): number {
  const duration = (numberIn(element, 'duration') ?? 0) / state.divisions;
  if (!(duration >= 0 && duration <= LONGEST_DURATION)) {
    throw new InputError(`the score has a duration of ${duration} quarter notes; 0 to ${LONGEST_DURATION} are allowed. Export it again.`);
  }
  return duration;
}

function readNote(element: XmlElement, onset: number, duration: number, state: PartState, concertPitch: boolean): ScoreNote | undefined {
  const pitch = childOf(element, 'pitch');
  const step = STEPS.get(childOf(pitch, 'step')?.text ?? '');
  const octave = numberIn(pitch, 'octave');
  if (step === undefined || octave === undefined) return undefined;
  const staff = childOf(element, 'staff')?.text ?? '1';
  const shift = concertPitch ? 0 : (state.transpose.get(staff) ?? state.transpose.get('') ?? 0);
  const notations = childrenOf(element, 'notations');
  const ties = childrenOf(element, 'tie');
  // <tie> is the sound and <tied> the drawing; hand-written files have only one of them
  const tied = ties.length > 0 ? ties : notations.flatMap((notation) => childrenOf(notation, 'tied'));
  const slurs = notations.flatMap((notation) => childrenOf(notation, 'slur'));
  const passes = passesIn(element);
  return {
    onset,
    duration,
    pitch: 12 * (octave + 1) + step + (numberIn(pitch, 'alter') ?? 0) + shift,
    voice: childOf(element, 'voice')?.text || '1',
    tieStart: tied.some((tie) => tie.attributes['type'] === 'start'),
    tieStop: tied.some((tie) => tie.attributes['type'] === 'stop'),
    slurStarts: slurs.filter((slur) => slur.attributes['type'] === 'start').length,
    slurStops: slurs.filter((slur) => slur.attributes['type'] === 'stop').length,
    lyrics: childrenOf(element, 'lyric').flatMap((lyric) => readLyric(lyric) ?? []),
    ...(passes ? { passes } : {}),
  };
}

/** Elided syllables ("por‿a") are sung on one note and become one text, its words parted by a space. */
function readLyric(element: XmlElement): ScoreLyric | undefined {
  let text = '';
  let first: string | undefined;
  let last = 'single';
  for (const child of element.children) {
    if (child.name === 'syllabic') {
      last = child.text;
      first ??= last;
    } else if (child.name === 'elision') {
      text += ' ';
      last = 'single';
    } else if (child.name === 'text') {
      text += child.text.slice(0, LONGEST_TEXT);
      first ??= 'single';
    }
  }
  text = text.trim();
  if (text === '') return undefined;
  const begins = first === 'single' || first === 'begin';
  const ends = last === 'single' || last === 'end';
  const passes = passesIn(element);
  return {
    verse: element.attributes['number'] ?? '1',
    text,
    syllabic: begins ? (ends ? 'single' : 'begin') : ends ? 'end' : 'middle',
    extend: childOf(element, 'extend') !== undefined,
    ...(passes ? { passes } : {}),
  };
}

function passesIn(element: XmlElement): number[] | undefined {
  return element.attributes['time-only'] === undefined ? undefined : numbersIn(element.attributes['time-only']);
}

function numbersIn(text: string): number[] {
  return [...text.slice(0, LONGEST_TEXT).matchAll(/\d{1,3}/g)].map((match) => Number(match[0]));
}

function offsetOf(element: XmlElement, state: PartState): number {
  const offset = (numberIn(element, 'offset') ?? 0) / state.divisions;
  return Math.abs(offset) <= LONGEST_DURATION ? offset : 0;
}

function readDirection(element: XmlElement, index: number, cursor: number, state: PartState, score: Score, flow: MeasureFlow): void {
  const position = Math.max(0, cursor + offsetOf(element, state));
  const sound = childOf(element, 'sound');
  const types = childrenOf(element, 'direction-type').flatMap((type) => type.children);
  for (const metronome of types.filter((type) => type.name === 'metronome')) {
    const unit = BEAT_UNITS.get(childOf(metronome, 'beat-unit')?.text ?? '');
    // "c. 80" and "80-84" are read as 80
    const perMinute = Number(/\d+(?:\.\d+)?/.exec(childOf(metronome, 'per-minute')?.text.slice(0, 40) ?? '')?.[0]);
    if (unit === undefined || sound?.attributes['tempo'] !== undefined) continue;
    const dots = childrenOf(metronome, 'beat-unit-dot').length;
    addTempo(score, index, position, perMinute * unit * (2 - 0.5 ** Math.min(dots, 3)));
  }
  if (sound && readSound(sound, index, position, score, flow)) return;
  // signs and words that no <sound> explains
  const words = types
    .filter((type) => type.name === 'words')
    .map((type) => type.text.slice(0, LONGEST_TEXT).toLowerCase())
    .join(' ');
  const leaves = /\bto coda\b/.test(words);
  if (leaves) flow.toCoda ??= '';
  else if (/^\s*(d\.\s?c\b|da capo)/.test(words)) flow.daCapo = true;
  else if (/^\s*(d\.\s?s\b|dal segno)/.test(words)) flow.dalSegno ??= '';
  else if (/^\s*fine\.?\s*$/.test(words)) flow.fine = true;
  for (const type of types) {
    if (type.name === 'segno') flow.segno.push('');
    if (type.name === 'coda' && !leaves) flow.coda.push('');
  }
}

/** Returns whether the element says anything about the order of measures. */
function readSound({ attributes }: XmlElement, index: number, position: number, score: Score, flow: MeasureFlow): boolean {
  if (attributes['tempo'] !== undefined) addTempo(score, index, Math.max(0, position), Number(attributes['tempo']));
  const { segno, coda, dalsegno, tocoda, dacapo, fine } = attributes;
  if (segno !== undefined) flow.segno.push(segno);
  if (coda !== undefined) flow.coda.push(coda);
  if (dalsegno !== undefined) flow.dalSegno ??= dalsegno;
  if (tocoda !== undefined) flow.toCoda ??= tocoda;
  if (dacapo === 'yes') flow.daCapo = true;
  // "yes", or the number of divisions the last note then lasts
  if (fine !== undefined && fine !== 'no') flow.fine = true;
  return [segno, coda, dalsegno, tocoda, dacapo, fine].some((value) => value !== undefined);
}

function addTempo(score: Score, measure: number, offset: number, quartersPerMinute: number): void {
  // anything else is a slip of the writing program; 1 and 1000 are far outside all music
  if (quartersPerMinute >= 1 && quartersPerMinute <= 1000) score.tempos.push({ measure, offset, quartersPerMinute });
}

function readBarline(element: XmlElement, flow: MeasureFlow): void {
  const repeat = childOf(element, 'repeat')?.attributes;
  if (repeat?.['direction'] === 'forward') flow.repeatForward = true;
  if (repeat?.['direction'] === 'backward') {
    const times = Number(repeat['times'] ?? 2);
    flow.repeatTimes = Number.isInteger(times) && times >= 1 && times <= 100 ? times : 2;
  }
  const ending = childOf(element, 'ending')?.attributes;
  if (ending?.['type'] === 'start') {
    const numbers = numbersIn(ending['number'] ?? '');
    flow.endingStart = numbers.length > 0 ? numbers : [1];
  } else if (ending) flow.endingStop = true;
  if (element.attributes['segno'] !== undefined || childOf(element, 'segno')) flow.segno.push(element.attributes['segno'] ?? '');
  if (element.attributes['coda'] !== undefined || childOf(element, 'coda')) flow.coda.push(element.attributes['coda'] ?? '');
}
