import {
  type Audio,
  type Cents,
  createMelSpectrogram,
  createStft,
  durationOf,
  type F0Options,
  InputError,
  trackF0,
} from '@alignsts/signal';
import { createRhythm, RHYTHM_PRESETS } from '../features/rhythm.ts';
import { HOP, SAMPLE_RATE } from '../grid.ts';
import { levellingGain } from './active-level.ts';
import { pairFrames } from './cent-tracks.ts';
import { f0Agreement } from './f0-correlation.ts';
import { levelMel, logMelDistance } from './log-mel-distance.ts';
import { logSpectralDistance, powerRatioDistance } from './log-spectral-distance.ts';
import { melCepstralDistortion } from './mel-cepstral-distortion.ts';
import type { MetricValues } from './metrics.ts';
import { rawChromaAccuracy, voicedChromaAccuracy } from './raw-chroma-accuracy.ts';
import { rawPitchAccuracy } from './raw-pitch-accuracy.ts';
import { rhythmDistance } from './rhythm-distance.ts';
import { voicingErrors } from './voicing-error.ts';

export type EvaluateOptions = {
  /** The pitch tracker's settings; by default AlignSTS's (80 to 750 Hz, voicing threshold 0.6). Give sopranos a ceiling of 1000. */
  f0?: Partial<Pick<F0Options, 'floor' | 'ceiling' | 'voicingThreshold'>>;
  /** How near a pitch must be to count as right. Default 50. */
  tolerance?: Cents;
  /** Steepness and smoothing of the rhythm curve. Default: those of the released evaluation, 400 and 1.5 frames. */
  rhythm?: { beta?: number; sigma?: number };
};

/** Longer pairs would need a gigabyte of spectra. */
const LONGEST = 600; // seconds

/**
 * Every metric of `METRICS` on one pair (§4.1.3; A6, B6): the target singing, as recorded, and the output to be judged, both 24 kHz mono.
 * They are compared as they lie in time; where one is longer it is cropped, except where a metric says otherwise.
 * Throws `InputError` when a sound is empty, not finite, longer than ten minutes or not at 24 kHz.
 *
 * @example evaluatePair(song, song).rca // 1
 */
export function evaluatePair(target: Audio, output: Audio, options: EvaluateOptions = {}): MetricValues {
  checkSound(target, 'target');
  checkSound(output, 'output');
  return {
    ...pitchMetrics(target, output, options),
    ...spectralMetrics(target, output),
    ...melMetrics(target, output),
    ...rhythmMetrics(target, output, options),
    durationRatio: durationOf(output) / durationOf(target),
  };
}

function checkSound(audio: Audio, role: string): void {
  const { samples, sampleRate } = audio;
  if (sampleRate !== SAMPLE_RATE) {
    throw new InputError(`The ${role} is at ${sampleRate} Hz but evaluation works at ${SAMPLE_RATE} Hz. Resample it first.`);
  }
  if (samples.length === 0) throw new InputError(`The ${role} holds no sound. Give a recording of at least one sample.`);
  if (durationOf(audio) > LONGEST) {
    throw new InputError(
      `The ${role} is ${Math.round(durationOf(audio))} s long but at most ${LONGEST} s can be compared. Cut it into phrases.`,
    );
  }
  const wrong = samples.findIndex((sample) => !Number.isFinite(sample));
  if (wrong >= 0)
    throw new InputError(
      `Sample ${wrong} of the ${role} is ${samples[wrong]}. Repair the recording: every sample must be a finite number.`,
    );
}

type PitchMetrics =
  | 'rca'
  | 'rpa'
  | 'rcaFull'
  | 'rcaVoiced'
  | 'vde'
  | 'gpe'
  | 'ffe'
  | 'voicingRecall'
  | 'voicingFalseAlarm'
  | 'f0Correlation'
  | 'f0Rmse';

function pitchMetrics(target: Audio, output: Audio, { f0, tolerance = 50 }: EvaluateOptions): Pick<MetricValues, PitchMetrics> {
  const targetF0 = trackF0(target, { hop: HOP, ...f0 }).f0;
  const outputF0 = trackF0(output, { hop: HOP, ...f0 }).f0;
  const tracks = pairFrames(targetF0, outputF0);
  const continued = new Float32Array(targetF0.length);
  continued.set(outputF0.subarray(0, targetF0.length));
  const voicing = voicingErrors(tracks);
  const agreement = f0Agreement(tracks);
  // a target without pitch gives no ground to judge pitch: mir_eval says 0 then, a mean should not
  const hasPitch = (voiced: Float64Array): boolean => voiced.some((value) => value > 0);
  const sings = hasPitch(tracks.referenceVoicing);
  const full = pairFrames(targetF0, continued);
  return {
    rca: sings ? rawChromaAccuracy(tracks, { tolerance }) : Number.NaN,
    rpa: sings ? rawPitchAccuracy(tracks, { tolerance }) : Number.NaN,
    rcaFull: hasPitch(full.referenceVoicing) ? rawChromaAccuracy(full, { tolerance }) : Number.NaN,
    rcaVoiced: voicedChromaAccuracy(tracks, { tolerance }),
    vde: voicing.voicingDecisionError,
    gpe: voicing.grossPitchError,
    ffe: voicing.f0FrameError,
    voicingRecall: voicing.voicingRecall,
    voicingFalseAlarm: voicing.voicingFalseAlarm,
    f0Correlation: agreement.correlation,
    f0Rmse: agreement.rmse,
  };
}

function spectralMetrics(target: Audio, output: Audio): Pick<MetricValues, 'lsd' | 'lsdLevelled' | 'lsdPower'> {
  const stft = createStft({ size: 512, hop: HOP, pad: 'reflect' });
  const spectra = [stft(target.samples), stft(output.samples)] as const;
  const gains = { targetGain: levellingGain(target), outputGain: levellingGain(output) };
  return {
    lsd: logSpectralDistance(...spectra, { sampleRate: SAMPLE_RATE }),
    lsdLevelled: logSpectralDistance(...spectra, { sampleRate: SAMPLE_RATE, ...gains }),
    lsdPower: powerRatioDistance(...spectra, { sampleRate: SAMPLE_RATE }),
  };
}

function melMetrics(target: Audio, output: Audio): Pick<MetricValues, 'lmd' | 'mcd'> {
  const melOf = createMelSpectrogram({ pad: 'reflect', log: 'none' });
  const mels = [levelMel(melOf(target.samples), levellingGain(target)), levelMel(melOf(output.samples), levellingGain(output))] as const;
  return { lmd: logMelDistance(...mels), mcd: melCepstralDistortion(...mels) };
}

function rhythmMetrics(target: Audio, output: Audio, { rhythm = {} }: EvaluateOptions): Pick<MetricValues, 'rrd' | 'rrdRaw'> {
  const rhythmOf = createRhythm({ ...RHYTHM_PRESETS.evaluation, ...rhythm });
  const { rrd, rawNorm } = rhythmDistance(rhythmOf(target.samples), rhythmOf(output.samples));
  return { rrd, rrdRaw: rawNorm };
}
