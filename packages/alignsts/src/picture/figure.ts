import { element, type Markup } from './markup.ts';
import { linearScale, type Scale, ticks } from './scale.ts';
import { COLOUR, FONT, fitText, SIZE, textWidth } from './theme.ts';

/**
 * A figure: panels one under the other over one time axis, with title, legends and the axis in seconds at the foot. A panel draws into the
 * area it is given; its axes hang left and right of the area in margins that all panels share.
 */
export type Panel = {
  title: string;
  height: number;
  legend?: LegendEntry[];
  draw(frame: PanelFrame): Markup[];
};

export type PanelFrame = {
  x: number;
  y: number;
  width: number;
  height: number;
  /** Seconds to page. */
  time: Scale;
  /** Unique in the document, for clip paths. */
  id: string;
};

export type LegendEntry = { label: string; colour: string; mark: 'line' | 'wide-line' | 'dashes' | 'box'; edge?: string };

export type FigureOptions = {
  title: string;
  subtitle?: string;
  /** Seconds that the time axis covers. */
  duration: number;
  panels: Panel[];
  width?: number;
  /** What the time axis counts. */
  timeLabel?: string;
  /** Begins the ids inside the document; give each figure its own when several are put into one page. */
  id?: string;
};

const MARGIN = { left: 84, right: 92, top: 26, bottom: 52 } as const;
const HEAD = 24; // from a panel's title to its area
const GAP = 18; // from an area to the next panel's title

/** The figure as a standalone SVG document. */
export function figure({ title, subtitle, duration, panels, width = 1200, timeLabel = 'Time (s)', id = 'figure' }: FigureOptions): string {
  const plotWidth = width - MARGIN.left - MARGIN.right;
  const time = linearScale([0, Math.max(duration, 1e-3)], [MARGIN.left, MARGIN.left + plotWidth]);
  const marks = ticks(0, duration, plotWidth / 90);
  const parts: Markup[] = [];
  let y: number = MARGIN.top + SIZE.title * 0.8;
  const room = width - MARGIN.left - 20;
  // bold letters are about a tenth wider
  parts.push(text(MARGIN.left, y, fitText(title, SIZE.title * 1.1, room), { size: SIZE.title, weight: 700 }));
  if (subtitle) {
    y += SIZE.subtitle * 1.7;
    parts.push(text(MARGIN.left, y, fitText(subtitle, SIZE.subtitle, room), { size: SIZE.subtitle, colour: COLOUR.muted }));
  }
  y += 8;

  panels.forEach((panel, index) => {
    y += GAP + HEAD - 8;
    const frame: PanelFrame = { x: MARGIN.left, y, width: plotWidth, height: panel.height, time, id: `${id}-panel-${index}` };
    parts.push(text(frame.x, y - 9, panel.title, { size: SIZE.panel, weight: 700 }));
    parts.push(...legend(panel.legend ?? [], frame.x + frame.width, y - 9));
    parts.push(
      element('g', {}, clip(frame), ...panel.draw(frame)),
      element('path', {
        d: marks.map((mark) => `M${time(mark).toFixed(2)} ${y + panel.height}v5`).join(''),
        stroke: COLOUR.frame,
        fill: 'none',
      }),
    );
    y += panel.height + 8;
  });

  for (const mark of marks) {
    parts.push(text(time(mark), y + 10, String(mark), { size: SIZE.tick, anchor: 'middle', colour: COLOUR.muted }));
  }
  parts.push(text(MARGIN.left + plotWidth / 2, y + 30, timeLabel, { size: SIZE.label, anchor: 'middle' }));
  const height = Math.ceil(y + MARGIN.bottom - 8);
  const root = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      'font-family': FONT,
      role: 'img',
      'aria-label': title,
    },
    element('rect', { width, height, fill: COLOUR.paper }),
    ...parts,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.markup}\n`;
}

export type TextStyle = {
  size?: number;
  colour?: string;
  anchor?: 'start' | 'middle' | 'end';
  weight?: number;
  /** Degrees, about the text's own place. */
  rotate?: number;
  /** A white rim, for text over lines. */
  halo?: boolean;
};

export function text(x: number, y: number, content: string, style: TextStyle = {}): Markup {
  const { size = SIZE.label, colour = COLOUR.ink, anchor, weight, rotate, halo } = style;
  return element(
    'text',
    {
      x,
      y,
      'font-size': size,
      fill: colour,
      'text-anchor': anchor,
      'font-weight': weight,
      transform: rotate === undefined ? undefined : `rotate(${rotate} ${x.toFixed(2)} ${y.toFixed(2)})`,
      ...(halo && { stroke: COLOUR.paper, 'stroke-width': 3, 'stroke-linejoin': 'round', 'paint-order': 'stroke' }),
    },
    content,
  );
}

/** The frame of a panel's area, drawn last so that it lies over the content. */
export function border({ x, y, width, height }: PanelFrame): Markup {
  return element('rect', { x, y, width, height, fill: 'none', stroke: COLOUR.frame });
}

/** Puts content behind the panel's clip path. */
export function clipped({ id }: PanelFrame, ...content: Markup[]): Markup {
  return element('g', { 'clip-path': `url(#${id})` }, ...content);
}

/** Faint vertical lines at the time axis's marks. */
export function timeGrid({ y, height, width, time }: PanelFrame, colour: string = COLOUR.grid): Markup {
  const lines = ticks(time.low, time.high, width / 90).map((mark) => `M${time(mark).toFixed(2)} ${y}v${height}`);
  return element('path', { d: lines.join(''), stroke: colour, fill: 'none' });
}

/** Marks with their labels on the left side. */
export function leftAxis(frame: PanelFrame, marks: { at: number; label: string }[], label?: string): Markup[] {
  return [
    element('path', { d: marks.map(({ at }) => `M${frame.x} ${at.toFixed(2)}h-5`).join(''), stroke: COLOUR.frame, fill: 'none' }),
    ...marks.map((mark) =>
      text(frame.x - 9, mark.at + SIZE.tick * 0.36, mark.label, { size: SIZE.tick, anchor: 'end', colour: COLOUR.muted }),
    ),
    ...(label ? [text(frame.x - 58, frame.y + frame.height / 2, label, { anchor: 'middle', rotate: -90 })] : []),
  ];
}

/** Marks with their labels on the right side. */
export function rightAxis(frame: PanelFrame, marks: { at: number; label: string }[], label?: string): Markup[] {
  const right = frame.x + frame.width;
  return [
    element('path', { d: marks.map(({ at }) => `M${right} ${at.toFixed(2)}h5`).join(''), stroke: COLOUR.frame, fill: 'none' }),
    ...marks.map((mark) => text(right + 9, mark.at + SIZE.tick * 0.36, mark.label, { size: SIZE.tick, colour: COLOUR.muted })),
    ...(label ? [text(right + 58, frame.y + frame.height / 2, label, { anchor: 'middle', rotate: -90 })] : []),
  ];
}

/** A line through points, broken where a point is missing. */
export function polyline(points: Iterable<{ x: number; y: number } | undefined>, attributes: Record<string, string | number>): Markup {
  let d = '';
  let pen = false;
  for (const point of points) {
    if (point) d += `${pen ? 'L' : 'M'}${point.x.toFixed(1)} ${point.y.toFixed(1)}`;
    pen = point !== undefined;
  }
  return element('path', { d, fill: 'none', 'stroke-linejoin': 'round', 'stroke-linecap': 'round', ...attributes });
}

function clip({ id, x, y, width, height }: PanelFrame): Markup {
  return element('clipPath', { id }, element('rect', { x, y, width, height }));
}

/** Right-aligned on a panel's title line. */
function legend(entries: LegendEntry[], right: number, baseline: number): Markup[] {
  const parts: Markup[] = [];
  let x = right;
  for (const { label, colour, mark, edge } of entries.toReversed()) {
    parts.push(text(x, baseline, label, { size: SIZE.tick, colour: COLOUR.muted, anchor: 'end' }));
    x -= textWidth(label, SIZE.tick) + 30;
    const middle = baseline - SIZE.tick * 0.36;
    if (mark === 'box') {
      parts.push(element('rect', { x: x + 8, y: middle - 5, width: 16, height: 10, rx: 2, fill: colour, stroke: edge }));
    } else {
      parts.push(
        element('path', {
          d: `M${x} ${middle.toFixed(2)}h24`,
          stroke: colour,
          'stroke-width': mark === 'wide-line' ? 5 : 2,
          'stroke-dasharray': mark === 'dashes' ? '5 4' : undefined,
          'stroke-opacity': mark === 'wide-line' ? 0.45 : undefined,
          fill: 'none',
        }),
      );
    }
    x -= 16;
  }
  return parts;
}
