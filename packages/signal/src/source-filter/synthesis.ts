import { createRealFft } from '../fft.ts';
import { InputError } from '../input-error.ts';
import type { Random } from '../random.ts';
import type { Samples } from '../units.ts';
import type { VoiceFrames } from './voice-frames.ts';

/**
 * Pulses and noise through the vocal tract: the synthesis of WORLD (Morise, Yokomori and Ozawa 2016, §2.4), written anew around two facts.
 * The logarithm of a minimum-phase response is linear in the log envelope, so its phase is found once a frame and interpolated to each pulse;
 * and a pulse at a fractional sample is a linear phase, so pitch is exact at any F0. Each stretch between two pulses carries
 *     H · ( √P · √(1 - a²) · e^{-iωδ}  +  a · N )
 * with H the minimum-phase response of the envelope, P the period in samples, a(ω) the aperiodicity and N the spectrum of white noise as long as
 * the stretch. Where F0 is 0, a = 1 and the stretches are of one third of a frame or less.
 */
export type SynthesizeVoiceOptions = {
  /** Length of the result. */
  length: Samples;
  /** Source of the noise. */
  random: Random;
};

/** Stretches of noise where no pulses mark them; at most this long, so that the onset of a plosive stays within 2 ms. */
const NOISE_STRETCH: Samples = 48;
/** Room before a pulse for the ripple of a fractional delay; the rest of the transform holds the response. */
const LEAD: Samples = 32;
/** Ratio at which pulses are left out altogether: -0.01 dB of noise. */
const ALL_NOISE = 0.999;

/**
 * The sound of a voice taken apart. F0 is interpolated between voiced frames; half way to an unvoiced neighbour the voicing changes.
 *
 * @returns [length] samples at frames.sampleRate. The same frames and seed give the same samples.
 * @example synthesizeVoice(analyzeVoice(audio, f0), { length: audio.samples.length, random: createRandom(1) })
 */
export function synthesizeVoice(frames: VoiceFrames, options: SynthesizeVoiceOptions): Float32Array /* [length] */ {
  const { length, random } = options;
  const { fftSize, bins, sampleRate, f0 } = frames;
  checkFrames(frames, length);
  const output = new Float32Array(length);
  const half = fftSize / 2;
  const fft = createRealFft(fftSize);
  const responseAt = createResponses(frames);
  const noise = new Float64Array(fftSize);
  const noiseRe = new Float64Array(bins);
  const noiseIm = new Float64Array(bins);
  const re = new Float64Array(bins);
  const im = new Float64Array(bins);
  const block = new Float64Array(fftSize);

  for (const { start, count, delay, period, voiced } of stretches(f0, frames.hop, sampleRate, length, half)) {
    const { logAmplitude, phase, ratio } = responseAt((start + 0.5 * count) / frames.hop, voiced);
    const pulsed = period > 0 && ratio[0]! < ALL_NOISE;
    for (let n = 0; n < count; n++) noise[LEAD + n] = random.normal();
    fft.forward(noise, noiseRe, noiseIm);
    noise.fill(0, LEAD, LEAD + count);
    const pulseGain = pulsed ? Math.sqrt(period) : 0;
    const step = (-2 * Math.PI * (LEAD + delay)) / fftSize;
    const stepCos = Math.cos(step);
    const stepSin = Math.sin(step);
    let delayCos = 1;
    let delaySin = 0;
    for (let k = 0; k < bins; k++) {
      const amplitude = Math.exp(logAmplitude[k]!);
      const a = ratio[k]!;
      const p = pulseGain * Math.sqrt(1 - a * a);
      const sourceRe = p * delayCos + a * noiseRe[k]!;
      const sourceIm = p * delaySin + a * noiseIm[k]!;
      const cos = amplitude * Math.cos(phase[k]!);
      const sin = amplitude * Math.sin(phase[k]!);
      re[k] = sourceRe * cos - sourceIm * sin;
      im[k] = sourceRe * sin + sourceIm * cos;
      const next = delayCos * stepCos - delaySin * stepSin;
      delaySin = delaySin * stepCos + delayCos * stepSin;
      delayCos = next;
    }
    // a Hann window as long as the transform carries the mean away: bins 0 and ±1 of its spectrum are 1 and -1/2
    re[1] = re[1]! + 0.5 * re[0]!;
    re[0] = 0;
    im[0] = 0;
    im[half] = 0;
    fft.inverse(re, im, block);
    const first = start - LEAD;
    const from = Math.max(0, -first);
    const to = Math.min(fftSize, length - first);
    for (let n = from; n < to; n++) output[first + n] = output[first + n]! + block[n]!;
  }
  return output;
}

/** `start`, `count`: the samples whose noise this stretch brings; a pulse, where period > 0, lies at start + delay. */
type Stretch = { start: Samples; count: Samples; delay: number; period: number; voiced: boolean };

/**
 * Cuts time at the pulses, and into stretches of at most `longest` where they are rarer. The phase of F0 is summed in double precision over samples; a
 * pulse falls where it passes a whole number.
 */
function* stretches(f0: Float32Array, hop: Samples, sampleRate: number, length: Samples, longest: Samples): Generator<Stretch> {
  let phase = 1;
  let voiced = false;
  let open: Stretch = { start: 0, count: 0, delay: 0, period: 0, voiced: false };
  for (let n = 0; n < length; n++) {
    const pitch = pitchAt(f0, n / hop);
    const soFar = n - open.start;
    // where the voice ends, the last pulse keeps the noise of its own period
    const end = pitch > 0 ? longest : open.voiced ? Math.min(longest, open.period) : NOISE_STRETCH;
    let next: Stretch | undefined;
    if (pitch > 0) {
      const increment = pitch / sampleRate;
      // the first pulse comes at once: half a period of silence before it would be heard as a gap
      if (!voiced) phase = 1;
      if (phase >= 1) {
        phase -= 1;
        // the pulse lies between the sample before, where phase was still below 1, and this one
        next = { start: n, count: 0, delay: -phase / increment, period: 1 / increment, voiced: true };
      }
      phase += increment;
    }
    voiced = pitch > 0;
    if (next === undefined && soFar >= end) next = { start: n, count: 0, delay: 0, period: 0, voiced };
    if (next !== undefined) {
      if (soFar > 0) yield { ...open, count: soFar };
      open = next;
    }
  }
  if (length > open.start) yield { ...open, count: length - open.start };
}

/** F0 at a fractional frame: straight between voiced neighbours, held to half way where only one is voiced. */
function pitchAt(f0: Float32Array, position: number): number {
  const last = f0.length - 1;
  const left = Math.min(last, Math.floor(position));
  const right = Math.min(last, left + 1);
  const a = f0[left]!;
  const b = f0[right]!;
  const fraction = Math.min(1, position - left);
  if (a > 0 && b > 0) return a + fraction * (b - a);
  return fraction < 0.5 ? a : b;
}

type Response = {
  /** [K] natural logarithm of the amplitude. */
  logAmplitude: Float64Array;
  /** [K] radians, minimum phase. */
  phase: Float64Array;
  /** [K] noise amplitude over all amplitude. */
  ratio: Float64Array;
};

/** The response at a fractional frame. Positions must not run far backwards: two frames are kept. */
function createResponses(frames: VoiceFrames): (position: number, voiced: boolean) => Response {
  const { fftSize, bins, envelope } = frames;
  const half = fftSize / 2;
  const fft = createRealFft(fftSize);
  const cepstrum = new Float64Array(fftSize);
  const real = new Float64Array(bins);
  const scratch = new Float64Array(bins);
  const ratioOf = createRatios(frames);
  const slots = [0, 1].map(() => ({ frame: -1, logAmplitude: new Float64Array(bins), phase: new Float64Array(bins) }));
  const mixed: Response = { logAmplitude: new Float64Array(bins), phase: new Float64Array(bins), ratio: new Float64Array(bins) };

  const load = (frame: number): (typeof slots)[number] => {
    const slot = slots[frame & 1]!;
    if (slot.frame === frame) return slot;
    slot.frame = frame;
    const { logAmplitude, phase } = slot;
    // 1e-30 is far below what any analysis gives; it keeps an edited envelope of exact zeros finite
    for (let k = 0; k < bins; k++) logAmplitude[k] = 0.5 * Math.log(envelope[frame * bins + k]! + 1e-30);
    // minimum phase: the cepstrum of the log amplitude made causal (Oppenheim and Schafer 2010, §13.5)
    scratch.fill(0);
    fft.inverse(logAmplitude, scratch, cepstrum);
    for (let n = 1; n < half; n++) cepstrum[n] = 2 * cepstrum[n]!;
    cepstrum.fill(0, half + 1);
    fft.forward(cepstrum, real, phase);
    return slot;
  };

  return (position, voiced) => {
    const last = frames.frames - 1;
    const left = Math.min(last, Math.floor(position));
    const right = Math.min(last, left + 1);
    const fraction = Math.min(1, position - left);
    const a = load(left);
    const b = load(right);
    for (let k = 0; k < bins; k++) {
      mixed.logAmplitude[k] = a.logAmplitude[k]! + fraction * (b.logAmplitude[k]! - a.logAmplitude[k]!);
      mixed.phase[k] = a.phase[k]! + fraction * (b.phase[k]! - a.phase[k]!);
    }
    if (voiced) ratioOf(left, right, fraction, mixed.ratio);
    else mixed.ratio.fill(1);
    return mixed;
  };
}

/** Spreads the bands' ratios over the bins, straight in decibels between bands and straight in amplitude between frames. */
function createRatios(frames: VoiceFrames): (left: number, right: number, fraction: number, out: Float64Array) => void {
  const { bins, fftSize, sampleRate, bandFrequencies, aperiodicity, f0 } = frames;
  const bands = bandFrequencies.length;
  const lower = new Uint16Array(bins);
  const weight = new Float64Array(bins);
  for (let k = 0; k < bins; k++) {
    const frequency = (k * sampleRate) / fftSize;
    let b = 0;
    while (b < bands - 2 && bandFrequencies[b + 1]! <= frequency) b++;
    lower[k] = b;
    weight[k] = Math.min(1, (frequency - bandFrequencies[b]!) / (bandFrequencies[b + 1]! - bandFrequencies[b]!));
  }
  const logRatio = new Float64Array(bands);
  return (left, right, fraction, out) => {
    for (let b = 0; b < bands; b++) {
      const atLeft = aperiodicity[left * bands + b]!;
      const atRight = aperiodicity[right * bands + b]!;
      // beside an unvoiced frame the voiced one speaks alone: its neighbour's noise belongs to the other side of the change
      const ratio = f0[left] === 0 ? atRight : f0[right] === 0 ? atLeft : atLeft + fraction * (atRight - atLeft);
      logRatio[b] = Math.log(Math.min(1, Math.max(ratio, 1e-6)));
    }
    for (let k = 0; k < bins; k++) {
      const b = lower[k]!;
      out[k] = Math.exp(logRatio[b]! + weight[k]! * (logRatio[b + 1]! - logRatio[b]!));
    }
  };
}

function checkFrames(frames: VoiceFrames, length: Samples): void {
  if (!Number.isInteger(length) || length < 0) {
    throw new InputError(`Length to synthesize is ${length} but must be a whole number of samples, 0 or more. Round it first.`);
  }
  const { f0, envelope, aperiodicity, bandFrequencies, bins } = frames;
  const count = frames.frames;
  if (count < 1 || f0.length !== count || envelope.length !== count * bins || aperiodicity.length !== count * bandFrequencies.length) {
    throw new InputError(
      `Voice frames disagree: ${count} frames, ${f0.length} values of F0, ${envelope.length / bins} envelopes, ` +
        `${aperiodicity.length / bandFrequencies.length} aperiodicities. There must be one of each per frame and at least one frame.`,
    );
  }
}
