import { type Audio, createMelSpectrogram, type Frames, type Hertz, InputError, type Samples } from '@alignsts/signal';

/**
 * Whisper's log-mel spectrogram (Radford et al. 2022, §2.2; openai/whisper `audio.py`): 80 Slaney mel bands of power to 8 kHz, 25 ms windows every
 * 10 ms, log10, at most 8 decades below the loudest, (x + 4)/4. Whisper pads to 30 s; here 1 s of zeros follows the speech, which costs a third
 * of the time or less and hears as well (docs/decisions/040).
 */
export type WhisperFeatures = {
  values: Float32Array; // [frames, 80] frame-major
  frames: Frames; // 100 a second, the appended silence included
  /** N = ceil(n/320): frames of the encoder, 50 a second, that lie in the speech itself. */
  contentFrames: Frames;
};

export const WHISPER_RATE: Hertz = 16000;
export const WHISPER_BANDS = 80;
/** Samples between two frames of the encoder. */
export const CONTENT_HOP: Samples = 320;

const HOP: Samples = 160;
const APPENDED: Samples = 16000;
/** What the logarithm keeps below its maximum, in decades of power. */
const DEPTH = 8;

/**
 * @throws InputError when the speech is not at 16 kHz or has no samples
 * @example createWhisperFeatures()({ samples: new Float32Array(16000), sampleRate: 16000 }) // { frames: 200, contentFrames: 50, values: all -1.5 }
 */
export function createWhisperFeatures(): (speech: Audio) => WhisperFeatures {
  const logMel = createMelSpectrogram({
    sampleRate: WHISPER_RATE,
    size: 400,
    hop: HOP,
    bins: WHISPER_BANDS,
    low: 0,
    high: WHISPER_RATE / 2,
    scale: 'slaney',
    norm: 'area',
    power: 2,
    log: 'log10',
    floor: 1e-10,
    pad: 'reflect',
  });
  return ({ samples, sampleRate }) => {
    if (sampleRate !== WHISPER_RATE) {
      throw new InputError(
        `sampleRate is ${sampleRate} Hz but content features need ${WHISPER_RATE} Hz. Call resample(audio, ${WHISPER_RATE}) first.`,
      );
    }
    if (samples.length === 0) throw new InputError('The speech has no samples; at least one is needed.');
    const padded = new Float32Array(samples.length + APPENDED);
    padded.set(samples);
    // the original drops the last frame, which is centred on the end
    const frames = Math.floor(padded.length / HOP);
    const values = logMel(padded).values.subarray(0, frames * WHISPER_BANDS);
    let loudest = Number.NEGATIVE_INFINITY;
    for (const value of values) loudest = Math.max(loudest, value);
    return {
      values: values.map((value) => (Math.max(value, loudest - DEPTH) + 4) / 4),
      frames,
      contentFrames: Math.ceil(samples.length / CONTENT_HOP),
    };
  };
}
