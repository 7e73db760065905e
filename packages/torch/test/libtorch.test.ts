import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { configureTorch, describeTorch, getThreads, hasTorch, loadTorch, setThreads, tensor } from '../src/index.ts';
import { torchTest } from './support/torch-test.ts';

/** Runs a few lines against the package in a process whose TORCH_HOME is an empty folder. */
function withoutTorch(code: string): { stdout: string; status: number | null } {
  const index = new URL('../src/index.ts', import.meta.url).href;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--conditions=source', '--input-type=module', '-e', `const torch = await import('${index}');\n${code}`],
    { encoding: 'utf8', env: { ...process.env, TORCH_HOME: '/nonexistent' }, timeout: 60_000 },
  );
  return { stdout: stdout + (status === 0 ? '' : stderr), status };
}

describe('without a libtorch', () => {
  test('importing does nothing, files can be read, and the first use of a tensor says what to install', () => {
    const { stdout, status } = withoutTorch(`
      const file = torch.writeSafetensors({ a: { dtype: 'float32', shape: [1], bytes: new Uint8Array(4) } });
      console.log(Object.keys(torch.readSafetensors(file).tensors), torch.hasTorch());
      for (const use of [() => torch.loadTorch(), () => torch.zeros([1]), () => torch.tensor(1)]) {
        try { use(); } catch (error) { console.log(error.message.slice(0, 27)); }
      }
      const { missing, devices, looked } = await torch.describeTorch();
      console.log(devices.length, missing.includes('pip install torch'), missing.includes('libtorch-dev'), looked[0]);
    `);
    expect(stdout).toBe(
      `[ 'a' ] false\n${'no libtorch was found (TORC\n'.repeat(3)}0 true true TORCH_HOME=/nonexistent: no libtorch there (expected include/ and lib/libtorch.so)\n`,
    );
    expect(status).toBe(0);
  });
});

describe('with a libtorch', () => {
  torchTest('describeTorch tells its version, place and devices', async () => {
    const { version, path, devices, threads, missing, looked } = await describeTorch();
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(path).toMatch(/^\//);
    expect(devices[0]).toBe('cpu');
    expect(threads).toBeGreaterThan(0);
    expect(missing).toBeUndefined();
    expect(looked.length).toBeGreaterThan(0);
    expect(loadTorch()).toEqual({ version, path, cuda: devices.length > 1 });
    expect(hasTorch()).toBe(true);
  });

  torchTest('settings are taken, and wrong ones refused', () => {
    const before = getThreads();
    setThreads(1);
    expect(getThreads()).toBe(1);
    setThreads(before);
    expect(() => setThreads(0)).toThrow('the number of threads is a whole number from 1 on');
    configureTorch({ tf32: true, cudnnBenchmark: false, deterministic: false });
    expect(() => configureTorch({ fast: true } as never)).toThrow("unknown option 'fast'");
    expect(tensor([1]).item()).toBe(1);
  });
});
