// Peak memory and speed of whole calls: `sing` with both engines on 10 s, a minute and the longest recording that is taken, and what a recording of half
// an hour costs before it is refused. Prints a table; `npm run bench:memory`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { decodeMono, encodeFlac, encodeWav, resample } = await import('@alignsts/signal');
const folder = mkdtempSync(join(tmpdir(), 'alignsts-memory-'));
const longest = 300; // seconds, LONGEST_RECORDING

const sound = async (name) => resample((await decodeMono(readFileSync(join(root, 'examples/audio', name)))).audio, 24000).samples;
const speech = await sound('never-surpassed.flac');
const song = await sound('sung-lobo.flac');
const write = (name, samples, sampleRate = 24000) => {
  const path = join(folder, name);
  writeFileSync(path, name.endsWith('.flac') ? encodeFlac({ samples, sampleRate }) : encodeWav({ samples, sampleRate }));
  return path;
};
const repeated = (samples, seconds) => Float32Array.from({ length: seconds * 24000 }, (_, n) => samples[n % samples.length]);
const tune = (seconds) => `@60 R:1/2 ${'G3:1/2 A3:1/2 C4:1/2 B3:1/2 '.repeat(seconds / 2)}`;

const calls = [10, 60, longest].flatMap((seconds) => {
  const spoken = write(`speech-${seconds}.wav`, repeated(speech, seconds));
  const sung = write(`song-${seconds}.wav`, repeated(song, seconds));
  return [
    { label: `sing ${seconds} s, engine model`, seconds, words: ['sing', spoken, '-m', tune(seconds)] },
    { label: `sing ${seconds} s, engine template`, seconds, words: ['sing', spoken, '-m', sung] },
  ];
});
const halfHour = new Float32Array(1800 * 24000).map((_, n) => 0.3 * Math.sin(n / 27));
calls.push({ label: 'refuse 30 min of WAV (86 MB)', words: ['sing', write('half-hour.wav', halfHour), '-m', 'C4:1'] });
calls.push({ label: 'refuse 30 min of FLAC', words: ['sing', write('half-hour.flac', halfHour), '-m', 'C4:1'] });

console.log(`${'call'.padEnd(34)} ${'code'.padStart(4)} ${'peak MB'.padStart(8)} ${'s'.padStart(7)} ${'× real time'.padStart(12)}`);
try {
  for (const { label, seconds, words } of calls) {
    const report = join(folder, 'report.json');
    const started = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        '--conditions=source',
        '--import',
        import.meta.resolve('tsx'),
        '--import',
        reporter(report),
        join(root, 'packages/cli/src/main.ts'),
        ...words,
        ...outputOf(words),
      ],
      { encoding: 'utf8', cwd: folder },
    );
    const taken = (performance.now() - started) / 1000;
    const { peak } = JSON.parse(readFileSync(report, 'utf8'));
    const factor = seconds ? (taken / seconds).toFixed(3) : '';
    console.log(
      `${label.padEnd(34)} ${String(status).padStart(4)} ${(peak / 1024).toFixed(0).padStart(8)} ${taken.toFixed(1).padStart(7)} ${factor.padStart(12)}`,
    );
    if (status !== 0 && seconds) console.log(stderr);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function outputOf(words) {
  return words[0] === 'sing' ? ['-o', join(folder, 'out.wav'), '-y'] : [];
}

/** A module that writes the process's peak memory (KiB) when it ends: VmHWM, since maxRSS counts what the parent held when it forked. */
function reporter(path) {
  const source = `
    import { existsSync, readFileSync, writeFileSync } from 'node:fs';
    process.on('exit', () => {
      const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
      const peak = Number(/VmHWM:\\s*(\\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
      writeFileSync(${JSON.stringify(path)}, JSON.stringify({ peak }));
    });`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
