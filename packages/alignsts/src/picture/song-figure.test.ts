import { inflateSync } from 'node:zlib';
import { type Audio, createMelSpectrogram } from '@alignsts/signal';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { describe, expect, test } from 'vitest';
import type { Song } from '../convert/engine.ts';
import { framesOf } from '../grid.ts';
import type { Melody, Note } from '../melody/melody.ts';
import { comparisonFigure } from './comparison-figure.ts';
import { figure } from './figure.ts';
import { melPanel } from './mel-panel.ts';
import { melodyFigure, songFigure } from './song-figure.ts';
import { waveEnvelope } from './waveform-panel.ts';

type Element = { name: string; attributes: Record<string, string>; text: string };

/** Every element in document order; throws when the document is not well-formed XML. */
function elementsOf(svg: string): Element[] {
  const all: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    const found = { name, attributes, text: '' };
    all.push(found);
    open.push(found);
  });
  parser.on('text', (text) => {
    const inner = open.at(-1);
    if (inner) inner.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(svg).close();
  return all;
}

const textAt = (elements: Element[], text: string): { x: number; y: number } => {
  const found = elements.find((e) => e.name === 'text' && e.text === text);
  if (!found) throw new Error(`no text '${text}' in the figure`);
  return { x: Number(found.attributes['x']), y: Number(found.attributes['y']) };
};

/** The rows of a figure's first embedded picture, top first, and its place on the page. */
function firstImage(elements: Element[]): { y: number; height: number; rows: Uint8Array[] } {
  const image = elements.find((e) => e.name === 'image')!.attributes;
  const png = Buffer.from(image['href']!.split(',')[1]!, 'base64');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const start = png.indexOf('IDAT');
  const data = inflateSync(png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4)));
  const rows = Array.from({ length: height }, (_, y) => data.subarray(y * (width + 1) + 1, (y + 1) * (width + 1)));
  return { y: Number(image['y']), height: Number(image['height']), rows };
}

const tone = (duration: number, frequency: number, gain = 0.5): Audio => ({
  samples: Float32Array.from({ length: Math.round(24000 * duration) }, (_, n) => gain * Math.sin((2 * Math.PI * frequency * n) / 24000)),
  sampleRate: 24000,
});

const melodyOf = (duration: number, notes: Note[]): Melody => ({
  f0: new Float32Array(framesOf(duration)).fill(440),
  duration,
  notes,
  source: { kind: 'tune' },
  remarks: [],
});

const note = (start: number, end: number, text: string): Note => ({
  start,
  end,
  pitch: 69,
  lyric: { text, syllabic: 'single', extend: false },
});

const songOf = (audio: Audio, speechDuration: number): Song => {
  const frames = framesOf(audio.samples.length / 24000);
  return {
    audio,
    f0: new Float32Array(frames).fill(440),
    alignment: Float32Array.from({ length: frames }, (_, t) => (t / (frames - 1)) * speechDuration),
    segments: [{ kind: 'vowel', label: 'a', speechStart: 0, speechEnd: speechDuration, start: 0, end: audio.samples.length / 24000 }],
    remarks: [],
  };
};

describe('songFigure', () => {
  const figureOf = (texts: { title?: string; lyric?: string; label?: string } = {}): string => {
    const song = songOf(tone(2, 440), 1);
    song.segments[0]!.label = texts.label ?? 'a';
    return songFigure({
      title: texts.title ?? 'Song',
      speech: tone(1, 200),
      song,
      melody: melodyOf(2, [note(0.2, 1.8, texts.lyric ?? 'la')]),
    });
  };

  test('is well-formed, the same for the same input, and asks nothing of the network', () => {
    const svg = figureOf();
    expect(svg).toBe(figureOf());
    const links = elementsOf(svg).flatMap(({ attributes }) =>
      Object.entries(attributes).filter(([key]) => key.includes('href') || key === 'src'),
    );
    expect(links.length).toBeGreaterThan(0);
    for (const [, link] of links) expect(link).toMatch(/^data:image\/png;base64,/);
    expect(svg.match(/https?:[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
  });

  test('names its axes with their units', () => {
    const elements = elementsOf(figureOf());
    for (const label of ['Time (s)', 'Speech time (s)', 'Frequency (kHz)', 'Level (dB re loudest)', 'F0 (Hz)', 'Note', 'Amplitude'])
      textAt(elements, label);
  });

  test('markup in titles, lyrics and labels is shown, not obeyed', () => {
    const evil = '</text><script>alert(1)</script><text>';
    const elements = elementsOf(figureOf({ title: evil, lyric: evil, label: '<i>' }));
    expect(elements.filter(({ name }) => name === 'script' || name === 'i')).toEqual([]);
    expect(elements.filter(({ text }) => text === evil).length).toBe(2);
  });

  test('a pitch of 440 Hz lies on the mark A4, and an even stretch on the diagonal', () => {
    const svg = figureOf();
    const elements = elementsOf(svg);
    const mark = textAt(elements, 'A4').y - 11 * 0.36;
    const lines = elements.filter(({ name, attributes }) => name === 'path' && attributes['stroke-linejoin'] === 'round');
    const ends = lines.map(({ attributes }) =>
      attributes['d']!.split(/[ML]/)
        .slice(1)
        .map((point) => point.split(' ').map(Number)),
    );
    const [melody, sung, path] = ends as unknown as [number[][], number[][], number[][]];
    for (const [, y] of [...melody, ...sung]) expect(y).toBeCloseTo(mark, 0);
    const [first, last] = [path[0]!, path.at(-1)!];
    for (const [x, y] of path) expect((y! - first[1]!) / (last[1]! - first[1]!)).toBeCloseTo((x! - first[0]!) / (last[0]! - first[0]!), 2);
  });

  test('two minutes of sound still make a small picture', () => {
    const long: Audio = { samples: new Float32Array(24000 * 120).fill(0.1), sampleRate: 24000 };
    const svg = songFigure({ title: 'Long', speech: long, song: songOf(long, 120), melody: melodyOf(120, []) });
    expect(svg.length).toBeLessThan(400_000);
  });

  test.each([
    ['silence', new Float32Array(24000)],
    ['one sample', Float32Array.of(0.5)],
  ])('%s has a picture too', (_, samples) => {
    const audio: Audio = { samples, sampleRate: 24000 };
    const song = { ...songOf(audio, 0.5), f0: new Float32Array(framesOf(samples.length / 24000)), segments: [] };
    const melody: Melody = { f0: song.f0, duration: samples.length / 24000, source: { kind: 'tune' }, remarks: [] };
    const svg = songFigure({ title: 'Quiet', speech: audio, song, melody });
    expect(svg).not.toMatch(/NaN|Infinity/);
    elementsOf(svg);
  });
});

describe('melodyFigure', () => {
  test('a lyric stands over its note, a syllable that goes on with a hyphen', () => {
    const notes: Note[] = [{ ...note(0, 1, 'a'), lyric: { text: 'a', syllabic: 'begin', extend: false } }, note(1, 2, 'men')];
    const elements = elementsOf(melodyFigure({ title: 'Amen', melody: melodyOf(2, notes) }));
    const boxes = elements.filter(({ name, attributes }) => name === 'rect' && attributes['rx'] === '3');
    expect(boxes.length).toBe(2);
    const [first, second] = boxes.map(({ attributes }) => ({ x: Number(attributes['x']), y: Number(attributes['y']) }));
    expect(textAt(elements, 'a-').x).toBeCloseTo(first!.x + 1, 1);
    expect(textAt(elements, 'men').x).toBeCloseTo(second!.x + 1, 1);
    expect(textAt(elements, 'men').y).toBeLessThan(second!.y);
  });

  test('labels that would overlap are left out, and the notes stay', () => {
    const notes = Array.from({ length: 200 }, (_, i) => note(i * 0.1, i * 0.1 + 0.09, 'wonderful'));
    const elements = elementsOf(melodyFigure({ title: 'Fast', melody: melodyOf(20, notes) }));
    expect(elements.filter(({ name, attributes }) => name === 'rect' && attributes['stroke-width'] === '0.8').length).toBe(200);
    const labels = elements
      .filter(({ text }) => text === 'wonderful')
      .map(({ attributes }) => [Number(attributes['x']), Number(attributes['y'])] as const);
    expect(labels.length).toBeGreaterThan(10);
    for (const [x, y] of labels) {
      for (const [otherX, otherY] of labels) if (otherX > x && Math.abs(otherY - y) < 8) expect(otherX - x).toBeGreaterThan(50);
    }
  });

  test('a hundred thousand notes and a title without end still make a small picture', () => {
    const notes = Array.from({ length: 100_000 }, (_, i) => ({ ...note(i * 1e-3, (i + 1) * 1e-3, 'la'), pitch: 48 + (i % 25) }));
    const svg = melodyFigure({ title: 'x'.repeat(5000), melody: melodyOf(100, notes) });
    expect(svg.length).toBeLessThan(8_000_000);
    const title = elementsOf(svg).find(({ name, attributes }) => name === 'text' && attributes['font-size'] === '19')!;
    expect(title.text).toMatch(/^x{40,120}…$/);
  });

  test('a melody without notes and pitch is an empty grid', () => {
    const melody: Melody = { f0: new Float32Array(188), duration: 1, source: { kind: 'f0-table' }, remarks: [] };
    expect(() => elementsOf(melodyFigure({ title: 'Rest', melody }))).not.toThrow();
  });
});

describe('panels', () => {
  test.each([500, 2000, 5000])('a tone of %i Hz is brightest at its mark on the frequency axis', (frequency) => {
    const mel = createMelSpectrogram()(tone(1, frequency).samples);
    const elements = elementsOf(figure({ title: 'Tone', duration: 1, panels: [melPanel({ title: 'Mel', mel, hop: 128 / 24000 })] }));
    const { y, height, rows } = firstImage(elements);
    const sums = rows.map((row) => row.reduce((a, b) => a + b, 0));
    const brightest = sums.indexOf(Math.max(...sums));
    const mark = textAt(elements, String(frequency / 1000)).y - 11 * 0.36;
    // a filter is as wide as one row
    expect(Math.abs(y + ((brightest + 0.5) / rows.length) * height - mark)).toBeLessThan(height / rows.length);
  });

  test('the envelope holds the extremes of each column, and nothing beyond the sound', () => {
    const samples = Float32Array.from({ length: 2400 }, (_, n) => Math.sin(n * n * 1e-4));
    const columns = waveEnvelope({ samples, sampleRate: 24000 }, 0, 0.2, 40);
    for (let i = 0; i < 20; i++) {
      const part = [...samples.subarray(i * 120, (i + 1) * 120)];
      expect(columns[i]).toEqual({ low: Math.min(...part), high: Math.max(...part) });
    }
    for (let i = 20; i < 40; i++) expect(columns[i]).toEqual({ low: 0, high: 0 });
  });
});

test('a comparison shows target and output in every panel', () => {
  const elements = elementsOf(comparisonFigure({ title: 'Pair', target: tone(1, 220), output: tone(0.8, 230) }));
  for (const label of ['Target', 'Output', 'Pitch', 'Rhythm (Eq. 3)']) textAt(elements, label);
  expect(elements.filter(({ text }) => text === 'target').length).toBe(2);
});
