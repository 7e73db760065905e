import type { Frames, Hertz, Samples, Seconds } from '@alignsts/signal';

/**
 * The time grid of the product (§4.1.2): 24 kHz, hop 128, so 187.5 frames a second. Frame m is centred on sample 128·m;
 * a sound of n samples has 1 + floor(n/128) frames.
 */
export const SAMPLE_RATE: Hertz = 24000;
export const HOP: Samples = 128;
export const FRAME_RATE: Hertz = SAMPLE_RATE / HOP;

/** The time of a frame's centre. @example frameTime(1500) // 8 */
export function frameTime(frame: Frames): Seconds {
  return (frame * HOP) / SAMPLE_RATE;
}

/** How many frames cover a duration. @example framesOf(1) // 188 */
export function framesOf(duration: Seconds): Frames {
  return 1 + Math.floor(Math.round(duration * SAMPLE_RATE) / HOP);
}
