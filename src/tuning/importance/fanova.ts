import { createRandom, sortedOrder } from '../../numeric/index.js';
import { highestValue, singleValue, type SearchSpace } from '../searchSpace.js';
import { sharedParameters } from '../samplers/jointSpace.js';
import { completeTrials, type Trial } from '../trials.js';
import { growTree, type Leaf } from './regressionForest.js';
import { marginalVariance, treeVariance } from './treeVariance.js';

export interface Importance {
  readonly parameter: string;
  /** What the method measures, before the values are divided by their sum. */
  readonly share: number;
  /** Shares of all parameters, adding up to 1. */
  readonly importance: number;
}

export interface ForestOptions {
  readonly seed: number | string;
  /** Default 64. */
  readonly trees?: number | undefined;
  /** Default 64. */
  readonly maxDepth?: number | undefined;
}

/**
 * Importance of parameters by functional analysis of variance (Hutter et al. 2014): the share of the objective's variance, over the
 * whole search space, that each parameter explains alone, as a random forest fitted to the complete trials sees it. Parameters
 * that not all trials have are left out. Interactions are in no share. Most important first; empty where the objective
 * does not vary.
 */
export function fanova(space: SearchSpace, trials: readonly Trial[], { seed, trees = 64, maxDepth = 64 }: ForestOptions): Importance[] {
  const complete = completeTrials(trials).filter(({ value }) => Number.isFinite(value));
  const names = sharedParameters(space, complete).filter((name) => singleValue(space[name]!) === undefined);
  if (names.length === 0) return [];
  const { columns, box, groups } = encode(space, names, complete);
  const y = Float64Array.from(complete, ({ value }) => value!);
  const sorted = columns.map((column) => Int32Array.from(sortedOrder(column)));
  const random = createRandom(seed);
  const shares = new Float64Array(names.length);
  let counted = 0;
  for (let tree = 0; tree < trees; tree++) {
    const leaves = growTree(columns, sorted, y, box, maxDepth, random.derive(`tree ${tree}`));
    const variance = treeVariance(leaves, box);
    if (!(variance > 0)) continue;
    counted++;
    groups.forEach((features, i) => (shares[i]! += marginalVariance(leaves, box, features) / variance));
  }
  return counted === 0 ? [] : ranked(names, shares.map((share) => share / counted));
}

/** Numbers as they are, without logarithms; a column of 0 and 1 for every choice. */
function encode(space: SearchSpace, names: readonly string[], trials: readonly Trial[]): { columns: Float64Array[]; box: Leaf; groups: number[][] } {
  const columns: Float64Array[] = [], low: number[] = [], high: number[] = [];
  const groups = names.map((name) => {
    const parameter = space[name]!;
    const first = columns.length;
    if (parameter.type === 'categorical') {
      for (const choice of parameter.choices) columns.push(Float64Array.from(trials, ({ params }) => (params[name] === choice ? 1 : 0)));
    } else columns.push(Float64Array.from(trials, ({ params }) => Number(params[name])));
    for (let f = first; f < columns.length; f++) {
      low.push(parameter.type === 'categorical' ? 0 : parameter.low);
      high.push(parameter.type === 'categorical' ? 1 : highestValue(parameter));
    }
    return Array.from({ length: columns.length - first }, (_, i) => first + i);
  });
  return { columns, box: { value: 0, low: Float64Array.from(low), high: Float64Array.from(high) }, groups };
}

/** With their sum made 1, largest first. */
export function ranked(names: readonly string[], shares: Float64Array): Importance[] {
  const sum = shares.reduce((total, share) => total + share, 0);
  return names
    .map((parameter, i) => ({ parameter, share: shares[i]!, importance: sum > 0 ? shares[i]! / sum : 1 / names.length }))
    .sort((a, b) => b.importance - a.importance || (a.parameter < b.parameter ? -1 : 1));
}
