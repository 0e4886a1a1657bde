import { numpyRandom } from './numpyRandom.js';
import { splitError, testCount, type Split } from './split.js';
import { rowsBySide } from './splitByGroup.js';

export interface TrainTestOptions {
  /** Fraction tested; rounded up. */
  readonly testSize: number;
  readonly seed: number;
  /** Default true. Without it the last rows are tested. */
  readonly shuffle?: boolean;
}

/**
 * scikit-learn's `train_test_split` without strata: the same rows in the same (shuffled) order for the same seed. Rows of
 * one case land on both sides; use `splitByGroup` unless the rows are independent.
 */
export function trainTestSplit(rows: number, { testSize, seed, shuffle = true }: TrainTestOptions): Split {
  const test = testCount(rows, testSize);
  if (!shuffle) {
    const order = Int32Array.from({ length: rows }, (_, i) => i);
    return { train: order.slice(0, rows - test), test: order.slice(rows - test) };
  }
  const order = numpyRandom(seed).permutation(rows);
  return { train: order.slice(test), test: order.slice(0, test) };
}

/** The first split of scikit-learn's `GroupShuffleSplit`: a fraction of the groups, rounded up, is tested. */
export function groupShuffleSplit(groups: readonly string[], { testSize, seed }: { testSize: number; seed: number }): Split {
  const names = [...new Set(groups)].sort();
  if (names.length < 2) throw splitError(`the rows belong to ${names.length} group(s); at least two are needed`);
  const order = numpyRandom(seed).permutation(names.length);
  const tested = new Set(Array.from(order.subarray(0, testCount(names.length, testSize)), (i) => names[i]!));
  return rowsBySide(groups, tested);
}
