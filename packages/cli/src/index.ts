export type { ExitCode } from './exit-code.ts';
export type { Io, Sink, Source } from './io.ts';
export { run } from './run.ts';
