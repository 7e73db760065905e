import type { Hertz, MidiPitch, Seconds } from '@alignsts/signal';
import type { Note } from '../melody/melody.ts';
import { noteName } from '../melody/note-name.ts';
import { hertzToMidi } from '../melody/pitch-scale.ts';
import { border, clipped, type LegendEntry, leftAxis, type Panel, type PanelFrame, polyline, rightAxis, text, timeGrid } from './figure.ts';
import { element, type Markup } from './markup.ts';
import { linearScale, type Scale } from './scale.ts';
import { COLOUR, SIZE, textWidth } from './theme.ts';

export type PitchCurve = {
  label: string;
  f0: ArrayLike<Hertz>; // [T] 0 = unvoiced
  /** Seconds a frame; frame 0 lies at 0 s. */
  hop: Seconds;
  /** `wide` lies under the others as a broad band of colour. */
  mark: 'thin' | 'wide';
  colour?: string;
};

export type PitchPanelOptions = {
  title: string;
  curves: readonly PitchCurve[];
  notes?: readonly Note[];
  height?: number;
};

/** Pitch curves over the notes they follow, on a grid of semitones: a piano roll with note names on the left and hertz on the right. */
export function pitchPanel({ title, curves, notes = [], height = 280 }: PitchPanelOptions): Panel {
  const [low, high] = pitchRange(curves, notes);
  return {
    title,
    height,
    legend: pitchLegend(curves, notes),
    draw(frame) {
      const place = linearScale([low, high], [frame.y + height, frame.y]);
      const semitone = height / (high - low);
      const shown = distinctNotes(notes, frame);
      return [
        ...semitoneGrid(frame, place, semitone),
        timeGrid(frame),
        clipped(
          frame,
          ...shown.map((note) => noteBox(note, frame, place, semitone)),
          ...curves.map((curve) => curveLine(curve, frame, place)),
        ),
        clipped(frame, ...lyricLabels(shown, frame, place, semitone)),
        ...leftAxis(frame, noteMarks(low, high, place, semitone), 'Note'),
        ...rightAxis(frame, hertzMarks(low, high, place), 'F0 (Hz)'),
        border(frame),
      ];
    },
  };
}

/** All notes, and the curves up to their outermost percentile, with room around: an octave error of a few frames does not squeeze the rest. */
function pitchRange(curves: readonly PitchCurve[], notes: readonly Note[]): [MidiPitch, MidiPitch] {
  const bounds = notes.map(({ pitch }) => pitch);
  for (const { f0 } of curves) {
    const pitches = Float64Array.from(
      Array.from(f0).filter((f) => f > 0),
      hertzToMidi,
    ).sort();
    if (pitches.length > 0) bounds.push(pitches[Math.floor(0.01 * pitches.length)]!, pitches[Math.ceil(0.99 * (pitches.length - 1))]!);
  }
  if (bounds.length === 0) return [53.5, 66.5]; // nothing sings: an octave around middle C
  const low = bounds.reduce((a, b) => Math.min(a, b)) - 1.6;
  const high = bounds.reduce((a, b) => Math.max(a, b)) + 2.4;
  const missing = Math.max(0, 9 - (high - low)) / 2;
  return [low - missing, high + missing];
}

function semitoneGrid(frame: PanelFrame, place: Scale, semitone: number): Markup[] {
  const bands: Markup[] = [];
  const lines: string[] = [];
  for (let pitch = Math.floor(place.low); pitch <= Math.ceil(place.high); pitch++) {
    const y = place(pitch);
    if (isSharp(pitch))
      bands.push(element('rect', { x: frame.x, y: y - semitone / 2, width: frame.width, height: semitone, fill: COLOUR.band }));
    if (semitone >= 5 || pitch % 12 === 0) lines.push(`M${frame.x} ${y.toFixed(2)}h${frame.width}`);
  }
  return [
    element('rect', { x: frame.x, y: frame.y, width: frame.width, height: frame.height, fill: COLOUR.paper }),
    clipped(frame, ...bands, element('path', { d: lines.join(''), stroke: COLOUR.grid, 'stroke-width': 0.7, fill: 'none' })),
  ];
}

function isSharp(pitch: number): boolean {
  return [1, 3, 6, 8, 10].includes(((pitch % 12) + 12) % 12);
}

/** The white keys where there is room, else C, E, G and A, else C alone. */
function noteMarks(low: MidiPitch, high: MidiPitch, place: Scale, semitone: number): { at: number; label: string }[] {
  const marks: { at: number; label: string }[] = [];
  for (let pitch = Math.ceil(low + 0.3); pitch <= high - 0.3; pitch++) {
    const inOctave = ((pitch % 12) + 12) % 12;
    const shown = semitone >= 11 ? !isSharp(pitch) : semitone >= 4 ? [0, 4, 7, 9].includes(inOctave) : inOctave === 0;
    if (shown) marks.push({ at: place(pitch), label: noteName(pitch) });
  }
  return marks;
}

const ROUND_HERTZ: Hertz[] = [
  50, 60, 70, 80, 90, 100, 120, 140, 160, 180, 200, 220, 250, 280, 300, 350, 400, 450, 500, 600, 700, 800, 900, 1000, 1200, 1500,
];

function hertzMarks(low: MidiPitch, high: MidiPitch, place: Scale): { at: number; label: string }[] {
  const marks: { at: number; label: string }[] = [];
  for (const hertz of ROUND_HERTZ) {
    const pitch = hertzToMidi(hertz);
    if (pitch < low + 0.3 || pitch > high - 0.3) continue;
    const at = place(pitch);
    if (marks.length === 0 || marks.at(-1)!.at - at >= 24) marks.push({ at, label: String(hertz) });
  }
  return marks;
}

/** All notes while there is room; of a file with thousands, one for each pitch and half column of the page, since more cannot be seen. */
function distinctNotes(notes: readonly Note[], frame: PanelFrame): readonly Note[] {
  if (notes.length <= 2 * frame.width) return notes;
  const seen = new Set<string>();
  return notes.filter(({ start, pitch }) => {
    const place = `${Math.round(2 * frame.time(start))} ${Math.round(pitch)}`;
    return !seen.has(place) && seen.add(place);
  });
}

function noteBox(note: Note, frame: PanelFrame, place: Scale, semitone: number): Markup {
  const { left, right, top, bottom } = noteBounds(note, frame, place, semitone);
  return element('rect', {
    x: left,
    y: top,
    width: right - left,
    height: bottom - top,
    rx: Math.min(3, (bottom - top) / 3),
    fill: COLOUR.noteFill,
    stroke: COLOUR.noteEdge,
    'stroke-width': 0.8,
  });
}

function noteBounds({ start, end, pitch }: Note, frame: PanelFrame, place: Scale, semitone: number): Box {
  const left = frame.time(start);
  const half = Math.max(4, Math.min(18, semitone * 0.92)) / 2;
  return { left, right: Math.max(left + 1.5, frame.time(end) - 1), top: place(pitch) - half, bottom: place(pitch) + half };
}

function curveLine({ f0, hop, mark, colour }: PitchCurve, frame: PanelFrame, place: Scale): Markup {
  return polyline(
    curvePoints(f0, hop, frame, place),
    mark === 'wide'
      ? { stroke: colour ?? COLOUR.blue, 'stroke-width': 5, 'stroke-opacity': 0.45 }
      : { stroke: colour ?? COLOUR.vermillion, 'stroke-width': 1.7 },
  );
}

/** One point a frame, but no more than four a column of the page. */
function* curvePoints(
  f0: ArrayLike<Hertz>,
  hop: Seconds,
  frame: PanelFrame,
  place: Scale,
): Generator<{ x: number; y: number } | undefined> {
  const step = Math.max(1, Math.floor(f0.length / (4 * frame.width)));
  for (let t = 0; t < f0.length; t += step) yield f0[t]! > 0 ? { x: frame.time(t * hop), y: place(hertzToMidi(f0[t]!)) } : undefined;
}

type Box = { left: number; right: number; top: number; bottom: number };

/** Each lyric over its note, else under it, else nowhere: a label that covers a note or another label helps nobody. */
function lyricLabels(notes: readonly Note[], frame: PanelFrame, place: Scale, semitone: number): Markup[] {
  const labels: Markup[] = [];
  if (notes.length > 2 * frame.width) return labels;
  const taken = notes.map((note) => noteBounds(note, frame, place, semitone));
  notes.forEach(({ lyric }, index) => {
    if (!lyric || lyric.text === '') return;
    const words = lyric.syllabic === 'begin' || lyric.syllabic === 'middle' ? `${lyric.text}-` : lyric.text;
    const bounds = taken[index]!;
    const width = textWidth(words, SIZE.tick);
    const left = Math.min(bounds.left + 1, frame.x + frame.width - width - 2);
    for (const baseline of [bounds.top - 9, bounds.bottom + 9 + SIZE.tick * 0.8]) {
      const box: Box = { left, right: left + width, top: baseline - SIZE.tick * 0.8, bottom: baseline + 2 };
      if (box.top < frame.y || box.bottom > frame.y + frame.height || taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      labels.push(text(left, baseline, words, { size: SIZE.tick, halo: true }));
      break;
    }
  });
  return labels;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right + 3 && b.left < a.right + 3 && a.top < b.bottom && b.top < a.bottom;
}

function pitchLegend(curves: readonly PitchCurve[], notes: readonly Note[]): LegendEntry[] {
  return [
    ...(notes.length > 0 ? [{ label: 'note', colour: COLOUR.noteFill, edge: COLOUR.noteEdge, mark: 'box' } as const] : []),
    ...curves.map(({ label, mark, colour }): LegendEntry => {
      return { label, colour: colour ?? (mark === 'wide' ? COLOUR.blue : COLOUR.vermillion), mark: mark === 'wide' ? 'wide-line' : 'line' };
    }),
  ];
}
