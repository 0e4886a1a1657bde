import { createFft } from '../../numeric/fft.js';

/**
 * Shannon entropy in nats of the shares x^2 / sum x^2 of `x[from .. from + n - 1]`,
 * that sum being their `energy`. 0 where it is 0.
 */
export function energyEntropy(x: Float64Array, from: number, n: number, energy: number): number {
  if (energy === 0) return 0;
  let sum = 0;
  for (let i = from; i < from + n; i++) {
    const share = (x[i]! * x[i]!) / energy;
    if (share !== 0) sum -= share * Math.log(share);
  }
  return sum;
}

/** Sum of squares. */
export function energy(x: Float64Array, from: number, n: number): number {
  let sum = 0;
  for (let i = from; i < from + n; i++) sum += x[i]! * x[i]!;
  return sum;
}

/**
 * Prepares the spectral entropy of windows of `n` values: Shannon entropy in nats of the one-sided periodogram
 * |rfft(x - mean)|^2 without its zero bin, normalised to sum 1. 0 for a constant signal, NaN where a value is missing.
 */
export function spectralEntropy(n: number): (x: Float64Array, from: number, mean: number) => number {
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
  return (x, from, mean) => {
    for (let i = 0; i < size; i++) {
      re[i] = packed ? x[from + 2 * i]! - mean : x[from + i]! - mean;
      im[i] = packed ? x[from + 2 * i + 1]! - mean : 0;
    }
    fft.forward(re, im);
    let total = 0;
    for (let k = 1; k <= bins; k++) {
      let real: number, imaginary: number;
      if (packed) {
        // X[k] = E[k] + exp(-2 pi i k / n) O[k], E and O being the transforms of even and odd rows.
        const a = k % size, b = size - k;
        const evenRe = (re[a]! + re[b]!) / 2, evenIm = (im[a]! - im[b]!) / 2;
        const oddRe = (im[a]! + im[b]!) / 2, oddIm = (re[b]! - re[a]!) / 2;
        real = evenRe + cos[k]! * oddRe + sin[k]! * oddIm;
        imaginary = evenIm + cos[k]! * oddIm - sin[k]! * oddRe;
      } else {
        real = re[k]!;
        imaginary = im[k]!;
      }
      total += power[k - 1] = real * real + imaginary * imaginary;
    }
    if (Number.isNaN(total)) return NaN;
    let entropy = 0;
    for (let k = 0; k < bins; k++) {
      const share = power[k]! / total;
      if (share > 0) entropy -= share * Math.log(share);
    }
    return entropy;
  };
}
