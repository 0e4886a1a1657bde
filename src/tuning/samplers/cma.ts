import type { Random } from '../../numeric/index.js';
import { symmetricEigen } from './symmetricEigen.js';

/** What follows from the number of parameters and the population (Hansen 2016, equations 48 to 57). */
export interface CmaConstants {
  readonly dimensions: number;
  readonly population: number;
  readonly parents: number;
  readonly weights: Float64Array;
  readonly muEff: number;
  readonly c1: number;
  readonly cMu: number;
  readonly cSigma: number;
  readonly dSigma: number;
  readonly cC: number;
  /** Expected length of a standard normal vector. */
  readonly chi: number;
}

/** The distribution that the next generation is drawn from. */
export interface CmaState {
  readonly generation: number;
  readonly mean: Float64Array;
  readonly sigma: number;
  /** Row by row. */
  readonly covariance: Float64Array;
  readonly pathSigma: Float64Array;
  readonly pathC: Float64Array;
}

export interface Solution {
  readonly x: Float64Array;
  /** Smaller is better. */
  readonly value: number;
}

const tiny = 1e-8;
const largest = 1e32;

export function cmaConstants(dimensions: number, population = 4 + Math.floor(3 * Math.log(dimensions))): CmaConstants {
  const parents = Math.floor(population / 2);
  const raw = Array.from({ length: population }, (_, i) => Math.log((population + 1) / 2) - Math.log(i + 1));
  const effective = (weights: readonly number[]): number => total(weights) ** 2 / total(weights.map((w) => w * w));
  const muEff = effective(raw.slice(0, parents)), muEffMinus = effective(raw.slice(parents));
  const c1 = 2 / ((dimensions + 1.3) ** 2 + muEff);
  const cMu = Math.min(1 - c1 - 1e-8, (2 * (muEff - 2 + 1 / muEff)) / ((dimensions + 2) ** 2 + muEff));
  const negative = Math.min(1 + c1 / cMu, 1 + (2 * muEffMinus) / (muEff + 2), (1 - c1 - cMu) / (dimensions * cMu));
  const positiveSum = total(raw.filter((w) => w > 0)), negativeSum = -total(raw.filter((w) => w < 0));
  const cSigma = (muEff + 2) / (dimensions + muEff + 5);
  return {
    dimensions,
    population,
    parents,
    weights: Float64Array.from(raw, (w) => (w >= 0 ? w / positiveSum : (w * negative) / negativeSum)),
    muEff,
    c1,
    cMu,
    cSigma,
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (dimensions + 1)) - 1) + cSigma,
    cC: (4 + muEff / dimensions) / (dimensions + 4 + (2 * muEff) / dimensions),
    chi: Math.sqrt(dimensions) * (1 - 1 / (4 * dimensions) + 1 / (21 * dimensions ** 2)),
  };
}

export function cmaStart(mean: Float64Array, sigma: number): CmaState {
  const n = mean.length;
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) covariance[i * n + i] = 1;
  return { generation: 0, mean, sigma, covariance, pathSigma: new Float64Array(n), pathC: new Float64Array(n) };
}

/** One step of the adaptation: the state after a whole generation of solutions, which need not have been drawn from this state. */
export function cmaTell(constants: CmaConstants, state: CmaState, solutions: readonly Solution[]): CmaState {
  const { dimensions: n, population, parents, weights, muEff, c1, cMu, cSigma, dSigma, cC, chi } = constants;
  if (solutions.length !== population) throw new RangeError(`${solutions.length} solutions; a generation has ${population}`);
  const ranked = [...solutions].sort((a, b) => a.value - b.value);
  const steps = ranked.map(({ x }) => x.map((value, i) => (value - state.mean[i]!) / state.sigma));
  const meanStep = new Float64Array(n);
  for (let k = 0; k < parents; k++) for (let i = 0; i < n; i++) meanStep[i]! += weights[k]! * steps[k]![i]!;
  const { covariance, inverseRoot } = decompose(state.covariance, n);
  const generation = state.generation + 1;

  const whitened = multiply(inverseRoot, meanStep, n);
  const sigmaGain = Math.sqrt(cSigma * (2 - cSigma) * muEff);
  const pathSigma = state.pathSigma.map((value, i) => (1 - cSigma) * value + sigmaGain * whitened[i]!);
  const length = Math.hypot(...pathSigma);
  const sigma = Math.min(state.sigma * Math.exp((cSigma / dSigma) * (length / chi - 1)), largest);

  // The path of the covariance stalls while the step size grows fast.
  const stalled = length / Math.sqrt(1 - (1 - cSigma) ** (2 * (generation + 1))) >= (1.4 + 2 / (n + 1)) * chi;
  const cGain = stalled ? 0 : Math.sqrt(cC * (2 - cC) * muEff);
  const pathC = state.pathC.map((value, i) => (1 - cC) * value + cGain * meanStep[i]!);

  const shares = steps.map((step, k) => (weights[k]! >= 0 ? weights[k]! : (weights[k]! * n) / (squareLength(multiply(inverseRoot, step, n)) + tiny)));
  const kept = 1 + (stalled ? c1 * cC * (2 - cC) : 0) - c1 - cMu * total(weights);
  const next = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rankMu = 0;
      for (let k = 0; k < population; k++) rankMu += shares[k]! * steps[k]![i]! * steps[k]![j]!;
      next[i * n + j] = next[j * n + i] = kept * covariance[i * n + j]! + c1 * pathC[i]! * pathC[j]! + cMu * rankMu;
    }
  }
  return { generation, mean: state.mean.map((value, i) => value + state.sigma * meanStep[i]!), sigma, covariance: next, pathSigma, pathC };
}

/** Points of the state's distribution; with `bounds` (the same for all coordinates) drawn again until inside, at last cut off. */
export function cmaSampler(state: CmaState, bounds?: readonly [number, number]): (random: Random) => Float64Array {
  const n = state.mean.length;
  const { root } = decompose(state.covariance, n);
  const draw = (random: Random): Float64Array => {
    const step = multiply(root, Float64Array.from({ length: n }, () => random.normal()), n);
    return state.mean.map((value, i) => value + state.sigma * step[i]!);
  };
  return (random) => {
    let point = draw(random);
    if (!bounds) return point;
    const [low, high] = bounds;
    for (let attempt = 0; attempt < 100 && !point.every((x) => x >= low && x <= high); attempt++) point = draw(random);
    return point.map((x) => Math.min(Math.max(x, low), high));
  };
}

/** C with its negative eigenvalues lifted, B D, and C^(-1/2) = B D^-1 B'. */
function decompose(matrix: Float64Array, n: number): { covariance: Float64Array; root: Float64Array; inverseRoot: Float64Array } {
  const { values, vectors } = symmetricEigen(matrix, n);
  const lengths = values.map((value) => Math.sqrt(value < 0 ? tiny : value));
  const root = new Float64Array(n * n), covariance = new Float64Array(n * n), inverseRoot = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      root[i * n + j] = vectors[i * n + j]! * lengths[j]!;
      for (let k = 0; k < n; k++) {
        const product = vectors[i * n + k]! * vectors[j * n + k]!;
        covariance[i * n + j]! += product * lengths[k]! ** 2;
        inverseRoot[i * n + j]! += product / lengths[k]!;
      }
    }
  }
  return { covariance, root, inverseRoot };
}

function multiply(matrix: Float64Array, vector: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) result[i]! += matrix[i * n + j]! * vector[j]!;
  return result;
}

function squareLength(vector: Float64Array): number {
  return vector.reduce((sum, value) => sum + value * value, 0);
}

function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}
