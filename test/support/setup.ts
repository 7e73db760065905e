/** Registers the array matcher and fails any test whose code writes to the console: library code reports, it never prints. */
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { toBeAllClose } from './to-be-all-close.ts';

expect.extend({ toBeAllClose });

const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;
const spies: ReturnType<typeof vi.spyOn>[] = [];

beforeEach(() => {
  for (const method of methods) spies.push(vi.spyOn(console, method).mockImplementation(() => undefined) as never);
});

afterEach(() => {
  const calls = spies.flatMap((spy) => spy.mock.calls);
  for (const spy of spies.splice(0)) spy.mockRestore();
  if (calls.length > 0) throw new Error(`library code wrote to the console: ${String(calls[0])}`);
});
