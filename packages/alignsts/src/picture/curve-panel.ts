import type { Seconds } from '@alignsts/signal';
import { border, clipped, leftAxis, type Panel, polyline, timeGrid } from './figure.ts';
import { element } from './markup.ts';
import { linearScale, ticks } from './scale.ts';
import { COLOUR } from './theme.ts';

export type Curve = {
  label: string;
  values: ArrayLike<number>; // [T]
  /** Seconds a frame; frame 0 lies at 0 s. */
  hop: Seconds;
  colour: string;
  mark: 'thin' | 'wide';
};

export type CurvePanelOptions = { title: string; unit: string; range: [number, number]; curves: readonly Curve[]; height?: number };

/** Curves of any quantity over time, such as the rhythm representation. */
export function curvePanel({ title, unit, range, curves, height = 90 }: CurvePanelOptions): Panel {
  return {
    title,
    height,
    legend: curves.map(({ label, colour, mark }) => ({ label, colour, mark: mark === 'wide' ? 'wide-line' : 'line' })),
    draw(frame) {
      // the outermost values keep a line's width from the frame
      const place = linearScale(range, [frame.y + height - 5, frame.y + 5]);
      const marks = ticks(...range, height / 45);
      return [
        element('rect', { x: frame.x, y: frame.y, width: frame.width, height, fill: COLOUR.paper }),
        timeGrid(frame),
        clipped(
          frame,
          ...curves.map(({ values, hop, colour, mark }) => {
            const step = Math.max(1, Math.floor(values.length / (4 * frame.width)));
            const points = Array.from({ length: Math.ceil(values.length / step) }, (_, i) => {
              return { x: frame.time(i * step * hop), y: place(values[i * step]!) };
            });
            return polyline(points, {
              stroke: colour,
              ...(mark === 'wide' ? { 'stroke-width': 4, 'stroke-opacity': 0.45 } : { 'stroke-width': 1.5 }),
            });
          }),
        ),
        ...leftAxis(
          frame,
          marks.map((mark) => ({ at: place(mark), label: String(mark) })),
          unit,
        ),
        border(frame),
      ];
    },
  };
}
