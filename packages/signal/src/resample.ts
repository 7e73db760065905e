/**
 * Band-limited change of the sample rate: a polyphase filter bank of Kaiser-windowed sinc rows (Smith & Gossett 1984; Kaiser 1974). Why it is ours
 * and no library's: docs/decisions/002-audio-decoders.md.
 */
import type { Audio } from './audio.ts';
import { besselI0 } from './bessel-i0.ts';
import { doubles } from './fft.ts';
import { InputError } from './input-error.ts';
import type { Decibels, Hertz, Samples } from './units.ts';

/** The pass band ends at this share of the lower of the two Nyquist frequencies; the stop band begins at that Nyquist frequency itself. */
const PASS_BAND = 0.91;
/** What the window is designed for; Kaiser's formula is good to 1 or 2 dB, so that 110 dB are sure. */
const STOP_BAND: Decibels = 112;
/**
 * Phases for each input sample of a filter that passes the whole band; a narrower filter is smoother and needs fewer. Rates whose ratio has more phases
 * (44100 → 24000 has 80) interpolate between the rows of so many, with an error below -120 dB.
 */
const MOST_PHASES = 1024;

const LOWEST: Hertz = 1000;
const HIGHEST: Hertz = 768000;

/**
 * Resamples to another rate. Flat to 0.01 dB up to 0.91 of the lower Nyquist frequency; what would alias or image is 110 dB down. No delay: sample m of
 * the output is the sound at time m/rate, and an impulse stays where it is. The length is round(n·rate/audio.sampleRate); outside the recording
 * there is silence. At the same rate the audio itself comes back.
 *
 * @throws InputError when a rate is not a whole number of Hz between 1000 and 768000
 * @example resample({ samples: new Float32Array(48000), sampleRate: 48000 }, 24000).samples.length // 24000
 */
export function resample(audio: Audio, rate: Hertz): Audio {
  if (rate === audio.sampleRate) return audio;
  return { samples: createResampler(audio.sampleRate, rate)(audio.samples), sampleRate: rate };
}

/** The tables of one pair of rates, for many signals. */
export function createResampler(from: Hertz, to: Hertz): (samples: Float32Array) => Float32Array {
  for (const rate of [from, to]) {
    if (!Number.isInteger(rate) || rate < LOWEST || rate > HIGHEST) {
      throw new InputError(`The sample rate is ${rate} Hz but resampling takes whole numbers from ${LOWEST} to ${HIGHEST} Hz.`);
    }
  }
  const divisor = greatestCommonDivisor(from, to);
  const up = to / divisor;
  const down = from / divisor;
  const ratio = Math.min(1, to / from);
  const phases = Math.min(up, Math.max(64, Math.ceil(MOST_PHASES * ratio)));
  const bank = createFilterBank(ratio, phases);
  // the filters read a window of doubles that slides over the input with zeros around it; V8 reads plain arrays of doubles fastest
  const window = doubles(WINDOW + bank.taps);
  return (samples) => {
    const output = new Float32Array(Math.round((samples.length * up) / down));
    for (let m = 0; m < output.length; ) {
      const first = Math.floor((m * down) / up) + 1 - bank.taps / 2;
      for (let i = 0; i < window.length; i++) window[i] = samples[first + i] ?? 0;
      for (; m < output.length; m++) {
        // time of the output sample in input samples: whole part and phase, both exact
        const at = m * down;
        const whole = Math.floor(at / up);
        const start = whole + 1 - bank.taps / 2 - first;
        if (start > WINDOW) break;
        const phase = at - whole * up;
        if (phases === up) output[m] = weigh(window, start, bank, phase);
        else {
          const place = (phase / up) * phases;
          const row = Math.floor(place);
          const share = place - row;
          output[m] = (1 - share) * weigh(window, start, bank, row) + share * weigh(window, start, bank, row + 1);
        }
      }
    }
    return output;
  };
}

const WINDOW: Samples = 8192;

type FilterBank = {
  /** Taps of a row, a multiple of 4. */
  taps: Samples;
  /** Row p holds the filter for an output p/phases of a sample behind input sample `whole`; its tap k weighs input whole + 1 - taps/2 + k. */
  rows: number[]; // [phases + 1, taps]
};

/** @param ratio of the cut-off to the input's Nyquist frequency, at most 1 */
function createFilterBank(ratio: number, phases: number): FilterBank {
  const beta = 0.1102 * (STOP_BAND - 8.7);
  const transition = Math.PI * ratio * (1 - PASS_BAND);
  const taps = 4 * Math.ceil((STOP_BAND - 7.95) / (2.285 * transition) / 4);
  // the middle of the transition band, in cycles a sample times two
  const cutoff = (ratio * (1 + PASS_BAND)) / 2;
  const half = taps / 2;
  const rows = doubles((phases + 1) * taps);
  for (let p = 0; p <= phases; p++) {
    const row = p * taps;
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const t = k + 1 - half - p / phases;
      const kaiser = besselI0(beta * Math.sqrt(Math.max(0, 1 - (t / half) ** 2)));
      const x = Math.PI * cutoff * t;
      rows[row + k] = (Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x) * kaiser;
      sum += rows[row + k]!;
    }
    // every row passes a constant unchanged, so no phase modulates the level
    for (let k = row; k < row + taps; k++) rows[k] = rows[k]! / sum;
  }
  return { taps, rows };
}

function weigh(window: number[], start: Samples, { taps, rows }: FilterBank, row: number): number {
  // four sums: each addition would otherwise wait for the one before
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let r = row * taps;
  for (let i = start, end = start + taps; i < end; i += 4, r += 4) {
    a += window[i]! * rows[r]!;
    b += window[i + 1]! * rows[r + 1]!;
    c += window[i + 2]! * rows[r + 2]!;
    d += window[i + 3]! * rows[r + 3]!;
  }
  return a + b + (c + d);
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}
