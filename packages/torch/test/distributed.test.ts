import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { cuda, hasTorch, joinProcessGroup } from '../src/index.ts';
import { torchTest } from './support/torch-test.ts';

type Report = { rank: number; weights: number[][]; losses: number[]; largest: number[]; gathered: number[][] };

const worker = new URL('./support/distributed-worker.ts', import.meta.url).pathname;

async function train(env: Record<string, string>): Promise<Report> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--conditions=source', worker], {
    env: { ...process.env, ...env },
    timeout: 120_000,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Report;
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function together(size: number, env: Record<string, string> = {}): Promise<Report[]> {
  const port = String(await freePort());
  return Promise.all(
    Array.from({ length: size }, (_, rank) =>
      train({
        RANK: String(rank),
        LOCAL_RANK: String(rank),
        WORLD_SIZE: String(size),
        MASTER_ADDR: '127.0.0.1',
        MASTER_PORT: port,
        ...env,
      }),
    ),
  );
}

function expectSameTraining(alone: Report, reports: Report[]): void {
  for (const report of reports) {
    expect(report.losses).toBeAllClose(alone.losses, { atol: 1e-5, rtol: 1e-5 });
    for (const [i, weights] of report.weights.entries()) expect(weights).toBeAllClose(alone.weights[i]!, { atol: 1e-5, rtol: 1e-5 });
    // what all hold is the same to the bit
    expect(report.weights).toEqual(reports[0]!.weights);
    expect(report.largest).toEqual([reports.length - 1, 0]);
    expect(report.gathered).toEqual(reports.map((_, rank) => [rank]));
  }
}

describe('data-parallel training', () => {
  torchTest(
    'of two processes over Gloo equals one process on the joined batch',
    async () => {
      const alone = await train({});
      expectSameTraining(alone, await together(2));
      expect(alone.losses[9]!).toBeLessThan(alone.losses[0]!);
    },
    180_000,
  );

  torchTest.skipIf(!hasTorch() || cuda.deviceCount() < 2)(
    'of two processes over NCCL equals one process on the joined batch',
    async () => {
      const alone = await train({ TEST_DEVICE: 'cuda', LOCAL_RANK: '0' });
      expectSameTraining(alone, await together(2, { TEST_DEVICE: 'cuda' }));
    },
    180_000,
  );

  torchTest('says what is wrong with the environment', () => {
    expect(() => joinProcessGroup({ env: { WORLD_SIZE: '2', RANK: '2' } })).toThrow('RANK is 2 but WORLD_SIZE is 2');
    expect(() => joinProcessGroup({ env: { WORLD_SIZE: 'two' } })).toThrow("WORLD_SIZE is 'two'");
    expect(() => joinProcessGroup({ backend: 'gloo', env: { WORLD_SIZE: '2', RANK: '0', MASTER_PORT: '70000' } })).toThrow(
      'a port is a number from 1 to 65535',
    );
    expect(joinProcessGroup({ backend: 'gloo', env: {} })).toMatchObject({ rank: 0, size: 1 });
  });
});
