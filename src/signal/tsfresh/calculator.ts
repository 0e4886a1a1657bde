import type { Parameters } from './names.js';
import type { Series } from './series.js';

/** Unit of a value: that of x, its square, that of a rate per row, or none. */
export type ValueUnit = 'x' | 'x^2' | '1';

/** One of tsfresh's calculators with its default grid of parameters. */
export interface Calculator {
  readonly name: string;
  readonly formula: string;
  readonly unit: ValueUnit;
  /** One entry per value, in the order of `run`. */
  readonly parameters: readonly Parameters[];
  /** Truths are 1 and 0. */
  run(series: Series): ArrayLike<number>;
}

/** A calculator without parameters. */
export function simple(name: string, unit: ValueUnit, formula: string, value: (series: Series) => number | boolean): Calculator {
  return { name, formula, unit, parameters: [{}], run: (series) => [Number(value(series))] };
}

/** A calculator whose values are computed one by one. */
export function each<T>(
  name: string, unit: ValueUnit, formula: string, grid: readonly { readonly literal: Parameters; readonly value: T }[],
  value: (series: Series, parameter: T) => number | boolean,
): Calculator {
  return { name, formula, unit, parameters: grid.map(({ literal }) => literal), run: (series) => grid.map((one) => Number(value(series, one.value))) };
}

/** A grid over one parameter. */
export function over(key: string, values: readonly number[], write: (value: number) => string = String): { literal: Parameters; value: number }[] {
  return values.map((value) => ({ literal: { [key]: write(value) }, value }));
}
