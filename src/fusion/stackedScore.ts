import { PenstockError } from '../errors/index.js';
import { coefficientsOf, leastSquares } from '../numeric/index.js';

/** A logistic score of several detectors: log-odds = intercept + sum of weight * (input - mean) / deviation. */
export interface StackedScore {
  readonly intercept: number;
  readonly weights: readonly number[];
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  /** Natural logarithm of the leak windows' odds where it was fitted: log-odds minus this is a log-likelihood ratio. */
  readonly priorLogOdds: number;
}

const ridge = 1e-3;
const mostSteps = 50;

/**
 * Fits leak (1) or not (0) to detector inputs by logistic regression (Newton steps with a small ridge on the weights). One row of
 * `inputs` per detector, one value per window; NaN counts as that detector's mean. The result, taken relative to the share of leak
 * windows, is the likelihood ratio of all detectors together, whatever they have in common.
 * @throws PenstockError `fusion/invalid` where one of the two classes is missing
 */
export function fitStackedScore(inputs: readonly Float64Array[], labels: ArrayLike<number>): StackedScore {
  const rows = labels.length;
  let positives = 0;
  for (let i = 0; i < rows; i++) positives += labels[i] ? 1 : 0;
  if (positives === 0 || positives === rows) throw new PenstockError('fusion/invalid', `found ${positives} leak windows of ${rows}; both leaking and healthy windows are needed to fit the fusion`);
  const { means, deviations } = spreadOf(inputs);
  const scaled = inputs.map((input, j) => scale(input, means[j]!, deviations[j]!));
  const priorLogOdds = Math.log(positives / (rows - positives));
  let beta: Float64Array = new Float64Array([priorLogOdds, ...inputs.map(() => 0)]);
  let loss = penalisedLoss(scaled, labels, beta);
  for (let step = 0; step < mostSteps; step++) {
    const next = downhill(scaled, labels, beta, newtonStep(scaled, labels, beta), loss);
    if (!next) break;
    const change = Math.max(...next.beta.map((value, j) => Math.abs(value - beta[j]!)));
    ({ beta, loss } = next);
    if (change < 1e-10) break;
  }
  return { intercept: beta[0]!, weights: [...beta.subarray(1)], means, deviations, priorLogOdds };
}

/** The log-likelihood ratio of each window, held to [-limit, limit]; NaN where no detector has a score. */
export function logRatios(stacked: StackedScore, inputs: readonly Float64Array[], limit: number): Float64Array {
  const rows = inputs[0]?.length ?? 0;
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = stacked.intercept - stacked.priorLogOdds;
    let known = 0;
    for (let j = 0; j < inputs.length; j++) {
      const value = inputs[j]![i]!;
      if (Number.isNaN(value)) continue;
      known++;
      sum += stacked.weights[j]! * ((value - stacked.means[j]!) / stacked.deviations[j]!);
    }
    out[i] = known === 0 ? NaN : Math.max(-limit, Math.min(limit, sum));
  }
  return out;
}

/** The point on the way from one to the other that lowers the loss, halving from the far end; a whole Newton step can overshoot, and the next ones then run away. */
function downhill(
  scaled: readonly Float64Array[], labels: ArrayLike<number>, from: Float64Array, to: Float64Array, loss: number,
): { beta: Float64Array; loss: number } | undefined {
  for (let share = 1; share > 1e-6; share /= 2) {
    const beta = from.map((value, j) => value + share * (to[j]! - value));
    const reached = penalisedLoss(scaled, labels, beta);
    if (reached <= loss) return { beta, loss: reached };
  }
  return undefined;
}

/** Negative log-likelihood with the ridge on the weights: what is minimised. */
function penalisedLoss(scaled: readonly Float64Array[], labels: ArrayLike<number>, beta: Float64Array): number {
  let loss = 0;
  for (let i = 0; i < labels.length; i++) {
    let eta = beta[0]!;
    for (let j = 0; j < scaled.length; j++) eta += beta[j + 1]! * scaled[j]![i]!;
    const against = labels[i] ? -eta : eta;
    // log(1 + e^x), which does not overflow.
    loss += Math.max(0, against) + Math.log1p(Math.exp(-Math.abs(against)));
  }
  for (let j = 1; j < beta.length; j++) loss += (ridge * labels.length * beta[j]! * beta[j]!) / 2;
  return loss;
}

/** One step of iteratively reweighted least squares; the ridge is a row per weight. */
function newtonStep(scaled: readonly Float64Array[], labels: ArrayLike<number>, beta: Float64Array): Float64Array {
  const rows = labels.length;
  const width = scaled.length;
  const columns = Array.from({ length: width + 1 }, () => new Float64Array(rows + width));
  const target = new Float64Array(rows + width);
  for (let i = 0; i < rows; i++) {
    let eta = beta[0]!;
    for (let j = 0; j < width; j++) eta += beta[j + 1]! * scaled[j]![i]!;
    const p = 1 / (1 + Math.exp(-eta));
    const root = Math.sqrt(Math.max(p * (1 - p), 1e-9));
    columns[0]![i] = root;
    for (let j = 0; j < width; j++) columns[j + 1]![i] = root * scaled[j]![i]!;
    target[i] = root * eta + ((labels[i] ? 1 : 0) - p) / root;
  }
  for (let j = 0; j < width; j++) columns[j + 1]![rows + j] = Math.sqrt(ridge * rows);
  return coefficientsOf(leastSquares(columns, target));
}

function spreadOf(inputs: readonly Float64Array[]): { means: number[]; deviations: number[] } {
  const means: number[] = [];
  const deviations: number[] = [];
  for (const input of inputs) {
    const known = input.filter((value) => !Number.isNaN(value));
    const mean = known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : 0;
    const variance = known.length > 0 ? known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length : 0;
    means.push(mean);
    deviations.push(variance > 0 ? Math.sqrt(variance) : 1);
  }
  return { means, deviations };
}

function scale(input: Float64Array, mean: number, deviation: number): Float64Array {
  return input.map((value) => (Number.isNaN(value) ? 0 : (value - mean) / deviation));
}
