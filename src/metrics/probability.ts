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
  checkClassProbabilities(labels, probabilities, classes);
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

/**
 * Observed share of positives against predicted probability; empty bins are left out. `uniform` bins are equally wide, `quantile`
 * bins equally filled.
 */
export function calibrationCurve(
  labels: ArrayLike<number>, probabilities: ArrayLike<number>, bins = 10, strategy: 'uniform' | 'quantile' = 'uniform',
): CalibrationBin[] {
  checkProbabilities(labels, probabilities);
  const edges = strategy === 'uniform' ? evenEdges(bins) : quantileEdges(probabilities, bins);
  const rows = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  const positives = new Float64Array(bins);
  for (let i = 0; i < labels.length; i++) {
    const bin = binOf(probabilities[i]!, edges);
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

/** The inner edges, as numpy.linspace rounds them. */
function evenEdges(bins: number): Float64Array {
  const step = 1 / bins;
  return Float64Array.from({ length: bins - 1 }, (_, i) => (i + 1) * step);
}

function quantileEdges(probabilities: ArrayLike<number>, bins: number): Float64Array {
  const sorted = Float64Array.from(probabilities).sort();
  return Float64Array.from({ length: bins - 1 }, (_, i) => {
    const at = ((i + 1) / bins) * (sorted.length - 1);
    const low = Math.floor(at);
    return sorted[low]! + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)]! - sorted[low]!);
  });
}

/** The number of inner edges below: a bin holds its upper edge. */
function binOf(probability: number, edges: Float64Array): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! < probability) low = middle + 1;
    else high = middle;
  }
  return low;
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

/** Labels 0 to `classes - 1` and as many probabilities per row, which sum to 1. */
export function checkClassProbabilities(labels: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number): void {
  if (labels.length === 0) throw invalid('there are no rows to measure');
  if (probabilities.length !== labels.length * classes) throw invalid(`${probabilities.length} probabilities are not ${labels.length} rows of ${classes}`);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) throw invalid(`row ${row} has the class ${label}; 0 to ${classes - 1} are allowed`);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += probabilities[row * classes + c]!;
    if (!(Math.abs(sum - 1) <= 1e-5)) throw invalid(`the probabilities of row ${row} sum to ${sum}; 1 is needed`);
  }
}
