/** `alignsts sing` on a real recording: what it writes can be read by other parts, and made again bit for bit. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { decodeMono, trackF0 } from '@alignsts/signal';
import { type IntervalTier, parseTune, readMelody, readTextGrid } from 'alignsts';
import { expect, test } from 'vitest';
import { call, emptyFolder } from './call.ts';

const speech = resolve(import.meta.dirname, '../../examples/audio/never-surpassed.flac');
const sung = resolve(import.meta.dirname, '../../examples/audio/sung-lobo.flac');
const TUNE = '@120 R:1/4 G3:1=has G3:1/2=ne- A3:1=ver G3:1=been C4:1=sur- B3:2=passed';

/** Share of the tune's frames in which the song has the same pitch within 50 cents, octaves forgiven, of those in which it has a pitch. */
async function pitchRight(wav: Uint8Array, tune: Float32Array): Promise<number> {
  const { f0 } = trackF0((await decodeMono(wav)).audio);
  let both = 0;
  let right = 0;
  for (let t = 0; t < Math.min(f0.length, tune.length); t++) {
    if (!(f0[t]! > 0 && tune[t]! > 0)) continue;
    both++;
    const octaves = Math.log2(f0[t]! / tune[t]!);
    if (Math.abs(octaves - Math.round(octaves)) * 1200 < 50) right++;
  }
  expect(both).toBeGreaterThan(0.4 * tune.length);
  return right / both;
}

test('a typed tune is sung, with picture, MIDI, TextGrid and side-car beside it', async () => {
  const cwd = emptyFolder();
  const beside = ['--picture', 'song.svg', '--midi', 'song.mid', '--textgrid', 'song.TextGrid', '--sidecar', 'song.json'];
  const { code, stdout, stderr } = await call(['sing', speech, '-m', TUNE, '-o', 'song.wav', ...beside], { cwd });
  expect(code).toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toMatch(
    /song\.wav: 3\.38 s of song by engine model, made in [\d.]+ s, and song\.svg, song\.mid, song\.TextGrid, song\.json\n$/,
  );
  expect(readdirSync(cwd).sort()).toEqual(['song.TextGrid', 'song.json', 'song.mid', 'song.svg', 'song.wav']);

  const tune = parseTune(TUNE);
  const wav = readFileSync(join(cwd, 'song.wav'));
  // glides between notes, overshoot and vibrato (Saitou) leave the 50 cents for a while
  expect(await pitchRight(wav, tune.f0)).toBeGreaterThan(0.85);
  const midi = await readMelody(readFileSync(join(cwd, 'song.mid')));
  expect(midi.notes!.length).toBe(6);
  expect(midi.notes!.map(({ lyric }) => lyric?.text)).toEqual(['has', 'ne', 'ver', 'been', 'sur', 'passed']);
  const tiers = readTextGrid(readFileSync(join(cwd, 'song.TextGrid'))).tiers as IntervalTier[];
  expect(tiers.map(({ name }) => name)).toEqual(['segments', 'notes', 'lyrics']);
  expect(readFileSync(join(cwd, 'song.svg'), 'utf8')).toContain('never-surpassed.flac sung to the typed tune');

  // the side-car makes the same song again, from wherever the folder is moved to
  const moved = join(emptyFolder(), 'moved');
  mkdirSync(moved);
  for (const name of readdirSync(cwd)) renameSync(join(cwd, name), join(moved, name));
  const sidecar = readFileSync(join(moved, 'song.json'), 'utf8');
  writeFileSync(join(moved, 'song.json'), sidecar.replace(/"path": "[^"]*never-surpassed.flac"/, `"path": ${JSON.stringify(speech)}`));
  const again = await call(['sing', '--replay', 'song.json', '-o', 'again.wav', '--json'], { cwd: moved });
  expect(again.code).toBe(0);
  expect(readFileSync(join(moved, 'again.wav')).equals(wav)).toBe(true);
  const result = JSON.parse(again.stdout) as { engine: string; outputs: { sha256: string }[]; remarks: string[] };
  expect(result.engine).toBe('model');
  expect(sidecar).toContain(result.outputs[0]!.sha256);
  const all = await call(['sing', '--replay', 'song.json'], { cwd: moved });
  expect(all.stderr).toContain('song.wav exists already. Add -y to overwrite it');
  expect((await call(['sing', '--replay', 'song.json', '-y'], { cwd: moved })).stderr).toContain('The same bytes as before.');
});

test('another seed gives another song, the same seed the same', async () => {
  const cwd = emptyFolder();
  for (const [name, seed] of [
    ['a.wav', '1'],
    ['b.wav', '1'],
    ['c.wav', '2'],
  ] as const) {
    await call(['sing', speech, '-m', TUNE, '-o', name, '--seed', seed], { cwd });
  }
  const bytes = (name: string): Buffer => readFileSync(join(cwd, name));
  expect(bytes('a.wav').equals(bytes('b.wav'))).toBe(true);
  expect(bytes('a.wav').equals(bytes('c.wav'))).toBe(false);
});

test('a sung recording is followed by the template, and gives notes to the model', async () => {
  const cwd = emptyFolder();
  const template = await call(['sing', speech, '--melody', sung, '--json'], { cwd });
  expect(JSON.parse(template.stdout)).toMatchObject({ engine: 'template', outputs: [{ kind: 'audio', path: 'never-surpassed-sung.wav' }] });
  const reference = trackF0((await decodeMono(readFileSync(sung))).audio).f0;
  expect(await pitchRight(readFileSync(join(cwd, 'never-surpassed-sung.wav')), reference)).toBeGreaterThan(0.9);
  const model = await call(['sing', speech, '-m', sung, '--engine', 'model', '-o', 'model.flac', '-q'], { cwd });
  expect(model).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(readFileSync(join(cwd, 'model.flac')).subarray(0, 4).toString()).toBe('fLaC');
});

test('speech comes in and song goes out through pipes', async () => {
  const { code, stdoutBytes, stderr } = await call(['sing', '-', '-m', TUNE, '-o', '-'], { stdin: readFileSync(speech) });
  expect(code).toBe(0);
  expect(stderr).toMatch(/standard output: 3\.38 s of song/);
  expect((await decodeMono(stdoutBytes)).audio.samples.length).toBe(Math.round(3.375 * 24000));
});

test('progress names the stages, as NDJSON with --json', async () => {
  const { stderr } = await call(['sing', speech, '-m', TUNE, '-o', 'x.wav', '--json'], { cwd: emptyFolder() });
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; stage?: string; done: number; of: number });
  const progress = lines.filter(({ type }) => type === 'progress');
  expect(progress.length).toBeGreaterThan(2);
  for (const { stage, done, of } of progress) {
    expect(stage).toMatch(/\w/);
    expect(done).toBeLessThanOrEqual(of);
  }
});
