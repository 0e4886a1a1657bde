import { PenstockError } from '../errors/index.js';

export type ParameterValue = string | number | boolean | null;

/** The values of one trial. A parameter whose condition does not hold is left out. */
export type Params = Readonly<Record<string, ParameterValue>>;

/** Real numbers from `low` to `high`, both included; with `step`, low + k step; with `log`, searched on a logarithmic scale (low > 0, no step). */
export interface FloatDistribution {
  readonly type: 'float';
  readonly low: number;
  readonly high: number;
  readonly log?: boolean | undefined;
  readonly step?: number | undefined;
}

/** Whole numbers from `low` to `high`, both included, `step` apart (default 1); with `log`, searched on a logarithmic scale (low >= 1, step 1). */
export interface IntDistribution {
  readonly type: 'int';
  readonly low: number;
  readonly high: number;
  readonly log?: boolean | undefined;
  readonly step?: number | undefined;
}

/** Choices without an order. */
export interface CategoricalDistribution {
  readonly type: 'categorical';
  readonly choices: readonly ParameterValue[];
}

export type Distribution = FloatDistribution | IntDistribution | CategoricalDistribution;

/** A parameter exists only where another one, itself existing, has one of these values. */
export interface Condition {
  readonly parameter: string;
  readonly in: readonly ParameterValue[];
}

export type Parameter = Distribution & { readonly when?: Condition | undefined };

/** Parameters by name. The order of the keys does not matter to any result. */
export type SearchSpace = Readonly<Record<string, Parameter>>;

/**
 * The names of the parameters, sorted, every condition's parameter before those that depend on it. Throws `tuning/invalid` where
 * a distribution or a condition is not possible.
 */
export function parameterOrder(space: SearchSpace): readonly string[] {
  const known = orders.get(space);
  if (known) return known;
  const names = Object.keys(space).sort();
  if (names.length === 0) throw invalid('', 'the search space has no parameter');
  for (const name of names) checkParameter(name, space);
  const order: string[] = [];
  const placed = new Set<string>();
  while (order.length < names.length) {
    const next = names.filter((name) => !placed.has(name) && (space[name]!.when === undefined || placed.has(space[name]!.when.parameter)));
    if (next.length === 0) throw invalid(names.find((name) => !placed.has(name))!, 'its condition depends on itself');
    for (const name of next) {
      placed.add(name);
      order.push(name);
    }
  }
  orders.set(space, order);
  return order;
}

/** Checked spaces; a space is data and never changed after it was given. */
const orders = new WeakMap<SearchSpace, readonly string[]>();

/** Whether the parameter exists beside these values of the parameters it depends on. */
export function isActive(parameter: Parameter, params: Params): boolean {
  const { when } = parameter;
  if (when === undefined) return true;
  const value = params[when.parameter];
  return value !== undefined && when.in.includes(value);
}

/** Whether the value is one that the distribution can give. */
export function contains(distribution: Distribution, value: ParameterValue | undefined): boolean {
  if (distribution.type === 'categorical') return value !== undefined && distribution.choices.includes(value);
  if (typeof value !== 'number' || !(value >= distribution.low && value <= distribution.high)) return false;
  const step = stepOf(distribution);
  if (step === undefined) return true;
  const position = (value - distribution.low) / step;
  return Math.abs(position - Math.round(position)) < 1e-8;
}

/** The distance between neighbouring values, undefined where they are dense. */
export function stepOf(distribution: FloatDistribution | IntDistribution): number | undefined {
  return distribution.step ?? (distribution.type === 'int' ? 1 : undefined);
}

/** The largest value that lies a whole number of steps above `low`. */
export function highestValue(distribution: FloatDistribution | IntDistribution): number {
  const step = stepOf(distribution);
  if (step === undefined) return distribution.high;
  return valueAt(distribution, Math.floor((distribution.high - distribution.low) / step + 1e-8));
}

/** Value number `index` of a distribution with a step, without the rounding that adding steps up would bring. */
export function valueAt(distribution: FloatDistribution | IntDistribution, index: number): number {
  const value = distribution.low + index * (stepOf(distribution) ?? 0);
  return Math.min(Number(value.toPrecision(15)), distribution.high);
}

/** How many values the distribution has; Infinity for dense ones. */
export function valueCount(distribution: Distribution): number {
  if (distribution.type === 'categorical') return distribution.choices.length;
  const step = stepOf(distribution);
  if (step === undefined) return distribution.low === distribution.high ? 1 : Infinity;
  return Math.floor((distribution.high - distribution.low) / step + 1e-8) + 1;
}

/** All values of a finite distribution, in order. */
export function valuesOf(distribution: Distribution): ParameterValue[] {
  if (distribution.type === 'categorical') return [...distribution.choices];
  return Array.from({ length: valueCount(distribution) }, (_, index) => valueAt(distribution, index));
}

/** The only value, where there is no choice. */
export function singleValue(distribution: Distribution): ParameterValue | undefined {
  if (valueCount(distribution) !== 1) return undefined;
  return distribution.type === 'categorical' ? distribution.choices[0]! : distribution.low;
}

function checkParameter(name: string, space: SearchSpace): void {
  const parameter = space[name]!;
  if (parameter.type === 'categorical') checkChoices(name, parameter.choices);
  else checkRange(name, parameter);
  const { when } = parameter;
  if (when === undefined) return;
  const other = Object.hasOwn(space, when.parameter) ? space[when.parameter] : undefined;
  if (other === undefined) throw invalid(name, `its condition names ${when.parameter}, which is no parameter; there are ${Object.keys(space).join(', ')}`);
  const never = when.in.filter((value) => !contains(other, value));
  if (when.in.length === 0 || never.length > 0) throw invalid(name, `its condition asks for ${JSON.stringify(never)} of ${when.parameter}, which it never is`);
}

function checkChoices(name: string, choices: readonly ParameterValue[]): void {
  if (choices.length === 0) throw invalid(name, 'there are no choices; at least one is needed');
  if (new Set(choices).size !== choices.length) throw invalid(name, `the choices ${JSON.stringify(choices)} are not all different`);
}

function checkRange(name: string, { type, low, high, log, step }: FloatDistribution | IntDistribution): void {
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) throw invalid(name, `the range ${low} .. ${high} is not one; low must not be above high`);
  if (log && low <= 0) throw invalid(name, `a logarithmic scale cannot begin at ${low}; low must be above 0`);
  if (step !== undefined && !(step > 0 && Number.isFinite(step))) throw invalid(name, `the step ${step} is not possible; it must be above 0`);
  if (log && step !== undefined && !(type === 'int' && step === 1)) throw invalid(name, 'a logarithmic scale has no step');
  if (type === 'int' && ![low, high, step ?? 1].every(Number.isInteger)) throw invalid(name, `low ${low}, high ${high} and step ${step ?? 1} must be whole numbers`);
}

function invalid(name: string, found: string): PenstockError {
  return new PenstockError('tuning/invalid', name === '' ? found : `parameter ${name}: ${found}`, name === '' ? {} : { key: name });
}
