import type { Random } from '@alignsts/signal';
import { bootstrapMean, type Estimate } from './bootstrap.ts';
import type { ManifestItem } from './manifest.ts';
import { METRICS, type Metric, type MetricName, type MetricValues } from './metrics.ts';

/** What an evaluation found: every pair's metrics, and their means with intervals. Written as a table here, as a page in report-page.ts. */
export type Report = {
  items: EvaluatedItem[];
  summary: Record<MetricName, Estimate>;
  /** How the intervals came about. */
  bootstrap: { level: number; replicates: number; over: 'items' | 'groups'; clusters: number };
};

export type EvaluatedItem = { item: ManifestItem; values: MetricValues };

export type ReportOptions = {
  random: Random;
  replicates?: number;
  /** Coverage of the intervals. */
  level?: number;
};

/** Means with bootstrap intervals over the items or, where every item names its group, over the groups. */
export function createReport(items: EvaluatedItem[], { random, replicates = 2000, level = 0.95 }: ReportOptions): Report {
  const labels = items.map(({ item }) => item.group);
  const groups = labels.every((label) => label !== undefined) && items.length > 0 ? labels : undefined;
  const summary = Object.fromEntries(
    METRICS.map(({ name }) => {
      const values = items.map((item) => item.values[name]);
      return [name, bootstrapMean(values, { random, replicates, level, ...(groups && { groups }) })];
    }),
  ) as Record<MetricName, Estimate>;
  const clusters = groups ? new Set(groups).size : items.length;
  return { items, summary, bootstrap: { level, replicates, over: groups ? 'groups' : 'items', clusters } };
}

/** The metrics that tell most; the others are in the page and in the JSON. */
export const MAIN_METRICS: readonly MetricName[] = [
  'rca',
  'rpa',
  'rcaVoiced',
  'vde',
  'f0Rmse',
  'lsd',
  'lsdLevelled',
  'lmd',
  'mcd',
  'rrd',
  'durationRatio',
];

/** The report as lines of text: one an item, then the mean and half the width of its interval. An arrow tells which way is better. */
export function reportTable(report: Report, { metrics = MAIN_METRICS }: { metrics?: readonly MetricName[] } = {}): string {
  const columns = METRICS.filter(({ name }) => metrics.includes(name));
  const rows = [
    ['', ...columns.map((metric) => `${metric.label}${arrowOf(metric)}`)],
    ...report.items.map(({ item, values }) => [singleLine(item.id), ...columns.map((metric) => formatValue(values[metric.name], metric))]),
    ['mean', ...columns.map((metric) => formatValue(report.summary[metric.name].mean, metric))],
    ['\u00b1', ...columns.map((metric) => formatValue((report.summary[metric.name].high - report.summary[metric.name].low) / 2, metric))],
  ];
  const widths = rows[0]!.map((_, column) => rows.reduce((widest, row) => Math.max(widest, [...row[column]!].length), 0));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column]!, column === 0))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1 + report.items.length, 0, widths.map((width) => '\u2500'.repeat(width)).join('  '));
  return `${lines.join('\n')}\n${intervalNote(report)}\n`;
}

/** The report as JSON; what is not a finite number is null. */
export function reportJson(report: Report): string {
  const metrics = METRICS.map(({ name, label, unit, better, meaning }) => ({ name, label, unit, better, meaning }));
  return `${JSON.stringify({ metrics, ...report }, null, 2)}\n`;
}

/** @example formatValue(0.98765, METRICS[0]) // '0.988' */
export function formatValue(value: number, { decimals }: Pick<Metric, 'decimals'>): string {
  if (Number.isNaN(value)) return '\u2013';
  if (!Number.isFinite(value)) return value > 0 ? '\u221e' : '\u2212\u221e';
  return value.toFixed(decimals).replace('-', '\u2212');
}

export function arrowOf({ better }: Metric): string {
  return better === 'higher' ? '\u2191' : better === 'lower' ? '\u2193' : '';
}

/** What the intervals are, in a sentence. */
export function intervalNote({ items, bootstrap: { level, replicates, over, clusters } }: Report): string {
  const count = `${items.length} ${items.length === 1 ? 'item' : 'items'}`;
  if (clusters < 3) return `${count}; an interval needs at least three ${over}, here there ${clusters === 1 ? 'is' : 'are'} ${clusters}.`;
  const drawn = over === 'groups' ? `whole groups (there are ${clusters})` : 'items';
  return `${count}; intervals of ${Math.round(level * 1000) / 10} % by ${replicates} bootstrap draws of ${drawn}, \u00b1 is half their width.`;
}

function pad(cell: string, width: number, left: boolean): string {
  const space = ' '.repeat(width - [...cell].length);
  return left ? cell + space : space + cell;
}

function singleLine(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD');
}
