import type { Seconds } from '@alignsts/signal';
import { clipped, type LegendEntry, type PanelFrame, text } from './figure.ts';
import { element, type Markup } from './markup.ts';
import { COLOUR, SIZE, textWidth } from './theme.ts';

/** A labelled stretch of time: a phone, a syllable, a silence. */
export type Segment = { start: Seconds; end: Seconds; kind: 'consonant' | 'vowel' | 'silence'; label?: string };

/** Boxes side by side in a lane, with their labels where these fit. */
export function segmentLane(segments: readonly Segment[], frame: PanelFrame): Markup[] {
  const boxes: Markup[] = [];
  for (const { start, end, kind, label } of segments) {
    const x = frame.time(start);
    const width = Math.max(0.5, frame.time(end) - x);
    const { fill, stroke } = segmentColours(kind);
    boxes.push(element('rect', { x, y: frame.y, width, height: frame.height, fill, stroke, 'stroke-width': 0.6 }));
    if (label && textWidth(label, SIZE.small) + 3 <= width) {
      boxes.push(text(x + width / 2, frame.y + frame.height / 2 + SIZE.small * 0.36, label, { size: SIZE.small, anchor: 'middle' }));
    }
  }
  return [clipped(frame, ...boxes)];
}

export function segmentColours(kind: Segment['kind']): { fill: string; stroke: string } {
  if (kind === 'vowel') return { fill: COLOUR.vowelFill, stroke: COLOUR.vowelEdge };
  if (kind === 'consonant') return { fill: COLOUR.consonantFill, stroke: COLOUR.consonantEdge };
  return { fill: COLOUR.silenceFill, stroke: COLOUR.silenceEdge };
}

/** An entry for each kind that is there. */
export function segmentLegend(segments: readonly Segment[]): LegendEntry[] {
  return (['vowel', 'consonant', 'silence'] as const)
    .filter((kind) => segments.some((segment) => segment.kind === kind))
    .map((kind) => ({ label: kind, colour: segmentColours(kind).fill, edge: segmentColours(kind).stroke, mark: 'box' }));
}
