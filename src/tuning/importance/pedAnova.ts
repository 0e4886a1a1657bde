import { dimensionOf, type Dimension } from '../parzen/dimension.js';
import { logDensity, mixture, type LineKernels } from '../parzen/estimator.js';
import { sharedParameters } from '../samplers/jointSpace.js';
import { singleValue, stepOf, type Distribution, type SearchSpace } from '../searchSpace.js';
import { completeTrials, type Direction, type Trial } from '../trials.js';
import { ranked, type Importance } from './fanova.js';

const gridSize = 50;
/** 90 % of the narrowest kernel lies in its own cell. */
const narrowest = 0.5 / 1.64;

/**
 * Importance of parameters by PED-ANOVA (Watanabe et al. 2023): how differently each parameter is distributed among the best `quantile`
 * (default 0.1) of the complete trials and among all of them, as Pearson's divergence of kernel estimates on a grid. It
 * tells what made trials good ones where the search has been, not what matters in the whole space. Deterministic.
 */
export function pedAnova(space: SearchSpace, trials: readonly Trial[], direction: Direction, quantile = 0.1): Importance[] {
  const complete = completeTrials(trials);
  const names = sharedParameters(space, complete).filter((name) => singleValue(space[name]!) === undefined);
  if (names.length === 0) return [];
  const best = bestShare(complete, direction, quantile);
  const shares = names.map((name) => {
    const ofBest = density(space[name]!, name, best), ofAll = density(space[name]!, name, complete);
    const divergence = ofAll.reduce((sum, p, i) => sum + p * (ofBest[i]! / p - 1) ** 2, 0);
    return divergence * (best.length / complete.length) ** 2;
  });
  return ranked(names, Float64Array.from(shares));
}

/** The best share of the trials, at least two, with all that are as good as the last of them. */
function bestShare(trials: readonly Trial[], direction: Direction, quantile: number): Trial[] {
  const sign = direction === 'minimize' ? 1 : -1;
  const losses = Float64Array.from(trials, ({ value }) => sign * value!);
  const sorted = losses.slice().sort();
  const limit = sorted[Math.min(Math.max(2, Math.ceil(quantile * trials.length)), trials.length) - 1]!;
  return trials.filter((_, i) => losses[i]! <= limit);
}

/** The estimated probability of each cell of the parameter's grid. */
function density(distribution: Distribution, name: string, trials: readonly Trial[]): Float64Array {
  const counts = distribution.type === 'categorical' ? countChoices(distribution.choices, name, trials) : countCells(distribution, name, trials);
  const cells = Float64Array.from(counts.keys());
  const dimension: Dimension = distribution.type === 'categorical' ? dimensionOf(distribution) : dimensionOf({ type: 'int', low: 0, high: counts.length - 1 });
  const seen = cells.filter((cell) => counts[cell]! > 0);
  const lines = [dimension.kind === 'line' ? scottKernels(counts, seen) : undefined];
  const estimator = mixture([dimension], [seen], counts.filter((count) => count > 0), lines, 1);
  return logDensity(estimator, [cells]).map((value) => Math.exp(value) + 1e-12);
}

function countChoices(choices: readonly unknown[], name: string, trials: readonly Trial[]): Float64Array {
  const counts = new Float64Array(choices.length);
  for (const { params } of trials) counts[choices.indexOf(params[name])]!++;
  return counts;
}

/** Counts on up to 50 evenly spaced points, evenly on the logarithmic scale where there is one; a value belongs to the nearest point. */
function countCells(distribution: Exclude<Distribution, { type: 'categorical' }>, name: string, trials: readonly Trial[]): Float64Array {
  const { low, high, log, type } = distribution;
  const step = stepOf(distribution);
  let cells = gridSize;
  if (type === 'int' && log) cells = Math.min(Math.ceil(Math.log2(high - low + 1)) + 1, cells);
  else if (step !== undefined) cells = Math.min(Math.round((high - low) / step) + 1, cells);
  const scale = log ? Math.log : (value: number): number => value;
  const from = scale(low), width = (scale(high) - from) / (cells - 1);
  const counts = new Float64Array(cells);
  for (const { params } of trials) {
    const cell = Math.ceil((scale(Number(params[name])) - from) / width - 0.5 - 1e-12);
    counts[Math.min(Math.max(cell, 0), cells - 1)]!++;
  }
  return counts;
}

/** Kernels on the cells that were met, with Scott's bandwidth, and the prior over all cells. */
function scottKernels(counts: Float64Array, seen: Float64Array): LineKernels {
  const met = Array.from(seen, (cell) => counts[cell]!);
  const n = met.reduce((sum, count) => sum + count, 0);
  const mean = seen.reduce((sum, cell, i) => sum + cell * met[i]!, 0) / n;
  const deviation = Math.sqrt(seen.reduce((sum, cell, i) => sum + (cell - mean) ** 2 * met[i]!, 0) / Math.max(1, n - 1));
  let running = 0;
  const cumulative = met.map((count) => (running += count));
  const first = cumulative.findIndex((count) => count >= Math.floor(n / 4));
  const last = cumulative.findIndex((count) => count > Math.floor((n * 3) / 4));
  const quartiles = seen[last < 0 ? seen.length - 1 : last]! - seen[first]!;
  const sigma = Math.max(1.059 * Math.min(quartiles / 1.34, deviation) * n ** -0.2, narrowest);
  const range = counts.length - 1;
  return { mu: Float64Array.of(...seen, 0.5 * range), sigma: Float64Array.of(...seen.map(() => sigma), range + 1) };
}
