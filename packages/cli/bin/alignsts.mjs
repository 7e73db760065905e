#!/usr/bin/env node
// The program's door. In a clone it runs the TypeScript sources (through tsx), in the published package the built files.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = new URL('../src/main.ts', import.meta.url);
if (existsSync(source)) {
  // --conditions can only be given to a new process; tsx is found from here, so that any working directory will do
  const words = ['--conditions=source', '--import', import.meta.resolve('tsx'), fileURLToPath(source), ...process.argv.slice(2)];
  const child = spawn(process.execPath, words, { stdio: 'inherit' });
  // Ctrl-C reaches the child as well, which cleans up and says how it ended; a polite kill has to be passed on
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exitCode = code ?? 1;
  });
} else {
  await import('../dist/main.js');
}
