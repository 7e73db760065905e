import { InputError } from './input-error.ts';

/**
 * Discrete Fourier transforms of any even size in double precision.
 * Sizes that factor into 2, 3 and 5 run as self-sorting mixed-radix passes (Stockham; van Loan 1992, §1.7), radix 4 wherever it
 * divides; any other size is exact too, as a chirp convolution (Bluestein 1970). Plans hold their tables and scratch, so one plan
 * serves one caller at a time.
 */
export type RealFft = {
  readonly size: number;
  /** X[k] = Σ x[n]·e^(-2πikn/size), k = 0 … size/2. */
  forward(input: Float64Array /* [size] */, re: Float64Array /* [size/2+1] */, im: Float64Array /* [size/2+1] */): void;
  /** The exact inverse, 1/size included; im[0] and im[size/2] are taken as 0. */
  inverse(re: Float64Array /* [size/2+1] */, im: Float64Array /* [size/2+1] */, output: Float64Array /* [size] */): void;
};

export type ComplexFft = {
  readonly size: number;
  /** X[k] = Σ x[n]·e^(-2πikn/size) in place. The inverse is `forward(im, re)` and a division by size. */
  forward(re: Float64Array /* [size] */, im: Float64Array /* [size] */): void;
};

/** The smallest power of two that is at least n. @example nextPowerOfTwo(600) // 1024 */
export function nextPowerOfTwo(n: number): number {
  let size = 1;
  while (size < n) size *= 2;
  return size;
}

/** The smallest even size of at least n whose only factors are 2, 3 and 5: the next fast size. @example nextFastSize(2250) // 2250 */
export function nextFastSize(n: number): number {
  for (let size = Math.max(2, 2 * Math.ceil(n / 2)); ; size += 2) {
    let rest = size;
    for (const factor of [2, 3, 5]) while (rest % factor === 0) rest /= factor;
    if (rest === 1) return size;
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
  const zr = new Float64Array(half);
  const zi = new Float64Array(half);
  const transform = createComplexFft(half).forward;
  const cos = new Float64Array(half + 1);
  const sin = new Float64Array(half + 1);
  for (let k = 0; k <= half; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / size);
    sin[k] = Math.sin((2 * Math.PI * k) / size);
  }

  return {
    size,
    forward(input, re, im) {
      for (let n = 0; n < half; n++) {
        zr[n] = input[2 * n]!;
        zi[n] = input[2 * n + 1]!;
      }
      transform(zr, zi);
      re[0] = zr[0]! + zi[0]!;
      im[0] = 0;
      re[half] = zr[0]! - zi[0]!;
      im[half] = 0;
      // bins k and half-k share their sums
      for (let k = 1; 2 * k <= half; k++) {
        const b = half - k;
        const evenR = 0.5 * (zr[k]! + zr[b]!);
        const evenI = 0.5 * (zi[k]! - zi[b]!);
        const oddR = 0.5 * (zi[k]! + zi[b]!);
        const oddI = 0.5 * (zr[b]! - zr[k]!);
        const turnedR = cos[k]! * oddR + sin[k]! * oddI;
        const turnedI = cos[k]! * oddI - sin[k]! * oddR;
        re[k] = evenR + turnedR;
        im[k] = evenI + turnedI;
        re[b] = evenR - turnedR;
        im[b] = turnedI - evenI;
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
        const oddR = cos[k]! * differenceR - sin[k]! * differenceI;
        const oddI = cos[k]! * differenceI + sin[k]! * differenceR;
        // the inverse is the forward transform with real and imaginary parts exchanged
        zr[k] = evenI + oddR;
        zi[k] = evenR - oddI;
      }
      transform(zr, zi);
      for (let n = 0; n < half; n++) {
        output[2 * n] = zi[n]! / half;
        output[2 * n + 1] = zr[n]! / half;
      }
    },
  };
}

/** A complex transform of any size of at least 1, in place. */
export function createComplexFft(size: number): ComplexFft {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new InputError(`FFT size is ${size} but must be a whole number of at least 1.`);
  }
  const radices = radicesOf(size);
  return { size, forward: radices === undefined ? createBluestein(size) : createMixedRadix(size, radices) };
}

type Transform = (re: Float64Array, im: Float64Array) => void;

function radicesOf(size: number): number[] | undefined {
  const radices: number[] = [];
  let rest = size;
  for (const radix of [5, 3, 4, 2]) {
    while (rest % radix === 0) {
      radices.push(radix);
      rest /= radix;
    }
  }
  return rest === 1 ? radices : undefined;
}

/**
 * One pass: `count` = points a transform has left, `stride` = transforms interleaved. Reads x[q + stride·(p + m·j)], m = count/radix,
 * writes y[q + stride·(radix·p + j)], so the order sorts itself and no bit reversal is needed.
 */
type Pass = {
  radix: number;
  m: number;
  stride: number;
  cos: Float64Array; // [m, radix-1] cosine of 2πpj/count, j = 1 … radix-1
  sin: Float64Array; // [m, radix-1]
};

function createMixedRadix(size: number, radices: number[]): Transform {
  const passes: Pass[] = [];
  let count = size;
  let stride = 1;
  for (const radix of radices) {
    const m = count / radix;
    const cos = new Float64Array(m * (radix - 1));
    const sin = new Float64Array(m * (radix - 1));
    for (let p = 0; p < m; p++) {
      for (let j = 1; j < radix; j++) {
        const angle = (2 * Math.PI * ((p * j) % count)) / count;
        cos[p * (radix - 1) + j - 1] = Math.cos(angle);
        sin[p * (radix - 1) + j - 1] = Math.sin(angle);
      }
    }
    passes.push({ radix, m, stride, cos, sin });
    count = m;
    stride *= radix;
  }
  const otherR = new Float64Array(size);
  const otherI = new Float64Array(size);
  return (re, im) => {
    let xr = re;
    let xi = im;
    let yr: Float64Array = otherR;
    let yi: Float64Array = otherI;
    for (const pass of passes) {
      if (pass.radix === 4) radix4(pass, xr, xi, yr, yi);
      else if (pass.radix === 2) radix2(pass, xr, xi, yr, yi);
      else if (pass.radix === 3) radix3(pass, xr, xi, yr, yi);
      else radix5(pass, xr, xi, yr, yi);
      const tr = xr;
      const ti = xi;
      xr = yr;
      xi = yi;
      yr = tr;
      yi = ti;
    }
    if (xr !== re) {
      re.set(xr.subarray(0, size));
      im.set(xi.subarray(0, size));
    }
  };
}

function radix2({ m, stride, cos, sin }: Pass, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  for (let p = 0; p < m; p++) {
    const c = cos[p]!;
    const s = sin[p]!;
    for (let q = 0; q < stride; q++) {
      const a = q + stride * p;
      const b = a + stride * m;
      const out = q + stride * 2 * p;
      const dr = xr[a]! - xr[b]!;
      const di = xi[a]! - xi[b]!;
      yr[out] = xr[a]! + xr[b]!;
      yi[out] = xi[a]! + xi[b]!;
      yr[out + stride] = dr * c + di * s;
      yi[out + stride] = di * c - dr * s;
    }
  }
}

function radix4({ m, stride, cos, sin }: Pass, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  const step = stride * m;
  for (let p = 0; p < m; p++) {
    const c1 = cos[3 * p]!;
    const s1 = sin[3 * p]!;
    const c2 = cos[3 * p + 1]!;
    const s2 = sin[3 * p + 1]!;
    const c3 = cos[3 * p + 2]!;
    const s3 = sin[3 * p + 2]!;
    const from = stride * p;
    const to = 4 * from;
    for (let q = 0; q < stride; q++) {
      const i0 = from + q;
      const i1 = i0 + step;
      const i2 = i1 + step;
      const i3 = i2 + step;
      const ar = xr[i0]!;
      const ai = xi[i0]!;
      const br = xr[i1]!;
      const bi = xi[i1]!;
      const cr = xr[i2]!;
      const ci = xi[i2]!;
      const dr = xr[i3]!;
      const di = xi[i3]!;
      const sumR = ar + cr;
      const sumI = ai + ci;
      const differenceR = ar - cr;
      const differenceI = ai - ci;
      const crossR = br + dr;
      const crossI = bi + di;
      const turnR = br - dr;
      const turnI = bi - di;
      const o0 = to + q;
      const o1 = o0 + stride;
      const o2 = o1 + stride;
      const o3 = o2 + stride;
      yr[o0] = sumR + crossR;
      yi[o0] = sumI + crossI;
      const r1 = differenceR + turnI;
      const m1 = differenceI - turnR;
      yr[o1] = r1 * c1 + m1 * s1;
      yi[o1] = m1 * c1 - r1 * s1;
      const r2 = sumR - crossR;
      const m2 = sumI - crossI;
      yr[o2] = r2 * c2 + m2 * s2;
      yi[o2] = m2 * c2 - r2 * s2;
      const r3 = differenceR - turnI;
      const m3 = differenceI + turnR;
      yr[o3] = r3 * c3 + m3 * s3;
      yi[o3] = m3 * c3 - r3 * s3;
    }
  }
}

const SIN_60 = Math.sqrt(3) / 2;

function radix3({ m, stride, cos, sin }: Pass, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  const step = stride * m;
  for (let p = 0; p < m; p++) {
    const c1 = cos[2 * p]!;
    const s1 = sin[2 * p]!;
    const c2 = cos[2 * p + 1]!;
    const s2 = sin[2 * p + 1]!;
    for (let q = 0; q < stride; q++) {
      const i0 = stride * p + q;
      const ar = xr[i0]!;
      const ai = xi[i0]!;
      const sumR = xr[i0 + step]! + xr[i0 + 2 * step]!;
      const sumI = xi[i0 + step]! + xi[i0 + 2 * step]!;
      const turnR = SIN_60 * (xr[i0 + step]! - xr[i0 + 2 * step]!);
      const turnI = SIN_60 * (xi[i0 + step]! - xi[i0 + 2 * step]!);
      const midR = ar - 0.5 * sumR;
      const midI = ai - 0.5 * sumI;
      const o0 = stride * 3 * p + q;
      yr[o0] = ar + sumR;
      yi[o0] = ai + sumI;
      const r1 = midR + turnI;
      const m1 = midI - turnR;
      yr[o0 + stride] = r1 * c1 + m1 * s1;
      yi[o0 + stride] = m1 * c1 - r1 * s1;
      const r2 = midR - turnI;
      const m2 = midI + turnR;
      yr[o0 + 2 * stride] = r2 * c2 + m2 * s2;
      yi[o0 + 2 * stride] = m2 * c2 - r2 * s2;
    }
  }
}

const COS_72 = Math.cos((2 * Math.PI) / 5);
const COS_144 = Math.cos((4 * Math.PI) / 5);
const SIN_72 = Math.sin((2 * Math.PI) / 5);
const SIN_144 = Math.sin((4 * Math.PI) / 5);

function radix5({ m, stride, cos, sin }: Pass, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  const step = stride * m;
  for (let p = 0; p < m; p++) {
    for (let q = 0; q < stride; q++) {
      const i0 = stride * p + q;
      const i1 = i0 + step;
      const i2 = i1 + step;
      const i3 = i2 + step;
      const i4 = i3 + step;
      const ar = xr[i0]!;
      const ai = xi[i0]!;
      const sum1R = xr[i1]! + xr[i4]!;
      const sum1I = xi[i1]! + xi[i4]!;
      const sum2R = xr[i2]! + xr[i3]!;
      const sum2I = xi[i2]! + xi[i3]!;
      const turn1R = xr[i1]! - xr[i4]!;
      const turn1I = xi[i1]! - xi[i4]!;
      const turn2R = xr[i2]! - xr[i3]!;
      const turn2I = xi[i2]! - xi[i3]!;
      const near1R = ar + COS_72 * sum1R + COS_144 * sum2R;
      const near1I = ai + COS_72 * sum1I + COS_144 * sum2I;
      const near2R = ar + COS_144 * sum1R + COS_72 * sum2R;
      const near2I = ai + COS_144 * sum1I + COS_72 * sum2I;
      const far1R = SIN_72 * turn1R + SIN_144 * turn2R;
      const far1I = SIN_72 * turn1I + SIN_144 * turn2I;
      const far2R = SIN_144 * turn1R - SIN_72 * turn2R;
      const far2I = SIN_144 * turn1I - SIN_72 * turn2I;
      const o0 = stride * 5 * p + q;
      const t = 4 * p;
      yr[o0] = ar + sum1R + sum2R;
      yi[o0] = ai + sum1I + sum2I;
      const r1 = near1R + far1I;
      const m1 = near1I - far1R;
      yr[o0 + stride] = r1 * cos[t]! + m1 * sin[t]!;
      yi[o0 + stride] = m1 * cos[t]! - r1 * sin[t]!;
      const r2 = near2R + far2I;
      const m2 = near2I - far2R;
      yr[o0 + 2 * stride] = r2 * cos[t + 1]! + m2 * sin[t + 1]!;
      yi[o0 + 2 * stride] = m2 * cos[t + 1]! - r2 * sin[t + 1]!;
      const r3 = near2R - far2I;
      const m3 = near2I + far2R;
      yr[o0 + 3 * stride] = r3 * cos[t + 2]! + m3 * sin[t + 2]!;
      yi[o0 + 3 * stride] = m3 * cos[t + 2]! - r3 * sin[t + 2]!;
      const r4 = near1R - far1I;
      const m4 = near1I + far1R;
      yr[o0 + 4 * stride] = r4 * cos[t + 3]! + m4 * sin[t + 3]!;
      yi[o0 + 4 * stride] = m4 * cos[t + 3]! - r4 * sin[t + 3]!;
    }
  }
}

/** Any size: kn = (k² + n² - (k-n)²)/2 turns the sum into a convolution with a chirp, done at a power of two. */
function createBluestein(size: number): Transform {
  const padded = nextPowerOfTwo(2 * size - 1);
  const { forward } = createComplexFft(padded);
  const chirpR = new Float64Array(size);
  const chirpI = new Float64Array(size);
  const kernelR = new Float64Array(padded);
  const kernelI = new Float64Array(padded);
  for (let n = 0; n < size; n++) {
    // n² modulo 2·size before the angle: a large argument would lose its low bits
    const angle = (Math.PI * ((n * n) % (2 * size))) / size;
    chirpR[n] = Math.cos(angle);
    chirpI[n] = -Math.sin(angle);
    kernelR[n] = chirpR[n]!;
    kernelI[n] = -chirpI[n]!;
    if (n > 0) {
      kernelR[padded - n] = chirpR[n]!;
      kernelI[padded - n] = -chirpI[n]!;
    }
  }
  forward(kernelR, kernelI);
  const ar = new Float64Array(padded);
  const ai = new Float64Array(padded);
  return (re, im) => {
    ar.fill(0);
    ai.fill(0);
    for (let n = 0; n < size; n++) {
      ar[n] = re[n]! * chirpR[n]! - im[n]! * chirpI[n]!;
      ai[n] = re[n]! * chirpI[n]! + im[n]! * chirpR[n]!;
    }
    forward(ar, ai);
    for (let k = 0; k < padded; k++) {
      const r = ar[k]! * kernelR[k]! - ai[k]! * kernelI[k]!;
      ai[k] = ar[k]! * kernelI[k]! + ai[k]! * kernelR[k]!;
      ar[k] = r;
    }
    // inverse: parts exchanged
    forward(ai, ar);
    for (let k = 0; k < size; k++) {
      const r = ar[k]! / padded;
      const i = ai[k]! / padded;
      re[k] = r * chirpR[k]! - i * chirpI[k]!;
      im[k] = r * chirpI[k]! + i * chirpR[k]!;
    }
  };
}
