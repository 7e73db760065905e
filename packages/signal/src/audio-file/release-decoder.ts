import type { Seconds } from '../units.ts';

/** For a file on which a WebAssembly decoder trapped: nothing outside its own memory is touched, but it cannot go on. */
export function stoppedRemark(format: string, after: Seconds): string {
  return `The ${format} file is too damaged to go on after ${after.toFixed(2)} s; what stands before was read.`;
}

/**
 * Gives a WebAssembly decoder's memory back. After a trap inside the module its heap may be broken and freeing traps again; the whole instance is dropped
 * in either case, so that second trap says nothing new.
 */
export function releaseDecoder(decoder: { free(): void }): void {
  try {
    decoder.free();
  } catch {
    // the instance goes with its last reference
  }
}
