// The rhythm representation (§3.3, Eq. 3): high where there is voice, low in pauses and closures, free of loudness.
import { readFileSync } from 'node:fs';
import { decodeMono, resample } from '@alignsts/signal';
import { createRhythm, RHYTHM_PRESETS } from 'alignsts';

const { audio } = await decodeMono(readFileSync(new URL('audio/never-surpassed.flac', import.meta.url)));
const { samples } = resample(audio, 24000);

const rhythmOf = createRhythm(RHYTHM_PRESETS.paper);
const loud = rhythmOf(samples);
const quiet = rhythmOf(samples.map((value) => value / 10));

const high = loud.filter((value) => value > 0.5).length;
const difference = Math.max(...loud.map((value, t) => Math.abs(value - quiet[t]!)));
console.log(`${high} of ${loud.length} frames are high; ten times quieter changes the curve by ${difference.toFixed(4)}`);
// prints: 125 of 335 frames are high; ten times quieter changes the curve by 0.0000
