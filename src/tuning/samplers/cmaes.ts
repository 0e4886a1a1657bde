import { createRandom, type Random } from '../../numeric/index.js';
import { dimensionOf, positionOf, valueOf, type LineDimension } from '../parzen/dimension.js';
import { isActive, parameterOrder, singleValue, type ParameterValue, type SearchSpace } from '../searchSpace.js';
import { completeTrials, type Direction, type Trial } from '../trials.js';
import { cmaConstants, cmaSampler, cmaStart, cmaTell, type CmaConstants, type CmaState, type Solution } from './cma.js';
import { drawValue } from './draw.js';
import type { CmaesSettings } from './settings.js';
import { inOrder } from './tpeRules.js';

/**
 * Values by covariance matrix adaptation in the unit cube of the unconditional numeric parameters; the others are drawn at random. The
 * adaptation is done again from the table each time: complete trials, in order of their numbers, are its generations.
 */
export function suggestCmaes(settings: CmaesSettings, space: SearchSpace, trials: readonly Trial[], direction: Direction, random: Random): Record<string, ParameterValue> {
  const order = parameterOrder(space);
  const names = order.filter((name) => space[name]!.type !== 'categorical' && space[name]!.when === undefined && singleValue(space[name]!) === undefined);
  const adapted = names.length === 0 ? {} : adaptedValues(settings, space, names, trials, direction, random.derive('cma'));
  const params: Record<string, ParameterValue> = {};
  for (const name of order) {
    if (!isActive(space[name]!, params)) continue;
    params[name] = singleValue(space[name]!) ?? (Object.hasOwn(adapted, name) ? adapted[name]! : drawValue(space[name]!, random));
  }
  return params;
}

function adaptedValues(
  settings: CmaesSettings, space: SearchSpace, names: readonly string[], trials: readonly Trial[], direction: Direction, random: Random,
): Record<string, ParameterValue> {
  const startup = settings.startupTrials ?? 1;
  const complete = inOrder(completeTrials(trials));
  if (complete.length < startup) return {};
  const dimensions = names.map((name) => dimensionOf(space[name]!) as LineDimension);
  const sign = direction === 'minimize' ? 1 : -1;
  const solutions = complete.slice(startup).map(({ params, value }): Solution => ({ x: unitPoint(dimensions, names, params), value: sign * value! }));
  const constants = cmaConstants(names.length, settings.population);
  const state = adapt(constants, settings.sigma ?? 1 / 6, solutions.filter(({ x }) => x.every((value) => !Number.isNaN(value))));
  const point = cmaSampler(state, [0, 1])(random);
  return Object.fromEntries(names.map((name, j) => {
    const { low, high } = dimensions[j]!;
    return [name, valueOf(dimensions[j]!, low + point[j]! * (high - low))];
  }));
}

/** The state after all whole generations; one that has converged to a point begins again from the centre. */
function adapt(constants: CmaConstants, sigma: number, solutions: readonly Solution[]): CmaState {
  const centre = new Float64Array(constants.dimensions).fill(0.5);
  let state = cmaStart(centre, sigma);
  for (let from = 0; from + constants.population <= solutions.length; from += constants.population) {
    state = cmaTell(constants, state, solutions.slice(from, from + constants.population));
    if (!(state.sigma * largestDeviation(state) > 1e-12)) state = cmaStart(centre, sigma);
  }
  return state;
}

function largestDeviation({ mean, covariance }: CmaState): number {
  const n = mean.length;
  return Math.sqrt(mean.reduce((most, _, i) => Math.max(most, covariance[i * n + i]!), 0));
}

function unitPoint(dimensions: readonly LineDimension[], names: readonly string[], params: Trial['params']): Float64Array {
  return Float64Array.from(dimensions, (dimension, j) => (positionOf(dimension, params[names[j]!]) - dimension.low) / (dimension.high - dimension.low));
}

/** Evaluations that the adaptation alone needs until `goal`: to compare it with other implementations. */
export function minimizeByCma(f: (x: Float64Array) => number, start: Float64Array, sigma: number, goal: number, most: number, seed: number): number {
  const constants = cmaConstants(start.length);
  const random = createRandom(seed);
  let state = cmaStart(start, sigma);
  for (let evaluations = 0; evaluations < most; ) {
    const sample = cmaSampler(state);
    const solutions: Solution[] = [];
    for (let k = 0; k < constants.population; k++, evaluations++) {
      const x = sample(random), value = f(x);
      if (value < goal) return evaluations + 1;
      solutions.push({ x, value });
    }
    state = cmaTell(constants, state, solutions);
  }
  return Infinity;
}
