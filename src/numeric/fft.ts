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
      for (let step = 0; step < radices.length; step++) {
        const radix = radices[step]!;
        pass(radix, done, size / done / radix, cos, sin, fromRe, fromIm, toRe, toIm);
        done *= radix;
        const nextRe = fromRe, nextIm = fromIm;
        fromRe = toRe;
        fromIm = toIm;
        toRe = nextRe;
        toIm = nextIm;
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
  radix: number, stride: number, rest: number, cos: Float64Array, sin: Float64Array,
  fromRe: Float64Array, fromIm: Float64Array, toRe: Float64Array, toIm: Float64Array,
): void {
  if (radix === 4) fours(stride, rest, cos, sin, fromRe, fromIm, toRe, toIm);
  else if (radix === 2) twos(stride, rest, cos, sin, fromRe, fromIm, toRe, toIm);
  else if (radix === 3) threes(stride, rest, cos, sin, fromRe, fromIm, toRe, toIm);
  else fives(stride, rest, cos, sin, fromRe, fromIm, toRe, toIm);
}

function twos(stride: number, rest: number, cos: Float64Array, sin: Float64Array, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  const leg = stride * rest;
  for (let p = 0; p < rest; p++) {
    const c = cos[p * stride]!, s = sin[p * stride]!;
    for (let q = 0, i = stride * p, o = 2 * stride * p; q < stride; q++, i++, o++) {
      const ar = xr[i]!, ai = xi[i]!, br = xr[i + leg]!, bi = xi[i + leg]!;
      yr[o] = ar + br;
      yi[o] = ai + bi;
      const dr = ar - br, di = ai - bi;
      yr[o + stride] = c * dr - s * di;
      yi[o + stride] = c * di + s * dr;
    }
  }
}

const root3 = Math.sqrt(3) / 2;

function threes(stride: number, rest: number, cos: Float64Array, sin: Float64Array, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  const leg = stride * rest;
  for (let p = 0; p < rest; p++) {
    const c1 = cos[p * stride]!, s1 = sin[p * stride]!, c2 = cos[2 * p * stride]!, s2 = sin[2 * p * stride]!;
    for (let q = 0, i = stride * p, o = 3 * stride * p; q < stride; q++, i++, o++) {
      const ar = xr[i]!, ai = xi[i]!;
      const sr = xr[i + leg]! + xr[i + 2 * leg]!, si = xi[i + leg]! + xi[i + 2 * leg]!;
      const dr = root3 * (xr[i + leg]! - xr[i + 2 * leg]!), di = root3 * (xi[i + leg]! - xi[i + 2 * leg]!);
      yr[o] = ar + sr;
      yi[o] = ai + si;
      const mr = ar - sr / 2, mi = ai - si / 2;
      const br = mr + di, bi = mi - dr;
      const er = mr - di, ei = mi + dr;
      yr[o + stride] = c1 * br - s1 * bi;
      yi[o + stride] = c1 * bi + s1 * br;
      yr[o + 2 * stride] = c2 * er - s2 * ei;
      yi[o + 2 * stride] = c2 * ei + s2 * er;
    }
  }
}

function fours(stride: number, rest: number, cos: Float64Array, sin: Float64Array, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  const leg = stride * rest;
  for (let p = 0; p < rest; p++) {
    const c1 = cos[p * stride]!, s1 = sin[p * stride]!, c2 = cos[2 * p * stride]!, s2 = sin[2 * p * stride]!, c3 = cos[3 * p * stride]!, s3 = sin[3 * p * stride]!;
    for (let q = 0, i = stride * p, o = 4 * stride * p; q < stride; q++, i++, o++) {
      const ar = xr[i]! + xr[i + 2 * leg]!, ai = xi[i]! + xi[i + 2 * leg]!;
      const br = xr[i]! - xr[i + 2 * leg]!, bi = xi[i]! - xi[i + 2 * leg]!;
      const cr = xr[i + leg]! + xr[i + 3 * leg]!, ci = xi[i + leg]! + xi[i + 3 * leg]!;
      const dr = xr[i + leg]! - xr[i + 3 * leg]!, di = xi[i + leg]! - xi[i + 3 * leg]!;
      yr[o] = ar + cr;
      yi[o] = ai + ci;
      // Times -i: (re, im) becomes (im, -re).
      const er = br + di, ei = bi - dr;
      const fr = ar - cr, fi = ai - ci;
      const gr = br - di, gi = bi + dr;
      yr[o + stride] = c1 * er - s1 * ei;
      yi[o + stride] = c1 * ei + s1 * er;
      yr[o + 2 * stride] = c2 * fr - s2 * fi;
      yi[o + 2 * stride] = c2 * fi + s2 * fr;
      yr[o + 3 * stride] = c3 * gr - s3 * gi;
      yi[o + 3 * stride] = c3 * gi + s3 * gr;
    }
  }
}

const cos72 = Math.cos((2 * Math.PI) / 5), sin72 = Math.sin((2 * Math.PI) / 5);
const cos144 = Math.cos((4 * Math.PI) / 5), sin144 = Math.sin((4 * Math.PI) / 5);

function fives(stride: number, rest: number, cos: Float64Array, sin: Float64Array, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  const leg = stride * rest;
  for (let p = 0; p < rest; p++) {
    const w = p * stride;
    const c1 = cos[w]!, s1 = sin[w]!, c2 = cos[2 * w]!, s2 = sin[2 * w]!, c3 = cos[3 * w]!, s3 = sin[3 * w]!, c4 = cos[4 * w]!, s4 = sin[4 * w]!;
    for (let q = 0, i = stride * p, o = 5 * stride * p; q < stride; q++, i++, o++) {
      const ar = xr[i]!, ai = xi[i]!;
      const br = xr[i + leg]! + xr[i + 4 * leg]!, bi = xi[i + leg]! + xi[i + 4 * leg]!;
      const er = xr[i + leg]! - xr[i + 4 * leg]!, ei = xi[i + leg]! - xi[i + 4 * leg]!;
      const cr = xr[i + 2 * leg]! + xr[i + 3 * leg]!, ci = xi[i + 2 * leg]! + xi[i + 3 * leg]!;
      const dr = xr[i + 2 * leg]! - xr[i + 3 * leg]!, di = xi[i + 2 * leg]! - xi[i + 3 * leg]!;
      yr[o] = ar + br + cr;
      yi[o] = ai + bi + ci;
      const mr = ar + cos72 * br + cos144 * cr, mi = ai + cos72 * bi + cos144 * ci;
      const nr = sin72 * er + sin144 * dr, ni = sin72 * ei + sin144 * di;
      const ur = ar + cos144 * br + cos72 * cr, ui = ai + cos144 * bi + cos72 * ci;
      const vr = sin144 * er - sin72 * dr, vi = sin144 * ei - sin72 * di;
      const r1 = mr + ni, i1 = mi - nr, r4 = mr - ni, i4 = mi + nr;
      const r2 = ur + vi, i2 = ui - vr, r3 = ur - vi, i3 = ui + vr;
      yr[o + stride] = c1 * r1 - s1 * i1;
      yi[o + stride] = c1 * i1 + s1 * r1;
      yr[o + 2 * stride] = c2 * r2 - s2 * i2;
      yi[o + 2 * stride] = c2 * i2 + s2 * r2;
      yr[o + 3 * stride] = c3 * r3 - s3 * i3;
      yi[o + 3 * stride] = c3 * i3 + s3 * r3;
      yr[o + 4 * stride] = c4 * r4 - s4 * i4;
      yi[o + 4 * stride] = c4 * i4 + s4 * r4;
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
