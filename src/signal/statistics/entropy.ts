import { createShannon, type Shannon } from '../../numeric/shannon.js';
import { createSpectrum } from './spectrum.js';

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

/** Shannon entropy in nats of `n` powers, given their sum; 0 where it is 0, NaN where a value is missing. */
export function powerEntropy(power: Float64Array, n: number, total: number, shannon: Shannon): number {
  if (total === 0) return 0;
  for (let k = 0; k < n; k++) shannon.shares[k] = power[k]! / total;
  return shannon.entropy(n);
}

/**
 * Prepares the spectral entropy of windows of `n` values: Shannon entropy in nats of the one-sided periodogram
 * |rfft(x - mean)|^2 without its zero bin, normalised to sum 1. 0 for a constant signal, NaN where a value is missing.
 */
export function spectralEntropy(n: number): (x: Float64Array, from: number, mean: number) => number {
  const spectrum = createSpectrum(n);
  const shannon = createShannon(spectrum.bins);
  return (x, from, mean) => {
    const total = spectrum.run(x, from, mean);
    return powerEntropy(spectrum.power, spectrum.bins, total, shannon);
  };
}
