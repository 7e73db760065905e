import { createHash } from 'node:crypto';
import { createRandom } from '@alignsts/signal';
import { describe, expect, test } from 'vitest';
import { METRICS, type MetricValues } from './metrics.ts';
import { createReport, type EvaluatedItem, reportJson, reportTable } from './report.ts';
import { type ItemMedia, reportPage } from './report-page.ts';

const valuesOf = (value: number): MetricValues => Object.fromEntries(METRICS.map(({ name }, i) => [name, value + i])) as MetricValues;

const evaluated = (id: string, value: number, more: { group?: string; lyrics?: string } = {}): EvaluatedItem => ({
  item: { id, target: 't.wav', output: 'o.wav', ...more },
  values: valuesOf(value),
});

const random = () => createRandom(11);
const pageOf = (items: EvaluatedItem[], mediaOf?: () => ItemMedia): string =>
  [...reportPage(createReport(items, { random: random() }), { title: 'Test <report>', ...(mediaOf && { mediaOf }) })].join('');

describe('createReport', () => {
  test('takes means over items and intervals over groups where every item has one', () => {
    const items = ['a', 'a', 'b', 'b', 'c', 'c'].map((group, i) => evaluated(`item ${i}`, i, { group }));
    const report = createReport(items, { random: random() });
    expect(report.bootstrap).toMatchObject({ over: 'groups', clusters: 3 });
    expect(report.summary.rca.mean).toBe(2.5);
    // group means are 0.5, 2.5, 4.5: no draw of groups leaves that span
    expect(report.summary.rca.low).toBeGreaterThanOrEqual(0.5);
    expect(report.summary.rca.high).toBeLessThanOrEqual(4.5);
    delete items[3]!.item.group;
    expect(createReport(items, { random: random() }).bootstrap).toMatchObject({ over: 'items', clusters: 6 });
  });

  test('a value that is missing in one item is counted out, not averaged in', () => {
    const items = [evaluated('a', 0.5), evaluated('b', 0.7), evaluated('c', 0.9)];
    items[1]!.values.rca = Number.NaN;
    items[2]!.values.lsdPower = Number.POSITIVE_INFINITY;
    const { summary } = createReport(items, { random: random() });
    expect(summary.rca.count).toBe(2);
    expect(summary.rca.mean).toBeCloseTo(0.7, 12);
    expect(summary.lsdPower.count).toBe(2);
    expect(summary.lsd.count).toBe(3);
  });
});

describe('reportTable', () => {
  const items = [evaluated('first', 0.25), evaluated('the second one', -0.5), evaluated('c', 1)];
  items[1]!.values.rpa = Number.NaN;
  const text = reportTable(createReport(items, { random: random() }), { metrics: ['rca', 'rpa'] });

  test('lines its columns up, marks what is missing, and ends with mean, interval and what they are', () => {
    const lines = text.trimEnd().split('\n');
    expect(lines.slice(0, 6).map((line) => line.replace(/[\d.]+$/, 'N'))).toEqual([
      '                  RCA↑   RPA↑',
      'first            0.250  N',
      'the second one  −0.500      –',
      'c                1.000  N',
      '──────────────  ──────  ─────',
      'mean             0.250  N',
    ]);
    expect(lines[6]).toMatch(/^± {16}0\.\d{3} {6}–$/);
    expect(lines[7]).toBe('3 items; intervals of 95 % by 2000 bootstrap draws of items, ± is half their width.');
  });

  test('a control character in an id cannot move the cursor', () => {
    expect(reportTable(createReport([evaluated('a\u001b[2J\nb', 1)], { random: random() }))).not.toMatch(/\p{Cc}(?<!\n)|a\n/u);
  });
});

test('the JSON reads back, with null for what is no number', () => {
  const items = [evaluated('a', 1), evaluated('b', 2)];
  items[0]!.values.f0Rmse = Number.NaN;
  const read = JSON.parse(reportJson(createReport(items, { random: random() })));
  expect(read.items[0].values.f0Rmse).toBeNull();
  expect(read.items[1].values.rca).toBe(2);
  expect(read.summary.rca).toEqual({ mean: 1.5, low: null, high: null, count: 2 });
  expect(read.metrics.map((metric: { name: string }) => metric.name)).toEqual(METRICS.map(({ name }) => name));
});

describe('reportPage', () => {
  const evil = `"><img src=x onerror=alert(1)></script><script>alert('2')</script>`;
  const media = (): ItemMedia => ({
    audio: [{ label: evil, type: 'audio/wav', bytes: Uint8Array.of(82, 73, 70, 70) }],
    picture: '<svg xmlns="http://www.w3.org/2000/svg"><text>é 月</text></svg>',
  });
  const page = pageOf([evaluated(evil, 1, { lyrics: evil, group: evil }), evaluated('b', Number.NaN)], media);

  test('markup in ids, groups, lyrics and labels is shown, not obeyed', () => {
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('Test &lt;report&gt;');
    expect(page.match(/<script/g)?.length).toBe(1);
    for (const tag of page.matchAll(/<img[^>]*>/g)) expect(tag[0]).toMatch(/src="data:image\/svg\+xml;base64,/);
    // attribute values aside, no tag has an event handler
    expect(page.replace(/"[^"]*"/g, '""')).not.toMatch(/<[^>]*\son\w+=/);
  });

  test('loads nothing: every address is a data URI or a place in the page', () => {
    for (const [, address] of page.matchAll(/(?:src|href)="([^"]*)"/g))
      expect(address).toMatch(/^(data:(audio\/wav|image\/svg\+xml);base64,|#item-\d+$)/);
    expect(page).not.toMatch(/https?:\/\//);
    expect(page).not.toContain('style="');
  });

  test('its policy allows exactly its own style and script', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    const hashOf = (tag: string): string => {
      const content = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)![1]!;
      return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
    };
    expect(policy).toBe(
      `default-src 'none'; img-src data:; media-src data:; style-src ${hashOf('style')}; script-src ${hashOf('script')}; base-uri 'none'; form-action 'none'`,
    );
  });

  test('carries sounds and pictures byte for byte', () => {
    expect(page).toContain('src="data:audio/wav;base64,UklGRg=="');
    const picture = /data:image\/svg\+xml;base64,([^"]*)/.exec(page)![1]!;
    expect(Buffer.from(picture, 'base64').toString('utf8')).toBe(media().picture);
  });

  test('sorting keys are the full numbers, and missing values have none', () => {
    expect(pageOf([evaluated('a', 1 / 3)])).toContain(`data-value="${1 / 3}"`);
    expect(pageOf([evaluated('a', Number.NaN)])).not.toContain('data-value');
  });

  test('media is asked for one item at a time', () => {
    const report = createReport([evaluated('a', 1), evaluated('b', 2)], { random: random() });
    const asked: string[] = [];
    const parts = reportPage(report, {
      title: 'T',
      mediaOf: ({ id }) => {
        asked.push(id);
        return { audio: [] };
      },
    });
    parts.next();
    expect(asked).toEqual([]);
    parts.next();
    expect(asked).toEqual(['a']);
    expect([...parts].join('')).toContain('</html>');
    expect(asked).toEqual(['a', 'b']);
  });
});
