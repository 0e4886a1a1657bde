import { numpyRandom, type NumpyRandom } from './numpyRandom.js';
import { splitError, testCount, type Split } from './split.js';

export interface GroupSplitOptions {
  /** Fraction of the groups, not of the rows, that is tested; rounded up. */
  readonly testSize: number;
  readonly seed: number;
  /**
   * A class per row, such as 1 where a leak is on. A group's stratum is its largest class, so that both sides get cases with
   * and without leaks wherever there are two of a kind.
   */
  readonly strata?: ArrayLike<number>;
}

/**
 * Splits rows so that no group (case) stands on both sides. The same groups, strata and seed give the same split; the order
 * in which the rows come does not matter.
 *
 * Throws `learning/invalid-data` with fewer than two groups.
 */
export function splitByGroup(groups: readonly string[], options: GroupSplitOptions): Split {
  const { testSize, seed, strata } = options;
  if (strata && strata.length !== groups.length) throw splitError(`there are ${strata.length} strata for ${groups.length} rows`);
  const names = [...new Set(groups)].sort();
  if (names.length < 2) throw splitError(`the rows belong to ${names.length} group(s); at least two are needed to train on one and test on another`);
  const wanted = testCount(names.length, testSize);
  const random = numpyRandom(seed);
  const buckets = strata ? bucketsOf(names, groups, strata) : [names];
  const quotas = allot(buckets.map((bucket) => bucket.length), wanted);
  const tested = new Set(buckets.flatMap((bucket, i) => pick(bucket, quotas[i]!, random)));
  return rowsBySide(groups, tested);
}

/** Groups of each stratum, strata in ascending order. */
function bucketsOf(names: readonly string[], groups: readonly string[], strata: ArrayLike<number>): string[][] {
  const largest = new Map<string, number>();
  for (const [row, group] of groups.entries()) largest.set(group, Math.max(largest.get(group) ?? -Infinity, strata[row]!));
  const classes = [...new Set(largest.values())].sort((a, b) => a - b);
  return classes.map((value) => names.filter((name) => largest.get(name) === value));
}

/**
 * Shares `wanted` test groups among strata by size (largest remainder), then moves single groups so that every stratum of
 * two or more stands on both sides, as far as the numbers allow.
 */
function allot(sizes: readonly number[], wanted: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const exact = sizes.map((size) => (size * wanted) / total);
  const quotas = exact.map(Math.floor);
  const byRemainder = sizes.map((_, i) => i).sort((a, b) => exact[b]! - quotas[b]! - (exact[a]! - quotas[a]!) || a - b);
  for (const i of byRemainder) if (sum(quotas) < wanted) quotas[i]!++;
  for (const [i, size] of sizes.entries()) {
    if (size < 2) continue;
    if (quotas[i] === 0) move(quotas, i, (j) => quotas[j]! > 1 || (sizes[j]! < 2 && quotas[j]! > 0), 1);
    if (quotas[i] === size) move(quotas, i, (j) => sizes[j]! - quotas[j]! > 1 || (sizes[j]! < 2 && quotas[j] === 0), -1);
  }
  return quotas;
}

/** Gives stratum `i` one test group more (or fewer) at the cost of the stratum with the most to spare. */
function move(quotas: number[], i: number, canGive: (j: number) => boolean, by: 1 | -1): void {
  const givers = quotas.map((_, j) => j).filter((j) => j !== i && canGive(j));
  const giver = givers.sort((a, b) => by * (quotas[b]! - quotas[a]!) || a - b)[0];
  if (giver === undefined) return;
  quotas[giver]! -= by;
  quotas[i]! += by;
}

function pick(names: readonly string[], count: number, random: NumpyRandom): string[] {
  return Array.from(random.permutation(names.length).subarray(0, count), (i) => names[i]!);
}

export function rowsBySide(groups: readonly string[], tested: ReadonlySet<string>): Split {
  const train: number[] = [];
  const test: number[] = [];
  for (const [row, group] of groups.entries()) (tested.has(group) ? test : train).push(row);
  return { train: Int32Array.from(train), test: Int32Array.from(test) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
