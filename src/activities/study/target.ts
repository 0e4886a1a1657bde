import { PenstockError } from '../../errors/index.js';
import { groupKFold, splitByGroup, type Split } from '../../learning/index.js';
import type { OptimizeLgbmConfig } from '../../pipelines/index.js';
import { numbers, strings, type Table } from '../../table/index.js';
import { matrixOf, trainingRows } from '../dataset.js';

/** What trials learn from, and by which rows they are judged. */
export interface TrialData {
  /** Row-major, rows x features. */
  readonly features: Float32Array;
  readonly labels: Float32Array;
  readonly splits: readonly Split[];
  /** 0 for a number that is to be foretold. */
  readonly classes: number;
}

/** The rows that count for the objective with their target: all windows for detection, those of leaks for classes and numbers. */
export function readTarget(dataset: Table, features: readonly string[], config: OptimizeLgbmConfig, label: string): TrialData {
  if (config.objective === 'detection') {
    const data = trainingRows(dataset, features, label);
    return { features: data.features, labels: Float32Array.from(data.labels), splits: splitsOf(data.groups, data.labels, config), classes: 2 };
  }
  const target = numbers(dataset, label);
  const phase = strings(dataset, 'phase');
  const [gap, restart] = [numbers(dataset, 'gap'), numbers(dataset, 'restart')];
  const usable = Int32Array.from(phase.keys()).filter((row) => phase[row] === 'leak' && gap[row] === 0 && restart[row] === 0 && Number.isFinite(target[row]));
  if (usable.length === 0) throw new PenstockError('learning/invalid-data', `no window of a leak has a value of ${label}`, { key: 'label_column' });
  const group = strings(dataset, 'case_group');
  const groups = Array.from(usable, (row) => group[row]!);
  const values = Float32Array.from(usable, (row) => target[row]!);
  const matrix = matrixOf(dataset, features, usable);
  if (config.objective === 'regression') return { features: matrix, labels: values, splits: splitsOf(groups, undefined, config), classes: 0 };
  const labels = isClassColumn(values) ? values : cutIntoClasses(values, config.classes);
  const classes = 1 + labels.reduce((most, value) => Math.max(most, value), 0);
  return { features: matrix, labels, splits: splitsOf(groups, labels, config), classes };
}

function splitsOf(groups: readonly string[], strata: ArrayLike<number> | undefined, config: OptimizeLgbmConfig): Split[] {
  if (config.cross_validation) return groupKFold(groups, config.cross_validation.folds);
  return [splitByGroup(groups, { testSize: config.test_size, seed: config.random_state, ...(strata && { strata }) })];
}

function isClassColumn(values: Float32Array): boolean {
  const seen = new Set(values);
  return seen.size <= 100 && [...seen].every((value) => Number.isInteger(value) && value >= 0 && value < seen.size);
}

/** Classes of equally many rows; equal values stay together. */
function cutIntoClasses(values: Float32Array, classes: number): Float32Array {
  const sorted = values.slice().sort();
  const edges = Array.from({ length: classes - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / classes)]!);
  return values.map((value) => edges.filter((edge) => value >= edge).length);
}
