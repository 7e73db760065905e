import { strToU8 } from 'fflate';
import { dataUri } from '../picture/base64.ts';
import { escapeText } from '../picture/markup.ts';
import type { ManifestItem } from './manifest.ts';
import { METRICS, type Metric } from './metrics.ts';
import { arrowOf, type EvaluatedItem, formatValue, intervalNote, type Report } from './report.ts';

/** What the page plays and shows of an item. */
export type ItemMedia = {
  audio: { label: string; type: 'audio/wav' | 'audio/flac' | 'audio/mpeg' | 'audio/ogg'; bytes: Uint8Array }[];
  /** An SVG document. */
  picture?: string;
};

export type ReportPageOptions = {
  title: string;
  /** A sentence under the title: what was evaluated, with what. */
  subtitle?: string;
  /** Asked for one item at a time, so that a long list never lies in memory as a whole. */
  mediaOf?: (item: ManifestItem) => ItemMedia;
};

/**
 * The report as one self-contained HTML page, in pieces to be written one after the other: means with intervals, a table that sorts by any
 * column, and for every item its numbers, players and picture. It loads nothing: sounds and pictures are data URIs, and its content security
 * policy allows only these and the page's own style and script, so nothing in an id or a lyric can run or reach the network.
 */
export function* reportPage(report: Report, { title, subtitle, mediaOf }: ReportPageOptions): Generator<string> {
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escapeText(title)}</h1>
${subtitle ? `<p>${escapeText(subtitle)}</p>\n` : ''}<p class="note">${escapeText(intervalNote(report))}</p>
</header>
<main>
<section>
<h2>Means</h2>
${summaryTable(report)}
</section>
<section>
<h2>Items</h2>
${itemTable(report)}
</section>
`;
  for (const [index, evaluated] of report.items.entries()) yield itemSection(evaluated, index, mediaOf?.(evaluated.item));
  yield `</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function summaryTable({ summary }: Report): string {
  const rows = METRICS.map((metric) => {
    const { mean, low, high, count } = summary[metric.name];
    const interval = Number.isNaN(low) ? '\u2013' : `${formatValue(low, metric)} to ${formatValue(high, metric)}`;
    return `<tr><th scope="row">${metric.label}</th><td class="number">${formatValue(mean, metric)}</td><td class="number">${interval}</td><td>${metric.unit}</td><td>${directionOf(metric)}</td><td class="number">${count}</td><td class="meaning">${escapeText(metric.meaning)}</td></tr>`;
  });
  return `<div class="wide"><table>
<thead><tr><th scope="col">Metric</th><th scope="col">Mean</th><th scope="col">Interval</th><th scope="col">Unit</th><th scope="col">Better</th><th scope="col">Items</th><th scope="col">What it is</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
}

function itemTable({ items }: Report): string {
  const grouped = items.some(({ item }) => item.group !== undefined);
  const heads = METRICS.map(
    (metric) =>
      `<th scope="col" title="${escapeText(metric.meaning)}"><button type="button">${metric.label}${arrowOf(metric)}</button></th>`,
  );
  const rows = items.map(({ item, values }, index) => {
    const cells = METRICS.map(({ name, decimals }) => {
      const value = values[name];
      const key = Number.isNaN(value) ? '' : ` data-value="${value}"`;
      return `<td class="number"${key}>${formatValue(value, { decimals })}</td>`;
    });
    return `<tr><th scope="row"><a href="#item-${index + 1}">${escapeText(item.id)}</a></th>${grouped ? `<td>${escapeText(item.group ?? '')}</td>` : ''}${cells.join('')}</tr>`;
  });
  return `<div class="wide"><table class="sortable">
<thead><tr><th scope="col"><button type="button">Item</button></th>${grouped ? '<th scope="col"><button type="button">Group</button></th>' : ''}${heads.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
}

function itemSection({ item, values }: EvaluatedItem, index: number, media: ItemMedia | undefined): string {
  const players = (media?.audio ?? []).map(
    ({ label, type, bytes }) =>
      `<figure><figcaption>${escapeText(label)}</figcaption><audio controls preload="metadata" src="${dataUri(type, bytes)}"></audio></figure>`,
  );
  const picture =
    media?.picture === undefined
      ? ''
      : `<img class="picture" loading="lazy" alt="Spectrograms, pitch and rhythm of ${escapeText(item.id)}" src="${dataUri('image/svg+xml', strToU8(media.picture))}">\n`;
  const numbers = METRICS.map((metric) => `<div><dt>${metric.label}</dt><dd>${formatValue(values[metric.name], metric)}</dd></div>`);
  return `<section id="item-${index + 1}" class="item">
<h3>${escapeText(item.id)}</h3>
${item.lyrics ? `<p class="lyrics" dir="auto">${escapeText(item.lyrics)}</p>\n` : ''}${players.length > 0 ? `<div class="players">${players.join('')}</div>\n` : ''}${picture}<dl>${numbers.join('')}</dl>
</section>
`;
}

function directionOf({ better }: Metric): string {
  return better === 'near 1' ? 'near 1' : `${better} ${better === 'higher' ? '\u2191' : '\u2193'}`;
}

const STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --muted: #5b6570; --line: #d8dde3; --band: #f4f5f7; --link: #0060a0; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171a; --ink: #e8eaed; --muted: #a2abb5; --line: #363c43; --band: #1f2327; --link: #6cb8ee; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header, main { max-width: 1280px; margin: 0 auto; padding: 0 24px; }
h1 { margin: 32px 0 4px; font-size: 26px; line-height: 1.2; }
h2 { margin: 36px 0 12px; font-size: 19px; }
h3 { margin: 0 0 4px; font-size: 16px; overflow-wrap: anywhere; }
p { margin: 4px 0; }
a { color: var(--link); }
.note, .meaning, dt, figcaption { color: var(--muted); font-size: 13px; }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th, td { padding: 5px 10px; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { background: var(--band); font-weight: 600; }
tbody th { font-weight: 500; background: var(--paper); }
.sortable th:first-child { position: sticky; left: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.meaning { white-space: normal; min-width: 300px; }
thead button { all: unset; cursor: pointer; }
thead button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
th[aria-sort=ascending] button::after { content: " \\25B4"; }
th[aria-sort=descending] button::after { content: " \\25BE"; }
.item { margin: 24px 0; padding: 16px; border: 1px solid var(--line); border-radius: 8px; scroll-margin-top: 12px; }
.item:target { border-color: var(--link); }
.lyrics { font-style: italic; }
.players { display: flex; flex-wrap: wrap; gap: 16px; margin: 10px 0; }
figure { margin: 0; }
audio { display: block; height: 40px; }
.picture { display: block; width: 100%; max-width: 1200px; margin: 12px 0; background: #fff; border-radius: 6px; }
dl { display: flex; flex-wrap: wrap; gap: 6px 22px; margin: 8px 0 0; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
`;

const SCRIPT = `
for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  heads.forEach((head, column) => head.querySelector('button').addEventListener('click', () => {
    const down = head.getAttribute('aria-sort') === 'ascending';
    for (const other of heads) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
    const numeric = body.rows[0]?.cells[column].className === 'number';
    const missing = (row) => numeric && row.cells[column].dataset.value === undefined;
    const compare = (a, b) => numeric ? Number(key(a)) - Number(key(b)) : key(a).localeCompare(key(b), undefined, { numeric: true });
    const rows = [...body.rows].sort((a, b) => missing(a) - missing(b) || (missing(a) ? 0 : (down ? -1 : 1) * compare(a, b)));
    body.append(...rows);
  }));
}
const players = [...document.querySelectorAll('audio')];
for (const player of players) player.addEventListener('play', () => players.forEach((other) => other !== player && other.pause()));
`;

/** SHA-256 of the style and of the script, base64: a browser runs no other. A test holds them to the texts above. */
const STYLE_HASH = '8iiPXJCjF6dsclePQTr/AYMcuF7hjk2cbVQDVx+fMb4=';
const SCRIPT_HASH = 'RZ0Am/N8uhFP85UKoDANqJnnWvuXEijBjA5Lrwu03tk=';

const POLICY = `default-src 'none'; img-src data:; media-src data:; style-src 'sha256-${STYLE_HASH}'; script-src 'sha256-${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'`;
