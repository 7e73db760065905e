/** What melody, features and evaluate write, held against other readers of the same files. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createMelSpectrogram, decodeAudio, decodeMono, encodeWav, resample, trackF0 } from '@alignsts/signal';
import { formatTextGrid, type IntervalTier, readTextGrid, type TextGrid } from 'alignsts';
import { expect, test } from 'vitest';
import { call, emptyFolder } from './call.ts';

const audio = resolve(import.meta.dirname, '../../examples/audio');
const tunes = resolve(import.meta.dirname, '../../examples/tunes');
const TUNE = '@60 A4:1=la C5:1=lo';

test('melody prints the notes and draws them', async () => {
  const { code, stdout, stderr } = await call(['melody', TUNE]);
  expect(code).toBe(0);
  expect(stderr).toBe('');
  await expect(stdout).toMatchFileSnapshot('melody-drawing.txt');
  const plain = (await call(['melody', TUNE, '--ascii'])).stdout;
  expect(plain).toMatch(/^[\x20-\x7e\n]+$/);
});

test('melody writes MIDI, CSV, notes and a tone that it reads back as the same melody', async () => {
  const cwd = emptyFolder();
  const words = ['melody', TUNE, '--midi', 'a.mid', '--csv', 'a.csv', '--notes', 'n.csv', '--tone', 'a.wav', '--picture', 'a.svg'];
  expect(await call(words, { cwd })).toMatchObject({
    code: 0,
    stderr: 'wrote a.mid\nwrote a.csv\nwrote n.csv\nwrote a.wav\nwrote a.svg\n',
  });
  expect(readdirSync(cwd).sort()).toEqual(['a.csv', 'a.mid', 'a.svg', 'a.wav', 'n.csv']);
  expect(readFileSync(join(cwd, 'n.csv'), 'utf8').split('\n')[2]).toBe('1.000000,2.000000,72,C5,lo,single,0');
  for (const name of ['a.mid', 'a.csv', 'a.wav']) {
    const melody = JSON.parse((await call(['melody', name, '--json'], { cwd })).stdout) as { duration: number; notes: { pitch: number }[] };
    expect(melody.duration).toBeCloseTo(2, 2);
    // a tracked tone has notes only where they were segmented
    if (melody.notes.length > 0) expect(melody.notes.map(({ pitch }) => Math.round(pitch))).toEqual([69, 72]);
  }
});

test('melody transposes and changes the tempo', async () => {
  const { stdout } = await call(['melody', TUNE, '-k', '-12', '--tempo', '2', '--json']);
  const melody = JSON.parse(stdout) as { duration: number; notes: { name: string; start: number }[] };
  expect(melody.duration).toBe(1);
  expect(melody.notes.map(({ name, start }) => [name, start])).toEqual([
    ['A3', 0],
    ['C4', 0.5],
  ]);
});

test('melody reads every example tune, also through a pipe', async () => {
  for (const name of readdirSync(tunes).filter((file) => !file.endsWith('.md'))) {
    const direct = await call(['melody', join(tunes, name), '--json']);
    expect(direct.code).toBe(0);
    const piped = await call(['melody', '-', '--json'], { stdin: readFileSync(join(tunes, name)) });
    const notesOf = ({ stdout }: { stdout: string }): unknown => (JSON.parse(stdout) as { notes: unknown }).notes;
    expect(notesOf(piped)).toEqual(notesOf(direct));
  }
});

test('features gives the mel, F0 and rhythm of the library', async () => {
  const cwd = emptyFolder();
  const path = join(audio, 'never-surpassed.flac');
  const { code, stdout } = await call(['features', path, '--json']);
  expect(code).toBe(0);
  const seen = JSON.parse(stdout) as { frames: number; f0: number[]; mel: number[][]; rhythm: number[]; energy: number[] };
  const speech = resample((await decodeMono(readFileSync(path))).audio, 24000);
  const mel = createMelSpectrogram()(speech.samples);
  expect(seen.frames).toBe(mel.frames);
  // six digits are written
  expect(seen.mel.flat()).toBeAllClose(mel.values, { rtol: 1e-5, atol: 1e-9 });
  expect(seen.f0).toBeAllClose(trackF0(speech).f0, { rtol: 1e-5, atol: 0 });
  expect([seen.rhythm.length, seen.energy.length]).toEqual([mel.frames, mel.frames]);

  await call(['features', path, '-o', 'mel.npy', '--picture', 'a.png', '--flattened', 'flat.wav'], { cwd });
  const npy = readFileSync(join(cwd, 'mel.npy'));
  expect(npy.length).toBe(128 + 4 * mel.values.length);
  expect([...new Float32Array(npy.buffer.slice(npy.byteOffset + 128, npy.byteOffset + npy.length))]).toEqual([...mel.values]);
  expect(readFileSync(join(cwd, 'a.png')).subarray(1, 4).toString()).toBe('PNG');
  const flat = (await decodeMono(readFileSync(join(cwd, 'flat.wav')))).audio;
  expect(flat.samples.length).toBe(speech.samples.length);
  const pitches = trackF0(flat)
    .f0.filter((hertz) => hertz > 0)
    .sort();
  // nine tenths of the flattened speech stay within a semitone of its middle
  expect(pitches[Math.floor(0.95 * pitches.length)]! / pitches[Math.floor(0.05 * pitches.length)]!).toBeLessThan(2 ** (2 / 12));
});

test('features writes a table of one row a frame', async () => {
  const { stdout } = await call(['features', join(audio, 'never-surpassed.flac')]);
  expect(stdout).toContain('never-surpassed.flac: 1.78 s, 335 frames');
  const cwd = emptyFolder();
  await call(['features', join(audio, 'never-surpassed.flac'), '-o', 'a.csv'], { cwd });
  const lines = readFileSync(join(cwd, 'a.csv'), 'utf8').trimEnd().split('\n');
  expect(lines[0]).toBe('time,f0,confidence,energy,rhythm');
  expect(lines.length).toBe(336);
});

test('align moves the labels of the speech onto the reference', async () => {
  const cwd = emptyFolder();
  const path = join(audio, 'never-surpassed.flac');
  const { audio: sound } = await decodeMono(readFileSync(path));
  // the same speech half a second later
  const later = new Float32Array(sound.samples.length + sound.sampleRate / 2);
  later.set(sound.samples, sound.sampleRate / 2);
  writeFileSync(join(cwd, 'later.wav'), encodeWav({ samples: later, sampleRate: sound.sampleRate }));
  const intervals = [{ start: 0.8, end: 1.2, label: 'surpassed' }];
  const grid: TextGrid = { start: 0, end: 1.78, tiers: [{ kind: 'interval', name: 'words', intervals }] };
  writeFileSync(join(cwd, 'speech.TextGrid'), formatTextGrid(grid));
  const words = ['align', path, 'later.wav', '--labels', 'speech.TextGrid', '-o', 'later.TextGrid', '--picture', 'path.svg'];
  const { code, stdout } = await call(words, { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain('2.28 s of reference from 1.78 s of speech');
  const [tier] = readTextGrid(readFileSync(join(cwd, 'later.TextGrid'))).tiers;
  const found = (tier as IntervalTier).intervals.find(({ label }) => label === 'surpassed')!;
  expect(found.start).toBeCloseTo(1.3, 2);
  expect(found.end).toBeCloseTo(1.7, 2);
  const marks = await call(['align', path, 'later.wav', '-o', '-'], { cwd });
  expect(JSON.parse(marks.stdout)).toMatchObject({ frameRate: 187.5 });
});

test('evaluate compares pairs, prints a table and writes a page that needs nothing else', async () => {
  const cwd = emptyFolder();
  const song = (await decodeMono(readFileSync(join(audio, 'sung-lobo.flac')))).audio;
  const part = (from: number): Float32Array => song.samples.subarray(from * 24000, (from + 2) * 24000);
  writeFileSync(join(cwd, 'a.wav'), encodeWav({ samples: part(0), sampleRate: 24000 }));
  writeFileSync(join(cwd, 'b.wav'), encodeWav({ samples: part(3), sampleRate: 24000 }));
  writeFileSync(join(cwd, 'pairs.tsv'), 'id\ttarget\toutput\tspeech\nsame\ta.wav\ta.wav\ta.wav\nother\ta.wav\tb.wav\t\n');
  const { code, stdout } = await call(['evaluate', 'pairs.tsv', '--html', 'page.html', '--report', 'report.json'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^same\s+1\.000\s+1\.000/m);
  const report = JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8')) as { items: { values: Record<string, number> }[] };
  expect(report.items[0]!.values).toMatchObject({ rca: 1, lsd: 0, mcd: 0, rrd: 0 });
  expect(report.items[1]!.values['rca']).toBeLessThan(0.6);
  const page = readFileSync(join(cwd, 'page.html'), 'utf8');
  expect(page.match(/<audio/g)!.length).toBe(5);
  expect(page).not.toMatch(/(src|href)="https?:/);
  expect((await call(['evaluate', 'pairs.tsv', '--json'], { cwd })).stdout).toBe(readFileSync(join(cwd, 'report.json'), 'utf8'));
});

test('progress of a list is NDJSON with --json and a bar on a terminal', async () => {
  const cwd = emptyFolder();
  const sound = readFileSync(join(audio, 'never-surpassed.flac'));
  writeFileSync(join(cwd, 'a.flac'), sound);
  writeFileSync(join(cwd, 'pairs.jsonl'), '{"id":"x","target":"a.flac","output":"a.flac"}\n');
  const lines = (await call(['evaluate', 'pairs.jsonl', '--json'], { cwd })).stderr.trimEnd().split('\n');
  expect(JSON.parse(lines[0]!)).toEqual({ type: 'progress', stage: 'x', done: 0, of: 1 });
  const [, drawn] = (await call(['evaluate', 'pairs.jsonl'], { cwd, terminal: true })).stderr.split('\r\x1b[K');
  expect(drawn).toMatch(/^x +░+ +0 %$/);
  expect((await call(['evaluate', 'pairs.jsonl', '-q'], { cwd, terminal: true })).stderr).toBe('');
});

test('the example recordings are what their list says', async () => {
  const listed = readFileSync(join(audio, 'README.md'), 'utf8');
  const names = readdirSync(audio).filter((file) => file.endsWith('.flac'));
  expect(names.length).toBe([...listed.matchAll(/^\| `[\w-]+\.flac`/gm)].length);
  for (const name of names) {
    expect(listed).toContain(`\`${name}\``);
    const { audio: sound } = await decodeAudio(readFileSync(join(audio, name)));
    expect(sound.channels[0]!.length / sound.sampleRate).toBeLessThan(8);
  }
});
