import type { Audio } from '@alignsts/signal';

/**
 * What was said, frame by frame and without who said it: the port behind which a content encoder stands (§3.3; spec A1.6). The paper uses
 * the 32 CTC logits of wav2vec2-base-960h, 50 frames a second; the configuration fixes encoder and channels, and a model refuses others.
 */
export type ContentEncoder = {
  /** Identifies weights and front end; stored in caches, checkpoints and manifests. */
  readonly id: string;
  readonly channels: number;
  encode(speech: Audio): Promise<Content>;
};

export type Content = {
  values: Float32Array; // [N, C] frame-major
  frames: number;
  channels: number;
};
