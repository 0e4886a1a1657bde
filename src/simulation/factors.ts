import { PenstockError } from '../errors/index.js';
import type { Random } from '../numeric/index.js';

export type Range = readonly [number, number];

/** A quantity of a design: drawn from a range, or one of some levels. */
export type Factor = Range | { readonly levels: readonly number[] };

/** The value at place u in [0, 1) of a factor; `log` spaces a range by ratios. */
export function pick(factor: Factor, u: number, log = false): number {
  if ('levels' in factor) return factor.levels[Math.floor(u * factor.levels.length)]!;
  const [low, high] = factor;
  return log ? low * (high / low) ** u : low + (high - low) * u;
}

/** Least and greatest value of a factor. */
export function extent(factor: Factor): Range {
  return 'levels' in factor ? [Math.min(...factor.levels), Math.max(...factor.levels)] : factor;
}

/** One number in [0, 1) per case: a draw from each of `n` equal slices, in random order. */
export function stratify(random: Random, n: number): Float64Array {
  return Float64Array.from(random.permutation(n), (slice) => (slice + random.uniform()) / n);
}

/** @throws PenstockError `simulation/invalid` where a value of the factor lies outside `low` to `high`, or a range falls */
export function checkFactor(factor: Factor | undefined, key: string, low: number, high: number): void {
  if (factor === undefined) return;
  const values = 'levels' in factor ? factor.levels : factor;
  const rises = 'levels' in factor || (factor[1] >= factor[0]);
  if (values.length > 0 && rises && values.every((value) => value >= low && value <= high)) return;
  const found = 'levels' in factor ? `levels ${factor.levels.join(', ')}` : `${factor[0]} to ${factor[1]}`;
  throw new PenstockError('simulation/invalid', `found ${found}; allowed are rising ranges and levels from ${low} to ${high}`, { key });
}
