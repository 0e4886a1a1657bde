import { PenstockError } from '../errors/index.js';
import { splitByGroup, type Matrix, type Split } from '../learning/index.js';
import { numbers, strings, type Table } from '../table/index.js';
import { imbalanceColumn } from './featureTable.js';

/** The rows of a dataset that count, with what training and its controls need of them. */
export interface TrainingRows {
  readonly rows: number;
  readonly groups: readonly string[];
  readonly labels: Int32Array;
  /** Row-major, rows x features. */
  readonly features: Float32Array;
  /** Row-major, rows x 2: the time of the window's last row, and the number of the window. Only the control may see them. */
  readonly clock: Float32Array;
  readonly imbalance: Float32Array;
}

export const clockColumns = ['end_time', 'window_index'] as const;

/** Columns of the dataset that are not features but needed to train. */
export function bookkeeping(label: string): string[] {
  return ['case_group', 'phase', 'gap', 'restart', imbalanceColumn, ...clockColumns, label];
}

/** Leaves out warm-up and recovery, which are neither leak nor healthy, and windows that straddle a gap or a restart. */
export function trainingRows(dataset: Table, features: readonly string[], label: string): TrainingRows {
  const phase = strings(dataset, 'phase');
  const gap = numbers(dataset, 'gap');
  const restart = numbers(dataset, 'restart');
  const kept = Int32Array.from(phase.keys()).filter((row) => (phase[row] === 'healthy' || phase[row] === 'leak') && gap[row] === 0 && restart[row] === 0);
  if (kept.length === 0) {
    throw new PenstockError('learning/invalid-data', `all ${dataset.rows} windows lie in warm-up or recovery, or straddle a gap or a restart; check warmup_seconds and recovery_seconds`);
  }
  const group = strings(dataset, 'case_group');
  const labels = numbers(dataset, label);
  const imbalance = numbers(dataset, imbalanceColumn);
  return {
    rows: kept.length,
    groups: Array.from(kept, (row) => group[row]!),
    labels: Int32Array.from(kept, (row) => labels[row]!),
    features: matrixOf(dataset, features, kept),
    clock: matrixOf(dataset, clockColumns, kept),
    imbalance: Float32Array.from(kept, (row) => imbalance[row]!),
  };
}

/** Windows that leak and of which a number is known, in order: what a regression learns from. Those that straddle a gap or a restart are left out. */
export function leakingRows(dataset: Table, label: string): Int32Array {
  const phase = strings(dataset, 'phase');
  const [gap, restart, target] = [numbers(dataset, 'gap'), numbers(dataset, 'restart'), numbers(dataset, label)];
  const rows = Int32Array.from(phase.keys()).filter((row) => phase[row] === 'leak' && gap[row] === 0 && restart[row] === 0 && Number.isFinite(target[row]));
  if (rows.length === 0) throw new PenstockError('learning/invalid-data', `no window of a leak has a value of ${label}`, { key: 'label_column' });
  return rows;
}

/** Groups of cases held out for early stopping and for the threshold; a case and its twin are one group. */
export function splitCases(data: Pick<TrainingRows, 'groups' | 'labels'>, { test_size, random_state }: { readonly test_size: number; readonly random_state: number }): Split {
  return splitByGroup(data.groups, { testSize: test_size, seed: random_state, strata: data.labels });
}

/** The rows of a matrix with their labels, as the booster takes them. */
export function matrixAt(values: Float32Array, labels: Int32Array | Float32Array, rows: Int32Array): Matrix {
  const columns = values.length / labels.length;
  const picked = new Float32Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) picked.set(values.subarray(rows[i]! * columns, (rows[i]! + 1) * columns), i * columns);
  return { rows: rows.length, columns, values: picked, labels: Float32Array.from(rows, (row) => labels[row]!) };
}

/** Columns side by side, row-major, of the rows given. */
export function matrixOf(table: Table, names: readonly string[], rows: Int32Array = Int32Array.from({ length: table.rows }, (_, row) => row)): Float32Array {
  const matrix = new Float32Array(rows.length * names.length);
  for (const [at, name] of names.entries()) {
    const column = numbers(table, name);
    for (let i = 0; i < rows.length; i++) matrix[i * names.length + at] = column[rows[i]!]!;
  }
  return matrix;
}
