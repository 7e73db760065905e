/** The exported graphs in a real browser: WebAssembly gives what libtorch gives, through exactly the adapter that pages use. */
import { createRandom } from '@alignsts/signal';
import * as torch from '@alignsts/torch';
import { exportGraphs } from '@alignsts/train';
import { type Config, type FloatArray, fillTree, initModel, mapTree, readConfig } from 'alignsts/model';
import { type Graph, recordBaseline, sha256, writeModel } from 'alignsts/onnx';
import { openGraph } from 'alignsts/onnx/node';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChromium } from './chromium.ts';
import type { Encoded } from './graph-page.ts';
import { type Site, serve } from './serve.ts';

declare const window: { page: typeof import('./graph-page.ts') };

const features = { content: { channels: 7 }, timbre: { channels: 16 }, pitch: { rows: 64, levels: 60 } };
const alignsts = { system: 'alignsts', hidden: 16, groups: 4, decoder: { kind: 'diffusion', blocks: 5 } };
const variants: Record<string, object> = {
  default: alignsts,
  'no rhythm adaptor': { ...alignsts, rhythmAdaptor: { enabled: false } },
  'no cross-modal alignment': { ...alignsts, aligner: { enabled: false } },
  gan: { ...alignsts, decoder: { kind: 'fft', layers: 2 } },
};
const baselines: Record<string, object> = {
  'Parekh 2020': { system: 'parekh2020', widths: [24, 16, 12], code: 8, skip: 4 },
  'SpeechSplit2, small': { system: 'speechsplit2' },
  'Wu and Yang 2020': { system: 'wu-yang-2020', hidden: 32, pitchChannels: 8, skip: 8 },
};

const files: Record<string, Uint8Array> = {};
let site: Site;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!torch.hasTorch())
    throw new Error('The browser tests compare with libtorch, and there is none. `alignsts doctor` tells how to install it.');
  site = await serve(new URL('graph-page.ts', import.meta.url).pathname, files);
  browser = await openChromium();
  page = await browser.newPage();
  await page.goto(site.url);
  await page.waitForFunction(() => window.page !== undefined);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

describe.each(['float32', 'int8'] as const)('AlignSTS with %s weights', (weights) => {
  test.each(Object.entries(variants))('%s is what libtorch gives', async (name, model) => {
    const config = readConfig({ name, features, model }, 'test');
    // export runs each graph through this adapter and compares it with libtorch itself
    const exported = await exportGraphs(checkpointOf(config), { weights, openGraph: openInPage });
    for (const { difference } of exported) expect(difference).toBeLessThan(weights === 'float32' ? 1e-4 : 0.15);
  });
});

// the baselines' graphs are held to libtorch in Node (variants.test.ts), so here to Node
test.each(Object.entries(baselines))('%s is what Node gives', async (name, model) => {
  const config = readConfig({ name, features, model }, 'test');
  const bytes = writeModel(recordBaseline(config, fillTree(initModel(config), 3)));
  const hash = await sha256(bytes);
  const inputs = baselineInputs();
  const [here, there] = [await openGraph(bytes, { sha256: hash, threads: 1 }), await openInPage(bytes, { sha256: hash })];
  const expected = await here.run(inputs);
  expect((await there.run(inputs))['mel']!.data).toBeAllClose(expected['mel']!.data, { atol: 1e-4, rtol: 1e-4 });
  await here.close();
});

test('two threads give the same numbers as one', async () => {
  const config = readConfig({ name: 'threads', features, model: alignsts }, 'test');
  const [condition] = await exportGraphs(checkpointOf(config), {
    openGraph: (bytes, options) => openInPage(bytes, { ...options, threads: 2 }),
  });
  expect(condition!.difference).toBeLessThan(1e-4);
});

test('a model with another hash is refused in the page', async () => {
  const config = readConfig({ name: 'hash', features, model: alignsts }, 'test');
  const open = (bytes: Uint8Array) => openInPage(bytes, { sha256: '0'.repeat(64) });
  await expect(exportGraphs(checkpointOf(config), { openGraph: open })).rejects.toThrow(/SHA-256 is [0-9a-f]{64}, but 0{64} is expected/);
});

/** The ONNX port, acted out by the page. */
async function openInPage(bytes: Uint8Array, { sha256: hash, threads = 1 }: { sha256: string; threads?: number }): Promise<Graph> {
  const path = `/model-${Object.keys(files).length}.onnx`;
  files[path] = bytes;
  const inputs = await openGraph(bytes, { sha256: await sha256(bytes), threads: 1 });
  await inputs.close();
  return {
    inputs: inputs.inputs,
    outputs: inputs.outputs,
    async run(given) {
      const sent = Object.fromEntries(
        Object.entries(given).map(([name, { data, shape }]): [string, Encoded] => [
          name,
          {
            type: data instanceof Float32Array ? 'float32' : 'int32',
            shape,
            base64: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
          },
        ]),
      );
      const results = await page.evaluate(([model, digest, count, values]) => window.page.run(model, digest, count, values), [
        path,
        hash,
        threads,
        sent,
      ] as const);
      return Object.fromEntries(
        Object.entries(results).map(([name, { type, shape, base64 }]) => {
          const { buffer } = Uint8Array.from(Buffer.from(base64, 'base64'));
          return [name, { shape, data: type === 'float32' ? new Float32Array(buffer) : new Int32Array(buffer) }];
        }),
      );
    },
    close: async () => undefined,
  };
}

function checkpointOf(config: Config) {
  const weights: Record<string, FloatArray> = {};
  mapTree<unknown, FloatArray, void>(fillTree(initModel(config), 3), (leaf, name) => {
    weights[name] = leaf;
  });
  const codebook = { shape: [6, 16], data: Float32Array.from({ length: 96 }, (_, i) => Math.sin(i)) };
  return { config, updates: 0, weights, buffers: { codebook } };
}

function baselineInputs() {
  const random = createRandom(2);
  const normal = (shape: number[]) => ({
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal() - 3),
    shape,
  });
  return {
    speechMel: normal([2, 15, 80]),
    speechLengths: { data: Int32Array.of(15, 6), shape: [2] },
    pitch: { data: Int32Array.from({ length: 44 }, () => random.integer(60)), shape: [2, 22] },
    lengths: { data: Int32Array.of(22, 13), shape: [2] },
    timbre: normal([2, 16]),
  };
}
