/**
 * Writes FLAC (RFC 9639): 16 and 24 bits, 1 to 8 channels, blocks of 4096 samples. Each block of each channel takes the cheapest of a constant,
 * the fixed predictors of order 0 to 4, a linear predictor of order up to 12 (Levinson-Durbin on a Tukey-windowed block) and the samples as
 * they are; stereo takes the cheapest of left/right, left/side, side/right and mid/side.
 */
import type { Audio, MultichannelAudio } from '../audio.ts';
import { InputError } from '../input-error.ts';
import type { Hertz, Samples } from '../units.ts';
import { type BitWriter, createBitWriter } from './bit-writer.ts';
import { crc8, crc16 } from './flac-crc.ts';
import { flacRates } from './flac-frame.ts';
import { createMd5 } from './md5.ts';
import { channelsToWrite, quantize } from './quantize.ts';

export type FlacOptions = { bitsPerSample?: 16 | 24 };

const BLOCK: Samples = 4096;
const MAX_ORDER = 12;
/** Bits of a quantised predictor coefficient, its sign included. */
const PRECISION = 14;
const MAX_PARTITION_ORDER = 6;
/** RFC 9639 §8.2: the stream info holds 20 bits of sample rate. */
const MAX_RATE = 1048575;

/**
 * A FLAC file with its MD5 signature. Samples are rounded and limited as by encodeWav, so `clippedSamples(audio, 16)` holds here too.
 *
 * @throws InputError when the audio is empty, has unequal channels or samples that are not finite
 * @example (await decodeAudio(encodeFlac({ samples: Float32Array.of(0, 0.5), sampleRate: 8000 }))).audio.channels[0] // [0, 0.5]
 */
export function encodeFlac(audio: Audio | MultichannelAudio, { bitsPerSample = 16 }: FlacOptions = {}): Uint8Array {
  const channels = channelsToWrite(audio).map((samples) => quantize(samples, bitsPerSample));
  const length = channels[0]!.length;
  if (audio.sampleRate > MAX_RATE) {
    throw new InputError(`The sample rate is ${audio.sampleRate} Hz but FLAC holds at most ${MAX_RATE} Hz. Resample the sound first.`);
  }
  const bits = createBitWriter();
  const frames: Uint8Array[] = [];
  for (let from = 0; from < length; from += BLOCK) {
    bits.clear();
    const block = channels.map((samples) => samples.subarray(from, from + BLOCK));
    writeFrame(bits, block, from / BLOCK, audio.sampleRate, bitsPerSample);
    frames.push(bits.bytes().slice());
  }
  const header = streamHeader(audio.sampleRate, channels, bitsPerSample, frames);
  const file = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, header.length));
  file.set(header);
  let at = header.length;
  for (const frame of frames) {
    file.set(frame, at);
    at += frame.length;
  }
  return file;
}

function streamHeader(sampleRate: number, channels: Int32Array[], bitsPerSample: number, frames: Uint8Array[]): Uint8Array {
  const length = channels[0]!.length;
  const sizes = frames.map((frame) => frame.length);
  const bits = createBitWriter();
  for (const letter of 'fLaC') bits.write(letter.charCodeAt(0), 8);
  bits.write(0x80, 8); // the last, and only, metadata block: STREAMINFO
  bits.write(34, 24);
  bits.write(BLOCK, 16);
  bits.write(BLOCK, 16);
  bits.write(
    sizes.reduce((a, b) => Math.min(a, b)),
    24,
  );
  bits.write(
    sizes.reduce((a, b) => Math.max(a, b)),
    24,
  );
  bits.write(sampleRate, 20);
  bits.write(channels.length - 1, 3);
  bits.write(bitsPerSample - 1, 5);
  bits.write(Math.floor(length / 2 ** 32), 4);
  bits.write(length >>> 0, 32);
  for (const byte of signature(channels, bitsPerSample)) bits.write(byte, 8);
  return bits.bytes().slice();
}

/** MD5 of the interleaved samples, little-endian (§8.2). */
function signature(channels: Int32Array[], bitsPerSample: number): Uint8Array {
  const md5 = createMd5();
  const bytesPerSample = bitsPerSample / 8;
  const length = channels[0]!.length;
  const part = new Uint8Array(BLOCK * channels.length * bytesPerSample);
  for (let from = 0; from < length; from += BLOCK) {
    const end = Math.min(from + BLOCK, length);
    let at = 0;
    for (let i = from; i < end; i++) {
      for (const samples of channels) for (let b = 0; b < bytesPerSample; b++) part[at++] = samples[i]! >> (8 * b);
    }
    md5.update(part.subarray(0, at));
  }
  return md5.digest();
}

function writeFrame(bits: BitWriter, block: Int32Array[], frameNumber: number, sampleRate: Hertz, bitsPerSample: number): void {
  const length = block[0]!.length;
  const stereo = block.length === 2 ? bestStereo(block[0]!, block[1]!, bitsPerSample) : undefined;
  const subframes = stereo?.subframes ?? block.map((samples) => bestSubframe(samples, bitsPerSample));

  bits.write(0b11111111111110, 14);
  bits.write(0b00, 2); // reserved; blocks of one size
  bits.write(length === BLOCK ? 0b1100 : 0b0111, 4);
  const rate = rateCode(sampleRate);
  bits.write(rate.code, 4);
  bits.write(stereo?.code ?? block.length - 1, 4);
  bits.write(bitsPerSample === 16 ? 0b100 : 0b110, 3);
  bits.write(0, 1);
  writeCodedNumber(bits, frameNumber);
  if (length !== BLOCK) bits.write(length - 1, 16);
  bits.write(rate.value, rate.width);
  bits.write(crc8(bits.bytes(), 0, bits.byteLength), 8);
  for (const subframe of subframes) writeSubframe(bits, subframe);
  bits.alignToByte();
  bits.write(crc16(bits.bytes(), 0, bits.byteLength), 16);
}

/** Every frame tells its rate, so that a stream can be entered anywhere (§7, the streamable subset); odd rates above 65535 Hz cannot be told. */
function rateCode(sampleRate: Hertz): { code: number; value: number; width: 0 | 8 | 16 } {
  const code = flacRates.indexOf(sampleRate as never);
  if (code > 0) return { code, value: 0, width: 0 };
  if (sampleRate % 1000 === 0 && sampleRate <= 255000) return { code: 12, value: sampleRate / 1000, width: 8 };
  if (sampleRate <= 65535) return { code: 13, value: sampleRate, width: 16 };
  if (sampleRate % 10 === 0 && sampleRate <= 655350) return { code: 14, value: sampleRate / 10, width: 16 };
  return { code: 0, value: 0, width: 0 };
}

/** The number as UTF-8 would code it, up to 36 bits (§9.1.5). */
function writeCodedNumber(bits: BitWriter, number: number): void {
  if (number < 128) {
    bits.write(number, 8);
    return;
  }
  let tail = 1;
  while (number >= 2 ** (6 * tail + 6 - tail)) tail++;
  bits.write((0xff << (7 - tail)) | Math.floor(number / 2 ** (6 * tail)), 8);
  for (let i = tail - 1; i >= 0; i--) bits.write(0x80 | (Math.floor(number / 2 ** (6 * i)) & 63), 8);
}

type Subframe = {
  kind: 'constant' | 'verbatim' | 'fixed' | 'linear';
  samples: Int32Array;
  width: number;
  order: number;
  coefficients: Int32Array;
  shift: number;
  residual: Int32Array;
  rice: RiceCode;
  /** Estimated length in bits. */
  cost: number;
};

function bestStereo(left: Int32Array, right: Int32Array, bitsPerSample: number): { code: number; subframes: Subframe[] } {
  const mid = new Int32Array(left.length);
  const side = new Int32Array(left.length);
  for (let i = 0; i < left.length; i++) {
    mid[i] = (left[i]! + right[i]!) >> 1;
    side[i] = left[i]! - right[i]!;
  }
  const l = bestSubframe(left, bitsPerSample);
  const r = bestSubframe(right, bitsPerSample);
  const m = bestSubframe(mid, bitsPerSample);
  const s = bestSubframe(side, bitsPerSample + 1);
  const choices = [
    { code: 0b0001, subframes: [l, r] },
    { code: 0b1000, subframes: [l, s] },
    { code: 0b1001, subframes: [s, r] },
    { code: 0b1010, subframes: [m, s] },
  ];
  const cost = ({ subframes }: { subframes: Subframe[] }): number => subframes[0]!.cost + subframes[1]!.cost;
  return choices.reduce((best, choice) => (cost(choice) < cost(best) ? choice : best));
}

function bestSubframe(samples: Int32Array, width: number): Subframe {
  const none = {
    samples,
    width,
    order: 0,
    coefficients: new Int32Array(0),
    shift: 0,
    residual: samples,
    rice: { order: 0, parameters: [] },
  };
  if (samples.every((sample) => sample === samples[0])) return { ...none, kind: 'constant', cost: 8 + width };
  let best: Subframe = { ...none, kind: 'verbatim', cost: 8 + width * samples.length };
  const fixedOrder = cheapestFixedOrder(samples);
  for (const candidate of [fixedSubframe(samples, width, fixedOrder), linearSubframe(samples, width)]) {
    if (candidate !== undefined && candidate.cost < best.cost) best = candidate;
  }
  return best;
}

/** The order whose differences have the smallest sum of magnitudes. */
function cheapestFixedOrder(samples: Int32Array): number {
  const sums = [0, 0, 0, 0, 0];
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!;
    const first = x - a;
    const second = first - b;
    const third = second - c;
    const fourth = third - d;
    if (i >= 4) {
      sums[0]! += Math.abs(x);
      sums[1]! += Math.abs(first);
      sums[2]! += Math.abs(second);
      sums[3]! += Math.abs(third);
      sums[4]! += Math.abs(fourth);
    }
    a = x;
    b = first;
    c = second;
    d = third;
  }
  const order = sums.indexOf(Math.min(...sums));
  return Math.min(order, samples.length - 1);
}

function fixedSubframe(samples: Int32Array, width: number, order: number): Subframe | undefined {
  let residual = Float64Array.from(samples);
  for (let k = 0; k < order; k++) {
    const differences = residual.slice();
    for (let i = k + 1; i < residual.length; i++) differences[i] = residual[i]! - residual[i - 1]!;
    residual = differences;
  }
  return predictedSubframe('fixed', samples, width, order, new Int32Array(0), 0, residual, 0);
}

function linearSubframe(samples: Int32Array, width: number): Subframe | undefined {
  const maxOrder = Math.min(MAX_ORDER, samples.length - 1);
  if (maxOrder < 1) return undefined;
  const { predictors, errors } = levinsonDurbin(autocorrelation(samples, maxOrder), maxOrder);
  // expected bits: half the logarithm of the error a sample, plus the coefficients themselves
  let order = 0;
  let fewest = Number.POSITIVE_INFINITY;
  for (let k = 1; k <= predictors.length; k++) {
    const bits = 0.5 * Math.log2(Math.max(1, errors[k - 1]! / samples.length)) * (samples.length - k) + k * (width + PRECISION);
    if (bits < fewest) {
      fewest = bits;
      order = k;
    }
  }
  if (order === 0) return undefined;
  const quantised = quantizeCoefficients(predictors[order - 1]!);
  if (quantised === undefined) return undefined;
  const { coefficients, shift } = quantised;
  const scale = 2 ** -shift;
  const residual = Float64Array.from(samples);
  for (let i = order; i < samples.length; i++) {
    let sum = 0;
    for (let j = 0; j < order; j++) sum += coefficients[j]! * samples[i - 1 - j]!;
    residual[i] = samples[i]! - Math.floor(sum * scale);
  }
  return predictedSubframe('linear', samples, width, order, coefficients, shift, residual, 9 + order * PRECISION);
}

/** Completes a subframe, or gives none when a residual leaves the 32 bits that the format allows (§9.2.7.3). */
function predictedSubframe(
  kind: 'fixed' | 'linear',
  samples: Int32Array,
  width: number,
  order: number,
  coefficients: Int32Array,
  shift: number,
  exact: Float64Array,
  coefficientBits: number,
): Subframe | undefined {
  for (let i = order; i < exact.length; i++) if (Math.abs(exact[i]!) > 0x7fffffff) return undefined;
  const residual = Int32Array.from(exact);
  const { code, cost } = bestRiceCode(residual, order);
  return { kind, samples, width, order, coefficients, shift, residual, rice: code, cost: 8 + order * width + coefficientBits + cost };
}

/** r[k] = Σ w[i]x[i]·w[i+k]x[i+k], w a Tukey window that tapers a quarter of the block at each end. */
function autocorrelation(samples: Int32Array, maxLag: number): Float64Array {
  const length = samples.length;
  const taper = Math.floor(length / 4);
  const windowed = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const edge = Math.min(i, length - 1 - i);
    windowed[i] = samples[i]! * (edge < taper ? 0.5 - 0.5 * Math.cos((Math.PI * (edge + 0.5)) / taper) : 1);
  }
  const r = new Float64Array(maxLag + 1);
  for (let lag = 0; lag <= maxLag; lag++) {
    let sum = 0;
    for (let i = lag; i < length; i++) sum += windowed[i]! * windowed[i - lag]!;
    r[lag] = sum;
  }
  return r;
}

/** Predictors of every order up to `maxOrder`, x[i] ≈ Σ p[j]·x[i-1-j], with their error energies (Durbin 1960). */
function levinsonDurbin(r: Float64Array, maxOrder: number): { predictors: Float64Array[]; errors: number[] } {
  const predictors: Float64Array[] = [];
  const errors: number[] = [];
  let error = r[0]!;
  let current = new Float64Array(0);
  for (let k = 0; k < maxOrder && error > 0; k++) {
    let sum = r[k + 1]!;
    for (let j = 0; j < k; j++) sum -= current[j]! * r[k - j]!;
    const reflection = sum / error;
    const next = new Float64Array(k + 1);
    for (let j = 0; j < k; j++) next[j] = current[j]! - reflection * current[k - 1 - j]!;
    next[k] = reflection;
    current = next;
    error *= 1 - reflection * reflection;
    predictors.push(current);
    errors.push(error);
  }
  return { predictors, errors };
}

/** Coefficients as integers times 2^-shift; the rounding error of each is carried into the next. */
function quantizeCoefficients(predictor: Float64Array): { coefficients: Int32Array; shift: number } | undefined {
  const largest = predictor.reduce((max, p) => Math.max(max, Math.abs(p)), 0);
  if (!(largest > 0) || !Number.isFinite(largest)) return undefined;
  const shift = Math.min(15, PRECISION - 2 - Math.floor(Math.log2(largest)));
  if (shift < 0) return undefined;
  const limit = 2 ** (PRECISION - 1);
  const coefficients = new Int32Array(predictor.length);
  let carried = 0;
  for (let j = 0; j < predictor.length; j++) {
    carried += predictor[j]! * 2 ** shift;
    coefficients[j] = Math.max(-limit, Math.min(limit - 1, Math.round(carried)));
    carried -= coefficients[j]!;
  }
  return { coefficients, shift };
}

type RiceCode = {
  /** The block is cut into 2^order partitions with a parameter each. */
  order: number;
  parameters: number[];
};

function bestRiceCode(residual: Int32Array, predictorOrder: number): { code: RiceCode; cost: number } {
  const length = residual.length;
  let finest = 0;
  while (finest < MAX_PARTITION_ORDER && length % 2 ** (finest + 1) === 0 && length / 2 ** (finest + 1) > predictorOrder) finest++;
  // folded magnitudes summed over the finest partitions; coarser ones are sums of these
  let sums = new Float64Array(2 ** finest);
  const finestSize = length / 2 ** finest;
  for (let i = predictorOrder; i < length; i++) {
    const x = residual[i]!;
    const part = Math.floor(i / finestSize);
    sums[part] = sums[part]! + (x >= 0 ? 2 * x : -2 * x - 1);
  }
  let best: { code: RiceCode; cost: number } | undefined;
  for (let order = finest; order >= 0; order--) {
    const size = length / 2 ** order;
    const parameters: number[] = [];
    let cost = 6;
    for (let p = 0; p < sums.length; p++) {
      const count = p === 0 ? size - predictorOrder : size;
      const parameter = riceParameter(sums[p]!, count);
      parameters.push(parameter);
      cost += 5 + count * (1 + parameter) + sums[p]! / 2 ** parameter;
    }
    if (best === undefined || cost < best.cost) best = { code: { order, parameters }, cost };
    if (order > 0) sums = Float64Array.from({ length: sums.length / 2 }, (_, p) => sums[2 * p]! + sums[2 * p + 1]!);
  }
  return best!;
}

/** The k that makes count·(1 + k) + sum/2^k smallest is near log2 of the mean; the two around it are compared. */
function riceParameter(sum: number, count: number): number {
  const near = Math.max(0, Math.min(29, Math.floor(Math.log2(Math.max(1, sum / Math.max(1, count))))));
  const cost = (k: number): number => count * (1 + k) + sum / 2 ** k;
  return cost(near + 1) < cost(near) ? near + 1 : near;
}

function writeSubframe(bits: BitWriter, subframe: Subframe): void {
  const { kind, samples, width, order } = subframe;
  const type = kind === 'constant' ? 0 : kind === 'verbatim' ? 1 : kind === 'fixed' ? 8 + order : 31 + order;
  bits.write(type << 1, 8);
  if (kind === 'constant') {
    bits.write(samples[0]!, width);
    return;
  }
  const plain = kind === 'verbatim' ? samples.length : order;
  for (let i = 0; i < plain; i++) bits.write(samples[i]!, width);
  if (kind === 'verbatim') return;
  if (kind === 'linear') {
    bits.write(PRECISION - 1, 4);
    bits.write(subframe.shift, 5);
    for (const coefficient of subframe.coefficients) bits.write(coefficient, PRECISION);
  }
  writeResidual(bits, subframe);
}

function writeResidual(bits: BitWriter, { residual, order, rice }: Subframe): void {
  // parameters above 14 need the code with 5 bits of parameter
  const wide = rice.parameters.some((parameter) => parameter > 14);
  bits.write(wide ? 1 : 0, 2);
  bits.write(rice.order, 4);
  const size = residual.length / 2 ** rice.order;
  for (const [p, parameter] of rice.parameters.entries()) {
    bits.write(parameter, wide ? 5 : 4);
    for (let i = p === 0 ? order : p * size; i < (p + 1) * size; i++) {
      const x = residual[i]!;
      const folded = (x << 1) ^ (x >> 31);
      bits.writeUnary(folded >>> parameter);
      bits.write(folded, parameter);
    }
  }
}
