// Whole conversions of 10 s of speech into 10 s of song, from samples to samples. The mean in milliseconds, divided by 10 000, is the real-time
// factor of one core. Reading and writing files are apart: they are in `npm run bench:memory`, which times the whole command.
import { readFileSync } from 'node:fs';
import { decodeMono, resample } from '@alignsts/signal';
import { convert, melodyFromRecording, parseTune } from 'alignsts';
import { bench, describe } from 'vitest';

const SECONDS = 10;
const speech = await tenSeconds('never-surpassed');
const reference = await tenSeconds('sung-lobo');
const tune = parseTune(`@60 R:1/2 ${'G3:1/2 A3:1/2 C4:1/2 B3:1/2 '.repeat(SECONDS / 2 - 1)}G3:3/2`);
const melody = melodyFromRecording(reference);

describe('10 s of song', () => {
  bench('engine model', async () => {
    await convert({ speech, melody: tune }, { engine: 'model' });
  });

  bench('engine template', async () => {
    await convert({ speech, melody, reference }, { engine: 'template' });
  });
});

async function tenSeconds(name: string): Promise<{ samples: Float32Array; sampleRate: number }> {
  const { audio } = await decodeMono(readFileSync(new URL(`../examples/audio/${name}.flac`, import.meta.url)));
  const { samples } = resample(audio, 24000);
  return { samples: Float32Array.from({ length: SECONDS * 24000 }, (_, n) => samples[n % samples.length]!), sampleRate: 24000 };
}
