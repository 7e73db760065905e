import { readFileSync } from 'node:fs';
import { InputError } from '@alignsts/signal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { referenceNoise, referenceWeights } from '../../../../../test/support/alignsts-reference.ts';
import { writeModel } from '../../onnx/model-file.ts';
import { openGraph } from '../../onnx/node.ts';
import { sha256 } from '../../onnx/sha256.ts';
import { partialUtterances } from './partial-utterances.ts';
import { recordSpeakerEncoder } from './record-timbre.ts';
import { createResemblyzerEncoder, meanDirection } from './resemblyzer-timbre.ts';
import { initSpeakerEncoder, RESEMBLYZER } from './speaker-encoder.ts';
import type { SpeechDetector } from './speech-detector.ts';
import { raiseLevel, voicedStretches } from './voiced-stretches.ts';
import { createWebRtcDetector } from './web-rtc-detector.ts';

const reference = JSON.parse(readFileSync(new URL('../../../../../fixtures/timbre/resemblyzer.json', import.meta.url), 'utf8')) as {
  samples: number;
  flags: string;
  partials: Record<string, number[]>;
  embedding: number[];
};

/** Buzz of 140 Hz through one resonance, on and off, over a little noise: as fixtures/make/timbre.py makes it. */
function voice(seconds: number): Float32Array {
  const hiss = referenceNoise('hiss', seconds * 16000);
  return hiss.map((value, n) => {
    const t = n / 16000;
    let buzz = 0;
    for (let h = 1; h < 26; h++) buzz += Math.sin(2 * Math.PI * 140 * h * t) / (1 + ((140 * h - 700) / 300) ** 2);
    return 0.02 * buzz * (Math.sin(2 * Math.PI * 0.35 * t) > -0.1 ? 1 : 0) + 0.0004 * value;
  });
}

/** A detector that says what it is told. */
function scripted(flags: readonly number[]): SpeechDetector {
  let w = 0;
  return {
    reset: () => {
      w = 0;
    },
    isSpeech: () => flags[w++] === 1,
    close: () => undefined,
  };
}

test('partial utterances begin where Resemblyzer lets them begin', () => {
  for (const [samples, starts] of Object.entries(reference.partials)) expect(partialUtterances(Number(samples))).toEqual(starts);
});

test("the detector decides every window as WebRTC's does, quiet, loud and in noise, and again after a reset", async () => {
  const sound = voice(6);
  const wind = referenceNoise('wind', 16000).map((value) => 0.2 * value);
  const mixed = Float32Array.of(
    ...sound.subarray(0, 16000),
    ...sound.subarray(0, 16000).map((x) => 8 * x),
    ...wind,
    ...sound.subarray(16000, 64000),
  );
  const detector = await createWebRtcDetector();
  try {
    for (let round = 0; round < 2; round++) {
      detector.reset();
      let flags = '';
      for (let start = 0; start + 480 <= mixed.length; start += 480) {
        const window = Int16Array.from(mixed.subarray(start, start + 480), (x) => Math.max(-32768, Math.min(32767, Math.round(x * 32767))));
        flags += detector.isSpeech(window) ? '1' : '0';
      }
      expect(flags).toBe(reference.flags);
    }
    expect(() => detector.isSpeech(new Int16Array(100))).toThrow(/not 100 samples/);
  } finally {
    detector.close();
  }
});

test("the whole encoder gives Resemblyzer's embedding", async () => {
  const bytes = writeModel(recordSpeakerEncoder(RESEMBLYZER, referenceWeights(initSpeakerEncoder(RESEMBLYZER))));
  const graph = await openGraph(bytes, { sha256: await sha256(bytes), threads: 1 });
  const detector = await createWebRtcDetector();
  try {
    const samples = voice(6);
    expect(voicedStretches(raiseLevel(samples), { detector })).toHaveLength(reference.samples);
    const encoder = createResemblyzerEncoder(graph, { id: 'rule', detector });
    const embedding = await encoder.encode({ samples, sampleRate: 16000 });
    // both in float32 over 480 steps of three recurrent layers
    expect(embedding).toBeAllClose(reference.embedding, { atol: 1e-5 });
    await expect(encoder.encode({ samples: new Float32Array(16000), sampleRate: 16000 })).rejects.toThrow(
      'No speech was found in 1.0 s of sound',
    );
    await expect(encoder.encode({ samples: new Float32Array(0), sampleRate: 16000 })).rejects.toThrow(InputError);
  } finally {
    await graph.close();
    detector.close();
  }
});

test('windows stay when more than half of eight are speech, with three windows more on each side', () => {
  // the oracle: the definition of each kept window, without the two steps
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1), { maxLength: 40 }), fc.integer({ min: 0, max: 479 }), (flags, rest) => {
      const samples = Float32Array.from({ length: flags.length * 480 + rest }, (_, n) => Math.floor(n / 480) / 64);
      const kept = flags.flatMap((_, w) => {
        for (let v = Math.max(0, w - 3); v <= Math.min(flags.length - 1, w + 3); v++) {
          const speech = flags.filter((flag, u) => flag === 1 && u >= v - 3 && u <= v + 4).length;
          if (speech >= 5) return [w];
        }
        return [];
      });
      const result = voicedStretches(samples, { detector: scripted(flags) });
      expect([...result].filter((_, n) => n % 480 === 0).map((value) => value * 64)).toEqual(kept);
    }),
  );
});

test('quiet sound is raised to -30 dBFS, loud and silent sound stays', () => {
  const quiet = raiseLevel(Float32Array.of(0.001, -0.001));
  expect([...quiet]).toBeAllClose([10 ** -1.5, -(10 ** -1.5)], { rtol: 1e-6 });
  const loud = Float32Array.of(0.5, -0.5);
  expect(raiseLevel(loud)).toBe(loud);
  expect([...raiseLevel(new Float32Array(3))]).toEqual([0, 0, 0]);
});

test('several recordings of a voice become one direction', () => {
  expect([...meanDirection([Float32Array.of(1, 0), Float32Array.of(0, 1)])]).toBeAllClose([Math.SQRT1_2, Math.SQRT1_2], { atol: 1e-7 });
  expect(() => meanDirection([])).toThrow(InputError);
});
