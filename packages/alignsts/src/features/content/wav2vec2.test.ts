import { expect, test } from 'vitest';
import { countWeights } from '../../model/params.ts';
import { initSpeakerEncoder, RESEMBLYZER } from '../timbre/speaker-encoder.ts';
import { initCtcHead } from './ctc-head.ts';
import { initWav2vec2, standardised, WAV2VEC2_BASE } from './wav2vec2.ts';
import { initWhisperEncoder, WHISPER_BASE } from './whisper-encoder.ts';

test('the networks have as many parameters as the published ones', () => {
  // 94,396,320 with the mask embedding (768), which inference never uses, and the norms of the position kernel (128), which are worked out
  expect(countWeights(initWav2vec2(WAV2VEC2_BASE))).toBe(94_396_320 - 768 - 128);
  expect(countWeights(initSpeakerEncoder(RESEMBLYZER))).toBe(1_423_616);
  // of the encoder's 20,590,592 numbers in the published checkpoint, 3,072 are biases of the keys, all 0, that stacking brings along
  expect(countWeights(initWhisperEncoder(WHISPER_BASE))).toBe(20_590_592 + 6 * 512);
  expect(countWeights(initCtcHead({ inputs: 512, hidden: 256, symbols: 32 }))).toBe(512 * 256 * 5 + 256 + 256 * 32 + 32);
});

test('an utterance gets mean 0 and variance 1, and silence stays silent', () => {
  const result = standardised(Float32Array.of(1, 2, 3, 6));
  expect([...result]).toBeAllClose(
    [-2, -1, 0, 3].map((value) => value / Math.sqrt(3.5)),
    { rtol: 1e-6 },
  );
  expect([...standardised(new Float32Array(2).fill(0.5))]).toEqual([0, 0]);
});
