import type { Audio, Seconds } from '@alignsts/signal';
import type { SungSegment } from '../convert/engine.ts';
import { border, clipped, leftAxis, type Panel, type PanelFrame, polyline, text, timeGrid } from './figure.ts';
import { element, type Markup } from './markup.ts';
import { linearScale, type Scale, ticks } from './scale.ts';
import { segmentColours, segmentLegend } from './segment-lane.ts';
import { COLOUR, SIZE, textWidth } from './theme.ts';
import { waveEnvelope } from './waveform-panel.ts';

export type AlignmentPanelOptions = {
  title: string;
  /** For each frame of the song, the time in the speech it was taken from; what is not finite is left out. */
  alignment: ArrayLike<Seconds>; // [T]
  /** Seconds a frame of the song. */
  hop: Seconds;
  songDuration: Seconds;
  speech: Audio;
  segments?: readonly SungSegment[];
  height?: number;
};

/** The path from song time (across) to speech time (up), with the spoken wave along its own axis and the segments as boxes on the path. */
export function alignmentPanel({ title, alignment, hop, songDuration, speech, segments = [], height = 260 }: AlignmentPanelOptions): Panel {
  const speechDuration = Math.max(speech.samples.length / speech.sampleRate, 1e-3);
  return {
    title,
    height,
    legend: [
      ...segmentLegend(segments),
      { label: 'uniform stretch', colour: COLOUR.frame, mark: 'dashes' },
      { label: 'alignment', colour: COLOUR.vermillion, mark: 'line' },
    ],
    draw(frame) {
      const place = linearScale([0, speechDuration], [frame.y + height, frame.y]);
      const marks = ticks(0, speechDuration, height / 45);
      return [
        element('rect', { x: frame.x, y: frame.y, width: frame.width, height, fill: COLOUR.paper }),
        timeGrid(frame),
        element('path', {
          d: marks.map((mark) => `M${frame.x} ${place(mark).toFixed(2)}h${frame.width}`).join(''),
          stroke: COLOUR.grid,
          fill: 'none',
        }),
        clipped(
          frame,
          ...segments.flatMap((segment) => segmentBox(segment, frame, place)),
          element('path', {
            d: `M${frame.time(0).toFixed(1)} ${place(0).toFixed(1)}L${frame.time(songDuration).toFixed(1)} ${place(speechDuration).toFixed(1)}`,
            stroke: COLOUR.frame,
            'stroke-dasharray': '5 4',
            'stroke-width': 1.4,
            fill: 'none',
          }),
          polyline(pathPoints(alignment, hop, frame, place), { stroke: COLOUR.vermillion, 'stroke-width': 2 }),
        ),
        ...leftAxis(
          frame,
          marks.map((mark) => ({ at: place(mark), label: String(mark) })),
          'Speech time (s)',
        ),
        ...uprightWave(speech, speechDuration, frame),
        border(frame),
      ];
    },
  };
}

function segmentBox({ kind, label, start, end, speechStart, speechEnd }: SungSegment, frame: PanelFrame, place: Scale): Markup[] {
  const x = frame.time(start);
  const y = place(speechEnd);
  const width = Math.max(0.5, frame.time(end) - x);
  const height = Math.max(0.5, place(speechStart) - y);
  const { fill, stroke } = segmentColours(kind);
  const box = element('rect', { x, y, width, height, fill, 'fill-opacity': 0.75, stroke, 'stroke-width': 0.7 });
  const fits = label && textWidth(label, SIZE.small) + 4 <= width && height >= SIZE.small + 2;
  return fits ? [box, text(x + 3, y + SIZE.small + 1, label, { size: SIZE.small, colour: COLOUR.muted })] : [box];
}

/** One point a frame, but no more than two a column of the page. */
function* pathPoints(
  alignment: ArrayLike<Seconds>,
  hop: Seconds,
  frame: PanelFrame,
  place: Scale,
): Generator<{ x: number; y: number } | undefined> {
  const step = Math.max(1, Math.floor(alignment.length / (2 * frame.width)));
  for (let t = 0; t < alignment.length; t += step) {
    const at = alignment[t]!;
    yield Number.isFinite(at) ? { x: frame.time(t * hop), y: place(at) } : undefined;
  }
}

/** The spoken wave right of the area, its time running up as on the panel's own axis. */
function uprightWave(speech: Audio, duration: Seconds, frame: PanelFrame): Markup[] {
  const left = frame.x + frame.width + 8;
  const width = 54;
  const columns = waveEnvelope(speech, 0, duration, frame.height);
  const peak = columns.reduce((highest, { low, high }) => Math.max(highest, -low, high), 0.01);
  const level = linearScale([-peak, peak], [left + 2, left + width - 2]);
  const y = (i: number): string => (frame.y + frame.height - (i / columns.length) * frame.height).toFixed(1);
  const up = columns.map(({ high }, i) => `${(level(high) + 0.4).toFixed(1)} ${y(i)}`);
  const down = columns.map(({ low }, i) => `${(level(low) - 0.4).toFixed(1)} ${y(i)}`).toReversed();
  return [
    element('rect', { x: left, y: frame.y, width, height: frame.height, fill: COLOUR.paper, stroke: COLOUR.frame }),
    element('path', { d: `M${[...up, ...down].join('L')}Z`, fill: COLOUR.blue }),
    text(left + width + 16, frame.y + frame.height / 2, 'Speech', { anchor: 'middle', rotate: -90 }),
  ];
}
