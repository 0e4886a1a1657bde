import { checkPairs, invalid } from './ranking.js';

export function mae(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  return meanOf(actual, predicted, (a, p) => Math.abs(a - p));
}

export function mse(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  return meanOf(actual, predicted, (a, p) => (a - p) ** 2);
}

export function rmse(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  return Math.sqrt(mse(actual, predicted));
}

/** Mean absolute error as a fraction of the actual value, which is taken as at least a rounding unit. */
export function mape(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  return meanOf(actual, predicted, (a, p) => Math.abs(a - p) / Math.max(Math.abs(a), Number.EPSILON));
}

export function medianAbsoluteError(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  checkPairs(actual, predicted);
  const errors = Float64Array.from(actual, (value, i) => Math.abs(value - predicted[i]!)).sort();
  const middle = errors.length >> 1;
  return errors.length % 2 === 1 ? errors[middle]! : (errors[middle - 1]! + errors[middle]!) / 2;
}

export function maxError(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  checkPairs(actual, predicted);
  let most = 0;
  for (let i = 0; i < actual.length; i++) most = Math.max(most, Math.abs(actual[i]! - predicted[i]!));
  return most;
}

/** Coefficient of determination. Where the actual values do not vary: 1 for exact predictions, else 0. NaN for one row. */
export function r2(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  if (actual.length < 2) return NaN;
  const error = mse(actual, predicted);
  const spread = variance(actual);
  if (spread === 0) return error === 0 ? 1 : 0;
  return 1 - error / spread;
}

/** As `r2`, but a constant offset of the predictions costs nothing. */
export function explainedVariance(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  checkPairs(actual, predicted);
  const error = variance(Float64Array.from(actual, (value, i) => value - predicted[i]!));
  const spread = variance(actual);
  if (spread === 0) return error === 0 ? 1 : 0;
  return 1 - error / spread;
}

function meanOf(actual: ArrayLike<number>, predicted: ArrayLike<number>, cost: (actual: number, predicted: number) => number): number {
  checkPairs(actual, predicted);
  let sum = 0;
  for (let i = 0; i < actual.length; i++) sum += cost(actual[i]!, predicted[i]!);
  return sum / actual.length;
}

function variance(values: ArrayLike<number>): number {
  if (values.length === 0) throw invalid('there are no rows to measure');
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i]! / values.length;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - mean) ** 2;
  return sum / values.length;
}
