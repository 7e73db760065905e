/** What info and export tell and write. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as torch from '@alignsts/torch';
import { writeCheckpoint } from '@alignsts/train';
import { type AlignstsModel, fillTree, initAlignsts, readConfig } from 'alignsts/model';
import { openGraph } from 'alignsts/onnx/node';
import { expect, test } from 'vitest';
import { call, emptyFolder } from './call.ts';

test('info prints the released configuration by module, as text and as JSON', async () => {
  const { code, stdout } = await call(['info', 'release', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    parameters: 26_150_488,
    modules: { denoiser: 15_086_416, aligner: 5_772_289 },
    receptiveField: 151,
  });
  expect((await call(['info', 'ablations/no-cross-modal-alignment'])).stdout).not.toContain('aligner');
  expect((await call(['info', 'release'])).stdout).toContain('26,150,488  parameters');
});

test("info reads a file of one's own, with what it builds on, and says what is wrong with one", async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'base.json'), JSON.stringify({ name: 'base', model: { system: 'alignsts', hidden: 128, groups: 8 } }));
  writeFileSync(join(cwd, 'mine.json'), JSON.stringify({ extends: 'base.json', name: 'mine' }));
  writeFileSync(join(cwd, 'bad.json'), JSON.stringify({ name: 'bad', model: { system: 'alignsts', hidden: -1 } }));
  expect((await call(['info', 'mine.json'], { cwd })).stdout).toMatch(/^mine \(alignsts\)/);
  expect((await call(['info', 'bad.json'], { cwd })).stderr).toContain('model.hidden is -1');
  const missing = await call(['info', 'nothing'], { cwd });
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('There is no configuration nothing');
});

/** An untrained tiny model as a checkpoint. */
function checkpoint(cwd: string): void {
  const config = readConfig(
    JSON.parse(readFileSync(new URL('../../configs/tiny.json', import.meta.url), 'utf8')),
    'tiny.json',
  ) as AlignstsModel;
  const { hidden, rhythmAdaptor } = config.model;
  const codebook = {
    shape: [rhythmAdaptor.codes, hidden],
    data: new Float32Array(rhythmAdaptor.codes * hidden).map((_, i) => Math.sin(i)),
  };
  writeFileSync(
    join(cwd, 'tiny.safetensors'),
    writeCheckpoint({ config, updates: 7, weights: fillTree(initAlignsts(config), 1), buffers: { codebook } }),
  );
}

test.skipIf(!torch.hasTorch())('export writes graphs that fit their manifest and says how far they are from libtorch', async () => {
  const cwd = emptyFolder();
  checkpoint(cwd);
  const { code, stdout } = await call(['export', 'tiny.safetensors', '--name', 'mine', '--json'], { cwd });
  expect(code).toBe(0);
  expect(readdirSync(cwd).sort()).toEqual(['mine-condition.onnx', 'mine-denoiser.onnx', 'mine.json', 'tiny.safetensors']);
  const manifest = JSON.parse(readFileSync(join(cwd, 'mine.json'), 'utf8'));
  expect(manifest).toMatchObject({ name: 'mine', updates: 7, config: { name: 'tiny' } });
  expect(JSON.parse(stdout).graphs).toEqual(manifest.graphs);
  for (const { file, sha256, bytes, differenceFromLibtorch } of manifest.graphs) {
    const content = readFileSync(join(cwd, file));
    expect([content.length, createHash('sha256').update(content).digest('hex')]).toEqual([bytes, sha256]);
    expect(differenceFromLibtorch).toBeLessThan(1e-4);
    const graph = await openGraph(content, { sha256, threads: 1 });
    expect(graph.outputs.length).toBeGreaterThan(0);
    await graph.close();
  }
});

test('export overwrites nothing unasked, and refuses what is no checkpoint', async () => {
  const cwd = emptyFolder();
  checkpoint(cwd);
  writeFileSync(join(cwd, 'tiny.json'), 'mine');
  const words = ['export', 'tiny.safetensors', '--check', 'none'];
  expect((await call(words, { cwd })).code).toBe(2);
  expect(readdirSync(cwd)).toHaveLength(2);
  expect((await call([...words, '-y', '--weights', 'int8'], { cwd })).code).toBe(0);
  expect(JSON.parse(readFileSync(join(cwd, 'tiny.json'), 'utf8')).graphs[0].weights).toBe('int8');
  writeFileSync(join(cwd, 'junk.safetensors'), 'junk');
  const junk = await call(['export', 'junk.safetensors'], { cwd });
  expect(junk.code).toBe(2);
  expect(junk.stderr).toContain('junk.safetensors: this is no valid safetensors file');
});
