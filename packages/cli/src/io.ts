/**
 * The world as a command sees it. `main.ts` fills it with the real process, tests with arrays; files are reached through `cwd`.
 */
export type Io = {
  cwd: string;
  stdin: Source;
  stdout: Sink;
  stderr: Sink;
};

export type Source = {
  isTerminal: boolean;
  chunks(): AsyncIterable<Uint8Array>;
};

export type Sink = {
  isTerminal: boolean;
  /** Characters a line; 80 where nobody knows. */
  columns: number;
  /** Resolves when the receiver has taken the bytes, so that a slow pipe does not fill the memory. */
  write(data: string | Uint8Array): Promise<void>;
};

/** The running process. A reader that closes the pipe early (`| head`) ends the writing in silence, as for every filter. */
export function processIo(): Io {
  return {
    cwd: process.cwd(),
    stdin: { isTerminal: process.stdin.isTTY === true, chunks: () => process.stdin },
    stdout: streamSink(process.stdout),
    stderr: streamSink(process.stderr),
  };
}

function streamSink(stream: NodeJS.WriteStream): Sink {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed = true;
  });
  return {
    isTerminal: stream.isTTY === true,
    columns: stream.columns ?? 80,
    write: (data) =>
      closed
        ? Promise.resolve()
        : new Promise((resolve, reject) => {
            stream.write(data, (error) => {
              if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
              else resolve();
            });
          }),
  };
}
