/** A discrete Fourier transform of one length, prepared: owns its tables and scratch memory, so use one per thread. */
export interface Fft {
  readonly size: number;
  /** In place: X[k] = sum over n of x[n] exp(-2 pi i k n / size), not scaled. */
  forward(re: Float64Array, im: Float64Array): void;
}

/**
 * Prepares the transform for any length from 1 on: mixed-radix (2, 3, 4, 5) where the length has no other prime factors,
 * Bluestein's algorithm otherwise. Relative error about 1e-15 times log2 of the length.
 */
export function createFft(size: number): Fft {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`a Fourier transform of length ${size} is not possible; whole numbers from 1 on are`);
  const radices = factor(size);
  return radices ? mixedRadix(size, radices) : bluestein(size);
}

function factor(size: number): number[] | undefined {
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

/** exp(-2 pi i k / size) for k = 0 .. size - 1. */
function roots(size: number): { cos: Float64Array; sin: Float64Array } {
  const cos = new Float64Array(size);
  const sin = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / size);
    sin[k] = -Math.sin((2 * Math.PI * k) / size);
  }
  return { cos, sin };
}

/** Stockham's self-sorting form: each pass reads one buffer and writes the other, no bit reversal. */
function mixedRadix(size: number, radices: readonly number[]): Fft {
  const { cos, sin } = roots(size);
  const spareRe = new Float64Array(size);
  const spareIm = new Float64Array(size);
  return {
    size,
    forward(re, im) {
      let fromRe = re, fromIm = im;
      let toRe: Float64Array = spareRe, toIm: Float64Array = spareIm;
      let done = 1;
      for (const radix of radices) {
        pass(radix, done, size / done / radix, size, cos, sin, fromRe, fromIm, toRe, toIm);
        done *= radix;
        [fromRe, toRe] = [toRe, fromRe];
        [fromIm, toIm] = [toIm, fromIm];
      }
      if (fromRe !== re) {
        re.set(fromRe);
        im.set(fromIm);
      }
    },
  };
}

/**
 * One pass: `stride` interleaved transforms of length `radix * rest` become `stride * radix` of length `rest`.
 * y[q + stride (radix p + t)] = w^(p t) sum over s of x[q + stride (p + rest s)] exp(-2 pi i s t / radix),
 * with w = exp(-2 pi i / (radix rest)).
 */
function pass(
  radix: number, stride: number, rest: number, size: number, cos: Float64Array, sin: Float64Array,
  fromRe: Float64Array, fromIm: Float64Array, toRe: Float64Array, toIm: Float64Array,
): void {
  const leg = stride * rest;
  const turn = size / radix;
  for (let p = 0; p < rest; p++) {
    for (let t = 0; t < radix; t++) {
      const twist = p * t * stride;
      const wr = cos[twist]!, wi = sin[twist]!;
      const input = stride * p;
      const output = stride * (radix * p + t);
      for (let q = 0; q < stride; q++) {
        let sumRe = fromRe[input + q]!, sumIm = fromIm[input + q]!;
        for (let s = 1, angle = t; s < radix; s++, angle += t) {
          if (angle >= radix) angle -= radix;
          const cr = cos[angle * turn]!, ci = sin[angle * turn]!;
          const xr = fromRe[input + q + leg * s]!, xi = fromIm[input + q + leg * s]!;
          sumRe += cr * xr - ci * xi;
          sumIm += cr * xi + ci * xr;
        }
        toRe[output + q] = wr * sumRe - wi * sumIm;
        toIm[output + q] = wr * sumIm + wi * sumRe;
      }
    }
  }
}

/** A transform of any length as a circular convolution with a chirp, through a power of two of at least 2 size - 1. */
function bluestein(size: number): Fft {
  let padded = 1;
  while (padded < 2 * size - 1) padded *= 2;
  const inner = mixedRadix(padded, factor(padded)!);
  const chirpRe = new Float64Array(size);
  const chirpIm = new Float64Array(size);
  const kernelRe = new Float64Array(padded);
  const kernelIm = new Float64Array(padded);
  for (let k = 0; k < size; k++) {
    // k * k modulo 2 size keeps the angle small, and with it exact.
    const angle = (Math.PI * ((k * k) % (2 * size))) / size;
    chirpRe[k] = Math.cos(angle);
    chirpIm[k] = -Math.sin(angle);
    const mirror = (padded - k) % padded;
    kernelRe[k] = kernelRe[mirror] = chirpRe[k]!;
    kernelIm[k] = kernelIm[mirror] = -chirpIm[k]!;
  }
  inner.forward(kernelRe, kernelIm);
  const workRe = new Float64Array(padded);
  const workIm = new Float64Array(padded);
  return {
    size,
    forward(re, im) {
      workRe.fill(0);
      workIm.fill(0);
      for (let k = 0; k < size; k++) {
        workRe[k] = re[k]! * chirpRe[k]! - im[k]! * chirpIm[k]!;
        workIm[k] = re[k]! * chirpIm[k]! + im[k]! * chirpRe[k]!;
      }
      inner.forward(workRe, workIm);
      // The inverse transform as the forward one of the conjugate.
      for (let k = 0; k < padded; k++) {
        const productRe = workRe[k]! * kernelRe[k]! - workIm[k]! * kernelIm[k]!;
        workIm[k] = -(workRe[k]! * kernelIm[k]! + workIm[k]! * kernelRe[k]!);
        workRe[k] = productRe;
      }
      inner.forward(workRe, workIm);
      for (let k = 0; k < size; k++) {
        const sumRe = workRe[k]! / padded, sumIm = -workIm[k]! / padded;
        re[k] = sumRe * chirpRe[k]! - sumIm * chirpIm[k]!;
        im[k] = sumRe * chirpIm[k]! + sumIm * chirpRe[k]!;
      }
    },
  };
}
