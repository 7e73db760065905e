import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createRandom, decodeMono } from '@alignsts/signal';
import { encodeClip, makeVoiceClip } from './voice-clip.ts';

/**
 * Turns a folder of recordings into clips, each once as it is and once faster or slower, so that F0 from 70 to 1000 Hz is heard. What is there already is
 * left; several processes share the work by `part` of `parts`.
 */
export type PrepareOptions = {
  from: string;
  to: string;
  part?: number;
  parts?: number;
  /** Versions of each recording beyond the original. */
  shifted?: number;
  seed?: number;
  /** only: what training must not hear, for validation. */
  heldOut?: 'skip' | 'only';
};

/** Which recordings are never trained on, by their path (spec: singers, speakers and clips kept for evaluation). */
const HELD_OUT = /ravdess|test-other|vocadito_1\.|turkish-makam\/(barbaros|guelcin)\//;
const SUNG = /turkish-makam|vocadito|erithacus/;
/** Factors of pitch: speech is made lower and higher, singing mostly higher, to 1000 Hz. */
const SPEECH_SPEEDS = [0.75, 1.5] as const;
const SINGING_SPEEDS = [0.75, 1.9] as const;

/** @returns how many clips were made or there already, and how many recordings were left out */
export async function prepareClips(options: PrepareOptions): Promise<{ made: number; kept: number; left: number }> {
  const { from, to, part = 0, parts = 1, shifted = 1, seed = 1234, heldOut = 'skip' } = options;
  mkdirSync(to, { recursive: true });
  const files = (readdirSync(from, { recursive: true }) as string[]).filter((name) => /\.(flac|wav)$/.test(name)).sort();
  const counts = { made: 0, kept: 0, left: 0 };
  for (const [index, file] of files.entries()) {
    if (index % parts !== part) continue;
    const path = join(from, file);
    if (HELD_OUT.test(`/${relative(from, path)}`) !== (heldOut === 'only')) {
      counts.left++;
      continue;
    }
    const sung = SUNG.test(path);
    const random = createRandom(seed + index);
    const [low, high] = sung ? SINGING_SPEEDS : SPEECH_SPEEDS;
    const speeds = [1, ...Array.from({ length: shifted }, () => low * (high / low) ** random.uniform())];
    let audio: Awaited<ReturnType<typeof decodeMono>>['audio'] | undefined;
    for (const [version, speed] of speeds.entries()) {
      const name = `${file.replaceAll(/[^A-Za-z0-9]+/g, '-')}.${version}`;
      const target = join(to, `${name}.clip`);
      if (existsSync(target)) {
        counts.kept++;
        continue;
      }
      audio ??= (await decodeMono(readFileSync(path))).audio;
      if (audio.samples.length < 0.5 * audio.sampleRate) continue;
      writeFileSync(`${target}.part`, encodeClip(makeVoiceClip(audio, { name, sung, speed })));
      renameSync(`${target}.part`, target);
      counts.made++;
    }
  }
  return counts;
}
