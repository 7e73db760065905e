import { InputError, type Seconds } from '@alignsts/signal';

/**
 * Praat's TextGrid: labelled stretches and moments of a recording in tiers, the common tongue of phonetic annotation
 * (Praat manual, "TextGrid file formats").
 */
export type TextGrid = {
  start: Seconds;
  end: Seconds;
  tiers: (IntervalTier | PointTier)[];
};

export type IntervalTier = { kind: 'interval'; name: string; intervals: LabelledInterval[] };
export type PointTier = { kind: 'point'; name: string; points: LabelledPoint[] };
export type LabelledInterval = { start: Seconds; end: Seconds; label: string };
export type LabelledPoint = { time: Seconds; label: string };

/** Neighbours nearer than this are meant to touch. */
const TOUCHING: Seconds = 1e-9;

/**
 * The text of a TextGrid file, to be stored as UTF-8: `long` with field names, `short` without. Praat wants intervals to cover the whole time, so gaps
 * are filled with intervals without a label. Throws `InputError` when intervals or points are out of order, overlap or lie outside the grid.
 *
 * @example formatTextGrid({ start: 0, end: 1, tiers: [{ kind: 'point', name: 'beats', points: [{ time: 0.5, label: '1' }] }] }, { format: 'short' })
 */
export function formatTextGrid(grid: TextGrid, { format = 'long' }: { format?: 'long' | 'short' } = {}): string {
  if (!(Number.isFinite(grid.start) && Number.isFinite(grid.end) && grid.end > grid.start)) {
    throw new InputError(
      `The TextGrid runs from ${grid.start} to ${grid.end} s but must end after it starts. Give the recording's own times.`,
    );
  }
  const lines = format === 'long' ? longLines(grid) : shortLines(grid);
  return `File type = "ooTextFile"\nObject class = "TextGrid"\n\n${lines.join('\n')}\n`;
}

function longLines({ start, end, tiers }: TextGrid): string[] {
  const lines = [`xmin = ${start}`, `xmax = ${end}`, 'tiers? <exists>', `size = ${tiers.length}`, 'item []:'];
  tiers.forEach((tier, t) => {
    lines.push(`    item [${t + 1}]:`, `        class = "${classOf(tier)}"`, `        name = ${quoted(tier.name)}`);
    lines.push(`        xmin = ${start}`, `        xmax = ${end}`);
    if (tier.kind === 'interval') {
      const intervals = withoutGaps(tier, start, end);
      lines.push(`        intervals: size = ${intervals.length}`);
      intervals.forEach((interval, i) => {
        lines.push(`        intervals [${i + 1}]:`, `            xmin = ${interval.start}`, `            xmax = ${interval.end}`);
        lines.push(`            text = ${quoted(interval.label)}`);
      });
    } else {
      const points = checkedPoints(tier, start, end);
      lines.push(`        points: size = ${points.length}`);
      points.forEach(({ time, label }, i) => {
        lines.push(`        points [${i + 1}]:`, `            number = ${time}`, `            mark = ${quoted(label)}`);
      });
    }
  });
  return lines;
}

function shortLines({ start, end, tiers }: TextGrid): string[] {
  const lines = [`${start}`, `${end}`, '<exists>', `${tiers.length}`];
  for (const tier of tiers) {
    lines.push(`"${classOf(tier)}"`, quoted(tier.name), `${start}`, `${end}`);
    if (tier.kind === 'interval') {
      const intervals = withoutGaps(tier, start, end);
      lines.push(
        `${intervals.length}`,
        ...intervals.flatMap((interval) => [`${interval.start}`, `${interval.end}`, quoted(interval.label)]),
      );
    } else {
      const points = checkedPoints(tier, start, end);
      lines.push(`${points.length}`, ...points.flatMap(({ time, label }) => [`${time}`, quoted(label)]));
    }
  }
  return lines;
}

function classOf({ kind }: IntervalTier | PointTier): string {
  return kind === 'interval' ? 'IntervalTier' : 'TextTier';
}

/** A quote inside is written twice; line ends may stand as they are. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function withoutGaps({ name, intervals }: IntervalTier, start: Seconds, end: Seconds): LabelledInterval[] {
  const whole: LabelledInterval[] = [];
  let reached = start;
  intervals.forEach((interval, i) => {
    const place = `Interval ${i + 1} of tier '${name}' (${interval.start} to ${interval.end} s)`;
    if (!(interval.end > interval.start)) throw new InputError(`${place} must end after it starts. Remove it or mend its times.`);
    if (!(interval.start > reached - TOUCHING && interval.end < end + TOUCHING)) {
      throw new InputError(
        `${place} must lie between ${reached} s, where the one before it ends, and ${end} s. Sort the intervals and cut overlaps.`,
      );
    }
    const from = interval.start - reached > TOUCHING ? interval.start : reached;
    const to = end - interval.end > TOUCHING ? interval.end : end;
    if (from > reached) whole.push({ start: reached, end: from, label: '' });
    whole.push({ start: from, end: to, label: interval.label });
    reached = to;
  });
  if (reached < end) whole.push({ start: reached, end, label: '' });
  return whole;
}

function checkedPoints({ name, points }: PointTier, start: Seconds, end: Seconds): LabelledPoint[] {
  points.forEach(({ time }, i) => {
    const after = i === 0 ? start : points[i - 1]!.time;
    if (!(time <= end && (i === 0 ? time >= after : time > after))) {
      throw new InputError(
        `Point ${i + 1} of tier '${name}' is at ${time} s but must lie after ${after} s and not after ${end} s. Sort the points.`,
      );
    }
  });
  return points;
}
