import { chiSquareQuantile, normalQuantile } from '../numeric/distributions.js';
import { invalid } from './ranking.js';

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** The exact (Garwood) two-sided interval for the mean of a Poisson count, such as false alarms in the time observed. */
export function poissonInterval(count: number, confidence = 0.95): Interval {
  checkCount(count);
  const tail = (1 - checkConfidence(confidence)) / 2;
  return {
    lower: count === 0 ? 0 : chiSquareQuantile(tail, 2 * count) / 2,
    upper: chiSquareQuantile(1 - tail, 2 * count + 2) / 2,
  };
}

/** The exact one-sided upper bound: zero events still allow 3.0 at 95 %. */
export function poissonUpperBound(count: number, confidence = 0.95): number {
  checkCount(count);
  return chiSquareQuantile(checkConfidence(confidence), 2 * count + 2) / 2;
}

/** Wilson's score interval for a share, such as leaks found of leaks present. The whole of [0, 1] without trials. */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  checkCount(trials);
  checkCount(successes);
  if (successes > trials) throw invalid(`${successes} successes in ${trials} trials are not possible`);
  const z = normalQuantile(1 - (1 - checkConfidence(confidence)) / 2);
  if (trials === 0) return { lower: 0, upper: 1 };
  const share = successes / trials;
  const spread = (z * z) / trials;
  const centre = (share + spread / 2) / (1 + spread);
  const half = (z / (1 + spread)) * Math.sqrt((share * (1 - share)) / trials + spread / (4 * trials));
  return { lower: successes === 0 ? 0 : centre - half, upper: successes === trials ? 1 : centre + half };
}

function checkCount(count: number): void {
  if (!(Number.isInteger(count) && count >= 0)) throw invalid(`${count} is not a number of events; a whole number, 0 or more, is needed`);
}

function checkConfidence(confidence: number): number {
  if (!(confidence > 0 && confidence < 1)) throw invalid(`the confidence is ${confidence}; a fraction between 0 and 1 is needed`);
  return confidence;
}
