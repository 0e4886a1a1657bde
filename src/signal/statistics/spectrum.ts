import { createFft } from '../../numeric/fft.js';

/** The one-sided periodogram of windows of one size; owns its scratch memory, so use one per thread. */
export interface Spectrum {
  /** floor(n / 2). */
  readonly bins: number;
  /** |X[k]|^2 of the last window for k = 1 .. bins, the k-th at k - 1; the bin of the mean is left out. */
  readonly power: Float64Array;
  /** Fills `power` from `x[from .. from + n - 1]` minus `mean`, and returns its sum; NaN where a value is missing. */
  run(x: Float64Array, from: number, mean: number): number;
}

/** Prepares the periodogram |rfft(x - mean)|^2 of windows of `n` values. */
export function createSpectrum(n: number): Spectrum {
  // Two real values make one complex value where n is even: half the work.
  const packed = n % 2 === 0;
  const size = packed ? n / 2 : n;
  const fft = createFft(size);
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const bins = n >> 1;
  const power = new Float64Array(bins);
  const cos = Float64Array.from({ length: bins + 1 }, (_, k) => Math.cos((2 * Math.PI * k) / n));
  const sin = Float64Array.from({ length: bins + 1 }, (_, k) => Math.sin((2 * Math.PI * k) / n));
  return {
    bins,
    power,
    run(x, from, mean) {
      if (!packed) {
        for (let i = 0; i < n; i++) re[i] = x[from + i]! - mean;
        im.fill(0);
        fft.forward(re, im);
        let total = 0;
        for (let k = 1; k <= bins; k++) total += power[k - 1] = re[k]! * re[k]! + im[k]! * im[k]!;
        return total;
      }
      for (let i = 0; i < size; i++) {
        re[i] = x[from + 2 * i]! - mean;
        im[i] = x[from + 2 * i + 1]! - mean;
      }
      fft.forward(re, im);
      return unpack(re, im, size, cos, sin, power);
    },
  };
}

/** X[k] = E[k] + exp(-2 pi i k / n) O[k], E and O being the transforms of even and odd rows. Writes |X[k]|^2, returns their sum. */
function unpack(re: Float64Array, im: Float64Array, size: number, cos: Float64Array, sin: Float64Array, power: Float64Array): number {
  let total = 0;
  for (let k = 1; k <= size; k++) {
    const a = k === size ? 0 : k;
    const b = size - k;
    const evenRe = (re[a]! + re[b]!) / 2, evenIm = (im[a]! - im[b]!) / 2;
    const oddRe = (im[a]! + im[b]!) / 2, oddIm = (re[b]! - re[a]!) / 2;
    const real = evenRe + cos[k]! * oddRe + sin[k]! * oddIm;
    const imaginary = evenIm + cos[k]! * oddIm - sin[k]! * oddRe;
    total += power[k - 1] = real * real + imaginary * imaginary;
  }
  return total;
}
