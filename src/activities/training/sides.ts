import { groupKFold, splitByGroup, stratifiedKFold, trainTestSplit, type Split } from '../../learning/index.js';
import { PenstockError } from '../../errors/index.js';
import type { Target } from './target.js';
import type { WindowRows } from './windowRows.js';

/** Places in a target's rows, ascending. */
export interface Sides {
  readonly train: Int32Array;
  /** For early stopping, for the validation metrics and, unless another campaign is named, for the threshold. */
  readonly valid: Int32Array;
  /** Cases that neither the fit nor early stopping sees; null where none are needed. */
  readonly calibration: Int32Array | null;
}

export interface SplitKeys {
  readonly test_size: number;
  readonly random_state: number;
  readonly split_by_case?: boolean | undefined;
  readonly shuffle?: boolean | undefined;
  /** Share of the training groups; undefined where no calibration split is needed. */
  readonly calibration?: number | undefined;
}

/** Splits a target's rows: by group of cases, stratified, or by row. */
export function sidesOf(target: Target, windows: WindowRows, keys: SplitKeys): Sides {
  const groups = groupsOf(target, windows);
  if (keys.split_by_case !== false) checkGroups(target, groups);
  const all = Int32Array.from(groups.keys());
  const { train, test } = split(all, groups, target.strata, keys.test_size, keys.random_state, keys);
  if (keys.calibration === undefined) return { train, valid: test, calibration: null };
  const again = split(train, groups, target.strata, keys.calibration, keys.random_state + 1, keys);
  return { train: again.train, valid: test, calibration: again.test };
}

/** Every group (or row) is held out once. */
export function foldsOf(target: Target, windows: WindowRows, folds: number, byCase: boolean): Split[] {
  return byCase ? groupKFold(groupsOf(target, windows), folds) : stratifiedKFold(target.strata, folds);
}

export function groupsOf(target: Target, windows: WindowRows): string[] {
  return Array.from(target.rows, (row) => windows.groups[row]!);
}

export function countGroups(target: Target, windows: WindowRows, places: Int32Array | null): number {
  return new Set(Array.from(places ?? [], (at) => windows.groups[target.rows[at]!])).size;
}

function split(places: Int32Array, groups: readonly string[], strata: Int32Array, testSize: number, seed: number, { split_by_case: byCase = true, shuffle = true }: SplitKeys): Split {
  const found = byCase
    ? splitByGroup(Array.from(places, (at) => groups[at]!), { testSize, seed, strata: Int32Array.from(places, (at) => strata[at]!) })
    : trainTestSplit(places.length, { testSize, seed, shuffle });
  const chosen = (side: Int32Array): Int32Array => Int32Array.from(side, (at) => places[at]!).sort();
  return { train: chosen(found.train), test: chosen(found.test) };
}

function checkGroups({ name }: Target, groups: readonly string[]): void {
  if (new Set(groups).size >= 2) return;
  throw new PenstockError('learning/invalid-data', `only one case has windows that tell of ${name}; at least two are needed to learn from one and test on another`);
}
