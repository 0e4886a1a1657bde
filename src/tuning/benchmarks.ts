import { PenstockError } from '../errors/index.js';
import type { Params } from './searchSpace.js';

/** Functions with a known least value, to measure samplers by and to try a study without data. All are to be minimized. */
export type BenchmarkName = 'none' | 'sphere' | 'branin' | 'hartmann6' | 'mixed';

/**
 * The value of a benchmark function. Numbers are taken in the order of their names. Least values: `sphere` 0 at 0, `branin` 0.397887 (two
 * numbers, x in [-5, 10], y in [0, 15]), `hartmann6` -3.32237 (six numbers in [0, 1]), `mixed` 0 (c of a, b, c, d; whole n from 1 to 64;
 * l from 1e-5 to 1; s in [0, 1]); `none` is the sum of all numbers. Throws `tuning/invalid` where the parameters are not those it needs.
 */
export function benchmarkValue(name: BenchmarkName, params: Params): number {
  if (name === 'mixed') return mixed(params);
  const x = Object.keys(params).sort().map((key) => params[key]).filter((value) => typeof value === 'number');
  if (name === 'none') return x.reduce((sum, value) => sum + value, 0);
  if (name === 'sphere') return x.reduce((sum, value) => sum + value * value, 0);
  if (name === 'branin') return branin(...needed(name, x, 2) as [number, number]);
  return hartmann6(needed(name, x, 6));
}

/** Branin and Hoo's function with its usual constants. */
function branin(x: number, y: number): number {
  const bowl = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6;
  return bowl * bowl + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
}

const hartmannWeights = [1, 1.2, 3, 3.2];
const hartmannScales = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]];
const hartmannCentres = [
  [1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991], [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381],
];

function hartmann6(x: readonly number[]): number {
  return -hartmannWeights.reduce((sum, weight, i) => {
    const distance = x.reduce((inner, value, j) => inner + hartmannScales[i]![j]! * (value - hartmannCentres[i]![j]! * 1e-4) ** 2, 0);
    return sum + weight * Math.exp(-distance);
  }, 0);
}

/** One parameter of each kind. */
function mixed({ c, n, l, s }: Params): number {
  const base = { a: 0.3, b: 0, c: 1, d: 2 }[String(c)];
  if (base === undefined || typeof n !== 'number' || typeof l !== 'number' || typeof s !== 'number') {
    throw new PenstockError('tuning/invalid', 'the benchmark function mixed needs the parameters c (a, b, c or d), n, l and s', { key: 'search_space' });
  }
  return base + 0.1 * (Math.log2(n) - 3) ** 2 + 0.1 * (Math.log10(l) + 3) ** 2 + Math.abs(s - 0.7);
}

function needed(name: BenchmarkName, x: readonly number[], count: number): readonly number[] {
  if (x.length === count) return x;
  throw new PenstockError('tuning/invalid', `the benchmark function ${name} needs ${count} numbers; the search space has ${x.length}`, { key: 'search_space' });
}
