// What the model sees of a sound (§4.1.2): 24 kHz, one frame every 128 samples, 80 mel bins of log10 amplitude.
import { createMelSpectrogram } from '@alignsts/signal';

const melOf = createMelSpectrogram(); // tables are made once

// a second of 440 Hz
const samples = Float32Array.from({ length: 24000 }, (_, n) => 0.5 * Math.sin((2 * Math.PI * 440 * n) / 24000));
const { frames, bins, values } = melOf(samples); // values: [T, M] frame-major

const middle = values.subarray(94 * bins, 95 * bins);
const loudest = middle.indexOf(Math.max(...middle));
console.log(`${frames} frames of ${bins} bins; the loudest bin of the middle frame is ${loudest}`);
// prints: 188 frames of 80 bins; the loudest bin of the middle frame is 8
