import type { SpeechDetector } from './speech-detector.ts';
import { DETECTION_WINDOW } from './voiced-stretches.ts';

/**
 * WebRTC's voice activity detector in its strictest mode (libfvad compiled to WebAssembly): Gaussian mixtures over six bands that adapt to the
 * noise. Resemblyzer was trained behind this very detector; another one, or none, moves its embeddings (docs/decisions/040).
 */
const STRICTEST = 3;
const RATE = 16000;

/** What is used of the module that Emscripten wrote. */
type Fvad = {
  _fvad_new(): number;
  _fvad_free(detector: number): void;
  _fvad_reset(detector: number): void;
  _fvad_set_mode(detector: number, mode: number): number;
  _fvad_set_sample_rate(detector: number, rate: number): number;
  _fvad_process(detector: number, samples: number, count: number): number;
  _malloc(bytes: number): number;
  _free(place: number): void;
  HEAP16: Int16Array;
};

/** A detector with memory of its own, for recordings one after the other. */
export async function createWebRtcDetector(): Promise<SpeechDetector> {
  // loaded on use: most of the product never needs it
  // @ts-expect-error the package has no types
  const { default: load }: { default: () => Promise<Fvad> } = await import('@echogarden/fvad-wasm');
  const fvad = await load();
  const detector = fvad._fvad_new();
  const place = fvad._malloc(2 * DETECTION_WINDOW);
  const reset = (): void => {
    // a reset falls back to 8 kHz and the mildest mode
    fvad._fvad_reset(detector);
    fvad._fvad_set_mode(detector, STRICTEST);
    fvad._fvad_set_sample_rate(detector, RATE);
  };
  reset();
  return {
    reset,
    isSpeech(window) {
      fvad.HEAP16.set(window, place / 2);
      const answer = fvad._fvad_process(detector, place, window.length);
      if (answer < 0) throw new Error(`The detector takes windows of 10, 20 or 30 ms at ${RATE} Hz, not ${window.length} samples.`);
      return answer === 1;
    },
    close() {
      fvad._free(place);
      fvad._fvad_free(detector);
    },
  };
}
