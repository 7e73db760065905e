import type { Audio } from '@alignsts/signal';
import { border, clipped, leftAxis, type Panel, type PanelFrame, timeGrid } from './figure.ts';
import { element, type Markup } from './markup.ts';
import { linearScale, ticks } from './scale.ts';
import { type Segment, segmentLane, segmentLegend } from './segment-lane.ts';
import { COLOUR } from './theme.ts';

export type WaveformPanelOptions = {
  title: string;
  audio: Audio;
  /** What sounds when, drawn in a lane under the wave. */
  segments?: readonly Segment[];
  height?: number;
};

const LANE = 20;

/** The wave as its lowest and highest sample in each column of the page. */
export function waveformPanel({ title, audio, segments, height = 84 }: WaveformPanelOptions): Panel {
  const total = height + (segments ? LANE : 0);
  return {
    title,
    height: total,
    ...(segments && { legend: segmentLegend(segments) }),
    draw(frame) {
      const wave: PanelFrame = { ...frame, height };
      const peak = Math.max(
        0.01,
        audio.samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0),
      );
      const level = linearScale([-peak * 1.05, peak * 1.05], [wave.y + height, wave.y]);
      const columns = waveEnvelope(audio, frame.time.low, frame.time.high, Math.ceil(frame.width));
      const mark = ticks(0, peak, 5).at(-1)!; // of five steps at least two fit, so the last is above 0
      return [
        element('rect', { ...rectangle(wave), fill: COLOUR.paper }),
        timeGrid(frame),
        clipped(
          frame,
          envelopeShape(columns, (column) => frame.x + (column / columns.length) * frame.width, level),
        ),
        ...(segments ? segmentLane(segments, { ...frame, y: frame.y + height, height: LANE }) : []),
        ...leftAxis(
          wave,
          [-mark, 0, mark].map((value) => ({ at: level(value), label: String(value).replace('-', '\u2212') })),
          'Amplitude',
        ),
        border(frame),
      ];
    },
  };
}

export type EnvelopeColumn = { low: number; high: number };

/** The lowest and highest sample in each of `count` equal stretches of time; both are 0 outside the sound. */
export function waveEnvelope({ samples, sampleRate }: Audio, start: number, end: number, count: number): EnvelopeColumn[] {
  const perColumn = ((end - start) * sampleRate) / count;
  return Array.from({ length: count }, (_, column) => {
    const first = Math.max(0, Math.floor(start * sampleRate + column * perColumn));
    const last = Math.min(samples.length, Math.max(first + 1, Math.floor(start * sampleRate + (column + 1) * perColumn)));
    if (first >= last) return { low: 0, high: 0 };
    let [low, high] = [samples[first]!, samples[first]!];
    for (let n = first + 1; n < last; n++) {
      const sample = samples[n]!;
      if (sample < low) low = sample;
      else if (sample > high) high = sample;
    }
    return { low, high };
  });
}

/** There along the highest, back along the lowest, at least a hair thick so that silence shows as a line. */
function envelopeShape(columns: EnvelopeColumn[], x: (column: number) => number, level: (value: number) => number): Markup {
  const there = columns.map(({ high }, i) => `${x(i).toFixed(1)} ${(level(high) - 0.4).toFixed(1)}`);
  const back = columns.map(({ low }, i) => `${x(i).toFixed(1)} ${(level(low) + 0.4).toFixed(1)}`).toReversed();
  return element('path', { d: `M${[...there, ...back].join('L')}Z`, fill: COLOUR.blue });
}

function rectangle({ x, y, width, height }: PanelFrame): { x: number; y: number; width: number; height: number } {
  return { x, y, width, height };
}
