/** A page of our own on this machine, with what it asks for and nothing else; cross-origin isolated, so that WebAssembly may use threads. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

export type Site = { url: string; close(): Promise<void> };

const runtime = dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));

/**
 * @param script a TypeScript file, bundled; what it exports is `window.page`
 * @param files further paths and their bytes; more may be added while the site stands
 */
export async function serve(script: string, files: Record<string, Uint8Array>): Promise<Site> {
  const { outputFiles } = await build({
    ...{ entryPoints: [script], bundle: true, format: 'esm', write: false, conditions: ['source'], platform: 'browser', logLevel: 'error' },
    external: ['/runtime/*'],
  });
  const page =
    '<!doctype html><meta charset="utf-8"><title>test</title><script type="module">import * as page from "/page.js"; window.page = page;</script>';
  const fixed: Record<string, Uint8Array | string> = { '/': page, '/page.js': outputFiles[0]!.contents };
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    const runtimeFile = /^\/runtime\/([\w.-]+)$/.exec(path)?.[1];
    try {
      const content = runtimeFile ? await readFile(join(runtime, runtimeFile)) : (fixed[path] ?? files[path]);
      if (content === undefined) throw new Error('not found');
      const type =
        path === '/'
          ? 'text/html'
          : /\.m?js$/.test(path)
            ? 'text/javascript'
            : /\.wasm$/.test(path)
              ? 'application/wasm'
              : 'application/octet-stream';
      response.writeHead(200, {
        'content-type': type,
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
