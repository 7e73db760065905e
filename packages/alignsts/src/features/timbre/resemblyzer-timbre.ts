import { type Audio, createMelSpectrogram, type Hertz, InputError, resample } from '@alignsts/signal';
import type { Graph } from '../../onnx/graph.ts';
import type { TimbreEncoder } from '../timbre-port.ts';
import { partialUtterances, TIMBRE_HOP } from './partial-utterances.ts';
import { PARTIAL, RESEMBLYZER } from './speaker-encoder.ts';
import type { SpeechDetector } from './speech-detector.ts';
import { raiseLevel, voicedStretches } from './voiced-stretches.ts';

/**
 * The shipped voice encoder behind the port: Resemblyzer (spec B5). The sound is levelled, silences are left out, 1.6 s partial utterances are
 * embedded from their power mel (40 Slaney bands, no logarithm), averaged and scaled to length 1.
 */
export type ResemblyzerOptions = { id: string; detector: SpeechDetector };

const RATE: Hertz = 16000;

/** Graph and detector stay the caller's to close. */
export function createResemblyzerEncoder(graph: Graph, { id, detector }: ResemblyzerOptions): TimbreEncoder {
  const { bands, channels } = RESEMBLYZER;
  const melOf = createMelSpectrogram({
    sampleRate: RATE,
    size: 400,
    hop: TIMBRE_HOP,
    bins: bands,
    low: 0,
    high: RATE / 2,
    scale: 'slaney',
    norm: 'area',
    power: 2,
    log: 'none',
    pad: 'zero',
  });
  return {
    id,
    channels,
    async encode(speech: Audio): Promise<Float32Array> {
      const { samples } = resample(speech, RATE);
      const voice = voicedStretches(raiseLevel(samples), { detector });
      if (voice.length === 0) {
        throw new InputError(
          `No speech was found in ${(samples.length / RATE).toFixed(1)} s of sound. A second of clear speech at least is needed.`,
        );
      }
      const starts = partialUtterances(voice.length);
      const padded = new Float32Array(Math.max(voice.length, (starts.at(-1)! + PARTIAL) * TIMBRE_HOP));
      padded.set(voice);
      const mel = melOf(padded).values;
      const partials = new Float32Array(starts.length * PARTIAL * bands);
      starts.forEach((start, k) => {
        partials.set(mel.subarray(start * bands, (start + PARTIAL) * bands), k * PARTIAL * bands);
      });
      const { embedding } = await graph.run({ mel: { data: partials, shape: [starts.length, PARTIAL, bands] } });
      return meanDirection([...starts.keys()].map((k) => (embedding!.data as Float32Array).subarray(k * channels, (k + 1) * channels)));
    },
  };
}

/**
 * One embedding of several (Resemblyzer `embed_speaker`): their mean, scaled to length 1.
 * @example meanDirection([Float32Array.of(1, 0), Float32Array.of(0, 1)]) // [0.707, 0.707]
 */
export function meanDirection(embeddings: readonly Float32Array[] /* [channels] each */): Float32Array {
  const first = embeddings[0];
  if (first === undefined) throw new InputError('There are no embeddings to average. Give one recording at least.');
  const sum = Float64Array.from(first, (_, c) => embeddings.reduce((total, embedding) => total + embedding[c]!, 0));
  const length = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
  return Float32Array.from(sum, (value) => (length === 0 ? 0 : value / length));
}
