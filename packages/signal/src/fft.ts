import { InputError } from './input-error.ts';

/**
 * Discrete Fourier transforms of any even size in double precision.
 * Sizes that factor into 2, 3 and 5 run as mixed-radix passes in place (Cooley & Tukey 1965), radix 4 wherever it divides; any other
 * size is exact too, as a chirp convolution (Bluestein 1970). Plans hold their tables and scratch, so one plan serves one caller at
 * a time.
 */
export type RealFft = {
  readonly size: number;
  /** X[k] = Σ x[n]·e^(-2πikn/size), k = 0 … size/2. */
  forward(input: Float64Array /* [size] */, re: Float64Array /* [size/2+1] */, im: Float64Array /* [size/2+1] */): void;
  /** The exact inverse, 1/size included; im[0] and im[size/2] are taken as 0. */
  inverse(re: Float64Array /* [size/2+1] */, im: Float64Array /* [size/2+1] */, output: Float64Array /* [size] */): void;
};

/**
 * A complex transform of any size: fill `input`, call `run`, read `output`; both interleave real and imaginary part. They are plain
 * arrays of doubles because V8 (11, Node 20) reads and writes those 1.5 times as fast as a Float64Array. `run` leaves `input` alone.
 */
export type FftPlan = {
  readonly size: number;
  readonly input: number[]; // [size, 2]
  readonly output: number[]; // [size, 2]
  run(): void;
};

/** The smallest power of two that is at least n. @example nextPowerOfTwo(600) // 1024 */
export function nextPowerOfTwo(n: number): number {
  let size = 1;
  while (size < n) size *= 2;
  return size;
}

/** The smallest multiple of 16 of at least n whose only factors are 2, 3 and 5. @example nextFastSize(2248) // 2304 */
export function nextFastSize(n: number): number {
  for (let size = 16 * Math.max(1, Math.ceil(n / 16)); ; size += 16) {
    if (radicesOf(size) !== undefined) return size;
  }
}

/**
 * A real transform of `size` points computed as one complex transform of size/2 points.
 * @throws InputError when size is not an even whole number of at least 2.
 */
export function createRealFft(size: number): RealFft {
  if (!Number.isSafeInteger(size) || size < 2 || size % 2 !== 0) {
    throw new InputError(`FFT size is ${size} but must be an even whole number of at least 2. Use nextPowerOfTwo or nextFastSize.`);
  }
  const half = size / 2;
  const plan = createFftPlan(half);
  const x = plan.input;
  const z = plan.output;
  const turns = doubles(size + 2); // [half+1, 2] cosine and sine of 2πk/size
  for (let k = 0; k <= half; k++) {
    turns[2 * k] = Math.cos((2 * Math.PI * k) / size);
    turns[2 * k + 1] = Math.sin((2 * Math.PI * k) / size);
  }

  return {
    size,
    forward(input, re, im) {
      // even samples are the real parts, odd ones the imaginary parts: the order they already have
      for (let n = 0; n < size; n++) x[n] = input[n]!;
      plan.run();
      re[0] = z[0]! + z[1]!;
      im[0] = 0;
      re[half] = z[0]! - z[1]!;
      im[half] = 0;
      // bins k and half-k share their sums
      for (let k = 1; 2 * k <= half; k++) {
        const a = 2 * k;
        const b = size - a;
        const evenR = 0.5 * (z[a]! + z[b]!);
        const evenI = 0.5 * (z[a + 1]! - z[b + 1]!);
        const oddR = 0.5 * (z[a + 1]! + z[b + 1]!);
        const oddI = 0.5 * (z[b]! - z[a]!);
        const turnedR = turns[a]! * oddR + turns[a + 1]! * oddI;
        const turnedI = turns[a]! * oddI - turns[a + 1]! * oddR;
        re[k] = evenR + turnedR;
        im[k] = evenI + turnedI;
        re[half - k] = evenR - turnedR;
        im[half - k] = turnedI - evenI;
      }
    },
    inverse(re, im, output) {
      for (let k = 0; k < half; k++) {
        const ar = re[k]!;
        const ai = k === 0 ? 0 : im[k]!;
        const br = re[half - k]!;
        const bi = k === 0 ? 0 : im[half - k]!;
        const evenR = 0.5 * (ar + br);
        const evenI = 0.5 * (ai - bi);
        const differenceR = 0.5 * (ar - br);
        const differenceI = 0.5 * (ai + bi);
        const c = turns[2 * k]!;
        const s = turns[2 * k + 1]!;
        // the inverse is the forward transform with real and imaginary parts exchanged
        x[2 * k] = evenI + c * differenceR - s * differenceI;
        x[2 * k + 1] = evenR - c * differenceI - s * differenceR;
      }
      plan.run();
      for (let n = 0; n < half; n++) {
        output[2 * n] = z[2 * n + 1]! / half;
        output[2 * n + 1] = z[2 * n]! / half;
      }
    },
  };
}

/** The bare complex transform: X[k] = Σ x[n]·e^(-2πikn/size), for callers that build their frames themselves. */
export function createFftPlan(size: number): FftPlan {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new InputError(`FFT size is ${size} but must be a whole number of at least 1.`);
  }
  const radices = radicesOf(size);
  return radices === undefined ? createBluestein(size) : createMixedRadix(size, radices);
}

/** Zeros in an array that V8 keeps as unboxed doubles: the first value it meets must be a fraction. */
export function doubles(length: number): number[] {
  const array: number[] = [];
  for (let i = 0; i < length; i++) array.push(0.5);
  return array.fill(0);
}

/** The factors of a size in the order of their passes, or undefined when another prime than 2, 3 and 5 is in it. */
function radicesOf(size: number): number[] | undefined {
  const radices: number[] = [];
  let rest = size;
  for (const radix of [4, 2, 3, 5]) {
    while (rest % radix === 0) {
      radices.push(radix);
      rest /= radix;
    }
  }
  return rest === 1 ? radices : undefined;
}

/** One pass joins, in every block of radix·m points, `radix` finished transforms of m points. */
type Pass = {
  radix: number;
  m: number;
  twiddles: number[]; // [m, radix-1, 2] cosine and sine of 2πkj/(radix·m), j = 1 … radix-1
};

function createMixedRadix(size: number, radices: number[]): FftPlan {
  const input = doubles(2 * size);
  const output = doubles(2 * size);
  const order = digitReversal(size, radices);
  const passes: Pass[] = [];
  let m = 1;
  for (const radix of radices) {
    const twiddles = doubles(2 * m * (radix - 1));
    let i = 0;
    for (let k = 0; k < m; k++) {
      for (let j = 1; j < radix; j++) {
        const angle = (2 * Math.PI * ((k * j) % (radix * m))) / (radix * m);
        twiddles[i++] = Math.cos(angle);
        twiddles[i++] = Math.sin(angle);
      }
    }
    passes.push({ radix, m, twiddles });
    m *= radix;
  }
  const startsWith4 = radices[0] === 4;
  return {
    size,
    input,
    output,
    run() {
      if (startsWith4) gatherRadix4(order, input, output);
      else gather(order, input, output);
      for (let i = startsWith4 ? 1 : 0; i < passes.length; i++) {
        const pass = passes[i]!;
        if (pass.radix === 4) radix4(pass, output);
        else if (pass.radix === 2) radix2(pass, output);
        else if (pass.radix === 3) radix3(pass, output);
        else radix5(pass, output);
      }
    },
  };
}

/** Which input stands where before the first pass: the last pass's radix takes every radix-th point, and so on inwards. */
function digitReversal(size: number, radices: number[]): Uint32Array {
  return Uint32Array.from({ length: size }, (_, place) => {
    let rest = place;
    let block = size;
    let weight = 1;
    let index = 0;
    for (let i = radices.length - 1; i >= 0; i--) {
      block /= radices[i]!;
      index += Math.floor(rest / block) * weight;
      rest %= block;
      weight *= radices[i]!;
    }
    return index;
  });
}

function gather(order: Uint32Array, x: number[], z: number[]): void {
  for (let i = 0; i < order.length; i++) {
    z[2 * i] = x[2 * order[i]!]!;
    z[2 * i + 1] = x[2 * order[i]! + 1]!;
  }
}

/** The gathering and a first pass of radix 4, which needs no twiddles, in one. */
function gatherRadix4(order: Uint32Array, x: number[], z: number[]): void {
  const quarter = order.length >> 1; // in an interleaved array
  let o = 0;
  for (let i = 0; i < order.length; i += 4) {
    const a = 2 * order[i]!;
    const b = a + quarter;
    const c = b + quarter;
    const d = c + quarter;
    const sumR = x[a]! + x[c]!;
    const sumI = x[a + 1]! + x[c + 1]!;
    const differenceR = x[a]! - x[c]!;
    const differenceI = x[a + 1]! - x[c + 1]!;
    const crossR = x[b]! + x[d]!;
    const crossI = x[b + 1]! + x[d + 1]!;
    const turnR = x[b]! - x[d]!;
    const turnI = x[b + 1]! - x[d + 1]!;
    z[o] = sumR + crossR;
    z[o + 1] = sumI + crossI;
    z[o + 2] = differenceR + turnI;
    z[o + 3] = differenceI - turnR;
    z[o + 4] = sumR - crossR;
    z[o + 5] = sumI - crossI;
    z[o + 6] = differenceR - turnI;
    z[o + 7] = differenceI + turnR;
    o += 8;
  }
}

function radix4({ m, twiddles }: Pass, z: number[]): void {
  const width = 2 * m;
  for (let block = 0; block < z.length; block += 4 * width) {
    let t = 0;
    for (let a = block; a < block + width; a += 2) {
      const b = a + width;
      const c = b + width;
      const d = c + width;
      const ar = z[a]!;
      const ai = z[a + 1]!;
      const br = z[b]! * twiddles[t]! + z[b + 1]! * twiddles[t + 1]!;
      const bi = z[b + 1]! * twiddles[t]! - z[b]! * twiddles[t + 1]!;
      const cr = z[c]! * twiddles[t + 2]! + z[c + 1]! * twiddles[t + 3]!;
      const ci = z[c + 1]! * twiddles[t + 2]! - z[c]! * twiddles[t + 3]!;
      const dr = z[d]! * twiddles[t + 4]! + z[d + 1]! * twiddles[t + 5]!;
      const di = z[d + 1]! * twiddles[t + 4]! - z[d]! * twiddles[t + 5]!;
      t += 6;
      const sumR = ar + cr;
      const sumI = ai + ci;
      const differenceR = ar - cr;
      const differenceI = ai - ci;
      const crossR = br + dr;
      const crossI = bi + di;
      const turnR = br - dr;
      const turnI = bi - di;
      z[a] = sumR + crossR;
      z[a + 1] = sumI + crossI;
      z[b] = differenceR + turnI;
      z[b + 1] = differenceI - turnR;
      z[c] = sumR - crossR;
      z[c + 1] = sumI - crossI;
      z[d] = differenceR - turnI;
      z[d + 1] = differenceI + turnR;
    }
  }
}

function radix2({ m, twiddles }: Pass, z: number[]): void {
  const width = 2 * m;
  for (let block = 0; block < z.length; block += 2 * width) {
    let t = 0;
    for (let a = block; a < block + width; a += 2) {
      const b = a + width;
      const br = z[b]! * twiddles[t]! + z[b + 1]! * twiddles[t + 1]!;
      const bi = z[b + 1]! * twiddles[t]! - z[b]! * twiddles[t + 1]!;
      t += 2;
      z[b] = z[a]! - br;
      z[b + 1] = z[a + 1]! - bi;
      z[a] = z[a]! + br;
      z[a + 1] = z[a + 1]! + bi;
    }
  }
}

const SIN_60 = Math.sqrt(3) / 2;

function radix3({ m, twiddles }: Pass, z: number[]): void {
  const width = 2 * m;
  for (let block = 0; block < z.length; block += 3 * width) {
    let t = 0;
    for (let a = block; a < block + width; a += 2) {
      const b = a + width;
      const c = b + width;
      const br = z[b]! * twiddles[t]! + z[b + 1]! * twiddles[t + 1]!;
      const bi = z[b + 1]! * twiddles[t]! - z[b]! * twiddles[t + 1]!;
      const cr = z[c]! * twiddles[t + 2]! + z[c + 1]! * twiddles[t + 3]!;
      const ci = z[c + 1]! * twiddles[t + 2]! - z[c]! * twiddles[t + 3]!;
      t += 4;
      const sumR = br + cr;
      const sumI = bi + ci;
      const turnR = SIN_60 * (br - cr);
      const turnI = SIN_60 * (bi - ci);
      const midR = z[a]! - 0.5 * sumR;
      const midI = z[a + 1]! - 0.5 * sumI;
      z[a] = z[a]! + sumR;
      z[a + 1] = z[a + 1]! + sumI;
      z[b] = midR + turnI;
      z[b + 1] = midI - turnR;
      z[c] = midR - turnI;
      z[c + 1] = midI + turnR;
    }
  }
}

const COS_72 = Math.cos((2 * Math.PI) / 5);
const COS_144 = Math.cos((4 * Math.PI) / 5);
const SIN_72 = Math.sin((2 * Math.PI) / 5);
const SIN_144 = Math.sin((4 * Math.PI) / 5);

function radix5({ m, twiddles }: Pass, z: number[]): void {
  const width = 2 * m;
  for (let block = 0; block < z.length; block += 5 * width) {
    let t = 0;
    for (let a = block; a < block + width; a += 2) {
      const b = a + width;
      const c = b + width;
      const d = c + width;
      const e = d + width;
      const br = z[b]! * twiddles[t]! + z[b + 1]! * twiddles[t + 1]!;
      const bi = z[b + 1]! * twiddles[t]! - z[b]! * twiddles[t + 1]!;
      const cr = z[c]! * twiddles[t + 2]! + z[c + 1]! * twiddles[t + 3]!;
      const ci = z[c + 1]! * twiddles[t + 2]! - z[c]! * twiddles[t + 3]!;
      const dr = z[d]! * twiddles[t + 4]! + z[d + 1]! * twiddles[t + 5]!;
      const di = z[d + 1]! * twiddles[t + 4]! - z[d]! * twiddles[t + 5]!;
      const er = z[e]! * twiddles[t + 6]! + z[e + 1]! * twiddles[t + 7]!;
      const ei = z[e + 1]! * twiddles[t + 6]! - z[e]! * twiddles[t + 7]!;
      t += 8;
      const near1R = z[a]! + COS_72 * (br + er) + COS_144 * (cr + dr);
      const near1I = z[a + 1]! + COS_72 * (bi + ei) + COS_144 * (ci + di);
      const near2R = z[a]! + COS_144 * (br + er) + COS_72 * (cr + dr);
      const near2I = z[a + 1]! + COS_144 * (bi + ei) + COS_72 * (ci + di);
      const far1R = SIN_72 * (br - er) + SIN_144 * (cr - dr);
      const far1I = SIN_72 * (bi - ei) + SIN_144 * (ci - di);
      const far2R = SIN_144 * (br - er) - SIN_72 * (cr - dr);
      const far2I = SIN_144 * (bi - ei) - SIN_72 * (ci - di);
      z[a] = z[a]! + (br + er) + (cr + dr);
      z[a + 1] = z[a + 1]! + (bi + ei) + (ci + di);
      z[b] = near1R + far1I;
      z[b + 1] = near1I - far1R;
      z[c] = near2R + far2I;
      z[c + 1] = near2I - far2R;
      z[d] = near2R - far2I;
      z[d + 1] = near2I + far2R;
      z[e] = near1R - far1I;
      z[e + 1] = near1I + far1R;
    }
  }
}

/** Any size: kn = (k² + n² - (k-n)²)/2 turns the sum into a convolution with a chirp, done at a power of two. */
function createBluestein(size: number): FftPlan {
  const padded = nextPowerOfTwo(2 * size - 1);
  const plan = createFftPlan(padded);
  const work = plan.input;
  const spectrum = plan.output;
  const chirp = doubles(2 * size); // [size, 2] e^(-iπn²/size)
  for (let n = 0; n < size; n++) {
    // n² modulo 2·size before the angle: a large argument would lose its low bits
    const angle = (Math.PI * ((n * n) % (2 * size))) / size;
    chirp[2 * n] = Math.cos(angle);
    chirp[2 * n + 1] = -Math.sin(angle);
    for (const at of n === 0 ? [0] : [n, padded - n]) {
      work[2 * at] = chirp[2 * n]!;
      work[2 * at + 1] = -chirp[2 * n + 1]!;
    }
  }
  plan.run();
  const kernel = spectrum.map((value) => value / padded);
  const input = doubles(2 * size);
  const output = doubles(2 * size);
  return {
    size,
    input,
    output,
    run() {
      work.fill(0);
      for (let n = 0; n < 2 * size; n += 2) {
        work[n] = input[n]! * chirp[n]! - input[n + 1]! * chirp[n + 1]!;
        work[n + 1] = input[n]! * chirp[n + 1]! + input[n + 1]! * chirp[n]!;
      }
      plan.run();
      // parts exchanged, so that the next forward transform is the inverse
      for (let k = 0; k < 2 * padded; k += 2) {
        work[k + 1] = spectrum[k]! * kernel[k]! - spectrum[k + 1]! * kernel[k + 1]!;
        work[k] = spectrum[k]! * kernel[k + 1]! + spectrum[k + 1]! * kernel[k]!;
      }
      plan.run();
      for (let k = 0; k < 2 * size; k += 2) {
        output[k] = spectrum[k + 1]! * chirp[k]! - spectrum[k]! * chirp[k + 1]!;
        output[k + 1] = spectrum[k + 1]! * chirp[k + 1]! + spectrum[k]! * chirp[k]!;
      }
    },
  };
}
