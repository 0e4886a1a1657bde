import { PenstockError } from '../errors/index.js';

/** A first-order autoregression of a healthy signal: x[t] - mean = phi (x[t-1] - mean) + deviation * white noise. */
export interface Autoregression {
  readonly mean: number;
  readonly phi: number;
  /** Standard deviation of the noise that drives it. */
  readonly deviation: number;
}

/**
 * Fits the autoregression to healthy stretches by least squares. Pairs of rows that touch a NaN count for nothing: put a NaN between
 * stretches that do not follow one another. Phi is held to [0, 0.999].
 * @throws PenstockError `fusion/invalid` where fewer than 20 pairs are there or nothing varies
 */
export function fitAutoregression(stretches: readonly Float64Array[]): Autoregression {
  let [count, sum] = [0, 0];
  for (const x of stretches) for (const value of x) if (!Number.isNaN(value)) {
    sum += value;
    count++;
  }
  const mean = sum / count;
  let [pairs, product, square, noise] = [0, 0, 0, 0];
  const eachPair = (use: (before: number, now: number) => void): void => {
    for (const x of stretches) for (let i = 1; i < x.length; i++) {
      const [before, now] = [x[i - 1]! - mean, x[i]! - mean];
      if (!Number.isNaN(before + now)) use(before, now);
    }
  };
  eachPair((before, now) => {
    pairs++;
    product += before * now;
    square += before * before;
  });
  if (pairs < 20 || !(square > 0)) throw new PenstockError('fusion/invalid', `found ${pairs} pairs of healthy rows that vary; 20 are needed to fit the noise of a detector`);
  const phi = Math.min(0.999, Math.max(0, product / square));
  eachPair((before, now) => (noise += (now - phi * before) ** 2));
  return { mean, phi, deviation: Math.sqrt(noise / pairs) };
}

/**
 * Independent residuals in deviations: what each row adds to what the one before foretold. A lasting shift of the signal by s
 * healthy deviations of x shows as (1 - phi) / sqrt(1 - phi^2) * s. The first row, and each after a NaN, is measured by the stationary spread.
 */
export function whiten(x: Float64Array, { mean, phi, deviation }: Autoregression): Float64Array {
  const out = new Float64Array(x.length);
  const stationary = deviation / Math.sqrt(1 - phi * phi);
  for (let i = 0; i < x.length; i++) {
    const before = i > 0 ? x[i - 1]! : NaN;
    out[i] = Number.isNaN(before) ? (x[i]! - mean) / stationary : (x[i]! - mean - phi * (before - mean)) / deviation;
  }
  return out;
}
