// Spectra of 10 s of noise at 24 kHz. The mean in milliseconds, divided by 10 000, is the real-time factor.
import { createFftPlan, createMelSpectrogram, createRandom, createRealFft, createStft } from '@alignsts/signal';
import { createRhythm, RHYTHM_PRESETS } from 'alignsts';
import { bench, describe } from 'vitest';

const random = createRandom(1);
const samples = Float32Array.from({ length: 240000 }, () => 0.1 * random.normal());

describe('10 s of sound', () => {
  const melOf = createMelSpectrogram();
  bench('log10-mel (512/128, 80 filters)', () => {
    melOf(samples);
  });

  const stft = createStft({ size: 512, hop: 128 });
  bench('magnitude STFT (512/128)', () => {
    stft(samples);
  });

  const rhythmOf = createRhythm(RHYTHM_PRESETS.paper);
  bench('rhythm curve (Eq. 3)', () => {
    rhythmOf(samples);
  });
});

describe('one transform', () => {
  for (const size of [400, 512, 1024, 2048, 4096]) {
    const fft = createRealFft(size);
    const x = Float64Array.from({ length: size }, () => random.normal());
    const re = new Float64Array(size / 2 + 1);
    const im = new Float64Array(size / 2 + 1);
    bench(`real, ${size} points`, () => {
      fft.forward(x, re, im);
    });
  }

  const plan = createFftPlan(2304);
  for (let i = 0; i < plan.input.length; i++) plan.input[i] = random.normal();
  bench('complex, 2304 points (one pair of F0 frames takes two)', () => {
    plan.run();
  });
});
