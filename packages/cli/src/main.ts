#!/usr/bin/env node
/** The program `alignsts`: gives the real process to `run`. */
import { processIo } from './io.ts';
import { run } from './run.ts';

// exitCode and not exit(): what is still in a pipe gets written
process.exitCode = await run(process.argv.slice(2), processIo());
