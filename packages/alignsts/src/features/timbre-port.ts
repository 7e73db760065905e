import type { Audio } from '@alignsts/signal';

/**
 * Whose voice it is: the port behind which a voice encoder stands (§3.2; spec A1.7). The paper uses Resemblyzer: 256 numbers ≥ 0 of unit
 * norm for a whole utterance.
 */
export type TimbreEncoder = {
  /** Identifies weights and front end; stored in caches, checkpoints and manifests. */
  readonly id: string;
  readonly channels: number;
  encode(speech: Audio): Promise<Float32Array /* [channels] */>;
};
