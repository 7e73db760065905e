import type { Audio } from '@alignsts/signal';
import { resample } from '@alignsts/signal';
import type { Graph } from '../../onnx/graph.ts';
import type { Content, ContentEncoder } from '../content-port.ts';
import { createWhisperFeatures, WHISPER_BANDS, WHISPER_RATE, type WhisperFeatures } from './whisper-features.ts';

/**
 * The shipped content encoder behind the port: log-mel, then the recorded graph. Speech longer than the encoder's 30 s is read in windows that
 * overlap, of which the middle is kept, so that each frame has heard two seconds on either side.
 */
export type WhisperContentOptions = {
  id: string;
  /** Which output of the graph is the content. Default: features. */
  output?: 'features' | 'logits';
  /** Numbers a frame. Default: 512 features, or logits of 32 characters. */
  channels?: number;
};

const CHANNELS = { features: 512, logits: 32 } as const;
/** Frames of a window, 28 s, and of the overlap on each side. */
const WINDOW = 1400;
const CONTEXT = 100;

/** The graph stays the caller's to close. */
export function createWhisperContentEncoder(graph: Graph, options: WhisperContentOptions): ContentEncoder {
  const { id, output = 'features', channels = CHANNELS[output] } = options;
  if (!graph.outputs.includes(output)) throw new Error(`The graph has no output ${output}, it has ${graph.outputs.join(', ')}.`);
  const featuresOf = createWhisperFeatures();
  return {
    id,
    channels,
    async encode(speech: Audio): Promise<Content> {
      const mel = featuresOf(resample(speech, WHISPER_RATE));
      const values = new Float32Array(mel.contentFrames * channels);
      for (const window of windowsOf(mel)) {
        const data = mel.values.slice(2 * window.start * WHISPER_BANDS, 2 * window.end * WHISPER_BANDS);
        const outputs = await graph.run({ mel: { data, shape: [1, data.length / WHISPER_BANDS, WHISPER_BANDS] } });
        const { data: encoded } = outputs[output]!;
        const kept = encoded.subarray((window.from - window.start) * channels, (window.to - window.start) * channels);
        values.set(kept, window.from * channels);
      }
      return { values, frames: mel.contentFrames, channels };
    },
  };
}

/** In frames of the encoder: it sees [start, end), and [from, to) of that is kept. */
type Window = { start: number; end: number; from: number; to: number };

function windowsOf({ frames, contentFrames }: WhisperFeatures): Window[] {
  const all = Math.ceil(frames / 2);
  if (all <= WINDOW) return [{ start: 0, end: all, from: 0, to: contentFrames }];
  const windows: Window[] = [];
  for (let from = 0; from < contentFrames; ) {
    const start = Math.max(0, from - CONTEXT);
    const end = Math.min(all, start + WINDOW);
    const to = Math.min(contentFrames, end === all ? all : end - CONTEXT);
    windows.push({ start, end, from, to });
    from = to;
  }
  return windows;
}
