import { checkBinary, checkPairs, invalid } from './ranking.js';

/** Mean negative log likelihood of 0/1 labels; probabilities are kept a rounding unit away from 0 and 1. */
export function logLoss(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  checkProbabilities(labels, probabilities);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const p = clipped(probabilities[i]!);
    sum -= Math.log(labels[i] === 1 ? p : 1 - p);
  }
  return sum / labels.length;
}

/** The same for classes 0 to `classes - 1`; probabilities row-major, each row summing to 1. */
export function multiclassLogLoss(labels: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number): number {
  if (probabilities.length !== labels.length * classes) throw invalid(`${probabilities.length} probabilities are not ${labels.length} rows of ${classes}`);
  let sum = 0;
  for (let row = 0; row < labels.length; row++) sum -= Math.log(clipped(probabilities[row * classes + labels[row]!]!));
  return sum / labels.length;
}

/** Mean squared difference of probability and 0/1 label. */
export function brier(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  checkProbabilities(labels, probabilities);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += (probabilities[i]! - labels[i]!) ** 2;
  return sum / labels.length;
}

/** One bin of equally wide probabilities that holds at least one row. */
export interface CalibrationBin {
  readonly rows: number;
  readonly meanProbability: number;
  readonly observed: number;
}

/** Observed share of positives against predicted probability, in `bins` equally wide bins; empty ones are left out. */
export function calibrationCurve(labels: ArrayLike<number>, probabilities: ArrayLike<number>, bins = 10): CalibrationBin[] {
  checkProbabilities(labels, probabilities);
  const rows = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  const positives = new Float64Array(bins);
  for (let i = 0; i < labels.length; i++) {
    const bin = binOf(probabilities[i]!, bins);
    rows[bin]!++;
    predicted[bin]! += probabilities[i]!;
    positives[bin]! += labels[i]!;
  }
  return Array.from(rows, (count, bin) => ({ rows: count, meanProbability: predicted[bin]! / count, observed: positives[bin]! / count }))
    .filter((bin) => bin.rows > 0);
}

/** Expected calibration error: the bins' distance between probability and observation, weighted by their rows. */
export function calibrationError(labels: ArrayLike<number>, probabilities: ArrayLike<number>, bins = 10): number {
  return calibrationCurve(labels, probabilities, bins)
    .reduce((sum, bin) => sum + (bin.rows * Math.abs(bin.observed - bin.meanProbability)) / labels.length, 0);
}

/** A bin holds its upper edge; the edges are the multiples of 1/bins as numpy.linspace rounds them. */
function binOf(probability: number, bins: number): number {
  let bin = Math.min(bins - 1, Math.floor(probability * bins));
  const step = 1 / bins;
  while (bin > 0 && probability <= bin * step) bin--;
  while (bin < bins - 1 && probability > (bin + 1) * step) bin++;
  return bin;
}

function clipped(probability: number): number {
  return Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability));
}

function checkProbabilities(labels: ArrayLike<number>, probabilities: ArrayLike<number>): void {
  checkPairs(labels, probabilities);
  checkBinary(labels);
  for (let i = 0; i < probabilities.length; i++) {
    if (probabilities[i]! < 0 || probabilities[i]! > 1) throw invalid(`the probability in row ${i} is ${probabilities[i]}; 0 to 1 is allowed`);
  }
}
