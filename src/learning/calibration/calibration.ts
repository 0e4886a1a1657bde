import { sigmoid } from './platt.js';

/**
 * How scores become probabilities. `isotonic`: straight lines between the points, constant beyond them. `platt`:
 * 1 / (1 + exp(a score + b)). Plain JSON, so that a bundle can carry it.
 */
export type Calibration =
  | { readonly kind: 'isotonic'; readonly x: readonly number[]; readonly y: readonly number[] }
  | { readonly kind: 'platt'; readonly a: number; readonly b: number };

/** The probability of each score; NaN stays NaN. */
export function applyCalibration(calibration: Calibration, scores: Float64Array): Float64Array {
  if (calibration.kind === 'platt') return scores.map((score) => sigmoid(calibration.a * score + calibration.b));
  const { x, y } = calibration;
  return scores.map((score) => (Number.isNaN(score) ? NaN : interpolate(x, y, score)));
}

function interpolate(x: readonly number[], y: readonly number[], at: number): number {
  if (at <= x[0]!) return y[0]!;
  const last = x.length - 1;
  if (at >= x[last]!) return y[last]!;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= at) low = middle;
    else high = middle;
  }
  return y[low]! + ((y[high]! - y[low]!) / (x[high]! - x[low]!)) * (at - x[low]!);
}
