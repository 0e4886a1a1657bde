import { PenstockError } from '../../errors/index.js';
import { createRandom } from '../../numeric/index.js';
import { contains, isActive, parameterOrder, valueCount, valuesOf, type Params, type ParameterValue, type SearchSpace } from '../searchSpace.js';
import { paramsKey, type Trial } from '../trials.js';

/** More combinations than this are no grid search. */
const mostPoints = 100_000;

/**
 * All combinations, parameters in order, the last one changing fastest; a parameter whose condition does not hold is left out, so
 * that no combination occurs twice. `values` replaces the values of some parameters.
 */
export function gridPoints(space: SearchSpace, values: Readonly<Record<string, readonly ParameterValue[]>> = {}): Params[] {
  const order = parameterOrder(space);
  const unknown = Object.keys(values).find((name) => !order.includes(name));
  if (unknown !== undefined) throw invalid(unknown, `grid values for ${unknown}, which is no parameter; there are ${order.join(', ')}`);
  let points: Params[] = [{}];
  for (const name of order) {
    const choices = valuesFor(name, space, values[name]);
    points = points.flatMap((point) => (isActive(space[name]!, point) ? choices.map((value) => ({ ...point, [name]: value })) : [point]));
    if (points.length > mostPoints) throw invalid(name, `the grid has more than ${mostPoints} combinations; take fewer values, or another sampler`);
  }
  return points;
}

function valuesFor(name: string, space: SearchSpace, given: readonly ParameterValue[] | undefined): readonly ParameterValue[] {
  const parameter = space[name]!;
  if (given === undefined) {
    const count = valueCount(parameter);
    if (count > mostPoints) throw invalid(name, `parameter ${name} has ${count === Infinity ? 'endlessly many' : count} values; name those of the grid`);
    return valuesOf(parameter);
  }
  const outside = given.filter((value) => !contains(parameter, value));
  if (given.length === 0 || outside.length > 0 || new Set(given).size !== given.length) {
    throw invalid(name, `grid values ${JSON.stringify(given)} of ${name}; different values of its distribution are allowed`);
  }
  return given;
}

/**
 * The combination for a trial: number k takes combination k of an order that depends on the seed, or, where that has been used, a
 * random one that no trial has yet. undefined where none is left.
 */
export function nextUnused(points: readonly Params[], trials: readonly Trial[], seed: number | string, number: number): Params | undefined {
  const order = createRandom(`${seed}/grid`).permutation(points.length);
  const used = new Set(trials.map(({ params }) => paramsKey(params)));
  const own = number < points.length ? points[order[number]!]! : undefined;
  if (own && !used.has(paramsKey(own))) return own;
  const left = points.filter((point) => !used.has(paramsKey(point)));
  return left.length === 0 ? undefined : left[createRandom(`${seed}/${number}`).integer(0, left.length - 1)];
}

/** Whether every combination has a trial, finished, failed or under way. */
export function allUsed(points: readonly Params[], trials: readonly Trial[]): boolean {
  if (trials.length < points.length) return false;
  const used = new Set(trials.map(({ params }) => paramsKey(params)));
  return points.every((point) => used.has(paramsKey(point)));
}

function invalid(key: string, found: string): PenstockError {
  return new PenstockError('tuning/invalid', found, { key });
}
